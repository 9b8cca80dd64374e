import { invalid, type RejectionCode } from '../domain/rejection.js';
import { demoIds } from './example-ids.js';
import type { Answer, RestHeader, RestParameter, RestRoute } from './route.js';
import { cacheControl, notLive, sessionInPath, tagged } from './route-parts.js';

const preferSnapshot: RestParameter = {
  in: 'header',
  name: 'Prefer',
  to: 'withSnapshot',
  description: '`return=representation` asks for the current snapshot as well.',
  read: (text) => /(^|[,;\s])return=representation($|[,;\s])/.test(text),
};

function seqIn(path: string, text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw invalid([{ path, message: 'must be a decimal seq' }]);
  return Number(text);
}

const replayedStatuses = (isReplay: (answer: Answer) => boolean) => [
  { status: 200, description: 'Written before, by an earlier request with the same key and content.', when: isReplay },
  { status: 201, description: 'Written.' },
];

const replayedHeader = (isReplay: (answer: Answer) => boolean): RestHeader => ({
  name: 'Idempotency-Replayed',
  description: '`true` when everything was written before.',
  valueOf: (answer) => (isReplay(answer) ? 'true' : undefined),
});

const appendRefusals: readonly RejectionCode[] = [
  'NO_DRAFT_LINES',
  'INVALID_LINE_STATE',
  'SERVICE_NOT_REQUESTED',
  'SERVICE_TAKEN',
  'IDEMPOTENCY_KEY_REUSED',
  'SEQ_CONFLICT',
  ...notLive,
  'ITEM_UNAVAILABLE',
  'LINE_NOT_FOUND',
  'LINE_LOCKED',
  'ORDERING_PAUSED',
  'NOT_ADMITTED',
  'UNKNOWN_MENU_ITEM',
  'INVALID_OPTIONS',
  'QUANTITY_OUT_OF_RANGE',
];

const isReplay = (answer: Answer) => answer.replayed === true;
const isAllReplayed = (answer: Answer) => (answer.events as readonly Answer[]).every(isReplay);

/** A session's log and its fold: writing, reading, following. */
export const eventRoutes: readonly RestRoute[] = [
  {
    method: 'POST',
    path: '/api/v1/sessions/{session_id}/events',
    operation: 'AppendEvent',
    summary: 'Append one event',
    example: {
      as: 'device',
      body: {
        idempotency_key: 'add-rolls-1',
        event_type: 'add_item',
        payload: { menu_item_id: demoIds.dish, quantity: 2, note: 'no peanuts' },
      },
    },
    parameters: [sessionInPath('input.sessionId'), preferSnapshot],
    body: { to: 'input', description: 'The event with its idempotency key.', without: ['sessionId'] },
    flatten: ['ids'],
    statuses: replayedStatuses(isReplay),
    headers: [replayedHeader(isReplay)],
    refusals: appendRefusals,
  },
  {
    method: 'POST',
    path: '/api/v1/sessions/{session_id}/events/batch',
    operation: 'AppendEvents',
    summary: 'Append 1 to 50 events, all or none',
    example: {
      as: 'device',
      body: {
        events: [
          {
            idempotency_key: 'batch-add-1',
            event_type: 'add_item',
            payload: { menu_item_id: demoIds.dish, quantity: 1 },
          },
          {
            idempotency_key: 'batch-add-2',
            event_type: 'add_item',
            payload: { menu_item_id: demoIds.dish, quantity: 3 },
          },
        ],
      },
    },
    parameters: [sessionInPath('input.sessionId'), preferSnapshot],
    body: {
      to: 'input',
      description: 'The events in order, each with its own idempotency key.',
      without: ['sessionId'],
    },
    flatten: ['events.event'],
    statuses: replayedStatuses(isAllReplayed),
    headers: [replayedHeader(isAllReplayed)],
    refusals: appendRefusals,
  },
  {
    method: 'GET',
    path: '/api/v1/sessions/{session_id}/events',
    operation: 'Events',
    summary: 'Events behind a cursor, in order and without a gap',
    example: { as: 'device', query: { cursor: '0', limit: '50' } },
    parameters: [
      sessionInPath('sessionId'),
      {
        in: 'query',
        name: 'cursor',
        to: 'after',
        description: 'The last seq that the client has; 0 or absent: from the start.',
      },
      { in: 'query', name: 'limit', to: 'first', description: 'Most events to give, 1 to 500.' },
      {
        in: 'query',
        name: 'wait',
        to: 'wait',
        description: 'While nothing is new, hold the answer for up to so many seconds: 0 to 25.',
      },
    ],
    flatten: ['page'],
    statuses: [{ status: 200, description: 'The events; none when nothing is new.' }],
    headers: [cacheControl('private, no-store')],
  },
  {
    method: 'GET',
    path: '/api/v1/sessions/{session_id}/events/stream',
    operation: 'EventStream',
    summary: 'The events behind a cursor, and then each as it is written',
    example: { as: 'device', query: { cursor: '0' } },
    parameters: [
      sessionInPath('sessionId'),
      {
        in: 'query',
        name: 'cursor',
        to: 'afterSeq',
        description: 'The last seq that the client has; 0 or absent: from the start.',
        read: (text) => (text === '' ? 0 : seqIn('cursor', text)),
      },
      {
        in: 'header',
        name: 'Last-Event-ID',
        to: 'afterSeq',
        description: 'The same, as an `EventSource` sends it that comes back; counts before `cursor`.',
        read: (text) => seqIn('Last-Event-ID', text),
      },
    ],
    stream: { idOf: (item) => String(item.event_seq), takesTicket: true },
    statuses: [
      { status: 200, description: 'The events, until the session ends or the phone is removed.' },
      { status: 204, description: 'The session has ended, and nothing of it is behind the cursor: do not come back.' },
    ],
    refusals: ['RATE_LIMITED'],
  },
  {
    method: 'POST',
    path: '/api/v1/sessions/{session_id}/stream-tickets',
    operation: 'CreateStreamTicket',
    summary: 'A ticket for the stream, for clients that cannot send a header',
    example: { as: 'device' },
    parameters: [sessionInPath('input.sessionId')],
    statuses: [{ status: 201, description: 'The ticket.' }],
  },
  {
    method: 'GET',
    path: '/api/v1/sessions/{session_id}/snapshot',
    operation: 'Snapshot',
    summary: 'The whole bill, now or as it was at a seq',
    example: { as: 'device', query: { at_seq: '2' } },
    parameters: [
      sessionInPath('sessionId'),
      { in: 'query', name: 'at_seq', to: 'atSeq', description: 'Fold the log up to this seq only.' },
    ],
    statuses: [{ status: 200, description: 'The snapshot.' }],
    headers: tagged,
  },
];
