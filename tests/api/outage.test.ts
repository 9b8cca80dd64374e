import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  add,
  type Api,
  append,
  demo,
  newEventKey,
  newTable,
  sitDown,
  startApi,
  useApi,
  type Visit,
} from '../support/api.js';
import { cuttableDatabase } from '../support/cuttable-database.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { call, type Call, faces } from '../support/faces.js';

/** A client gives up after that long; so does the server before. */
const deadlineMs = 16_000;

describe('while the database is away', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createTestDatabase();
  });

  afterAll(async () => {
    await database.drop();
  });

  const asks = ({ sessionId, phone }: Visit, event: object): readonly Call[] => {
    const at = { session_id: sessionId };
    const as = phone;
    return [
      { operation: 'append', at, as, body: event },
      { operation: 'batch', at, as, body: { events: [add(), add()] } },
      { operation: 'snapshot', at, as },
      { operation: 'events', at, as },
      { operation: 'session', at: { session_id: randomUUID() }, as: `unseen-${randomUUID()}` },
      { operation: 'create', at: { location_id: demo.location }, as: 'demo-table-7' },
      { operation: 'close', at, as: 'demo-manager-key', body: { reason: 'x' } },
      { operation: 'menu', at: { location_id: demo.location }, as },
    ];
  };

  async function expectUnavailable(api: Api, how: 'refuse' | 'stall', asked: { visit: Visit; event: object }) {
    const { visit, event } = asked;
    const started = performance.now();
    const outcomes = faces.flatMap((face) =>
      asks(visit, event).map(async (wanted) => ({ face, ...(await call(api, face, wanted)) })),
    );
    let waiting = outcomes.length;
    for (const outcome of outcomes) void outcome.finally(() => (waiting -= 1));
    expect((await api.http('GET', '/livez')).status).toBe(200);
    const ready = await api.http('GET', '/readyz');
    expect([ready.status, ready.body.status]).toEqual([503, 'unavailable']);
    // By order, not by a stopwatch: health does not wait for what the database keeps waiting.
    if (how === 'stall') expect(waiting).toBeGreaterThan(0);
    for (const { face, code, extra, answer } of await Promise.all(outcomes)) {
      expect(code, answer.text).toBe('UNAVAILABLE');
      expect(extra.retryable).toBe(true);
      expect(answer.text).not.toMatch(/ECONN|postgres|127\.0\.0\.1|select|insert/i);
      if (face === 'REST') expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '1']);
    }
    expect(performance.now() - started).toBeLessThan(deadlineMs);
  }

  test.concurrent.each(['refuse', 'stall'] as const)(
    'connections that %s: all is UNAVAILABLE in time, and once it is back a write counts once',
    async (how) => {
      const line = await cuttableDatabase(database.url);
      const api = await startApi({ databaseUrl: line.url });
      try {
        const [visit, event] = [await sitDown(api), add()];
        line.cut(how);
        await expectUnavailable(api, how, { visit, event });
        line.mend();
        await eventually(async () => (await api.http('GET', '/readyz')).status === 200, { within: 3_000 });
        const wanted: Call = { operation: 'append', at: { session_id: visit.sessionId }, as: visit.phone, body: event };
        const [first, again] = [await call(api, 'REST', wanted), await call(api, 'REST', wanted)];
        expect([first.code, again.code]).toEqual([undefined, undefined]);
        expect(again.data).toMatchObject({ event_seq: first.data.event_seq, replayed: true });
      } finally {
        line.mend();
        await api.stop();
        await line.stop();
      }
    },
    40_000,
  );
});

describe('when something breaks inside', () => {
  const api = useApi();

  test.each(faces)(
    'over %s the answer is INTERNAL with the id of the request, and only the log has the cause',
    async (face) => {
      const visit = await sitDown(api);
      await append(api, visit, add());
      await api.sql`
      UPDATE session_events SET event_type = 'not_of_this_world' WHERE session_id = ${visit.sessionId} AND event_seq = 3`;
      const id = randomUUID();
      const before = api.logLines.length;
      const { answer, code, extra } = await call(api, face, {
        operation: 'events',
        at: { session_id: visit.sessionId },
        as: visit.phone,
        headers: { 'X-Request-Id': id },
      });
      expect([code, extra.request_id, extra.retryable]).toEqual(['INTERNAL', id, false]);
      if (face === 'REST') expect(answer.status).toBe(500);
      expect(answer.text).not.toMatch(/not_of_this_world|select|from |\.ts|\.js|at \w+ \(/i);
      const causes = api.logLines.slice(before).filter((one) => one.level >= 50);
      expect(causes).toEqual([
        expect.objectContaining({
          reqId: id,
          code: 'INTERNAL',
          err: expect.objectContaining({ message: expect.stringContaining('not_of_this_world') }),
        }),
      ]);
    },
  );

  test.each(faces)('over %s a statement that fails gives nothing of itself away', async (face) => {
    const visit = await sitDown(api, await newTable(api));
    await api.sql`ALTER TABLE menu_items RENAME TO menu_items_gone`;
    await api.sql`UPDATE locations SET menu_version = menu_version + 1 WHERE id = ${demo.location}`;
    try {
      const outcome = await eventually(async () => {
        const one = await call(api, face, { operation: 'menu', at: { location_id: demo.location }, as: visit.phone });
        return one.code === undefined ? undefined : one;
      });
      expect(outcome.code).toBe('INTERNAL');
      expect(outcome.extra.request_id).toBe(outcome.answer.headers.get('x-request-id'));
      expect(outcome.answer.text).not.toMatch(/menu_items|select|relation|params/i);
      expect(JSON.stringify(api.logLines)).toContain('menu_items');
    } finally {
      await api.sql`ALTER TABLE menu_items_gone RENAME TO menu_items`;
    }
  });

  test('in GraphQL a field below that fails is masked and logged too', async () => {
    const visit = await sitDown(api);
    await api.sql`ALTER TABLE locations RENAME COLUMN guest_url TO guest_url_gone`;
    try {
      const before = api.logLines.length;
      const answer = await api.graphql(
        'query ($id: UUID!) { session(id: $id) { id qrUrl } }',
        { id: visit.sessionId },
        { as: visit.phone },
      );
      expect(answer.body.errors[0].extensions).toEqual({
        code: 'INTERNAL',
        retryable: false,
        request_id: answer.headers.get('x-request-id'),
      });
      expect(answer.text).not.toContain('guest_url');
      expect(JSON.stringify(api.logLines.slice(before).filter((one) => one.level >= 50))).toContain('guest_url');
    } finally {
      await api.sql`ALTER TABLE locations RENAME COLUMN guest_url_gone TO guest_url`;
    }
  });

  test('a credential that cannot be looked up is INTERNAL on both faces, with the cause in the log', async () => {
    await api.sql`ALTER TABLE api_keys RENAME TO api_keys_gone`;
    try {
      for (const face of faces) {
        const before = api.logLines.length;
        const wanted: Call = { operation: 'menu', at: { location_id: demo.location }, as: `new-${randomUUID()}` };
        const { answer, code, extra } = await call(api, face, wanted);
        expect([answer.status, code, extra.request_id]).toEqual([500, 'INTERNAL', answer.headers.get('x-request-id')]);
        expect(answer.text).not.toContain('api_keys');
        const causes = api.logLines.slice(before).filter((one) => one.level >= 50);
        expect(causes).toHaveLength(1);
        expect(JSON.stringify(causes)).toContain('api_keys');
      }
    } finally {
      await api.sql`ALTER TABLE api_keys_gone RENAME TO api_keys`;
    }
  });

  test("a client's mistakes are no faults of ours in the log", async () => {
    const before = api.logLines.length;
    for (const query of ['{', '{ nothing }', `{ viewer { ${'kind '.repeat(2_100)} } }`, '{ session(id: 5) { id } }'])
      expect((await api.graphql(query)).status).toBe(400);
    expect((await api.graphql('query ($id: UUID!) { session(id: $id) { id } }', { id: 5 })).status).toBe(400);
    expect(api.logLines.slice(before).filter((one) => one.level >= 40)).toEqual([]);
  });

  test('the others go on', async () => {
    const visit = await sitDown(api);
    expect((await append(api, visit, { ...add(), idempotency_key: newEventKey() })).event_seq).toBe(3);
  });
});
