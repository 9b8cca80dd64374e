import { demoIds } from './example-ids.js';
import type { RestParameter, RestRoute } from './route.js';

const locationInPath: RestParameter = {
  in: 'path',
  name: 'location_id',
  to: 'locationId',
  description: 'The location.',
};

/** What waiters and kitchen look at. */
export const floorRoutes: readonly RestRoute[] = [
  {
    method: 'GET',
    path: '/api/v1/locations/{location_id}/floor',
    operation: 'Floor',
    summary: 'Every table, and what goes on there now',
    parameters: [locationInPath],
    statuses: [{ status: 200, description: 'The tables.' }],
    example: { as: 'staff', path: { location_id: demoIds.location } },
  },
  {
    method: 'GET',
    path: '/api/v1/locations/{location_id}/kitchen',
    operation: 'Kitchen',
    summary: 'What lies in the kitchen, oldest first',
    parameters: [
      locationInPath,
      { in: 'query', name: 'state', to: 'state', description: 'Only tickets that have come so far.' },
    ],
    statuses: [{ status: 200, description: 'The tickets.' }],
    example: { as: 'staff', path: { location_id: demoIds.location }, query: { state: 'new' } },
  },
  {
    method: 'POST',
    path: '/api/v1/tickets/{ticket_id}/acknowledge',
    operation: 'AcknowledgeTicket',
    summary: 'The kitchen has a ticket',
    parameters: [{ in: 'path', name: 'ticket_id', to: 'input.ticketId', description: 'Its name: session and round.' }],
    flatten: ['ticket'],
    statuses: [{ status: 200, description: 'The ticket.' }],
    example: { as: 'staff' },
  },
];
