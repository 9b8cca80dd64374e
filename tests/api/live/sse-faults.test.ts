/** Streams under pressure: too many, too slow, a server that stops, a database that is away. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { v7 } from 'uuid';
import {
  add,
  append,
  demo,
  newKey,
  type RunningApi,
  sitDown,
  startApi,
  useApi,
  type Visit,
} from '../../support/api.js';
import { cuttableDatabase } from '../../support/cuttable-database.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { type EventStream, figure, openStream, refusal, type StreamRequest } from '../../support/event-stream.js';
import { eventually } from '../../support/eventually.js';

type Place = Pick<RunningApi, 'address'>;
const follow = ({ address }: Place, visit: Pick<Visit, 'sessionId' | 'phone'>, ask: StreamRequest = {}) =>
  openStream(address, visit.sessionId, { as: visit.phone, ...ask });
const many = <T>(count: number, make: () => Promise<T>) => Promise.all(Array.from({ length: count }, make));
const open = ({ address }: Place) => figure(address, 'qr_live_streams', { face: 'sse' });
const ids = (stream: EventStream) => stream.messages.map(({ id }) => Number(id));

/** More than the system keeps for a connection: past the server, which has no event of that size. */
async function writeMuch({ sql }: Pick<RunningApi, 'sql'>, { sessionId }: Visit): Promise<void> {
  const payload = { menu_item_id: demo.coffee, line_id: v7(), name: 'x'.repeat(24_000_000), quantity: 1 };
  const whole = { ...payload, unit_price: 1, options: [], tax_bps: 0, note: null };
  await sql`
    WITH head AS (UPDATE qr_sessions SET last_event_seq = last_event_seq + 1 WHERE id = ${sessionId} RETURNING *)
    INSERT INTO session_events (tenant_id, session_id, event_seq, event_id, event_type, version, payload, actor,
      idempotency_key, fingerprint, prev_hash, hash)
    SELECT h.tenant_id, h.id, h.last_event_seq, ${v7()}, e.event_type, e.version, ${sql.json(whole)}, e.actor,
      ${v7()}, e.fingerprint, e.hash, e.hash
    FROM head h JOIN session_events e ON e.session_id = h.id AND e.event_seq = 3`;
}

describe('with limits', () => {
  const api = useApi({ env: { RATE_LIMITS: '1' } });

  test('a phone has twenty streams and not one more; when one ends, there is room again', async () => {
    const visit = await sitDown(api);
    const friend = await sitDown(api);
    const streams = await many(20, () => follow(api, visit));
    expect(streams.map(({ status }) => status)).toEqual(streams.map(() => 200));
    const refused = await refusal(await follow(api, visit));
    expect([refused.status, refused.body.code, refused.body.retryable]).toEqual([429, 'RATE_LIMITED', true]);
    expect(refused.headers['retry-after']).toBe(String(refused.body.retry_after));
    const checked = await api.rest(`GET /sessions/${visit.sessionId}/events/stream`, { as: visit.phone });
    expect(checked.status).toBe(429);
    const mine = await follow(api, friend);
    expect(mine.status).toBe(200);
    streams[0]?.cut();
    const next = await eventually(async () => {
      const stream = await follow(api, visit);
      return stream.status === 200 && stream;
    });
    for (const stream of [...streams, mine, next]) stream.cut();
    await eventually(async () => (await open(api)) === 0);
  });

  test('streams with a header and with a ticket count together', async () => {
    const visit = await sitDown(api);
    const { body } = await api.rest(`POST /sessions/${visit.sessionId}/stream-tickets`, { as: visit.phone });
    const byTicket = await many(12, () => openStream(api.address, visit.sessionId, { query: `ticket=${body.ticket}` }));
    const byHeader = await many(8, () => follow(api, visit));
    expect((await follow(api, visit)).status).toBe(429);
    for (const stream of [...byTicket, ...byHeader]) stream.cut();
    await eventually(async () => (await open(api)) === 0);
  });

  test('a key has many more', async () => {
    const visit = await sitDown(api);
    const key = await newKey(api);
    const streams = await many(60, () => follow(api, visit, { as: key }));
    expect(streams.filter(({ status }) => status !== 200)).toEqual([]);
    for (const stream of streams) stream.cut();
    await eventually(async () => (await open(api)) === 0);
  });
});

describe('a client that does not read', () => {
  const api = useApi({ sseLimits: { patienceMs: 3_000, beatMs: 150 } });
  const dropped = () => figure(api.address, 'qr_live_dropped_total', { face: 'sse', reason: 'slow' });

  test('is dropped, costs the others nothing, and comes back to all that it missed', async () => {
    const visit = await sitDown(api);
    await append(api, visit, add());
    const before = await dropped();
    const slow = await follow(api, visit);
    const quick = await follow(api, visit);
    await slow.count(3);
    slow.pause();
    await writeMuch(api, visit);
    await quick.count(4);
    await eventually(async () => (await dropped()) === before + 1, { within: 15_000 });
    await append(api, visit, add());
    await quick.count(5);
    slow.resume();
    expect(await slow.ended).toBe('broken');
    const again = await follow(api, visit, { headers: { 'last-event-id': '3' } });
    await again.count(2);
    expect(ids(again)).toEqual([4, 5]);
    for (const stream of [quick, again]) stream.cut();
    await eventually(async () => (await open(api)) === 0);
  });
});

describe('a server that stops', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(async () => {
    await database.drop();
  });

  test('says when to come back, ends its streams whole, and the client goes on at another one', async () => {
    const api = await startApi({ databaseUrl: database.url });
    const next = await startApi({ databaseUrl: database.url });
    try {
      const visit = await sitDown(api);
      await append(api, visit, add());
      const streams = await many(5, () => follow(api, visit));
      await Promise.all(streams.map((stream) => stream.count(3)));
      await api.stop();
      for (const stream of streams) {
        expect(await stream.ended).toBe('whole');
        const said = Number(/\nretry: (\d+)\n\n$/.exec(stream.text)?.[1]);
        expect(said).toBeGreaterThanOrEqual(500);
        expect(said).toBeLessThanOrEqual(3_000);
      }
      await append(next, visit, add());
      const stream = await follow(next, visit, { headers: { 'last-event-id': '3' } });
      await stream.count(1);
      expect(ids(stream)).toEqual([4]);
      stream.cut();
    } finally {
      await next.stop();
    }
  });

  test('does not wait for a client that reads nothing', async () => {
    const api = await startApi({ databaseUrl: database.url, sseLimits: { drainMs: 200 } });
    const visit = await sitDown(api);
    await append(api, visit, add());
    const [slow, quick] = [await follow(api, visit), await follow(api, visit)];
    await slow.count(3);
    slow.pause();
    await writeMuch(api, visit);
    await quick.count(4);
    await api.stop();
    slow.resume();
    expect(await slow.ended).toBe('broken');
    expect(await quick.ended).toBe('whole');
  });
});

describe('while the database is away', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(async () => {
    await database.drop();
  });

  test('an open stream waits and loses nothing; a new one is 503 with the time to come back', async () => {
    const way = await cuttableDatabase(database.url);
    const api = await startApi({ databaseUrl: way.url });
    try {
      const visit = await sitDown(api);
      const stream = await follow(api, visit);
      await stream.count(2);
      way.cut('refuse');
      const refused = await refusal(await follow(api, visit));
      expect([refused.status, refused.body.code]).toEqual([503, 'UNAVAILABLE']);
      expect(refused.headers['retry-after']).toBeDefined();
      way.mend();
      await eventually(async () => (await api.http('GET', '/readyz')).status === 200);
      await append(api, visit, add());
      await stream.count(3);
      expect(ids(stream)).toEqual([1, 2, 3]);
      stream.cut();
    } finally {
      await api.stop();
      await way.stop();
    }
  });
});
