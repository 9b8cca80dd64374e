import { v7 as uuidv7 } from 'uuid';
import { expect, test } from 'vitest';
import type { SessionId } from '../../src/domain/ids.js';
import { expireSessions } from '../../src/services/expire-sessions.js';
import { eventually } from '../support/eventually.js';
import { open, tenantId, useHeart } from '../support/heart.js';

const heart = useHeart();

const failures: SessionId[] = [];
const sweep = (node = heart.a) =>
  expireSessions({ orm: node.db.orm, log: node.log }, (_error, sessionId) => failures.push(sessionId));

/** Opens sessions of one second and waits, by the database's clock, until their time is over. */
async function dueSessions(count: number, expiryEvent = true): Promise<readonly SessionId[]> {
  const settings = { ttl_seconds: 1, expiry_event: expiryEvent };
  const ids = await Promise.all(Array.from({ length: count }, () => open(heart.a, { settings })));
  await eventually(
    async () => {
      const [row] =
        await heart.sql`SELECT bool_and(expires_at <= session_clock()) AS over FROM qr_sessions WHERE id = ANY(${ids})`;
      return row?.over === true;
    },
    { within: 5_000, every: 50 },
  );
  return ids;
}

test('three nodes that sweep at the same second expire 300 sessions once each', async () => {
  const ids = await dueSessions(300);
  const third = heart.start(`third-${uuidv7()}`);
  const counts = await Promise.all([heart.a, heart.b, third].map(sweep));
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(300);
  const [figures] = await heart.sql`
    SELECT count(*)::int AS events, count(DISTINCT session_id)::int AS sessions FROM session_events
    WHERE event_type = 'session_expired' AND session_id = ANY(${ids})`;
  expect(figures).toEqual({ events: 300, sessions: 300 });
  const heads = await heart.sql`SELECT DISTINCT status, last_event_seq FROM qr_sessions WHERE id = ANY(${ids})`;
  expect([...heads]).toEqual([{ status: 'expired', last_event_seq: 2 }]);
});

test('a sweep that finds nothing due changes nothing', async () => {
  await sweep();
  const id = await open(heart.a);
  expect(await sweep()).toBe(0);
  const state = await heart.a.log.current({ tenantId, sessionId: id });
  expect(state?.bill.lastSeq).toBe(1);
  expect(state?.status).toBe('open');
});

test('where the location wants no event, the end is durable without one, and the table is free', async () => {
  const [id] = await dueSessions(1, false);
  expect(await sweep()).toBe(1);
  const [head] =
    await heart.sql`SELECT status, last_event_seq, ended_at = expires_at AS ended FROM qr_sessions WHERE id = ${id ?? ''}`;
  expect(head).toEqual({ status: 'expired', last_event_seq: 1, ended: true });
});

test('a session past its time reads as expired before any sweep', async () => {
  const [sessionId] = await dueSessions(1);
  const state = await heart.b.log.current({ tenantId, sessionId: sessionId as SessionId });
  expect(state).toMatchObject({ status: 'open', isPast: true });
});

test('a session whose log is damaged does not hold up the others', async () => {
  await sweep();
  const ids = await dueSessions(3);
  const [damaged, ...others] = ids;
  await heart.sql`UPDATE session_events SET event_type = 'unheard_of' WHERE session_id = ${damaged ?? ''}`;
  expect(await sweep(heart.start(`fresh-${uuidv7()}`))).toBe(2);
  expect(failures).toEqual([damaged]);
  const heads = await heart.sql`SELECT status FROM qr_sessions WHERE id = ANY(${others})`;
  expect(heads.map(({ status }) => String(status))).toEqual(['expired', 'expired']);
});
