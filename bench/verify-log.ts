/**
 * Writes a log, and verifies it as `npm run verify-log` does: events a second, plain and in depth.
 *
 *   npx tsx bench/verify-log.ts --events 100000 --sessions 2000 [--url postgres://...]
 */
import { parseArgs } from 'node:util';
import type { SessionId } from '../src/domain/ids.js';
import { openForTool } from '../src/db/connect.js';
import { verifyLog } from '../src/event-log/verify/verify-log.js';
import { add, type HeartNode, join, open, startNode } from '../tests/support/heart-acts.js';
import { openDatabase } from './open-database.js';

const { values } = parseArgs({
  options: {
    url: { type: 'string' },
    events: { type: 'string', default: '100000' },
    sessions: { type: 'string', default: '2000' },
  },
});
const database = await openDatabase(values.url);
try {
  await fill(database.url, { events: Number(values.events), sessions: Number(values.sessions) });
  for (const isDeep of [false, true, false, true]) await verify(database.url, isDeep);
} finally {
  await database.stop();
}

async function fill(url: string, { events, sessions }: { events: number; sessions: number }): Promise<void> {
  const node = startNode(url, 'writer');
  const started = performance.now();
  const each = Math.ceil(events / sessions);
  const callers = 64;
  let next = 0;
  const write = async (): Promise<void> => {
    while (next++ < sessions) await fillSession(node, await open(node), each);
  };
  await Promise.all(Array.from({ length: callers }, write));
  await node.stop();
  console.log(`written in ${seconds(started).toFixed(1)} s`);
}

/** The opening, a guest, and her dishes. */
async function fillSession(node: HeartNode, sessionId: SessionId, events: number): Promise<void> {
  const caller = await join(node, sessionId, 'Minh');
  const dishes = Array.from({ length: Math.max(0, events - 2) }, (_, at) => {
    return add(node, sessionId, { caller, input: at % 5 === 0 ? { note: 'ít cay' } : {} });
  });
  await Promise.all(dishes);
}

async function verify(url: string, isDeep: boolean): Promise<void> {
  const { sql, close } = openForTool(url);
  const started = performance.now();
  const { events, sessions, faults } = await verifyLog(sql, { isDeep, found: (fault) => console.log(fault) });
  const took = seconds(started);
  const memory = Math.round(process.memoryUsage().rss / 2 ** 20);
  console.log(
    `${isDeep ? 'in depth' : 'plain'}: ${events} events of ${sessions} sessions in ${took.toFixed(2)} s, ` +
      `${Math.round(events / took)} events/s, ${faults} faults, ${memory} MB`,
  );
  await close();
}

function seconds(since: number): number {
  return (performance.now() - since) / 1000;
}
