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
    method: 'GET',
    path: '/api/v1/locations/{location_id}/activity/stream',
    operation: 'ActivityStream',
    summary: 'Everything that happens at a location, as it is written',
    parameters: [
      locationInPath,
      {
        in: 'query',
        name: 'cursor',
        to: 'after',
        description: 'The cursor of the last item that the client has; absent: only what happens from now on.',
        read: (text) => (text === '' ? undefined : text),
      },
      {
        in: 'header',
        name: 'Last-Event-ID',
        to: 'after',
        description: 'The same, as an `EventSource` sends it that comes back; counts before `cursor`.',
      },
    ],
    stream: { idOf: (item) => String(item.cursor), takesTicket: false },
    statuses: [{ status: 200, description: 'Every event of every session once, and those of one session in order.' }],
    refusals: ['RATE_LIMITED'],
    example: { as: 'staff', path: { location_id: demoIds.location } },
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
