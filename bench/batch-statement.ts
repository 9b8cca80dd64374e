/**
 * The same batch statement through raw postgres.js, prepared, and through drizzle's `db.execute(sql)`: median microseconds
 * per batch of 1, 8 and 64 events, the two taking turns in one run.
 *
 *   npx tsx bench/batch-statement.ts --rounds 300 [--url postgres://...]
 */
import { parseArgs } from 'node:util';
import { type SQL, sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/postgres-js';
import type { Sql } from 'postgres';
import { v7 } from 'uuid';
import { connect } from '../src/db/connect.js';
import { batchParameters, batchSql, type Moved, writeBatch } from '../src/event-log/batch-statement.js';
import { commitOf } from '../src/event-log/commit.js';
import { decideLane } from '../src/event-log/decide-lane.js';
import { newLane, newPending } from '../src/event-log/lane.js';
import type { SessionState } from '../src/event-log/session-state.js';
import type { SessionWrite } from '../src/event-log/session-write.js';
import { appendOf, menu, open, pho, startNode, tenantId, waiter } from '../tests/support/heart-acts.js';
import { openDatabase } from './open-database.js';

type Way = (writes: readonly SessionWrite[]) => PromiseLike<readonly Moved[]>;

const { values } = parseArgs({ options: { url: { type: 'string' }, rounds: { type: 'string', default: '300' } } });
const database = await openDatabase(values.url);
try {
  await compare(database.url, Number(values.rounds));
} finally {
  await database.stop();
}

async function compare(url: string, rounds: number): Promise<void> {
  const [rawPool, drizzlePool] = [0, 1].map(() => connect({ url, poolSize: 2, prepare: true }));
  const ways = { raw: rawWay(rawPool!.writer), drizzle: drizzleWay(drizzlePool!.writer) };
  const states = await openStates(url, 64);
  for (const size of [1, 8, 64]) {
    const took: Record<keyof typeof ways, number[]> = { raw: [], drizzle: [] };
    for (let round = 0; round < rounds; round += 1) {
      for (const way of round % 2 ? (['raw', 'drizzle'] as const) : (['drizzle', 'raw'] as const)) {
        const writes = states.slice(0, size).map(nextWrite);
        const started = performance.now();
        const rows = await ways[way](writes);
        took[way].push((performance.now() - started) * 1000);
        if (rows.length !== size) throw new Error(`${rows.length} of ${size} sessions moved`);
        writes.forEach((write, at) => (states[at] = commitOf(write, rows[0]!.now).state));
      }
    }
    const [raw, other] = [median(took.raw), median(took.drizzle)];
    console.log(
      `batch of ${size}: raw ${raw.toFixed(0)} us, drizzle ${other.toFixed(0)} us, ratio ${(other / raw).toFixed(2)}`,
    );
  }
  await Promise.all([rawPool!.close(), drizzlePool!.close()]);
}

function rawWay(pool: Sql): Way {
  return (writes) => writeBatch(pool, { node: 'raw', writes, waitsForLocks: true });
}

/** Drizzle numbers parameters itself, so the text is cut at its placeholders. */
function drizzleWay(pool: Sql): Way {
  const db = drizzle(pool);
  return (writes) => {
    const parameters = batchParameters({ node: 'drizzle', writes, waitsForLocks: true });
    const pieces = batchSql.split(/\$(\d+)/);
    const chunks: SQL[] = pieces.map((piece, at) =>
      at % 2 ? sql`${sql.param(parameters[Number(piece) - 1])}` : sql.raw(piece),
    );
    return db.execute(sql.join(chunks)) as unknown as PromiseLike<readonly Moved[]>;
  };
}

async function openStates(url: string, count: number): Promise<SessionState[]> {
  const node = startNode(url, 'opener');
  const sessions = await Promise.all(Array.from({ length: count }, () => open(node)));
  const states = await Promise.all(sessions.map((sessionId) => node.log.current({ tenantId, sessionId })));
  await node.stop();
  return states.map((state) => state!);
}

/** One more dish on the session's state; every tenth time the line count starts again, so that folds stay small. */
function nextWrite(before: SessionState): SessionWrite {
  const [line] = before.bill.lines;
  const append = line
    ? appendOf('modify_qty', { line_id: line.lineId, quantity: 1 + (before.bill.lastSeq % 9) })
    : appendOf('add_item', { menu_item_id: pho.menuItemId, quantity: 1 });
  const command = { tenantId, sessionId: before.bill.sessionId, caller: waiter, appends: [append], menu: () => menu };
  const lane = newLane('bench', command);
  lane.queue.push(newPending(command, { resolve: () => undefined, reject: () => undefined, deadline: Infinity }));
  const { write } = decideLane(lane, before, { now: Date.now(), newId: v7, limit: 1 });
  if (!write) throw new Error('nothing to write');
  return write;
}

function median(numbers: number[]): number {
  return numbers.sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
}
