import { demoIds } from './example-ids.js';
import type { RestParameter, RestRoute } from './route.js';
import { tagged } from './route-parts.js';

const locationInPath: RestParameter = {
  in: 'path',
  name: 'location_id',
  to: 'locationId',
  description: 'The location.',
};

const language: RestParameter = {
  in: 'query',
  name: 'language',
  to: 'language',
  description:
    "A BCP 47 tag: words in this language, else in its base language, else the restaurant's own; only its own if left out.",
};

/** What a location sells, for everybody there. */
export const menuRoutes: readonly RestRoute[] = [
  {
    method: 'GET',
    path: '/api/v1/locations/{location_id}/menu',
    operation: 'Menu',
    summary: 'What a location sells right now',
    example: { as: 'table', path: { location_id: demoIds.location }, query: { language: 'en' } },
    parameters: [locationInPath, language],
    statuses: [{ status: 200, description: 'The menu.' }],
    headers: tagged,
  },
  {
    method: 'GET',
    path: '/api/v1/locations/{location_id}/menu/stream',
    operation: 'MenuStream',
    summary: 'The menu, and again whenever it changes',
    example: { as: 'table', path: { location_id: demoIds.location } },
    parameters: [
      locationInPath,
      language,
      {
        in: 'header',
        name: 'Last-Event-ID',
        to: 'after',
        description: 'The `id` of the last item that the client has: while it is the present menu, nothing comes.',
      },
    ],
    stream: {
      idOf: ({ version, ordering }) => `${String(version)}.${String(ordering)}`,
      takesTicket: false,
      describes:
        'Server-Sent Events without names: `id` is the version with the state of ordering, `data` the whole menu.',
    },
    statuses: [{ status: 200, description: 'The menu, again and again.' }],
    refusals: ['RATE_LIMITED'],
  },
];
