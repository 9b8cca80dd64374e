/** What happens in a restaurant, as the floor and the kitchen see it over WebSockets. */
import { randomUUID } from 'node:crypto';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { SessionId } from '../../../src/domain/ids.js';
import {
  add,
  type Api,
  append,
  demo,
  type Json,
  newKey,
  newLocation,
  newTable,
  sitDown,
  startApi,
  useApi,
  type Visit,
} from '../../support/api.js';
import { createTestDatabase } from '../../support/database.js';
import { eventually } from '../../support/eventually.js';
import { atProvider, startPaying } from '../../support/payments.js';
import { openSocket, type RawSocket } from '../../support/raw-socket.js';
import { endTime } from '../../support/session-time.js';

const session =
  '{ id tenantId locationId tableId status currency openedAt expiresAt lastEventSeq total paid due paymentStatus }';
const sessionNow = `query ($id: UUID!) { session(id: $id) ${session} }`;
const activity = `subscription ($at: UUID!, $after: String) {
  locationActivity(locationId: $at, after: $after) {
    cursor
    session ${session}
    event { __typename id seq type payload actor { type name } createdAt }
  }
}`;

const api = useApi();
const sockets: RawSocket[] = [];
afterEach(async () => {
  for (const { ws } of sockets.splice(0)) ws.terminate();
  await eventually(async () => (await feeds(api)) === 0);
});

/** A socket that follows a location; it was accepted or refused when this resolves. */
async function follow(at: string, { as = demo.staff, after, on = api }: Following = {}): Promise<RawSocket> {
  const socket = await openSocket(on, { as });
  sockets.push(socket);
  const others = await feeds(on);
  socket.run('1', activity, { at, ...(after !== undefined && { after }) });
  await eventually(async () => (await feeds(on)) > others || socket.of('1').length > 0);
  return socket;
}

interface Following {
  readonly as?: string | null;
  readonly after?: string | undefined;
  readonly on?: Api;
}

const feeds = async (on: Api): Promise<number> => {
  const { text } = await on.http('GET', '/metrics', { as: demo.operator });
  return Number(/^qr_live_feeds (\d+)$/m.exec(text)?.[1] ?? 0);
};

const items = (socket: RawSocket): readonly Json[] => socket.items('1');
const nameOf = ({ session, event }: Json): string => `${session.id} ${event.seq}`;
const received = (socket: RawSocket, count: number) =>
  eventually(() => items(socket).length >= count && items(socket), { within: 10_000 });

/** All events of a location, by session and seq. */
async function eventsAt({ sql }: Api, locationId: string): Promise<readonly Json[]> {
  return sql`
    SELECT e.session_id, e.event_seq, e.event_id, e.event_type, e.payload FROM session_events e
    JOIN qr_sessions s ON s.tenant_id = e.tenant_id AND s.id = e.session_id
    WHERE s.location_id = ${locationId} ORDER BY e.session_id, e.event_seq`;
}

const codeOf = async (socket: RawSocket): Promise<string> => {
  const message = await socket.last('1');
  return message.type === 'error' ? message.payload[0].extensions.code : message.type;
};

describe('the activity of a location', () => {
  test('is every event of every session, with the session as it is', async () => {
    const place = await newLocation(api, { on_paid: 'end', expiry_event: true });
    const socket = await follow(place.locationId);

    // A table that pays, with money that comes when it is long gone.
    const first = await sitDown(api, place);
    await append(api, first, add({ menu_item_id: place.itemId, quantity: 2 }));
    const late = await startPaying(api, first);
    const paid = await api.rest('POST /admin/payments/cash', {
      as: demo.cashier,
      body: { session_id: first.sessionId, idempotency_key: randomUUID() },
    });
    expect(paid.status).toBe(201);
    await atProvider(api, late, 'pay');

    // One that is closed, and one whose time runs out and is noticed by who sits down next.
    const second = await sitDown(api, await newTable(api, place.locationId));
    await api.rest(`POST /sessions/${second.sessionId}/close`, { as: demo.staff, body: { reason: 'left' } });
    const third = await sitDown(api, await newTable(api, place.locationId));
    await endTime(api.sql, third.sessionId as SessionId);
    const fourth = await sitDown(api, { ...third });

    const rows = await eventsAt(api, place.locationId);
    const all = await received(socket, rows.length);
    expect(all.map(nameOf).sort()).toEqual(rows.map((row) => `${row.session_id} ${row.event_seq}`).sort());
    for (const { session, event } of all) {
      const row = rows.find(({ event_id }) => event_id === event.id);
      expect(event).toMatchObject({ seq: row.event_seq, type: row.event_type.toUpperCase(), payload: row.payload });
      expect(session).toMatchObject({ tenantId: demo.tenant, locationId: place.locationId, currency: 'VND' });
      expect(session.lastEventSeq).toBeGreaterThanOrEqual(event.seq);
    }
    const typesOf = ({ sessionId }: Visit) =>
      all.filter(({ session }) => session.id === sessionId).map(({ event }) => event.type);
    expect(typesOf(first).slice(-2)).toEqual(['SESSION_PAID', 'PAYMENT_SETTLED']);
    expect(typesOf(second).at(-1)).toBe('SESSION_CLOSED');
    expect(typesOf(third).at(-1)).toBe('SESSION_EXPIRED');
    expect(typesOf(fourth)[0]).toBe('SESSION_OPENED');
    for (const visit of [first, second, third, fourth]) {
      const own = all.filter(({ session }) => session.id === visit.sessionId);
      expect(own.map(({ event }) => event.seq)).toEqual(own.map((_, n) => n + 1));
      const { body } = await api.graphql(sessionNow, { id: visit.sessionId }, { as: demo.staff });
      // The server remembers when the one whose life was shifted began.
      const { openedAt, expiresAt } = visit === third ? own.at(-1).session : body.data.session;
      expect(own.at(-1).session).toEqual({ ...body.data.session, openedAt, expiresAt });
    }
  });

  test('begins with what comes, and goes on behind a cursor with what was missed', async () => {
    const place = await newLocation(api);
    const visit = await sitDown(api, place);
    const first = await follow(place.locationId);
    await append(api, visit, add({ menu_item_id: place.itemId }));
    const [item] = await received(first, 1);
    expect(item.event).toMatchObject({ seq: 3, type: 'ADD_ITEM', __typename: 'AddItemEvent' });
    await first.close();
    await append(api, visit, add({ menu_item_id: place.itemId }));
    const second = await follow(place.locationId, { after: item.cursor });
    await append(api, visit, add({ menu_item_id: place.itemId }));
    expect((await received(second, 2)).map(({ event }) => event.seq)).toEqual([4, 5]);
  });

  test('is the same for all who follow it, from whichever node, and none of other places', async () => {
    const other = await startApi({ databaseUrl: api.databaseUrl });
    try {
      const place = await newLocation(api);
      const elsewhere = await sitDown(api);
      const visit = await sitDown(other, place);
      const readers = [await follow(place.locationId), await follow(place.locationId, { on: other })];
      for (let n = 0; n < 20; n += 1) {
        await append(n % 2 ? api : other, visit, add({ menu_item_id: place.itemId }));
        await append(api, elsewhere, add());
      }
      for (const reader of readers) {
        const all = await received(reader, 20);
        expect(all.map(nameOf)).toEqual(Array.from({ length: 20 }, (_, n) => `${visit.sessionId} ${n + 3}`));
      }
    } finally {
      await other.stop();
    }
  });

  test('goes on across a stop of the server, from the last cursor', async () => {
    const database = await createTestDatabase();
    const before = await startApi({ databaseUrl: database.url });
    const visit = await sitDown(before);
    const first = await follow(demo.location, { on: before });
    await append(before, visit, add());
    const [{ cursor }] = (await received(first, 1)) as [Json];
    await before.stop();
    expect(await first.ended).toMatchObject({ code: 1001 });
    const after = await startApi({ databaseUrl: database.url });
    const missed = await append(after, visit, add());
    const second = await follow(demo.location, { on: after, after: cursor });
    const next = await append(after, visit, add());
    expect((await received(second, 2)).map(({ event }) => event.id)).toEqual([missed.event_id, next.event_id]);
    second.ws.terminate();
    await after.stop();
    await database.drop();
  });

  test('lets go of everything when nobody follows any more', async () => {
    const place = await newLocation(api);
    const readers = [await follow(place.locationId), await follow(place.locationId), await follow(demo.location)];
    await eventually(async () => (await feeds(api)) === 3);
    readers[0]?.say({ id: '1', type: 'complete' });
    await eventually(async () => (await feeds(api)) === 2);
    for (const { ws } of readers) ws.terminate();
    await eventually(async () => (await feeds(api)) === 0);
  });

  test('ends when its key is taken back', async () => {
    const key = await newKey(api);
    const socket = await follow(demo.location, { as: key });
    await api.sql`UPDATE api_keys SET revoked_at = now() WHERE key_hash = sha256(convert_to(${key}, 'UTF8'))`;
    await Promise.race([socket.ended, socket.last('1')]);
    await eventually(async () => (await feeds(api)) === 0);
  });
});

describe('who may follow a location', () => {
  let visit: Visit;
  let ownPlace: string;
  beforeAll(async () => {
    visit = await sitDown(api);
    ownPlace = (await newLocation(api)).locationId;
  });

  test.each([
    ['staff', () => demo.staff],
    ['a cashier', () => demo.cashier],
    ['a manager', () => demo.manager],
    ['staff of that location only', () => newKey(api, { locationId: demo.location })],
  ])('%s', async (_, as) => {
    const socket = await follow(demo.location, { as: await as() });
    expect(socket.of('1')).toEqual([]);
  });

  test.each<[string, () => string | null | Promise<string>, () => string, string]>([
    ['a phone', () => visit.phone, () => demo.location, 'FORBIDDEN'],
    ['a table’s code', () => visit.token, () => demo.location, 'FORBIDDEN'],
    ['an operator', () => demo.operator, () => demo.location, 'FORBIDDEN'],
    ['nobody', () => null, () => demo.location, 'UNAUTHENTICATED'],
    ['staff of another tenant', () => demo.otherStaff, () => demo.location, 'NOT_FOUND'],
    ['staff of another location', () => newKey(api, { locationId: ownPlace }), () => demo.location, 'NOT_FOUND'],
    ['staff, where there is no location', () => demo.staff, () => randomUUID(), 'NOT_FOUND'],
    ['staff, at a location of another tenant', () => demo.staff, () => demo.otherLocation, 'NOT_FOUND'],
  ])('not %s', async (_, as, at, code) => {
    const socket = await follow(at(), { as: await as() });
    expect(await codeOf(socket)).toBe(code);
    expect(await feeds(api)).toBe(0);
  });
});

describe('a cursor that is none of this location', () => {
  test('is VALIDATION_FAILED, and says which argument', async () => {
    const [here, there] = [await newLocation(api), await newLocation(api)];
    const socket = await follow(there.locationId);
    await sitDown(api, there);
    const [{ cursor }] = (await received(socket, 1)) as [Json];
    socket.ws.terminate();
    await eventually(async () => (await feeds(api)) === 0);
    for (const after of [cursor, '', '0', 'x'.repeat(50), cursor.slice(2), 'é']) {
      const refused = await follow(here.locationId, { after });
      expect(await codeOf(refused)).toBe('VALIDATION_FAILED');
      expect((await refused.last('1')).payload[0].extensions.errors).toEqual([
        { path: 'after', message: 'is not a cursor of this feed' },
      ]);
    }
    expect(await feeds(api)).toBe(0);
  });

  test('of one tenant is of no use to another, even at a location of the same id', async () => {
    const [first, second] = [await newTable(api), await newTable(api)];
    await api.sql`
      INSERT INTO locations SELECT (jsonb_populate_record(l, ${api.sql.json({ tenant_id: demo.otherTenant })})).* FROM locations l
      WHERE id = ${demo.location}`;
    const socket = await follow(demo.location);
    await sitDown(api, first);
    const [{ cursor }] = (await received(socket, 1)) as [Json];
    socket.ws.terminate();
    await eventually(async () => (await feeds(api)) === 0);
    expect(await codeOf(await follow(demo.location, { as: demo.otherStaff, after: cursor }))).toBe('VALIDATION_FAILED');
    const spy = await follow(demo.location, { as: demo.otherStaff });
    await sitDown(api, second);
    await received(await follow(demo.location, { after: cursor }), 3);
    expect(items(spy)).toEqual([]);
  });
});
