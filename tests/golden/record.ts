/**
 * Plays a scene on a real server and keeps its log, row by row, with the bill that it folds to. Recorded logs are never
 * changed afterwards: they are what older versions have written, and every later version must fold them the same.
 *
 *   npx tsx tests/golden/record.ts <scene>      writes tests/golden/<scene>.json unless it is there
 */
import { access, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import postgres from 'postgres';
import { openDatabase } from '../../bench/open-database.js';
import type { Bill } from '../../src/domain/bill.js';
import { totalsOf } from '../../src/domain/pricing.js';
import { startNode } from '../support/heart-acts.js';
import { foldRows, type LogRow, readHead, readRows } from '../support/log-check.js';
import { scenes } from './scenes.js';

/** A recorded log: its rows, bytes as hex and times as milliseconds, and what they came to when they were written. */
export interface GoldenHistory {
  readonly scene: string;
  readonly rows: readonly LogRow[];
  readonly bill: Bill;
  readonly totals: ReturnType<typeof totalsOf>;
  readonly head: Awaited<ReturnType<typeof readHead>>;
}

async function record(scene: string): Promise<GoldenHistory> {
  const play = scenes[scene];
  if (!play) throw new Error(`no scene "${scene}"; there are ${Object.keys(scenes).join(', ')}`);
  const database = await openDatabase(undefined);
  const sql = postgres(database.url, { max: 2, onnotice: () => undefined });
  const node = startNode(database.url, 'golden');
  try {
    const session = await play(node, sql);
    const [rows, head] = await Promise.all([readRows(sql, session), readHead(sql, session)]);
    const bill = foldRows(rows);
    return { scene, rows: [...rows], bill, totals: totalsOf(bill), head };
  } finally {
    await node.stop();
    await sql.end({ timeout: 5 });
    await database.stop();
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const scene of process.argv.slice(2)) {
    const path = fileURLToPath(new URL(`./${scene}.json`, import.meta.url));
    const isThere = await access(path).then(
      () => true,
      () => false,
    );
    if (isThere) throw new Error(`${scene}.json is there; a recorded log is never changed`);
    await writeFile(path, `${JSON.stringify(await record(scene), null, 2)}\n`);
    console.log(`recorded ${scene}`);
  }
}
