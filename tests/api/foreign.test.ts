import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  add,
  type Answer,
  demo,
  newKey,
  newLocation,
  newTable,
  type Place,
  sitDown,
  useApi,
  type Visit,
  written,
} from '../support/api.js';
import { call, type Call, faces } from '../support/faces.js';

const api = useApi();

let visit: Visit;
let twin: Visit;
let foreign: Visit;
let elsewhere: Place;
let ownTable: Place;
let otherLocationKey: string;

beforeAll(async () => {
  visit = await sitDown(api);
  twin = await sitDown(api);
  foreign = await sitDown(api, {
    locationId: demo.otherLocation,
    tableId: demo.otherTable,
    token: 'demo-other-table-1',
  });
  elsewhere = await newLocation(api);
  ownTable = await newTable(api);
  otherLocationKey = await newKey(api, { locationId: elsewhere.locationId });
});

/** Every request that names a session. */
const inSession = (sessionId: string, as: string): readonly Call[] => {
  const at = { session_id: sessionId };
  return [
    { operation: 'session', at, as },
    { operation: 'snapshot', at, as },
    { operation: 'snapshot', at: { ...at, at_seq: 1 }, as },
    { operation: 'events', at, as },
    { operation: 'append', at, as, body: add() },
    { operation: 'append', at, as, body: { ...add(), expected_seq: 99 } },
    { operation: 'batch', at, as, body: { events: [add()] } },
  ];
};
const byStaff = (sessionId: string, as: string): readonly Call[] => {
  const at = { session_id: sessionId };
  return [
    ...inSession(sessionId, as),
    { operation: 'join', at, as },
    { operation: 'close', at, as, body: { reason: 'mine' } },
    { operation: 'extend', at, as, body: { ttl_seconds: 60 } },
    { operation: 'remove', at: { ...at, device_id: foreign.deviceId }, as },
    { operation: 'approve', at: { ...at, device_id: foreign.deviceId }, as },
  ];
};
const opening = (locationId: string, tableId: string, as: string): Call => ({
  operation: 'create',
  at: { location_id: locationId },
  as,
  body: { table_id: tableId },
});

/** A thing that exists but is not the caller's, and the same request for a thing that does not exist. */
const pairs: readonly { says: string; theirs: () => readonly Call[]; none: () => readonly Call[] }[] = [
  {
    says: "another tenant's session, to staff",
    theirs: () => byStaff(foreign.sessionId, demo.staff),
    none: () => byStaff(randomUUID(), demo.staff),
  },
  {
    says: "another table's session, to a phone",
    theirs: () => inSession(twin.sessionId, visit.phone),
    none: () => inSession(randomUUID(), visit.phone),
  },
  {
    says: "another tenant's session, to a phone",
    theirs: () => inSession(foreign.sessionId, visit.phone),
    none: () => inSession(randomUUID(), visit.phone),
  },
  {
    says: 'a session, to a key of another location',
    theirs: () => byStaff(visit.sessionId, otherLocationKey),
    none: () => byStaff(randomUUID(), otherLocationKey),
  },
  {
    says: "another tenant's location",
    theirs: () => [
      { operation: 'menu', at: { location_id: demo.otherLocation }, as: demo.staff },
      { operation: 'menu', at: { location_id: demo.otherLocation }, as: visit.phone },
      { operation: 'menu', at: { location_id: demo.otherLocation }, as: visit.token },
      opening(demo.otherLocation, demo.otherTable, demo.staff),
    ],
    none: () => [
      { operation: 'menu', at: { location_id: randomUUID() }, as: demo.staff },
      { operation: 'menu', at: { location_id: randomUUID() }, as: visit.phone },
      { operation: 'menu', at: { location_id: randomUUID() }, as: visit.token },
      opening(randomUUID(), randomUUID(), demo.staff),
    ],
  },
  {
    says: 'another location, to a key of one location',
    theirs: () => [
      { operation: 'menu', at: { location_id: demo.location }, as: otherLocationKey },
      opening(demo.location, ownTable.tableId, otherLocationKey),
    ],
    none: () => [
      { operation: 'menu', at: { location_id: randomUUID() }, as: otherLocationKey },
      opening(randomUUID(), ownTable.tableId, otherLocationKey),
    ],
  },
  {
    says: "another tenant's table",
    theirs: () => [opening(demo.location, demo.otherTable, demo.staff)],
    none: () => [opening(demo.location, randomUUID(), demo.staff)],
  },
  {
    says: "another location's table",
    theirs: () => [opening(demo.location, elsewhere.tableId, demo.staff)],
    none: () => [opening(demo.location, randomUUID(), demo.staff)],
  },
  {
    says: "another table, with a table's own code",
    theirs: () => [opening(demo.location, ownTable.tableId, visit.token)],
    none: () => [opening(demo.location, randomUUID(), visit.token)],
  },
  {
    says: "another session's phone",
    theirs: () => [
      { operation: 'remove', at: { session_id: visit.sessionId, device_id: twin.deviceId }, as: demo.staff },
      { operation: 'approve', at: { session_id: visit.sessionId, device_id: twin.deviceId }, as: demo.staff },
    ],
    none: () => [
      { operation: 'remove', at: { session_id: visit.sessionId, device_id: randomUUID() }, as: demo.staff },
      { operation: 'approve', at: { session_id: visit.sessionId, device_id: randomUUID() }, as: demo.staff },
    ],
  },
];

describe.each(faces)('over %s', (face) => {
  test.each(pairs)('$says looks exactly like none', async ({ theirs, none }) => {
    const before = await written(api);
    const nones = none();
    for (const [index, wanted] of theirs().entries()) {
      const [their, no] = [await call(api, face, wanted), await call(api, face, nones[index] ?? wanted)];
      expect(their.code, `${wanted.operation}: ${their.answer.text}`).toBe('NOT_FOUND');
      expect(visible(their.answer)).toEqual(visible(no.answer));
    }
    expect(await written(api)).toEqual(before);
  });

  test("another session's join token is no token, whether or not the session exists", async () => {
    const { body } = await api.rest(`GET /sessions/${twin.sessionId}`, { as: demo.staff });
    const joinToken = body.qr_url.split('&j=')[1];
    const join = (sessionId: string) =>
      call(api, face, { operation: 'join', at: { session_id: sessionId }, body: { join_token: joinToken } });
    const [theirs, none] = [await join(visit.sessionId), await join(randomUUID())];
    expect(theirs.code).toBe('UNAUTHENTICATED');
    expect(visible(theirs.answer)).toEqual(visible(none.answer));
  });
});

test('over GraphQL, lists and locations of another tenant look like none', async () => {
  const ask = async (document: string, id: string) => visible(await api.graphql(document, { id }, { as: demo.staff }));
  const location = 'query ($id: UUID!) { location(id: $id) { name tables { name } } }';
  const sessions = 'query ($id: UUID!) { sessions(locationId: $id) { edges { cursor } } }';
  for (const document of [location, sessions]) {
    const theirs = await ask(document, demo.otherLocation);
    expect(theirs.text).toContain('NOT_FOUND');
    expect(theirs).toEqual(await ask(document, randomUUID()));
  }
});

test("a phone's token of another tenant opens nothing with the same ids", async () => {
  for (const wanted of inSession(visit.sessionId, foreign.phone)) {
    expect((await call(api, 'REST', wanted)).code).toBe('NOT_FOUND');
  }
});

/** All that a caller can see of an answer, without what differs from one request to the next. */
function visible({ status, headers, text }: Answer) {
  const kept = [...headers].filter(([name]) => name !== 'x-request-id' && name !== 'date');
  return { status, text, headers: Object.fromEntries(kept) };
}
