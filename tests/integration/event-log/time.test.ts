import fc from 'fast-check';
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { v7 } from 'uuid';
import type { SessionId, TableId } from '../../../src/domain/ids.js';
import {
  add,
  appendOf,
  billOf,
  close,
  expire,
  extend,
  join,
  open,
  openOrFind,
  refusalOf,
  submit,
  tenantId,
  useHeart,
} from '../../support/heart.js';
import { logFaults, readHead, readRows } from '../../support/log-check.js';
import { installClock, setClock } from '../../support/session-time.js';

const heart = useHeart();
const start = Date.UTC(2026, 0, 31, 11);
const minute = 60_000;
const hour = 60 * minute;

beforeAll(async () => {
  // Plans that were made with the real clock inlined must not outlive it.
  const early = await open(heart.a);
  await add(heart.a, early);
  await add(heart.b, early);
  await installClock(heart.sql);
});

beforeEach(() => setClock(heart.sql, start));

afterEach(() => {
  vi.useRealTimers();
});

describe('the end of a session by time', () => {
  test('a replaced clock counts at once, also in statements that were prepared before', async () => {
    const session = await open(heart.a);
    const { event } = await add(heart.a, session);
    expect(event.createdAt).toBe(start);
    await setClock(heart.sql, start + 5 * minute);
    expect((await add(heart.a, session)).event.createdAt).toBe(start + 5 * minute);
    expect((await billOf(heart.b, session)).openedAt).toBe(start);
  });

  test('comes exactly at expires_at: one millisecond before, the session is open', async () => {
    const session = await open(heart.a, { settings: { ttl_seconds: 600 } });
    await setClock(heart.sql, start + 10 * minute - 1);
    expect((await heart.b.log.current({ tenantId, sessionId: session }))?.isPast).toBe(false);
    await add(heart.a, session);
    await add(heart.b, session);
    await expire(heart.a, session);
    await setClock(heart.sql, start + 10 * minute);
    for (const node of [heart.a, heart.b]) {
      expect(await refusalOf(add(node, session))).toBe('SESSION_EXPIRED');
      expect(await refusalOf(close(node, session))).toBe('SESSION_EXPIRED');
      expect(await refusalOf(extend(node, session, 3600))).toBe('SESSION_EXPIRED');
      expect((await node.log.current({ tenantId, sessionId: session }))?.isPast).toBe(true);
    }
    expect((await readRows(heart.sql, session)).map((row) => row.event_type)).toEqual([
      'session_opened',
      'add_item',
      'add_item',
    ]);
  });

  test('is written once, by whichever of many notices it first', async () => {
    const tableId = v7() as TableId;
    const session = await open(heart.a, { tableId, settings: { ttl_seconds: 60 } });
    await setClock(heart.sql, start + minute);
    const found = await Promise.all([
      ...[heart.a, heart.b].flatMap((node) =>
        Array.from({ length: 10 }, () => expire(node, session).then(() => undefined)),
      ),
      ...[heart.a, heart.b].flatMap((node) => Array.from({ length: 10 }, () => openOrFind(node, { tableId }))),
    ]);
    const fresh = found.filter((each) => each?.isFresh);
    expect(fresh).toHaveLength(1);
    expect((await readRows(heart.sql, session)).map((row) => row.event_type)).toEqual([
      'session_opened',
      'session_expired',
    ]);
    expect(await readHead(heart.sql, session)).toMatchObject({ status: 'expired', last_event_seq: 2 });
    expect(await logFaults(heart.sql, session)).toEqual([]);
  });

  test('leaves no event where the location wants none, and other nodes see it all the same', async () => {
    const tableId = v7() as TableId;
    const session = await open(heart.a, { tableId, settings: { ttl_seconds: 60, expiry_event: false } });
    await add(heart.b, session, { key: 'early key' });
    await setClock(heart.sql, start + minute);
    expect(await expire(heart.a, session)).toBeUndefined();
    expect((await openOrFind(heart.a, { tableId })).isFresh).toBe(true);
    expect(await readRows(heart.sql, session)).toHaveLength(2);
    for (const node of [heart.a, heart.b]) {
      expect(await refusalOf(add(node, session))).toBe('SESSION_EXPIRED');
      expect(await add(node, session, { key: 'early key' })).toMatchObject({ replayed: true });
      expect(await node.log.current({ tenantId, sessionId: session })).toMatchObject({
        status: 'expired',
        isPast: true,
      });
    }
  });

  test('a session of one second lives one second', async () => {
    const tableId = v7() as TableId;
    const session = await open(heart.a, { tableId, settings: { ttl_seconds: 1 } });
    await setClock(heart.sql, start + 999);
    expect((await openOrFind(heart.b, { tableId })).sessionId).toBe(session);
    await setClock(heart.sql, start + 1_000);
    expect((await openOrFind(heart.b, { tableId })).sessionId).not.toBe(session);
  });

  test('a phone may read and repeat for the grace period, and not a moment longer', async () => {
    const session = await open(heart.a, { settings: { ttl_seconds: 60 } });
    const minh = await join(heart.a, session);
    await add(heart.a, session, { caller: minh, key: 'in time' });
    await setClock(heart.sql, start + minute + hour - 1);
    for (const node of [heart.a, heart.b]) {
      expect(await add(node, session, { caller: minh, key: 'in time' })).toMatchObject({ replayed: true });
      expect(await refusalOf(add(node, session, { caller: minh }))).toBe('SESSION_EXPIRED');
    }
    await setClock(heart.sql, start + minute + hour);
    for (const node of [heart.a, heart.b]) {
      expect(await refusalOf(add(node, session, { caller: minh, key: 'in time' }))).toBe('UNAUTHENTICATED');
      expect(await refusalOf(add(node, session, { caller: minh }))).toBe('UNAUTHENTICATED');
    }
  });
});

describe('sliding expiry', () => {
  test.each([true, false])(
    'lets a session with sent lines last to its cap, and only there (sliding: %s)',
    async (sliding) => {
      const session = await open(heart.a, { settings: { sliding, ttl_seconds: 600 } });
      await add(heart.a, session);
      await submit(heart.a, session, [appendOf('submit_round', {})]);
      const end = sliding ? start + 12 * hour : start + 10 * minute;
      for (const node of [heart.a, heart.b]) expect((await billOf(node, session)).expiresAt).toBe(end);
      expect(await readHead(heart.sql, session)).toMatchObject({ expires_at: end });
      await setClock(heart.sql, end - 1);
      await add(heart.b, session);
      await setClock(heart.sql, end);
      expect(await refusalOf(add(heart.a, session))).toBe('SESSION_EXPIRED');
    },
  );

  const ttl_seconds = 1800;

  test('moves at most once a minute, and only by events of guests and staff', async () => {
    const session = await open(heart.a, { settings: { sliding: true, ttl_seconds } });
    const expiresAfter = async (time: number, act: () => Promise<unknown>) => {
      await setClock(heart.sql, start + time);
      await act();
      return (await readHead(heart.sql, session)).expires_at - start;
    };
    const anAdd = () => add(heart.a, session);
    expect(await expiresAfter(minute - 1, anAdd)).toBe(30 * minute);
    expect(await expiresAfter(minute, anAdd)).toBe(31 * minute);
    expect(await expiresAfter(2 * minute - 1, anAdd)).toBe(31 * minute);
    expect(await expiresAfter(2 * minute, () => add(heart.b, session))).toBe(32 * minute);
    expect((await billOf(heart.a, session)).expiresAt - start).toBe(32 * minute);
    expect(await logFaults(heart.sql, session)).toEqual([]);
  });

  test('never passes twelve hours after opening', async () => {
    const session = await open(heart.a, { settings: { sliding: true, ttl_seconds: 5 * 3600 } });
    for (const time of [4 * hour, 6 * hour, 8 * hour, 11 * hour, 12 * hour - 1]) {
      await setClock(heart.sql, start + time);
      await add(time % (4 * hour) ? heart.a : heart.b, session);
    }
    expect((await readHead(heart.sql, session)).expires_at - start).toBe(12 * hour);
    await setClock(heart.sql, start + 12 * hour);
    expect(await refusalOf(add(heart.a, session))).toBe('SESSION_EXPIRED');
    expect(await logFaults(heart.sql, session)).toEqual([]);
  });

  test('never shortens what staff have extended past the twelve hours', async () => {
    const session = await open(heart.a, { settings: { sliding: true, ttl_seconds } });
    await extend(heart.a, session, 20 * 3600);
    await setClock(heart.sql, start + 15 * hour);
    await add(heart.b, session);
    const { expires_at } = await readHead(heart.sql, session);
    expect(expires_at).toBeGreaterThanOrEqual(start + 20 * hour);
    expect(await logFaults(heart.sql, session)).toEqual([]);
  });
});

describe('an extension by staff', () => {
  test('is never earlier than the expiry was, and a repeat writes nothing', async () => {
    const session = await open(heart.a, { settings: { ttl_seconds: 3600 } });
    expect(await extend(heart.a, session, 60)).toBeUndefined();
    expect((await readHead(heart.sql, session)).expires_at).toBe(start + hour);
    const first = await extend(heart.a, session, 7200);
    expect(first?.event.seq).toBe(2);
    expect(await extend(heart.a, session, 7200)).toBeUndefined();
    expect(await extend(heart.b, session, 7200)).toBeUndefined();
    expect(await readRows(heart.sql, session)).toHaveLength(2);
    const { expires_at } = await readHead(heart.sql, session);
    expect(Math.abs(expires_at - start - 2 * hour)).toBeLessThan(5_000);
    expect(expires_at).toBe((await billOf(heart.b, session)).expiresAt);
  });

  test('never passes 24 hours after opening', async () => {
    const session = await open(heart.a, { settings: { ttl_seconds: 3600 } });
    await extend(heart.a, session, 86_400);
    await setClock(heart.sql, start + 10 * hour);
    await heart.a.log.current({ tenantId, sessionId: session });
    expect(await extend(heart.a, session, 80_000)).toBeUndefined();
    expect((await readHead(heart.sql, session)).expires_at).toBe(start + 24 * hour);
  });
});

test('at random times, with extensions and slides in one batch, the bill and the head name the same expiry', async () => {
  const step = fc.record({
    wait: fc.oneof(fc.integer({ min: 0, max: 3 * minute }), fc.integer({ min: 0, max: 3 * hour })),
    acts: fc.array(fc.oneof(fc.constant('add' as const), fc.integer({ min: 1, max: 86_400 })), {
      minLength: 1,
      maxLength: 4,
    }),
    onB: fc.boolean(),
  });
  const life = fc.record({
    sliding: fc.boolean(),
    ttl: fc.integer({ min: 60, max: 43_200 }),
    steps: fc.array(step, { minLength: 1, maxLength: 8 }),
  });
  await fc.assert(
    fc.asyncProperty(life, async ({ sliding, ttl, steps }) => {
      let now = start;
      await setClock(heart.sql, now);
      const session = await open(heart.a, { settings: { sliding, ttl_seconds: ttl } });
      let before = (await readHead(heart.sql, session)).expires_at;
      for (const { wait, acts, onB } of steps) {
        now += wait;
        await setClock(heart.sql, now);
        const node = onB ? heart.b : heart.a;
        const done = await Promise.all(
          acts.map((act) => refusalOf(act === 'add' ? add(node, session) : extend(node, session, act))),
        );
        const head = await readHead(heart.sql, session);
        expect(new Set(done)).toEqual(new Set([before <= now ? 'SESSION_EXPIRED' : undefined]));
        expect(head.expires_at).toBeGreaterThanOrEqual(before);
        expect(head.expires_at).toBeLessThanOrEqual(Math.max(before, start + 24 * hour));
        for (const each of [heart.a, heart.b]) expect((await billOf(each, session)).expiresAt).toBe(head.expires_at);
        before = head.expires_at;
      }
      expect(await logFaults(heart.sql, session)).toEqual([]);
    }),
    { numRuns: 40 },
  );
}, 60_000);

test("a step of this machine's wall clock changes nothing", async () => {
  const session = await open(heart.a, { settings: { ttl_seconds: 3600, sliding: true } });
  await add(heart.a, session);
  const extendsTo = async (): Promise<SessionFacts> => {
    const other = await open(heart.a, { settings: { ttl_seconds: 60 } });
    await extend(heart.a, other, 3600);
    return facts(other);
  };
  const calm = await extendsTo();
  for (const step of [hour, -hour]) {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + step });
    expect((await add(heart.a, session)).event.createdAt).toBe(start);
    const stepped = await extendsTo();
    expect(Math.abs(stepped.expiresAt - calm.expiresAt)).toBeLessThan(2_000);
    expect(await heart.a.log.current({ tenantId, sessionId: session })).toMatchObject({ isPast: false });
    vi.useRealTimers();
  }
});

interface SessionFacts {
  readonly expiresAt: number;
}

async function facts(session: SessionId): Promise<SessionFacts> {
  expect(await logFaults(heart.sql, session)).toEqual([]);
  return { expiresAt: (await readHead(heart.sql, session)).expires_at };
}
