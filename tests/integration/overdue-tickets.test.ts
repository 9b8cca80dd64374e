import { v7 } from 'uuid';
import { beforeAll, expect, test } from 'vitest';
import type { SessionId } from '../../src/domain/ids.js';
import { ticketPatienceMs } from '../../src/domain/ticket.js';
import { serverKeys } from '../../src/event-log/server-keys.js';
import { serverCommand } from '../../src/services/server-command.js';
import { tellOverdueTickets } from '../../src/services/tell-overdue-tickets.js';
import { add, appendOf, type HeartNode, menu, open, tenantId, useHeart, waiter } from '../support/heart.js';
import { installClock, setClock } from '../support/session-time.js';

const heart = useHeart();
const noon = Date.UTC(2026, 0, 1, 12);

beforeAll(() => installClock(heart.sql));

const tell = (node: HeartNode = heart.a): Promise<number> =>
  tellOverdueTickets({ orm: node.db.orm, log: node.log }, (error) => {
    throw error;
  });

/** A session whose first round is sent at noon. */
async function sent(settings = {}): Promise<SessionId> {
  const sessionId = await open(heart.a, { settings });
  await add(heart.a, sessionId);
  const round = appendOf('submit_round', {});
  await heart.a.log.submit({ tenantId, sessionId, caller: waiter, appends: [round], menu: () => menu });
  return sessionId;
}

const roundOf = async (sessionId: SessionId) => (await heart.b.log.current({ tenantId, sessionId }))?.bill.rounds[0];

const acknowledge = (sessionId: SessionId) =>
  heart.b.log.submit(
    serverCommand(
      { tenantId, sessionId },
      {
        caller: waiter,
        key: serverKeys.acknowledged(1),
        type: 'ticket_acknowledged',
        input: { round: 1 },
        sameness: { round: 1 },
      },
    ),
  );

test('a ticket that nobody has acknowledged for a minute is told of once, by however many nodes look', async () => {
  await setClock(heart.sql, noon);
  const [left, seen, held] = [await sent(), await sent(), await sent({ pay_first: true })];
  await acknowledge(seen);
  await setClock(heart.sql, noon + ticketPatienceMs - 1);
  expect(await tell()).toBe(0);
  await setClock(heart.sql, noon + ticketPatienceMs);
  const third = heart.start(`third-${v7()}`);
  const told = await Promise.all([heart.a, heart.b, third].map(tell));
  expect(told.reduce((sum, count) => sum + count, 0)).toBe(1);
  expect(await tell()).toBe(0);
  expect(await roundOf(left)).toMatchObject({ overdueAt: noon + ticketPatienceMs, acknowledgedAt: null });
  for (const other of [seen, held]) expect(await roundOf(other)).toMatchObject({ overdueAt: null });
  await acknowledge(left);
  const types = await heart.sql`SELECT event_type FROM session_events WHERE session_id = ${left} ORDER BY event_seq`;
  expect(types.map(({ event_type }) => event_type)).toEqual([
    ...['session_opened', 'add_item', 'submit_round', 'ticket_overdue', 'ticket_acknowledged'],
  ]);
});

test('a ticket whose lines were all cancelled is nobody’s to acknowledge', async () => {
  await setClock(heart.sql, noon);
  const sessionId = await sent();
  const line = (await heart.a.log.current({ tenantId, sessionId }))?.bill.lines[0];
  const cancel = appendOf('set_line_state', {
    line_id: line?.lineId,
    state: 'cancelled',
    reason: 'changed their mind',
  });
  await heart.a.log.submit({ tenantId, sessionId, caller: waiter, appends: [cancel], menu: () => menu });
  await setClock(heart.sql, noon + 2 * ticketPatienceMs);
  await tell();
  expect(await roundOf(sessionId)).toMatchObject({ overdueAt: null, openLines: 0 });
});
