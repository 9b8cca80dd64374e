/** Waiting for what is new, on both faces, over the real server. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SessionId } from '../../../src/domain/ids.js';
import type { Scope } from '../../../src/domain/scope.js';
import { listEvents } from '../../../src/services/list-events.js';
import {
  add,
  type Answer,
  type Api,
  append,
  demo,
  type Json,
  newKey,
  newLocation,
  sitDown,
  startApi,
  useApi,
  type Visit,
} from '../../support/api.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { figure, openStream } from '../../support/event-stream.js';
import { eventually } from '../../support/eventually.js';
import { useOtherNode } from '../../support/other-node.js';
import { rawRequest } from '../../support/raw-request.js';
import { endTime, installClock, setClock } from '../../support/session-time.js';

const api = useApi();
const other = useOtherNode(api);

interface Wanted {
  readonly cursor?: number;
  readonly limit?: number;
  readonly wait?: unknown;
  readonly as?: string;
}

/** One page in the words of REST, whichever face it comes from. */
interface Page {
  readonly status: number;
  readonly code: string | undefined;
  readonly seqs: readonly number[];
  readonly next: number;
  readonly hasMore: boolean;
  readonly pollAfterMs: number;
  readonly errors: Json;
}

type Ask = (visit: Pick<Visit, 'sessionId' | 'phone'>, wanted: Wanted, at?: Api) => Promise<Page>;

const overRest: Ask = async ({ sessionId, phone }, { as = phone, ...query }, at = api) => {
  const text = new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)]));
  const { status, body } = await at.rest(`GET /sessions/${sessionId}/events?${text}`, { as });
  return {
    ...{ status, code: body.code, errors: body.errors },
    seqs: body.events?.map((event: Json) => event.event_seq),
    ...{ next: body.next_cursor, hasMore: body.has_more, pollAfterMs: body.poll_after_ms },
  };
};

const document = `query ($sessionId: UUID!, $cursor: String, $limit: Int! = 100, $wait: Int! = 0) {
  events(sessionId: $sessionId, after: $cursor, first: $limit, wait: $wait) {
    nodes { seq } nextCursor pageInfo { hasNextPage } pollAfterMs } }`;

const overGraphql: Ask = async ({ sessionId, phone }, { as = phone, cursor = 0, ...more }, at = api) => {
  const answer: Answer = await at.graphql(document, { sessionId, cursor: String(cursor), ...more }, { as });
  const [error] = answer.body.errors ?? [];
  const events = answer.body.data?.events;
  return {
    ...{ status: answer.status, code: error?.extensions.code, errors: error?.extensions.errors },
    seqs: events?.nodes.map((node: Json) => node.seq),
    ...{ next: events?.nextCursor, hasMore: events?.pageInfo.hasNextPage, pollAfterMs: events?.pollAfterMs },
  };
};

const faces = [
  ['REST', overRest],
  ['GraphQL', overGraphql],
] as const;

const waiting = (at: Pick<Api, 'address'> = api) => figure(at.address, 'qr_live_streams', { face: 'long_poll' });
/** Until so many requests are held. */
const held = (count: number, at: Pick<Api, 'address'> = api) => eventually(async () => (await waiting(at)) === count);
const close = ({ sessionId }: Pick<Visit, 'sessionId'>) =>
  api.rest(`POST /sessions/${sessionId}/close`, { as: demo.staff, body: { reason: 'they left' } });

describe('a request that waits longer than others may take', () => {
  let answer: Promise<Page>;
  let visit: Visit;
  // Begun before the other tests, so that its time passes while they run.
  beforeAll(async () => {
    visit = await sitDown(api);
    answer = overRest(visit, { cursor: 2, wait: 17 });
    answer.catch(() => undefined);
  });

  describe.each(faces)('over %s', (_face, ask) => {
    test('is answered by the next event', async () => {
      const at = await sitDown(api);
      const before = await waiting();
      const page = ask(at, { cursor: 2, wait: 20 });
      await held(before + 1);
      await append(api, at, add());
      expect(await page).toMatchObject({ status: 200, seqs: [3], next: 3, hasMore: false, pollAfterMs: 1_000 });
      await held(before);
    });

    test('is answered at once when something is there already', async () => {
      const at = await sitDown(api);
      expect(await ask(at, { cursor: 0, wait: 25 })).toMatchObject({ seqs: [1, 2], next: 2, hasMore: false });
      expect(await ask(at, { cursor: 0, wait: 25, limit: 1 })).toMatchObject({ seqs: [1], next: 1, hasMore: true });
    });

    test('comes back empty with its cursor when the time is up, also from beyond the end', async () => {
      const at = await sitDown(api);
      for (const cursor of [2, 3, 99, 2 ** 40]) {
        const page = await ask(at, { cursor, wait: 1 });
        expect(page).toMatchObject({ status: 200, seqs: [], next: cursor, hasMore: false });
      }
    });

    test('does not tell what lies before a cursor beyond the end', async () => {
      const at = await sitDown(api);
      const before = await waiting();
      const page = ask(at, { cursor: 3, wait: 20 });
      await held(before + 1);
      await append(api, at, add());
      await append(api, at, add());
      expect((await page).seqs).toEqual([4]);
    });

    test('is answered by the end of the session, and at once from then on', async () => {
      const at = await sitDown(api);
      const before = await waiting();
      const page = ask(at, { cursor: 2, wait: 20 });
      await held(before + 1);
      await close(at);
      expect(await page).toMatchObject({ seqs: [3], pollAfterMs: 15_000 });
      const after = await ask(at, { cursor: 3, wait: 25 });
      expect(after).toMatchObject({ status: 200, seqs: [], next: 3, hasMore: false, pollAfterMs: 15_000 });
    });

    test('is answered by the end of its time, told or not', async () => {
      const told = await sitDown(api);
      const untold = await sitDown(api, await newLocation(api, { expiry_event: false }));
      const pages = [told, untold].map((at) => ask(at, { cursor: 2, wait: 20 }));
      for (const at of [told, untold]) await endTime(api.sql, at.sessionId as SessionId);
      expect((await Promise.all(pages)).map(({ seqs, pollAfterMs }) => [seqs, pollAfterMs])).toEqual([
        [[3], 15_000],
        [[], 15_000],
      ]);
    });

    test('shows a session whose time is over to the end, also to who asks only then', async () => {
      const at = await sitDown(api);
      await endTime(api.sql, at.sessionId as SessionId);
      expect(await ask(at, { cursor: 2, wait: 20 })).toMatchObject({ seqs: [3], pollAfterMs: 15_000 });
    });

    test('of a phone that is removed meanwhile is 401', async () => {
      const at = await sitDown(api);
      const before = await waiting();
      const page = ask(at, { cursor: 2, wait: 20 });
      await held(before + 1);
      await api.rest(`DELETE /sessions/${at.sessionId}/devices/${at.deviceId}`, { as: demo.staff });
      expect((await page).code).toBe('UNAUTHENTICATED');
      await held(before);
    });

    test('with a key that is revoked meanwhile is 401 within five seconds', async () => {
      const at = await sitDown(api);
      const key = await newKey(api);
      const before = await waiting();
      const page = ask(at, { cursor: 2, wait: 20, as: key });
      await held(before + 1);
      await api.sql`UPDATE api_keys SET revoked_at = now() WHERE key_hash = sha256(convert_to(${key}, 'UTF8'))`;
      const revoked = performance.now();
      expect((await page).code).toBe('UNAUTHENTICATED');
      expect(performance.now() - revoked).toBeLessThan(5_000);
    });

    test.each([26, -1, 1_000_000_000])('for %i seconds is refused', async (wait) => {
      const page = await ask(await sitDown(api), { cursor: 2, wait });
      expect([page.code, page.errors[0].path]).toEqual(['VALIDATION_FAILED', 'wait']);
    });

    test('walks through a log that grows, one event at a time, without a gap or a repeat', async () => {
      const at = await sitDown(api);
      const last = 32;
      const writing = (async () => {
        for (let seq = 3; seq < last; seq += 1) await append(api, at, add());
        await close(at);
      })();
      const seen: number[] = [];
      const wrong: Page[] = [];
      for (let cursor = 0; cursor < last; ) {
        const page = await ask(at, { cursor, limit: 1, wait: 10 });
        if (page.seqs.length !== 1 || page.next !== page.seqs[0] || page.hasMore !== (page.pollAfterMs === 0))
          wrong.push(page);
        seen.push(...page.seqs);
        cursor = page.next;
      }
      await writing;
      expect(wrong).toEqual([]);
      expect(seen).toEqual(Array.from({ length: last }, (_, index) => index + 1));
    });
  });

  test.each(['1.5', 'abc', ''])('for "%s" seconds is refused over REST', async (wait) => {
    const page = await overRest(await sitDown(api), { cursor: 2, wait });
    expect([page.status, page.code, page.errors[0].path]).toEqual([400, 'VALIDATION_FAILED', 'wait']);
  });

  test('is refused like any other before it waits', async () => {
    const [visitA, visitB] = [await sitDown(api), await sitDown(api)];
    expect((await overRest(visitA, { wait: 20, as: visitB.phone })).status).toBe(404);
    expect((await overRest(visitA, { wait: 20, as: 'nonsense' })).status).toBe(401);
    expect((await overRest(visitA, { wait: 20, as: demo.operator })).status).toBe(403);
  });

  test('hears what another node has written', async () => {
    const at = await sitDown(api);
    const scope = (await other.deps.tokens.readDeviceToken(at.phone)) as Scope;
    const patience = { seconds: 20, gone: new AbortController().signal };
    const asked = { sessionId: at.sessionId as SessionId, after: 2, limit: 1, patience };
    const list = listEvents(other.deps, scope, asked);
    await append(api, at, add());
    await append(api, at, add());
    expect(await list).toMatchObject({ nextCursor: 3, events: [{ seq: 3 }] });
    expect(other.deps.log.followers).toBe(0);
  });

  test('leaves nothing behind when its caller goes away', async () => {
    const at = await sitDown(api);
    const before = await waiting();
    const gone = new AbortController();
    const asked = fetch(`${api.address}/api/v1/sessions/${at.sessionId}/events?cursor=2&wait=20`, {
      headers: { authorization: `Bearer ${at.phone}` },
      signal: gone.signal,
    });
    await held(before + 1);
    gone.abort();
    await expect(asked).rejects.toThrow();
    await held(before);
  });

  test('leaves no follower behind when its caller goes away, before or while it waits', async () => {
    const at = await sitDown(api);
    const scope = (await other.deps.tokens.readDeviceToken(at.phone)) as Scope;
    const ask = (gone: AbortSignal) =>
      listEvents(other.deps, scope, {
        ...{ sessionId: at.sessionId as SessionId, after: 2, limit: 10, patience: { seconds: 20, gone } },
      });
    await ask(AbortSignal.abort());
    expect(other.deps.log.followers).toBe(0);
    const gone = new AbortController();
    const list = ask(gone.signal);
    await eventually(() => other.deps.log.followers === 1);
    gone.abort();
    expect((await list).events).toEqual([]);
    expect(other.deps.log.followers).toBe(0);
  });

  test('leaves no follower behind when it is refused or has its answer', async () => {
    const [at, twin] = [await sitDown(api), await sitDown(api)];
    const patience = { seconds: 20, gone: new AbortController().signal };
    const ask = async (phone: string) =>
      listEvents(other.deps, (await other.deps.tokens.readDeviceToken(phone)) as Scope, {
        ...{ sessionId: at.sessionId as SessionId, after: 0, limit: 10, patience },
      });
    expect((await ask(at.phone)).events).toHaveLength(2);
    await expect(ask(twin.phone)).rejects.toThrow();
    expect(other.deps.log.followers).toBe(0);
  });

  test('gives the same bytes as a stream', async () => {
    const at = await sitDown(api);
    const stream = await openStream(api.address, at.sessionId, { as: at.phone, query: 'cursor=2' });
    const before = await waiting();
    const page = rawRequest(api.address, `/api/v1/sessions/${at.sessionId}/events?cursor=2&wait=20`, {
      method: 'GET',
      headers: { authorization: `Bearer ${at.phone}` },
    });
    await held(before + 1);
    await append(api, at, add({ note: 'không đường' }));
    const [message] = await stream.count(1);
    expect((await page).text).toContain(`[${message?.data}]`);
    stream.cut();
  });

  test('is measured apart from those that do not wait', async () => {
    const figures = await (await fetch(`${api.address}/metrics`)).text();
    expect(figures).toMatch(/qr_operations_total\{operation="eventsWait",code="OK"\} [1-9]/);
    expect(figures).toMatch(/qr_operation_duration_seconds_count\{operation="eventsWait"\} [1-9]/);
    const others =
      /qr_operation_duration_seconds_bucket\{le="10",operation="events"\} (\d+)[^]*qr_operation_duration_seconds_count\{operation="events"\} (\d+)/;
    const [, quick, all] = others.exec(figures) ?? [];
    expect(quick).toBe(all);
  });

  test('is held for all of its time', async () => {
    expect(await answer).toMatchObject({ status: 200, seqs: [], next: 2, hasMore: false });
  });
});

describe('with limits', () => {
  const limited = useApi({ env: { RATE_LIMITS: '1' } });

  test('who waits too often at once is answered at once', async () => {
    const at = await sitDown(limited);
    const pages = Array.from({ length: 20 }, () => overRest(at, { cursor: 2, wait: 20 }, limited));
    await held(20, limited);
    expect(await overRest(at, { cursor: 2, wait: 20 }, limited)).toMatchObject({ status: 200, seqs: [], next: 2 });
    await append(limited, at, add());
    for (const page of await Promise.all(pages)) expect(page.seqs).toEqual([3]);
    await held(0, limited);
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

  test.each(faces)('answers everybody who waits at once, over %s', async (_face, ask) => {
    const stopping = await startApi({ databaseUrl: database.url });
    const at = await sitDown(stopping);
    const pages = Array.from({ length: 5 }, () => ask(at, { cursor: 2, wait: 25 }, stopping));
    await held(5, stopping);
    await stopping.stop();
    for (const page of await Promise.all(pages)) expect(page).toMatchObject({ status: 200, seqs: [], next: 2 });
  });
});

describe('when to ask again', () => {
  const timed = useApi();
  beforeAll(async () => {
    await installClock(timed.sql);
  });

  test('depends on how long the table has been quiet', async () => {
    const start = Date.now();
    await setClock(timed.sql, start);
    const at = await sitDown(timed);
    const hint = async (seconds: number, wanted: Wanted = { cursor: 2 }) => {
      await setClock(timed.sql, start + seconds * 1000);
      return (await overRest(at, wanted, timed)).pollAfterMs;
    };
    const hints = [await hint(0), await hint(29), await hint(60), await hint(300), await hint(601), await hint(3_600)];
    expect(hints).toEqual([1_000, 1_000, 2_000, 4_000, 8_000, 8_000]);
    expect(await hint(3_600, { cursor: 0, limit: 1 })).toBe(0);
    expect(await hint(3_600, { cursor: 0 })).toBe(8_000);
    await append(timed, at, add());
    expect(await hint(3_600)).toBe(1_000);
    expect(await hint(14_500)).toBe(15_000);
  });
});
