import QRCode from 'qrcode';
import { invalid, type RejectionCode } from '../domain/rejection.js';
import { demoIds, exampleIds } from './example-ids.js';
import type { Answer, RestHeader, RestParameter, RestRoute } from './route.js';
import { accountRoutes } from './routes-accounts.js';
import { paymentRoutes } from './routes-payments.js';
import { webhookRoutes } from './routes-webhooks.js';

/** The REST face: every route of the contract, bound to its document. No rule lives here. */

const sessionInPath = (to: string): RestParameter => ({
  in: 'path',
  name: 'session_id',
  to,
  description: 'The session.',
});

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

const cacheControl = (value: string): RestHeader => ({
  name: 'Cache-Control',
  description: `\`${value}\``,
  valueOf: () => value,
});

/** Content that a client asks for again and again: named by its tag, and not sent twice. */
const tagged: readonly RestHeader[] = [
  { name: 'ETag', description: 'Names this content.', valueOf: (answer) => String(answer._etag) },
  cacheControl('private, max-age=1, must-revalidate'),
];

const notLive: readonly RejectionCode[] = ['SESSION_NOT_OPEN', 'SESSION_EXPIRED'];

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

export const restRoutes: readonly RestRoute[] = [
  {
    method: 'POST',
    path: '/api/v1/locations/{location_id}/qr-sessions',
    operation: 'CreateSession',
    summary: "Open a table's session, or join the one that is open there",
    example: { as: 'staff', path: { location_id: demoIds.location }, body: { table_id: demoIds.table } },
    parameters: [
      { in: 'path', name: 'location_id', to: 'input.locationId', description: 'The location.' },
      {
        in: 'header',
        name: 'Idempotency-Key',
        to: 'input.idempotencyKey',
        description: 'A UUID; a repeat within 24 hours gives the same session and the same device.',
      },
    ],
    body: {
      to: 'input',
      description: 'Which table, and which phone.',
      isOptional: true,
      without: ['locationId', 'idempotencyKey'],
    },
    flatten: ['session'],
    statuses: [
      { status: 201, description: 'The session was opened.', when: (answer) => answer._is_opened === true },
      { status: 200, description: 'The session was open before; this phone is in it now.' },
    ],
  },
  {
    method: 'GET',
    path: '/api/v1/sessions/{session_id}',
    operation: 'Session',
    summary: 'A session as it is now',
    example: { as: 'device' },
    parameters: [sessionInPath('id')],
    statuses: [{ status: 200, description: 'The session.' }],
  },
  {
    method: 'GET',
    path: '/api/v1/sessions/{session_id}/qr.svg',
    operation: 'SessionQr',
    summary: "The session's QR code as a picture",
    example: { as: 'device' },
    parameters: [sessionInPath('id')],
    statuses: [{ status: 200, description: 'The picture.' }],
    headers: [cacheControl('private, max-age=3600')],
    render: {
      contentType: 'image/svg+xml',
      toContent: (answer) => QRCode.toString(String(answer.qr_url), { type: 'svg' }),
    },
  },
  {
    method: 'POST',
    path: '/api/v1/sessions/{session_id}/devices',
    operation: 'JoinSession',
    summary: 'Let one more phone into a session',
    example: { as: 'staff', body: { device_name: 'Minh' } },
    parameters: [sessionInPath('input.sessionId')],
    body: { to: 'input', description: 'The join token, and which phone.', isOptional: true, without: ['sessionId'] },
    flatten: ['session'],
    statuses: [
      { status: 201, description: 'The phone is in.', when: (answer) => answer._is_new === true },
      { status: 200, description: 'The phone was in before, and comes back as itself.' },
    ],
    refusals: notLive,
  },
  {
    method: 'POST',
    path: '/api/v1/sessions/{session_id}/devices/{device_id}/approve',
    operation: 'ApproveDevice',
    summary: 'Let a waiting phone in',
    example: { as: 'staff' },
    parameters: [
      sessionInPath('input.sessionId'),
      { in: 'path', name: 'device_id', to: 'input.deviceId', description: 'The waiting phone.' },
    ],
    flatten: ['snapshot'],
    statuses: [{ status: 200, description: 'The phone is in; the snapshot with it.' }],
    refusals: [...notLive, 'NOT_ADMITTED'],
  },
  {
    method: 'DELETE',
    path: '/api/v1/sessions/{session_id}/devices/{device_id}',
    operation: 'RemoveDevice',
    summary: 'Take a phone out; its token is dead at once',
    example: { as: 'staff' },
    parameters: [
      sessionInPath('input.sessionId'),
      { in: 'path', name: 'device_id', to: 'input.deviceId', description: 'The phone.' },
    ],
    statuses: [{ status: 204, description: 'The phone is out.' }],
    refusals: notLive,
  },
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
  {
    method: 'POST',
    path: '/api/v1/sessions/{session_id}/close',
    operation: 'CloseSession',
    summary: 'End a visit',
    example: { as: 'staff', body: { reason: 'The guests had to leave' } },
    parameters: [sessionInPath('input.sessionId')],
    body: {
      to: 'input',
      description: 'Why; required while something is due.',
      isOptional: true,
      without: ['sessionId'],
    },
    flatten: ['session'],
    statuses: [{ status: 200, description: 'The session is closed.' }],
    refusals: notLive,
  },
  {
    method: 'POST',
    path: '/api/v1/sessions/{session_id}/move',
    operation: 'MoveSession',
    summary: 'Move a visit to a free table',
    parameters: [sessionInPath('input.sessionId')],
    body: { to: 'input', description: 'Where to.', without: ['sessionId'] },
    flatten: ['session'],
    statuses: [{ status: 200, description: 'The session, at its table.' }],
    refusals: [...notLive, 'TABLE_OCCUPIED'],
    example: { as: 'staff', body: { table_id: exampleIds.free_table_id } },
  },
  {
    method: 'POST',
    path: '/api/v1/sessions/{session_id}/extend',
    operation: 'ExtendSession',
    summary: "Move a session's expiry",
    example: { as: 'staff', body: { ttl_seconds: 7200 } },
    parameters: [sessionInPath('input.sessionId')],
    body: { to: 'input', description: 'How long from now.', without: ['sessionId'] },
    flatten: ['session'],
    statuses: [{ status: 200, description: 'The session with its expiry.' }],
    refusals: notLive,
  },
  {
    method: 'GET',
    path: '/api/v1/locations/{location_id}/menu',
    operation: 'Menu',
    summary: 'What a location sells right now',
    example: { as: 'table', path: { location_id: demoIds.location } },
    parameters: [{ in: 'path', name: 'location_id', to: 'locationId', description: 'The location.' }],
    statuses: [{ status: 200, description: 'The menu.' }],
    headers: tagged,
  },
  ...paymentRoutes,
  ...webhookRoutes,
  ...accountRoutes,
];
