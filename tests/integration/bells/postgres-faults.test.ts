import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { SessionId } from '../../../src/domain/ids.js';
import { hasty, postgresBells, type WatchedBells } from '../../support/bells.js';
import { type CuttableDatabase, cuttableDatabase } from '../../support/cuttable-database.js';
import { eventually } from '../../support/eventually.js';
import { followOn, readTo, seqsBetween } from '../../support/feeds.js';
import { add, type HeartNode, modify, open, useHeart } from '../../support/heart.js';

const heart = useHeart();

/** Writes one by one while `act` does its work, and until it has done it; gives the last seq. */
async function writeDuring(node: HeartNode, sessionId: SessionId, act: () => Promise<unknown>): Promise<number> {
  const { lineId } = await add(node, sessionId);
  let isDone = false;
  const acting = act().finally(() => (isDone = true));
  for (let round = 1; ; round += 1) {
    const wasDone = isDone;
    const decided = await modify(node, sessionId, { lineId, change: { quantity: 1 + (round % 90) } });
    if (wasDone && decided) return acting.then(() => decided.event.seq);
    // Other people write, too; a thousand events say no more than a hundred.
    await pause(5);
  }
}

describe('a node whose way of hearing is cut', () => {
  let line: CuttableDatabase;
  let bells: WatchedBells;
  let ringing: WatchedBells;
  let a: HeartNode;
  let b: HeartNode;

  beforeAll(async () => {
    line = await cuttableDatabase(heart.url);
    bells = postgresBells(heart.url, { listenUrl: line.url, patience: hasty });
    ringing = postgresBells(heart.url);
    a = heart.start('ringing', {}, ringing);
    b = heart.start('listening', {}, bells);
    await eventually(() => bells.isHearing && ringing.isHearing);
  });

  afterEach(async () => {
    await eventually(() => bells.isHearing, { within: 10_000 });
  });

  afterAll(async () => {
    await line.stop();
  });

  test.each(['refuse', 'stall'] as const)(
    '(%s) knows that it is deaf, looks by itself, and hears again',
    async (how) => {
      const sessionId = await open(a);
      const feed = await followOn(b, sessionId);
      const missed = bells.seen.missed;
      const changes = bells.seen.changes.length;
      const last = await writeDuring(a, sessionId, async () => {
        line.cut(how);
        await eventually(() => !bells.isHearing);
        // What was written in the deaf time comes all the same.
        await readTo(await followOn(b, sessionId), 3);
        line.mend();
        await eventually(() => bells.isHearing, { within: 10_000 });
      });
      expect(await readTo(feed, last)).toEqual(seqsBetween(0, last));
      expect(bells.seen.missed).toBeGreaterThan(missed);
      expect(bells.seen.changes.slice(changes).at(0)).toBe(false);
      expect(bells.seen.changes.at(-1)).toBe(true);
      feed.close();
    },
  );

  test('(its backend killed again and again) loses no event', async () => {
    const sessionId = await open(a);
    const feed = await followOn(b, sessionId);
    const missed = bells.seen.missed;
    const last = await writeDuring(a, sessionId, async () => {
      for (let round = 1; round <= 4; round += 1) {
        await killBells();
        await eventually(() => bells.seen.missed >= missed + round, { within: 10_000 });
      }
    });
    expect(await readTo(feed, last)).toEqual(seqsBetween(0, last));
    feed.close();
  });

  test('(its line frozen, not closed) finds that out by its own rings', async () => {
    const failures = bells.seen.failures.length;
    line.cut('stall');
    await eventually(() => bells.seen.failures.length > failures);
    expect(bells.seen.failures.at(failures)).toMatchObject({ code: 'DEAF_LINE' });
    line.mend();
  });

  /** Every connection that listens or rings, of all nodes. */
  async function killBells(): Promise<void> {
    const killed = await heart.sql`
      SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND application_name = 'qr-session bells'`;
    expect(killed.length).toBeGreaterThan(0);
  }
});

describe('a node whose rings do not go out', () => {
  let line: CuttableDatabase;
  let bells: WatchedBells;
  let a: HeartNode;
  let b: HeartNode;

  beforeAll(async () => {
    line = await cuttableDatabase(heart.url);
    bells = postgresBells(line.url, { listenUrl: heart.url, patience: hasty });
    a = heart.start('mute', {}, bells);
    // A node that is deaf for good looks four times a second.
    b = heart.start('deaf', {}, postgresBells(heart.url, { listenUrl: undefined }));
    await eventually(() => bells.isHearing);
  });

  afterAll(async () => {
    await line.stop();
  });

  test.each(['refuse', 'stall'] as const)('(%s) writes as before, counts them, and rings again later', async (how) => {
    const sessionId = await open(a);
    const feed = await followOn(b, sessionId);
    line.cut(how);
    const failures = bells.seen.failures.length;
    const last = await writeDuring(a, sessionId, () => eventually(() => bells.seen.failures.length > failures));
    expect(await readTo(feed, last)).toEqual(seqsBetween(0, last));
    expect(a.seen.failures).toEqual([]);
    line.mend();
    await eventually(() => bells.isHearing, { within: 10_000 });
    const rung = bells.seen.rung;
    await add(a, sessionId);
    await eventually(() => bells.seen.rung > rung);
    feed.close();
  });
});

describe('without any way to hear', () => {
  test('a node says so, still rings for others, and its feeds are exact', async () => {
    const deaf = postgresBells(heart.url, { listenUrl: undefined, prepare: false });
    const hearing = postgresBells(heart.url);
    const [a, b] = [heart.start('through a pooler', {}, deaf), heart.start('direct', {}, hearing)];
    await eventually(() => hearing.isHearing);
    expect([deaf.engine, deaf.isHearing, hearing.engine]).toEqual(['polling', false, 'postgres']);
    const sessionId = await open(a);
    const [feedOfA, feedOfB] = [await followOn(a, sessionId), await followOn(b, sessionId)];
    for (let round = 0; round < 5; round += 1) {
      await add(a, sessionId);
      await add(b, sessionId);
    }
    expect(await readTo(feedOfA, 11)).toEqual(seqsBetween(0, 11));
    expect(await readTo(feedOfB, 11)).toEqual(seqsBetween(0, 11));
    await eventually(() => hearing.seen.news.some((one) => one.sessionId === sessionId));
    expect(deaf.seen.failures).toEqual([]);
    feedOfA.close();
    feedOfB.close();
  });
});
