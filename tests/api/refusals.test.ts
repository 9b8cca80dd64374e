import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { rejections } from '../../src/domain/rejection.js';
import { statuses } from '../../src/http/errors.js';
import {
  add,
  append,
  demo,
  newEventKey,
  newKey,
  newLocation,
  newTable,
  type Place,
  sitDown,
  toInput,
  useApi,
  type Visit,
  written,
} from '../support/api.js';
import { call, type Call, type Face, faces } from '../support/faces.js';
import { eventually } from '../support/eventually.js';
import { endTime } from '../support/session-time.js';

const api = useApi();

/** What the requests below are sent to. */
interface Scene {
  readonly visit: Visit;
  readonly lineId: string;
  /** The key of that line's add_item, its id and seq. */
  readonly first: { readonly key: string; readonly id: string; readonly seq: number };
  readonly twin: Visit;
  readonly closed: Visit;
  readonly expired: Visit;
  readonly foreign: { readonly sessionId: string; readonly phone: string };
  readonly paused: Visit & { readonly itemId: string };
  readonly waiting: Visit & { readonly itemId: string };
  readonly perVisit: Place;
  readonly removed: { readonly deviceId: string; readonly phone: string };
  readonly empty: Place;
  readonly sharedKey: string;
  readonly otherLocationKey: string;
  /** With a line whose item has sold out since. */
  readonly gone: Visit & { readonly lineId: string };
}

let scene: Scene;

beforeAll(async () => {
  const visit = await sitDown(api);
  const key = newEventKey();
  const first = await append(api, visit, { ...add({ quantity: 2 }), idempotency_key: key });
  const closed = await sitDown(api);
  await api.rest(`POST /sessions/${closed.sessionId}/close`, { as: demo.staff });
  const expired = await sitDown(api);
  await endTime(api.sql, expired.sessionId as never);
  const foreign = await api.rest(`POST /locations/${demo.otherLocation}/qr-sessions`, { as: 'demo-other-table-1' });
  const pausedPlace = await newLocation(api);
  const paused = { ...(await sitDown(api, pausedPlace)), itemId: pausedPlace.itemId };
  await api.sql`UPDATE locations SET ordering = 'paused', menu_version = 2 WHERE id = ${pausedPlace.locationId}`;
  const strict = await newLocation(api, { admission: 'approve' });
  const removed = await api.rest(`POST /sessions/${visit.sessionId}/devices`, { as: demo.staff });
  await api.rest(`DELETE /sessions/${visit.sessionId}/devices/${removed.body.device_id}`, { as: demo.staff });
  const gone = await newLocation(api);
  const goneVisit = await sitDown(api, gone);
  const goneLine = await append(api, goneVisit, add({ menu_item_id: gone.itemId }));
  await api.sql`UPDATE menu_items SET available = false WHERE id = ${gone.itemId}`;
  await api.sql`UPDATE locations SET menu_version = 2 WHERE id = ${gone.locationId}`;
  scene = {
    visit,
    lineId: first.event.payload.line_id,
    first: { key, id: first.event_id, seq: first.event_seq },
    twin: await sitDown(api),
    closed,
    expired,
    foreign: { sessionId: foreign.body.session_id, phone: foreign.body.device_token },
    paused,
    waiting: { ...(await sitDown(api, strict)), itemId: strict.itemId },
    perVisit: await newLocation(api, { admission: 'per_visit' }),
    removed: { deviceId: removed.body.device_id, phone: removed.body.device_token },
    empty: await newTable(api),
    sharedKey: await newKey(api, { shared: true }),
    otherLocationKey: await newKey(api, { locationId: strict.locationId }),
    gone: { ...goneVisit, lineId: goneLine.event.payload.line_id },
  };
  // A change that was not made through this node is obeyed within 2 s.
  for (const { locationId } of [pausedPlace, gone]) await eventually(async () => (await menuVersion(locationId)) === 2);
});

async function menuVersion(locationId: string): Promise<number> {
  const { body } = await api.rest(`GET /locations/${locationId}/menu`, { as: demo.staff });
  return body.version;
}

interface Case {
  readonly says: string;
  readonly code: keyof typeof rejections;
  readonly on?: Face;
  readonly ask: (scene: Scene) => Call;
  readonly extra?: (scene: Scene) => object;
}

const guest =
  (change: (event: ReturnType<typeof add>) => object) =>
  (at: Scene): Call => ({
    operation: 'append',
    at: { session_id: at.visit.sessionId },
    as: at.visit.phone,
    body: change(add()),
  });
const adding = (payload: Record<string, unknown>) => guest(() => add(payload));
const modifying =
  (payload: Record<string, unknown>) =>
  (at: Scene): Call => ({
    operation: 'append',
    at: { session_id: at.visit.sessionId },
    as: at.visit.phone,
    body: { idempotency_key: newEventKey(), event_type: 'modify_qty', payload: { line_id: at.lineId, ...payload } },
  });
const batch =
  (events: () => readonly object[]) =>
  (at: Scene): Call => ({
    operation: 'batch',
    at: { session_id: at.visit.sessionId },
    as: at.visit.phone,
    body: { events: events() },
  });
const reading =
  (operation: 'events' | 'snapshot', query: Record<string, unknown>) =>
  (at: Scene): Call => ({
    operation,
    at: { session_id: at.visit.sessionId, ...query },
    as: at.visit.phone,
  });
const opening =
  (body: object, headers: Record<string, string> = {}) =>
  (at: Scene): Call => ({
    operation: 'create',
    at: { location_id: demo.location },
    as: demo.staff,
    body: { table_id: at.empty.tableId, ...body },
    headers,
  });
const acting =
  (operation: Call['operation'], rest: Partial<Call> = {}) =>
  (at: Scene): Call => ({
    operation,
    at: { session_id: at.visit.sessionId, ...(operation === 'remove' && { device_id: at.visit.deviceId }) },
    as: demo.staff,
    ...(operation === 'extend' && { body: { ttl_seconds: 60 } }),
    ...rest,
  });
const readingAs =
  (as: string | null) =>
  (at: Scene): Call => ({
    operation: 'session',
    at: { session_id: at.visit.sessionId },
    as,
  });

const long = (length: number) => 'x'.repeat(length);

const invalid: readonly Omit<Case, 'code'>[] = [
  { says: 'an unknown field beside the event', ask: guest((event) => ({ ...event, colour: 'red' })) },
  { says: 'an unknown field in the payload', ask: adding({ price: 1 }) },
  { says: 'a price from a phone', ask: adding({ unit_price: 1 }) },
  { says: 'a field in camelCase', on: 'REST', ask: guest((event) => ({ ...event, expectedSeq: 3 })) },
  { says: 'the session in the body', on: 'REST', ask: guest((event) => ({ ...event, session_id: randomUUID() })) },
  { says: 'a quantity as text', ask: adding({ quantity: '2' }) },
  { says: 'half a portion', ask: adding({ quantity: 1.5 }) },
  { says: 'a quantity beyond 32 bits', ask: adding({ quantity: 1e10 }) },
  { says: 'no quantity', ask: adding({ quantity: null }) },
  { says: 'a note that is a number', ask: adding({ note: 5 }) },
  { says: 'a note of 201 characters', ask: adding({ note: long(201) }) },
  { says: 'a NUL in a note', ask: adding({ note: 'a\u0000b' }) },
  { says: 'half a surrogate pair in a note', ask: adding({ note: 'a\ud800b' }) },
  { says: 'the other half of a surrogate pair', ask: adding({ note: '\udc00' }) },
  { says: 'options that are no list', ask: adding({ options: { a: 1 } }) },
  { says: 'an option that is no UUID', ask: adding({ options: ['large'] }) },
  { says: '51 options', ask: adding({ options: Array.from({ length: 51 }, () => randomUUID()) }) },
  { says: 'an item that is no UUID', ask: adding({ menu_item_id: 'pho' }) },
  { says: 'an item for somebody else by a guest', ask: (at) => adding({ for_device_id: at.visit.deviceId })(at) },
  {
    says: 'an event of the server',
    ask: guest((event) => ({ ...event, event_type: 'session_closed', payload: { reason: 'x' } })),
  },
  { says: 'a payment by a client', ask: guest((event) => ({ ...event, event_type: 'payment_settled', payload: {} })) },
  { says: 'an unknown event type', ask: guest((event) => ({ ...event, event_type: 'dance' })) },
  { says: 'the prototype as event type', on: 'REST', ask: guest((event) => ({ ...event, event_type: '__proto__' })) },
  { says: 'a member of every object as event type', ask: guest((event) => ({ ...event, event_type: 'to_string' })) },
  { says: 'an event type in camelCase', on: 'REST', ask: guest((event) => ({ ...event, event_type: 'addItem' })) },
  { says: 'no event type', ask: guest(({ event_type: _, ...event }) => event) },
  { says: 'an event type that is a number', on: 'REST', ask: guest((event) => ({ ...event, event_type: 5 })) },
  { says: 'no payload', ask: guest(({ payload: _, ...event }) => event) },
  { says: 'a payload that is a list', ask: guest((event) => ({ ...event, payload: [] })) },
  { says: 'a payload that is null', ask: guest((event) => ({ ...event, payload: null })) },
  { says: 'no idempotency key', ask: guest(({ idempotency_key: _, ...event }) => event) },
  { says: 'an idempotency key of 7 characters', ask: guest((event) => ({ ...event, idempotency_key: '1234567' })) },
  { says: 'an idempotency key of 129 characters', ask: guest((event) => ({ ...event, idempotency_key: long(129) })) },
  { says: 'an idempotency key beyond ASCII', ask: guest((event) => ({ ...event, idempotency_key: 'khoá-của-tôi' })) },
  { says: 'a NUL in an idempotency key', ask: guest((event) => ({ ...event, idempotency_key: '12345678\u0000' })) },
  { says: 'an expected seq as text', ask: guest((event) => ({ ...event, expected_seq: 'three' })) },
  { says: 'half an expected seq', ask: guest((event) => ({ ...event, expected_seq: 1.5 })) },
  { says: 'an expected seq beyond what a number holds', ask: guest((event) => ({ ...event, expected_seq: 2 ** 60 })) },
  { says: 'both quantity and delta', ask: modifying({ quantity: 1, delta: 1 }) },
  { says: 'neither quantity nor delta', ask: modifying({}) },
  { says: 'a delta of 100', ask: modifying({ delta: 100 }) },
  { says: 'an empty batch', ask: batch(() => []) },
  { says: 'a batch of 51', ask: batch(() => Array.from({ length: 51 }, () => add())) },
  { says: 'one key twice in a batch', ask: batch(() => Array(2).fill(add())) },
  { says: 'a batch with one bad event', ask: batch(() => [add(), add({ note: long(201) })]) },
  { says: 'a batch that is no list', ask: (at) => ({ ...batch(() => [])(at), body: { events: { a: 1 } } }) },
  { says: 'a negative cursor', ask: reading('events', { cursor: '-1' }) },
  { says: 'a cursor of letters', ask: reading('events', { cursor: 'abc' }) },
  { says: 'half a cursor', ask: reading('events', { cursor: '1.5' }) },
  { says: 'a cursor of 16 digits', ask: reading('events', { cursor: '9'.repeat(16) }) },
  { says: 'a limit of 0', ask: reading('events', { limit: 0 }) },
  { says: 'a limit of 501', ask: reading('events', { limit: 501 }) },
  { says: 'a negative limit', ask: reading('events', { limit: -1 }) },
  { says: 'a limit of letters', ask: reading('events', { limit: 'many' }) },
  { says: 'half a limit', ask: reading('events', { limit: 1.5 }) },
  { says: 'a snapshot at seq 0', ask: reading('snapshot', { at_seq: 0 }) },
  { says: 'a snapshot at a negative seq', ask: reading('snapshot', { at_seq: -3 }) },
  { says: 'a snapshot beyond the end', ask: reading('snapshot', { at_seq: 1_000 }) },
  { says: 'a snapshot far beyond the end', ask: reading('snapshot', { at_seq: 10 ** 12 }) },
  { says: 'a snapshot at letters', ask: reading('snapshot', { at_seq: 'last' }) },
  {
    says: 'a session that is no UUID',
    ask: (at) => ({ ...readingAs(demo.staff)(at), at: { session_id: 'nonsense' } }),
  },
  { says: 'a ttl of 0', ask: opening({ ttl_seconds: 0 }) },
  { says: 'a negative ttl', ask: opening({ ttl_seconds: -1 }) },
  { says: 'a ttl of more than a day', ask: opening({ ttl_seconds: 86_401 }) },
  { says: 'a ttl beyond 32 bits', ask: opening({ ttl_seconds: 1e10 }) },
  { says: 'half a second of ttl', ask: opening({ ttl_seconds: 0.5 }) },
  { says: 'a request key that is no UUID', ask: opening({}, { 'Idempotency-Key': 'once-more' }) },
  { says: 'a device name of 61 characters', ask: opening({ device_name: long(61) }) },
  { says: 'a NUL in a device name', ask: opening({ device_name: 'L\u0000n' }) },
  { says: 'half a surrogate pair in a device name', ask: opening({ device_name: '\ud83c' }) },
  { says: 'joining under a name of 61 characters', ask: acting('join', { body: { device_name: long(61) } }) },
  { says: 'a table that is no UUID', ask: opening({ table_id: 'T1' }) },
  { says: 'staff who name no table', ask: opening({ table_id: null }) },
  { says: 'an unknown field at opening', ask: opening({ currency: 'USD' }) },
  { says: 'an actor name of 61 characters', ask: acting('session', { headers: { 'X-Actor-Name': long(61) } }) },
  { says: 'an actor name of blanks', ask: acting('session', { headers: { 'X-Actor-Name': '%20' } }) },
  { says: 'a control character in an actor name', ask: acting('session', { headers: { 'X-Actor-Name': 'L%00n' } }) },
  { says: 'closing without a reason while something is due', ask: acting('close') },
  { says: 'closing with an empty reason', ask: acting('close', { body: { reason: '' } }) },
  { says: 'closing with a reason of 201 characters', ask: acting('close', { body: { reason: long(201) } }) },
  { says: 'closing with a NUL in the reason', ask: acting('close', { body: { reason: 'a\u0000' } }) },
  {
    says: 'closing by a shared key without a name',
    ask: (at) => acting('close', { as: at.sharedKey, body: { reason: 'x' } })(at),
  },
  { says: 'extending by nothing', ask: acting('extend', { body: { ttl_seconds: 0 } }) },
  { says: 'extending backwards', ask: acting('extend', { body: { ttl_seconds: -1 } }) },
  { says: 'extending by more than a day', ask: acting('extend', { body: { ttl_seconds: 86_401 } }) },
  { says: 'extending beyond 32 bits', ask: acting('extend', { body: { ttl_seconds: 1e10 } }) },
  { says: 'extending without saying how long', ask: acting('extend', { body: {} }) },
];

const jwt = (header: object, claims: object, signature: string) =>
  [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.') + `.${signature}`;
const claimsOf = (token: string) => JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());

const others: readonly Case[] = [
  { says: 'no credential', code: 'UNAUTHENTICATED', ask: readingAs(null) },
  { says: 'an unknown credential', code: 'UNAUTHENTICATED', ask: readingAs('nonsense') },
  {
    says: 'a credential of another kind',
    code: 'UNAUTHENTICATED',
    ask: acting('session', { as: null, headers: { Authorization: 'Basic abc' } }),
  },
  {
    says: 'an empty credential',
    code: 'UNAUTHENTICATED',
    ask: acting('session', { as: null, headers: { Authorization: 'Bearer' } }),
  },
  {
    says: 'a token without a signature',
    code: 'UNAUTHENTICATED',
    ask: (at) => readingAs(jwt({ alg: 'none', typ: 'device+jwt' }, claimsOf(at.visit.phone), ''))(at),
  },
  {
    says: "a token with somebody's signature",
    code: 'UNAUTHENTICATED',
    ask: (at) =>
      readingAs(jwt({ alg: 'HS256', typ: 'device+jwt' }, claimsOf(at.visit.phone), at.twin.phone.split('.')[2] ?? ''))(
        at,
      ),
  },
  { says: 'a token cut short', code: 'UNAUTHENTICATED', ask: (at) => readingAs(at.visit.phone.slice(0, -1))(at) },
  {
    says: 'a phone that was removed, at a write',
    code: 'UNAUTHENTICATED',
    ask: (at) => ({ ...guest((event) => event)(at), as: at.removed.phone }),
  },
  {
    says: 'a phone that was removed, at the snapshot',
    code: 'UNAUTHENTICATED',
    ask: (at) => ({ ...reading('snapshot', {})(at), as: at.removed.phone }),
  },
  {
    says: 'a phone that was removed, at the events',
    code: 'UNAUTHENTICATED',
    ask: (at) => ({ ...reading('events', {})(at), as: at.removed.phone }),
  },
  {
    says: 'a phone that was removed, at the session',
    code: 'UNAUTHENTICATED',
    ask: (at) => readingAs(at.removed.phone)(at),
  },
  {
    says: "an unknown table's code in the body",
    code: 'UNAUTHENTICATED',
    ask: () => ({ operation: 'create', at: { location_id: demo.location }, body: { table_token: 'nonsense' } }),
  },
  {
    says: 'opening without any credential',
    code: 'UNAUTHENTICATED',
    ask: () => ({ operation: 'create', at: { location_id: demo.location } }),
  },
  {
    says: 'joining with nonsense',
    code: 'UNAUTHENTICATED',
    ask: (at) => ({ operation: 'join', at: { session_id: at.visit.sessionId }, body: { join_token: 'nonsense' } }),
  },
  {
    says: 'joining without any credential',
    code: 'UNAUTHENTICATED',
    ask: (at) => ({ operation: 'join', at: { session_id: at.visit.sessionId } }),
  },

  {
    says: "a guest's own ttl",
    code: 'FORBIDDEN',
    ask: (at) => ({
      operation: 'create',
      at: { location_id: demo.location },
      as: at.empty.token,
      body: { ttl_seconds: 60 },
    }),
  },
  {
    says: 'a phone that closes',
    code: 'FORBIDDEN',
    ask: (at) => acting('close', { as: at.visit.phone, body: { reason: 'x' } })(at),
  },
  { says: 'a phone that extends', code: 'FORBIDDEN', ask: (at) => acting('extend', { as: at.visit.phone })(at) },
  {
    says: 'a phone that removes another',
    code: 'FORBIDDEN',
    ask: (at) => acting('remove', { as: at.visit.phone })(at),
  },
  {
    says: 'a phone that opens',
    code: 'FORBIDDEN',
    ask: (at) => ({
      operation: 'create',
      at: { location_id: demo.location },
      as: at.visit.phone,
      body: { table_id: at.empty.tableId },
    }),
  },
  {
    says: 'a phone that joins without a join token',
    code: 'FORBIDDEN',
    ask: (at) => acting('join', { as: at.visit.phone })(at),
  },
  {
    says: "a table's code that orders",
    code: 'FORBIDDEN',
    ask: (at) => ({ ...guest((event) => event)(at), as: at.visit.token }),
  },
  {
    says: "a table's code that reads the bill",
    code: 'FORBIDDEN',
    ask: (at) => ({ ...reading('snapshot', {})(at), as: at.visit.token }),
  },
  {
    says: "a table's code that joins without a join token",
    code: 'FORBIDDEN',
    ask: (at) => acting('join', { as: at.visit.token })(at),
  },
  { says: 'an operator who reads a bill', code: 'FORBIDDEN', ask: readingAs(demo.operator) },
  {
    says: 'an operator who reads a menu',
    code: 'FORBIDDEN',
    ask: () => ({ operation: 'menu', at: { location_id: demo.location }, as: demo.operator }),
  },
  {
    says: 'a scan where every visit has its own code',
    code: 'FORBIDDEN',
    ask: (at) => ({ operation: 'create', at: { location_id: at.perVisit.locationId }, as: at.perVisit.token }),
  },

  { says: 'an unknown item', code: 'UNKNOWN_MENU_ITEM', ask: adding({ menu_item_id: randomUUID() }) },
  {
    says: "another restaurant's item",
    code: 'UNKNOWN_MENU_ITEM',
    ask: adding({ menu_item_id: demo.otherItem }),
    extra: () => ({ menu_item_id: demo.otherItem }),
  },
  {
    says: 'a required option left out',
    code: 'INVALID_OPTIONS',
    ask: adding({ menu_item_id: demo.pho }),
    extra: () => ({ menu_item_id: demo.pho }),
  },
  {
    says: 'two options where one is allowed',
    code: 'INVALID_OPTIONS',
    ask: adding({ menu_item_id: demo.pho, options: [demo.regular, demo.large] }),
  },
  {
    says: 'one option twice',
    code: 'INVALID_OPTIONS',
    ask: adding({ menu_item_id: demo.pho, options: [demo.regular, demo.egg, demo.egg] }),
  },
  {
    says: 'an option of no group',
    code: 'INVALID_OPTIONS',
    ask: adding({ menu_item_id: demo.pho, options: [demo.regular, randomUUID()] }),
  },
  { says: 'options for an item that has none', code: 'INVALID_OPTIONS', ask: adding({ options: [demo.regular] }) },
  {
    says: 'no portions',
    code: 'QUANTITY_OUT_OF_RANGE',
    ask: adding({ quantity: 0 }),
    extra: () => ({ quantity: 0, min: 1, max: 99 }),
  },
  { says: 'less than no portions', code: 'QUANTITY_OUT_OF_RANGE', ask: adding({ quantity: -1 }) },
  { says: '100 portions', code: 'QUANTITY_OUT_OF_RANGE', ask: adding({ quantity: 100 }) },
  { says: 'raising a line to 100 portions', code: 'QUANTITY_OUT_OF_RANGE', ask: modifying({ quantity: 100 }) },
  {
    says: 'raising a line by 98 above 2',
    code: 'QUANTITY_OUT_OF_RANGE',
    ask: modifying({ delta: 98 }),
    extra: () => ({ quantity: 100 }),
  },
  { says: 'lowering a line below nothing', code: 'QUANTITY_OUT_OF_RANGE', ask: modifying({ delta: -3 }) },

  {
    says: 'a sold-out item',
    code: 'ITEM_UNAVAILABLE',
    ask: adding({ menu_item_id: demo.soldOut }),
    extra: () => ({ menu_item_id: demo.soldOut }),
  },
  {
    says: 'more of an item that has sold out since',
    code: 'ITEM_UNAVAILABLE',
    ask: (at) => ({
      operation: 'append',
      at: { session_id: at.gone.sessionId },
      as: at.gone.phone,
      body: {
        idempotency_key: newEventKey(),
        event_type: 'modify_qty',
        payload: { line_id: at.gone.lineId, delta: 1 },
      },
    }),
  },
  {
    says: 'an unknown line',
    code: 'LINE_NOT_FOUND',
    ask: modifying({ line_id: demo.table(1), delta: 1 }),
    extra: () => ({ line_id: demo.table(1) }),
  },
  {
    says: 'taking an unknown line off',
    code: 'LINE_NOT_FOUND',
    ask: guest((event) => ({ ...event, event_type: 'remove_item', payload: { line_id: randomUUID() } })),
  },
  {
    says: 'a key for other content',
    code: 'IDEMPOTENCY_KEY_REUSED',
    ask: (at) => guest((event) => ({ ...event, idempotency_key: at.first.key }))(at),
    extra: (at) => ({ event_id: at.first.id, event_seq: at.first.seq }),
  },
  {
    says: "a key of another's",
    code: 'IDEMPOTENCY_KEY_REUSED',
    ask: (at) => ({ ...guest(() => ({ ...add({ quantity: 2 }), idempotency_key: at.first.key }))(at), as: demo.staff }),
  },
  { says: 'a seq that is not the last', code: 'SEQ_CONFLICT', ask: guest((event) => ({ ...event, expected_seq: 1 })) },
  { says: 'a seq that is yet to come', code: 'SEQ_CONFLICT', ask: guest((event) => ({ ...event, expected_seq: 99 })) },
  {
    says: 'an order after staff closed',
    code: 'SESSION_NOT_OPEN',
    ask: (at) => ({ ...guest((event) => event)(at), at: { session_id: at.closed.sessionId }, as: at.closed.phone }),
    extra: () => ({ session_status: 'closed' }),
  },
  {
    says: 'extending after staff closed',
    code: 'SESSION_NOT_OPEN',
    ask: (at) => acting('extend', { at: { session_id: at.closed.sessionId } })(at),
  },
  {
    says: 'joining after staff closed',
    code: 'SESSION_NOT_OPEN',
    ask: (at) => acting('join', { at: { session_id: at.closed.sessionId } })(at),
  },
  {
    says: 'an order after the time is over',
    code: 'SESSION_EXPIRED',
    ask: (at) => ({ ...guest((event) => event)(at), at: { session_id: at.expired.sessionId }, as: at.expired.phone }),
    extra: () => ({ session_status: 'expired' }),
  },
  {
    says: 'extending after the time is over',
    code: 'SESSION_EXPIRED',
    ask: (at) => acting('extend', { at: { session_id: at.expired.sessionId } })(at),
  },
  {
    says: 'joining after the time is over',
    code: 'SESSION_EXPIRED',
    ask: (at) => acting('join', { at: { session_id: at.expired.sessionId } })(at),
  },
  {
    says: 'closing after the time is over',
    code: 'SESSION_EXPIRED',
    ask: (at) => acting('close', { at: { session_id: at.expired.sessionId } })(at),
  },
  {
    says: 'an order while ordering is paused',
    code: 'ORDERING_PAUSED',
    ask: (at) => ({
      ...guest(() => add({ menu_item_id: at.paused.itemId }))(at),
      at: { session_id: at.paused.sessionId },
      as: at.paused.phone,
    }),
  },
  {
    says: 'an order by a phone that waits',
    code: 'NOT_ADMITTED',
    ask: (at) => ({
      ...guest(() => add({ menu_item_id: at.waiting.itemId }))(at),
      at: { session_id: at.waiting.sessionId },
      as: at.waiting.phone,
    }),
  },
  {
    says: 'a phone that lets itself in',
    code: 'NOT_ADMITTED',
    ask: (at) => ({
      operation: 'approve',
      at: { session_id: at.waiting.sessionId, device_id: at.waiting.deviceId },
      as: at.waiting.phone,
    }),
  },
];

const cases: readonly Case[] = [...invalid.map((one): Case => ({ ...one, code: 'VALIDATION_FAILED' })), ...others];

describe.each(faces)('over %s', (face) => {
  test.each(cases.filter(({ on }) => on === undefined || on === face))(
    '$code: $says; nothing is written',
    async ({ code, ask, extra }) => {
      const before = await written(api);
      const wanted = ask(scene);
      const outcome = await call(api, face, wanted);
      expect(outcome.answer.text).toContain(code);
      expect(outcome.code).toBe(code);
      expect(outcome.extra).toMatchObject({ retryable: false, ...extra?.(scene) });
      if (face === 'REST') {
        expect(outcome.answer.status).toBe(statuses[code]);
        expect(outcome.answer.headers.get('content-type')).toContain('application/problem+json');
        expect(outcome.extra).toMatchObject({
          type: `urn:qr-session:error:${code.toLowerCase()}`,
          status: statuses[code],
        });
      }
      if (code === 'VALIDATION_FAILED') {
        expect(outcome.extra.errors.length).toBeGreaterThan(0);
        for (const { path, message } of outcome.extra.errors)
          expect([typeof path, message]).toEqual(['string', expect.stringMatching(/./)]);
      }
      expect(await written(api)).toEqual(before);
    },
  );
});

test('every code of the catalogue is met here or in a file of its own', () => {
  const elsewhere = [
    'NOT_FOUND',
    'METHOD_NOT_ALLOWED',
    'PAYLOAD_TOO_LARGE',
    'UNSUPPORTED_MEDIA_TYPE',
    'RATE_LIMITED',
    'INTERNAL',
    'UNAVAILABLE',
  ];
  const ofItsOwn = readdirSync(import.meta.dirname)
    .filter((name) => /^(?:payments-.*|rounds|service-calls|move)\.test\.ts$/.test(name))
    .flatMap((name) => readFileSync(join(import.meta.dirname, name), 'utf8').match(/'[A-Z]+(?:_[A-Z]+)+'/g) ?? [])
    .map((quoted) => quoted.slice(1, -1));
  const met = new Set<string>([...cases.map(({ code }) => code), ...elsewhere, ...ofItsOwn]);
  expect(Object.keys(rejections).filter((code) => !met.has(code))).toEqual([]);
});

test('field errors speak of the place in the words of the face', async () => {
  const visit = await sitDown(api);
  const at = { session_id: visit.sessionId };
  const paths = async (body: object) => {
    const { extra } = await call(api, 'REST', { operation: 'append', at, as: visit.phone, body });
    return extra.errors.map(({ path }: { path: string }) => path);
  };
  expect(await paths(add({ quantity: 'two' }))).toEqual(['payload.quantity']);
  expect(await paths(add({ menu_item_id: 'pho', colour: 'red' }))).toEqual(['payload.colour']);
  expect(await paths(add({ menu_item_id: 'pho', quantity: null }))).toEqual([
    'payload.menu_item_id',
    'payload.quantity',
  ]);
  expect(await paths(add({ note: long(201) }))).toEqual(['payload.note']);
  expect(await paths({})).toEqual(['event_type', 'payload']);
  const inGraphql = await call(api, 'GraphQL', {
    operation: 'append',
    at,
    as: visit.phone,
    body: add({ quantity: 'two' }),
  });
  expect(inGraphql.extra.errors).toEqual([
    { path: 'input.event.addItem.quantity', message: expect.stringContaining('Int') },
  ]);
  expect(toInput(add())).toHaveProperty('event.addItem.menuItemId');
});
