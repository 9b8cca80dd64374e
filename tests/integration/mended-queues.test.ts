import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import postgres, { type Sql } from 'postgres';
import { mendQueues, mendQueuesOf } from '../../src/db/mended-queues.js';
import { cuttableDatabase, type CuttableDatabase } from '../support/cuttable-database.js';
import { useTestDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';

const database = useTestDatabase();
let between: CuttableDatabase;
let pool: Sql;
/** Statements that the pool was asked for. */
let asked: number;
let closed: number;

beforeEach(async () => {
  between = await cuttableDatabase(database.url);
  [asked, closed] = [0, 0];
  pool = postgres(between.url, {
    ...{ max: 3, fetch_types: false, backoff: () => 0.05 },
    debug: () => void (asked += 1),
    onclose: () => void (closed += 1),
  });
});
afterEach(async () => {
  vi.useRealTimers();
  await pool.end({ timeout: 1 });
  await between.stop();
});

const openAll = () => Promise.all(Array.from({ length: 3 }, () => pool`SELECT pg_sleep(0.1)`));

/** How long the longest list was in which the driver looked for a connection. */
async function longestSearched(use: () => Promise<void>): Promise<number> {
  const { indexOf } = Array.prototype;
  let longest = 0;
  const spy = vi.spyOn(Array.prototype, 'indexOf').mockImplementation(function (this: unknown[], wanted, ...from) {
    if (typeof wanted === 'object' && wanted !== null && 'queue' in wanted) longest = Math.max(longest, this.length);
    return indexOf.call(this, wanted, ...from);
  });
  await use().finally(() => spy.mockRestore());
  return longest;
}

async function askOften(): Promise<void> {
  for (let time = 0; time < 50; time += 1) await pool`SELECT 1`;
}

/** More statements than there are connections: they wait behind each other. */
async function keepBusy(): Promise<void> {
  await Promise.all(Array.from({ length: 12 }, askOften));
}

describe.each([
  ['a pool that is never busy as a whole', askOften],
  ['a pool that is busy as a whole', keepBusy],
])('%s', (_, use) => {
  test('has ever longer lists of its connections', async () => {
    await openAll();
    // If this fails, the driver has no such lists any more, and the module under test can go.
    expect(await longestSearched(use)).toBeGreaterThan(40);
  });

  test('has lists no longer than it is large, once they have been exchanged', async () => {
    await openAll();
    await mendQueuesOf(pool);
    await keepBusy();
    expect(await longestSearched(use)).toBeLessThanOrEqual(3);
  });
});

test('a pool whose lists were exchanged while it was at work loses no statement and no connection', async () => {
  const work = Array.from({ length: 20 }, async (_, n) => {
    const seen: number[] = [];
    for (let time = 0; time < 20; time += 1) seen.push(Number((await pool`SELECT ${n}::int AS n`)[0]?.n));
    return seen;
  });
  await Promise.all([mendQueuesOf(pool), mendQueuesOf(pool), mendQueuesOf(pool)]);
  expect(await Promise.all(work)).toEqual(Array.from({ length: 20 }, (_, n) => Array(20).fill(n)));
  const pids = await Promise.all(Array.from({ length: 3 }, () => pool`SELECT pg_backend_pid() AS pid, pg_sleep(0.1)`));
  expect(new Set(pids.map(([row]) => row?.pid)).size).toBe(3);
});

test('it is done now and then, with one statement at a time while the database is away, until it is told to end', async () => {
  await openAll();
  between.cut('refuse');
  await eventually(() => closed === 3);
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  const before = asked;
  const stop = mendQueues([pool]);
  for (let round = 0; round < 5; round += 1) {
    vi.advanceTimersByTime(10_000);
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(asked - before).toBeLessThan(2);
  between.mend();
  await eventually(() => {
    vi.advanceTimersByTime(10_000);
    return asked - before >= 3;
  });
  stop();
  await pool`SELECT 1`;
  const last = asked;
  vi.advanceTimersByTime(60_000);
  await pool`SELECT 1`;
  expect(asked).toBe(last + 1);
});
