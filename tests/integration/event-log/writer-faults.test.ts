import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { v7 } from 'uuid';
import { foldVersion } from '../../../src/domain/fold.js';
import type { SessionId, TableId } from '../../../src/domain/ids.js';
import { eventually } from '../../support/eventually.js';
import {
  add,
  append,
  billOf,
  freshKey,
  menuOf,
  open,
  openOrFind,
  pho,
  refusalOf,
  submit,
  tenantId,
  useHeart,
  waiter,
} from '../../support/heart.js';
import { logFaults, readRows } from '../../support/log-check.js';
import { endTime } from '../../support/session-time.js';

const heart = useHeart();

describe('one bad command or session', () => {
  const poisons = {
    'a NUL in its payload': { input: { menu_item_id: pho.menuItemId, quantity: 1, note: 'a\u0000b' } },
    'half a surrogate pair in its payload': { input: { menu_item_id: pho.menuItemId, quantity: 1, note: '\ud83d' } },
    'a NUL in its key': { key: 'nul \u0000 key', input: { menu_item_id: pho.menuItemId, quantity: 1 } },
    'a total that no bigint holds': {
      input: { menu_item_id: pho.menuItemId, quantity: 1 },
      menu: menuOf([{ ...pho, price: 0.5 }]),
    },
  };

  test.each(Object.entries(poisons))('with %s fails alone, and its 50 neighbours succeed', async (_, poison) => {
    const session = await open(heart.a);
    const neighbours = await Promise.all(Array.from({ length: 25 }, () => open(heart.a)));
    const [bad, ...good] = await Promise.allSettled([
      append(heart.a, session, { type: 'add_item', raw: true, ...poison }),
      ...Array.from({ length: 25 }, () => add(heart.a, session)),
      ...neighbours.map((neighbour) => add(heart.a, neighbour)),
    ]);
    expect(bad).toMatchObject({ status: 'rejected', reason: { name: 'Error' } });
    expect(good.filter(({ status }) => status === 'rejected')).toEqual([]);
    expect(await readRows(heart.sql, session)).toHaveLength(26);
    for (const each of [session, ...neighbours.slice(0, 3)]) expect(await logFaults(heart.sql, each)).toEqual([]);
  });

  test('whose log holds an unknown event type fails alone, in writes and in reads', async () => {
    const neighbours = await Promise.all(Array.from({ length: 20 }, () => open(heart.a)));
    const corrupt = await open(heart.b);
    await corruptLog(corrupt);
    const [bad, ...good] = await Promise.allSettled([corrupt, ...neighbours].map((each) => add(heart.a, each)));
    expect(bad).toMatchObject({ status: 'rejected', reason: { message: 'the session cannot be read' } });
    expect(good.filter(({ status }) => status === 'rejected')).toEqual([]);
    const [badRead, ...goodReads] = await Promise.allSettled(
      [corrupt, ...neighbours].map((sessionId) => heart.b.log.current({ tenantId, sessionId })),
    );
    expect(badRead?.status).toBe('rejected');
    expect(goodReads.filter(({ status }) => status === 'rejected')).toEqual([]);
  });

  test('with a gap in its log is refused, not folded over', async () => {
    const session = await open(heart.a);
    await add(heart.a, session);
    await add(heart.a, session);
    await heart.sql`DELETE FROM session_events WHERE session_id = ${session} AND event_seq = 2`;
    await expect(add(heart.b, session)).rejects.toMatchObject({ name: 'Error', message: 'the session cannot be read' });
    await expect(heart.b.log.current({ tenantId, sessionId: session })).rejects.toThrow('cannot be read');
  });

  test('whose id is no UUID at all fails alone', async () => {
    const session = await open(heart.a);
    const [bad, good] = await Promise.allSettled([add(heart.a, 'no-uuid' as SessionId), add(heart.a, session)]);
    expect(bad.status).toBe('rejected');
    expect(good.status).toBe('fulfilled');
  });

  async function corruptLog(session: SessionId): Promise<void> {
    await heart.sql`
      INSERT INTO session_events (tenant_id, session_id, event_seq, event_id, idempotency_key, fingerprint, event_type,
        version, payload, actor, prev_hash, hash)
      SELECT tenant_id, session_id, 2, ${v7()}, 'odd', fingerprint, 'from_the_future', 1, '{}', actor, hash, hash
      FROM session_events WHERE session_id = ${session}`;
    await heart.sql`UPDATE qr_sessions SET last_event_seq = 2 WHERE id = ${session}`;
  }
});

describe('a row that somebody keeps locked', () => {
  test('gives UNAVAILABLE within the deadline, doubles nothing afterwards, and holds up no neighbour for long', async () => {
    const node = heart.start('impatient', { statementMs: 300, commandMs: 1_500 });
    const [locked, free] = await Promise.all([open(heart.a), open(heart.a)]);
    await Promise.all([add(node, locked), add(node, free)]);
    const lock = await holdLock(locked);
    const key = freshKey();
    const started = performance.now();
    const stuck = refusalOf(add(node, locked, { key })).then((code) => ({ code, took: performance.now() - started }));
    let served = 0;
    let slowest = 0;
    while (performance.now() - started < 1_400) {
      const before = performance.now();
      await add(node, free);
      served += 1;
      if (served > 2) slowest = Math.max(slowest, performance.now() - before);
    }
    const { code, took } = await stuck;
    expect(code).toBe('UNAVAILABLE');
    expect(took).toBeGreaterThan(1_000);
    expect(took).toBeLessThan(1_500 + 300);
    expect(served).toBeGreaterThan(20);
    expect(slowest).toBeLessThan(250);
    await lock.release();
    const again = await add(node, locked, { key });
    expect((await readRows(heart.sql, locked)).filter((row) => row.idempotency_key === key)).toHaveLength(1);
    expect(again.event.seq).toBe(3);
    expect(await logFaults(heart.sql, locked)).toEqual([]);
  });

  test('lets the waiting write through when it is released in time', async () => {
    const node = heart.start('patient', { statementMs: 300, commandMs: 5_000 });
    const session = await open(heart.a);
    await add(node, session);
    const lock = await holdLock(session);
    const waiting = add(node, session);
    await eventually(() => node.seen.failures.length > 0);
    await lock.release();
    expect(await waiting).toMatchObject({ replayed: false, event: { seq: 3 } });
    expect(await logFaults(heart.sql, session)).toEqual([]);
  });

  async function holdLock(session: SessionId): Promise<{ release(): Promise<void> }> {
    let release = (): void => undefined;
    let isHeld = (): void => undefined;
    const held = new Promise<void>((resolve) => (isHeld = resolve));
    const done = heart.sql.begin(async (sql) => {
      await sql`SELECT 1 FROM qr_sessions WHERE id = ${session} FOR UPDATE`;
      isHeld();
      await new Promise<void>((resolve) => (release = resolve));
    });
    await held;
    return {
      release: async () => {
        release();
        await done;
      },
    };
  }
});

describe('lost connections', () => {
  test('under load lose nothing that was acknowledged, double nothing and leave nobody waiting', async () => {
    const sessions = await Promise.all(Array.from({ length: 10 }, () => open(heart.a)));
    const acknowledged = new Map<string, { session: SessionId; id: string; seq: number }>();
    let kills = 0;
    let isOn = true;
    const callers = Promise.all(
      Array.from({ length: 32 }, async (_, caller) => {
        for (let turn = 0; isOn || turn < 5; turn += 1) {
          const session = sessions[(caller + turn) % sessions.length] as SessionId;
          const key = freshKey();
          const { event } = await add(caller % 2 ? heart.a : heart.b, session, { key });
          acknowledged.set(key, { session, id: event.id, seq: event.seq });
        }
      }),
    );
    for (let round = 0; round < 6; round += 1) {
      const had = acknowledged.size;
      await eventually(() => acknowledged.size > had + 100, { within: 10_000 });
      const killed = await heart.sql`
        SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND application_name = 'qr-session writer'`;
      kills += killed.length;
    }
    isOn = false;
    await callers;
    expect(kills).toBeGreaterThan(5);
    const rows = await heart.sql<{ key: string; session: SessionId; id: string; seq: number }[]>`
      SELECT idempotency_key AS key, session_id AS session, event_id AS id, event_seq AS seq FROM session_events
      WHERE session_id = ANY(${sessions}::uuid[]) AND event_type = 'add_item'`;
    expect(rows.length).toBe(acknowledged.size);
    for (const { key, ...row } of rows) expect(acknowledged.get(key)).toEqual(row);
    for (const session of sessions) expect(await logFaults(heart.sql, session)).toEqual([]);
  });

  test('hit an opening too, and it still finds its session', async () => {
    const tables = Array.from({ length: 40 }, () => v7() as TableId);
    const opened = tables.map((tableId) => openOrFind(heart.a, { tableId }));
    await heart.sql`
      SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND application_name = 'qr-session writer'`;
    const found = await Promise.all(opened);
    const again = await Promise.all(tables.map((tableId) => openOrFind(heart.b, { tableId })));
    expect(again).toEqual(found.map(({ sessionId }) => ({ sessionId, isFresh: false, isPast: false })));
    for (const { sessionId } of found) expect(await logFaults(heart.sql, sessionId)).toEqual([]);
  });
});

describe('a backend that stands still', () => {
  test('costs its commands one deadline of a statement, and no answer is lost or doubled', async (context) => {
    const node = heart.start('beside a frozen backend', { statementMs: 300, commandMs: 5_000 });
    const sessions = await Promise.all(Array.from({ length: 8 }, () => open(heart.a)));
    await Promise.all(sessions.map((session) => add(node, session)));
    const [frozen] = await node.db.writer<{ pid: number }[]>`SELECT pg_backend_pid() AS pid`;
    if (!frozen || !isOurs(frozen.pid)) return context.skip('the server does not run on this machine');
    process.kill(frozen.pid, 'SIGSTOP');
    const started = performance.now();
    try {
      for (let round = 0; round < 10; round += 1) await Promise.all(sessions.map((session) => add(node, session)));
    } finally {
      process.kill(frozen.pid, 'SIGCONT');
    }
    expect(performance.now() - started).toBeLessThan(4_000);
    for (const session of sessions) {
      expect(await readRows(heart.sql, session)).toHaveLength(12);
      expect(await logFaults(heart.sql, session)).toEqual([]);
    }
  });

  /** True for a process that we may stop: the embedded server's. */
  function isOurs(pid: number): boolean {
    try {
      return process.kill(pid, 0) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').startsWith('postgres');
    } catch {
      return false;
    }
  }
});

describe('bounds', () => {
  test('more commands than the queue takes get UNAVAILABLE at once, the others are written', async () => {
    const node = heart.start('small', { queued: 50 });
    const session = await open(node);
    const codes = await Promise.all(Array.from({ length: 80 }, () => refusalOf(add(node, session))));
    expect(codes.filter((code) => code === 'UNAVAILABLE')).toHaveLength(30);
    expect(codes.filter((code) => code === undefined)).toHaveLength(50);
    expect(node.log.depth).toBe(0);
    expect(await readRows(heart.sql, session)).toHaveLength(51);
  });

  test('a memory too small for the sessions in use makes writes slower, never wrong', async () => {
    const node = heart.start('forgetful', { cacheWeight: 30 });
    const sessions = await Promise.all(Array.from({ length: 20 }, () => open(node)));
    await Promise.all(sessions.flatMap((session) => Array.from({ length: 10 }, () => add(node, session))));
    const known = sessions.filter((sessionId) => node.log.peek({ tenantId, sessionId }) !== undefined);
    expect(known.length).toBeLessThanOrEqual(3);
    for (const session of sessions) expect(await logFaults(heart.sql, session)).toEqual([]);
  });

  test('a drain answers every waiting command, takes no new one, and may be asked for twice', async () => {
    const node = heart.start('ending');
    const session = await open(node);
    const waiting = Promise.all(Array.from({ length: 300 }, () => add(node, session)));
    const drains = Promise.all([node.log.drain(), node.log.drain()]);
    expect(await refusalOf(add(node, session))).toBe('UNAVAILABLE');
    await drains;
    expect(node.log.depth).toBe(0);
    expect(await waiting).toHaveLength(300);
    await node.log.drain();
    expect(await readRows(heart.sql, session)).toHaveLength(301);
  });

  test('a session takes at most 20,000 events from callers, and can still be closed then', async () => {
    const session = await open(heart.a);
    await add(heart.a, session);
    await fillUp(session);
    expect(await refusalOf(add(heart.b, session))).toBe('VALIDATION_FAILED');
    await endTime(heart.sql, session);
    const expired = await append(heart.b, session, { type: 'session_expired', input: {}, caller: { kind: 'worker' } });
    expect(expired?.event.seq).toBe(20_001);
  });

  test('a command with no append at all is answered with the session as it is', async () => {
    const session = await open(heart.a);
    const { decided, state } = await submit(heart.b, session, [], { caller: waiter });
    expect([decided, state.bill.lastSeq]).toEqual([[], 1]);
  });

  /** As if 20,000 events had been written: a checkpoint stands for them. */
  async function fillUp(session: SessionId): Promise<void> {
    const bill = { ...(await billOf(heart.a, session)), lastSeq: 20_000 };
    await heart.sql`
      INSERT INTO session_checkpoints (tenant_id, session_id, event_seq, fold_version, bill)
      SELECT ${tenantId}, ${session}, 20000, ${foldVersion}, ${JSON.stringify(bill)}::text::jsonb`;
    await heart.sql`UPDATE session_events SET event_seq = 20000 WHERE session_id = ${session} AND event_seq = 2`;
    await heart.sql`UPDATE qr_sessions SET last_event_seq = 20000 WHERE id = ${session}`;
  }
});

describe('a late last event', () => {
  test('that slips in before the next guests open the table fails nobody and leaves no gap', async () => {
    const tableId = v7() as TableId;
    const session = await open(heart.a, { tableId });
    await add(heart.a, session);
    await endTime(heart.sql, session);
    let openings: Promise<unknown> = Promise.resolve();
    await heart.sql.begin(async (sql) => {
      const [last] = await readRows(heart.sql, session).then((rows) => rows.slice(-1));
      await sql`UPDATE qr_sessions SET last_event_seq = 3 WHERE id = ${session}`;
      await sql`
        INSERT INTO session_events (tenant_id, session_id, event_seq, event_id, idempotency_key, fingerprint, event_type,
          version, payload, actor, prev_hash, hash)
        SELECT tenant_id, session_id, 3, ${v7()}, 'late', fingerprint, 'session_extended', 1,
          '{"ttl_seconds": 1, "expires_at": "2020-01-01T00:00:00Z"}', '{"type":"server","id":"server","name":null}', hash, hash
        FROM session_events WHERE session_id = ${session} AND event_seq = ${last?.event_seq ?? 0}`;
      openings = Promise.all([openOrFind(heart.a, { tableId }), openOrFind(heart.b, { tableId })]);
      openings.catch(() => undefined);
      await eventually(async () => (await waitingForLocks()) > 0);
    });
    const found = (await openings) as Awaited<ReturnType<typeof openOrFind>>[];
    expect(new Set(found.map(({ sessionId }) => sessionId)).size).toBe(1);
    expect(found.map(({ isFresh }) => isFresh).sort()).toEqual([false, true]);
    expect((await readRows(heart.sql, session)).map((row) => row.event_type)).toEqual([
      'session_opened',
      'add_item',
      'session_extended',
      'session_expired',
    ]);
  });

  async function waitingForLocks(): Promise<number> {
    const [row] = await heart.sql<{ n: number }[]>`
      SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
    return row?.n ?? 0;
  }
});
