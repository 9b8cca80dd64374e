/** The operations that both faces have, so that one test can ask for the same thing over REST and over GraphQL. */
import { type Answer, type Api, type Ask, type Json, toInput } from './api.js';

export const faces = ['REST', 'GraphQL'] as const;
export type Face = (typeof faces)[number];

const snapshotFields =
  'lastEventSeq status total due items { lineId quantity lineTotal unitPrice state } devices { deviceId state }';
const sessionFields = 'id status expiresAt lastEventSeq tableId';
const payload = `session { ${sessionFields} } snapshot { ${snapshotFields} }`;
const appended = 'event { id seq type payload } replayed';

const mutation = (name: string, input: string, fields: string) =>
  `mutation ($input: ${input}!) { answer: ${name}(input: $input) { ${fields} } }`;

/** Path parameters of REST are members of GraphQL's input, or arguments. */
const operations = {
  create: {
    rest: 'POST /locations/{location_id}/qr-sessions',
    document: mutation('createSession', 'CreateSessionInput', `${payload} deviceId deviceToken isNewDevice isOpened`),
  },
  session: {
    rest: 'GET /sessions/{session_id}',
    document: `query ($sessionId: UUID!) { answer: session(id: $sessionId) { ${sessionFields} } }`,
  },
  join: {
    rest: 'POST /sessions/{session_id}/devices',
    document: mutation('joinSession', 'JoinSessionInput', `${payload} deviceId deviceToken isNewDevice`),
  },
  approve: {
    rest: 'POST /sessions/{session_id}/devices/{device_id}/approve',
    document: mutation('approveDevice', 'DeviceInput', payload),
  },
  remove: {
    rest: 'DELETE /sessions/{session_id}/devices/{device_id}',
    document: mutation('removeDevice', 'DeviceInput', payload),
  },
  append: {
    rest: 'POST /sessions/{session_id}/events',
    document: mutation('appendEvent', 'AppendEventInput', `${appended} snapshot { ${snapshotFields} }`),
  },
  batch: {
    rest: 'POST /sessions/{session_id}/events/batch',
    document: mutation('appendEvents', 'AppendEventsInput', `events { ${appended} } snapshot { ${snapshotFields} }`),
  },
  events: {
    rest: 'GET /sessions/{session_id}/events',
    document: `query ($sessionId: UUID!, $cursor: String, $limit: Int! = 100) {
      answer: events(sessionId: $sessionId, after: $cursor, first: $limit) {
        edges { cursor node { id seq type payload actor { type id name } createdAt } } pageInfo { hasNextPage endCursor }
        nextCursor lastSeq } }`,
  },
  snapshot: {
    rest: 'GET /sessions/{session_id}/snapshot',
    document: `query ($sessionId: UUID!, $atSeq: SafeInt) {
      answer: snapshot(sessionId: $sessionId, atSeq: $atSeq) { ${snapshotFields} } }`,
  },
  close: {
    rest: 'POST /sessions/{session_id}/close',
    document: mutation('closeSession', 'CloseSessionInput', payload),
  },
  extend: {
    rest: 'POST /sessions/{session_id}/extend',
    document: mutation('extendSession', 'ExtendSessionInput', payload),
  },
  move: {
    rest: 'POST /sessions/{session_id}/move',
    document: mutation('moveSession', 'MoveSessionInput', payload),
  },
  acknowledge: {
    rest: 'POST /tickets/{ticket_id}/acknowledge',
    document: mutation('acknowledgeTicket', 'AcknowledgeTicketInput', 'ticket { ticketId state }'),
  },
  floor: {
    rest: 'GET /locations/{location_id}/floor',
    document: 'query ($locationId: UUID!) { answer: floor(locationId: $locationId) { tables { tableId state due } } }',
  },
  kitchen: {
    rest: 'GET /locations/{location_id}/kitchen',
    document: 'query ($locationId: UUID!) { answer: kitchen(locationId: $locationId) { tickets { ticketId state } } }',
  },
  menu: {
    rest: 'GET /locations/{location_id}/menu',
    document:
      'query ($locationId: UUID!) { answer: menu(locationId: $locationId) { version ordering items { menuItemId price } } }',
  },
} as const;

export type OperationName = keyof typeof operations;

export interface Call extends Pick<Ask, 'as' | 'headers'> {
  readonly operation: OperationName;
  /** Path and query parameters by their names in REST. */
  readonly at: Readonly<Record<string, unknown>>;
  readonly body?: Json;
}

/** What came of a call, in the words of neither face. */
export interface Outcome {
  readonly answer: Answer;
  /** The error's code; undefined when it went well. */
  readonly code: string | undefined;
  /** The members of the error besides the code. */
  readonly extra: Json;
  /** What the error says in words. */
  readonly detail: string | undefined;
  /** The data of a success. */
  readonly data: Json;
}

export async function call(api: Api, face: Face, wanted: Call): Promise<Outcome> {
  return face === 'REST' ? callRest(api, wanted) : callGraphql(api, wanted);
}

async function callRest(api: Api, { operation, at, body, as, headers }: Call): Promise<Outcome> {
  const used = new Set<string>();
  const path = operations[operation].rest.replace(/\{(\w+)\}/g, (_, name: string) => {
    used.add(name);
    return encodeURIComponent(String(at[name]));
  });
  const query = new URLSearchParams(
    Object.entries(at).flatMap(([name, value]) => (used.has(name) ? [] : [[name, String(value)]])),
  );
  const ask = { ...(as !== undefined && { as }), ...(headers && { headers }), ...(body !== undefined && { body }) };
  const answer = await api.rest(query.size > 0 ? `${path}?${query}` : path, ask);
  const failed = answer.status >= 400;
  const { code, detail, ...extra } = failed && answer.body ? answer.body : {};
  return { answer, code, detail, extra, data: failed ? undefined : answer.body };
}

async function callGraphql(api: Api, { operation, at, body, as, headers = {} }: Call): Promise<Outcome> {
  const { document } = operations[operation];
  const { 'Idempotency-Key': idempotencyKey, ...others } = headers;
  const given = { ...toInput(at), ...toInput(body), ...(idempotencyKey && { idempotencyKey }) };
  const variables = document.startsWith('mutation') ? { input: given } : numbered(given);
  const answer = await api.graphql(document, variables, { ...(as !== undefined && { as }), headers: others });
  const [error] = answer.body?.errors ?? [];
  const { code, ...extra } = error?.extensions ?? {};
  return { answer, code, detail: error?.message, extra, data: error ? undefined : answer.body?.data?.answer };
}

/** A query string knows text only; the arguments behind it are numbers. */
function numbered(variables: Record<string, unknown>): Record<string, unknown> {
  const asNumber = (name: string, value: unknown): unknown => {
    if (name !== 'limit' && name !== 'atSeq') return name === 'cursor' ? String(value) : value;
    return Number.isNaN(Number(value)) ? value : Number(value);
  };
  return Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, asNumber(name, value)]));
}
