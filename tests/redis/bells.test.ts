import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { createRedisBells } from '../../src/event-log/bells/redis.js';
import type { Patience } from '../../src/event-log/bells/hearing.js';
import { hasty, type WatchedBells, watchBells } from '../support/bells.js';
import { type CuttableDatabase, cuttableDatabase } from '../support/cuttable-database.js';
import { eventually } from '../support/eventually.js';
import { followOn, nextSeqs, readTo, seqsBetween, stopLooking } from '../support/feeds.js';
import { add, type HeartNode, open, useHeart } from '../support/heart.js';

const url = process.env.REDIS_TEST_URL ?? '';
const heart = useHeart();

function redisBells(at: string, patience?: Patience): WatchedBells {
  return watchBells((probe) => createRedisBells({ url: at, probe, ...(patience && { patience }) }));
}

function listening(bells: WatchedBells): WatchedBells {
  bells.listen(
    () => undefined,
    () => undefined,
  );
  return bells;
}

describe('bells through Redis', () => {
  let a: HeartNode;
  let b: HeartNode;
  let bellsOfA: WatchedBells;
  let bellsOfB: WatchedBells;
  let admin: Redis;

  beforeAll(async () => {
    admin = new Redis(url);
    [bellsOfA, bellsOfB] = [redisBells(url), redisBells(url)];
    a = heart.start('ringing', {}, bellsOfA);
    b = heart.start('hearing', {}, bellsOfB);
    await eventually(() => bellsOfA.isHearing && bellsOfB.isHearing);
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  afterAll(() => {
    admin.disconnect();
  });

  test('a write on one node reaches the feeds of another, which never look', async () => {
    const sessionId = await open(a);
    stopLooking();
    const feed = await followOn(b, sessionId);
    expect(await nextSeqs(feed)).toEqual([1]);
    for (const seq of [2, 3, 4]) {
      await add(a, sessionId);
      expect(await nextSeqs(feed)).toEqual([seq]);
    }
    feed.close();
    expect(bellsOfA.seen.news.filter((one) => one.sessionId === sessionId)).toEqual([]);
    expect(bellsOfA.engine).toBe('redis');
  });

  test('what anybody else publishes is counted and does no harm', async () => {
    const before = bellsOfB.seen.failures.length;
    for (const rubbish of ['', 'hello', '\u0000\u00ff', 'x'.repeat(100_000)]) {
      await admin.publish('qr-session:bells', rubbish);
    }
    await eventually(() => bellsOfB.seen.failures.length === before + 4);
    expect(bellsOfB.isHearing).toBe(true);
  });

  test('a killed subscription is made again, and a look at everything is asked for', async () => {
    const sessionId = await open(a);
    const feed = await followOn(b, sessionId);
    for (let round = 1; round <= 3; round += 1) {
      const missed = bellsOfB.seen.missed;
      await admin.call('CLIENT', 'KILL', 'TYPE', 'pubsub');
      await add(a, sessionId);
      await eventually(() => bellsOfB.seen.missed > missed && bellsOfB.isHearing);
    }
    expect(await readTo(feed, 4)).toEqual(seqsBetween(0, 4));
    feed.close();
  });
});

describe('Redis that goes away', () => {
  let line: CuttableDatabase;

  beforeAll(async () => {
    line = await cuttableDatabase(url);
  });

  afterAll(async () => {
    await line.stop();
  });

  test.each(['refuse', 'stall'] as const)(
    '(%s) makes no write fail and no event late, and is heard again',
    async (how) => {
      const [bellsOfA, bellsOfB] = [redisBells(line.url, hasty), redisBells(line.url, hasty)];
      const [a, b] = [heart.start(`ringing ${how}`, {}, bellsOfA), heart.start(`hearing ${how}`, {}, bellsOfB)];
      await eventually(() => bellsOfA.isHearing && bellsOfB.isHearing);
      const sessionId = await open(a);
      const feed = await followOn(b, sessionId);
      line.cut(how);
      await add(a, sessionId);
      await eventually(() => !bellsOfB.isHearing);
      await add(a, sessionId);
      expect(await readTo(feed, 3)).toEqual([1, 2, 3]);
      const missed = bellsOfB.seen.missed;
      line.mend();
      await eventually(() => bellsOfA.isHearing && bellsOfB.isHearing, { within: 10_000 });
      expect(bellsOfB.seen.missed).toBeGreaterThan(missed);
      await add(a, sessionId);
      await eventually(() => bellsOfB.seen.news.some((one) => one.sessionId === sessionId && one.seq === 4));
      expect(await readTo(feed, 4)).toEqual([4]);
      feed.close();
    },
  );

  test.each(['refuse', 'stall'] as const)('(%s) before the start is found when it comes', async (how) => {
    line.cut(how);
    const bells = listening(redisBells(line.url, hasty));
    await eventually(() => bells.seen.failures.length > 1, { within: 8_000 });
    expect(bells.isHearing).toBe(false);
    line.mend();
    await eventually(() => bells.isHearing, { within: 10_000 });
    await bells.close();
  });

  test.each(['refuse', 'stall'] as const)('(%s) does not hold up the close', async (how) => {
    const bells = listening(redisBells(line.url, hasty));
    await eventually(() => bells.isHearing, { within: 10_000 });
    line.cut(how);
    const id = 'eeeeeeee-0000-7000-8000-000000000001' as never;
    bells.ring({ tenantId: id, locationId: id, sessionId: id, seq: 1 });
    const started = performance.now();
    await bells.close();
    expect(performance.now() - started).toBeLessThan(3_000);
    line.mend();
  });

  test('is no reason to fail where the password is wrong, and the password is told nowhere', async () => {
    const admin = new Redis(url);
    await admin.acl('SETUSER', 'qr-bells', 'on', '>right-secret', '~*', '&*', '+@all');
    const withPassword = new URL(url);
    [withPassword.username, withPassword.password] = ['qr-bells', 'wrong-secret'];
    const bells = listening(redisBells(withPassword.href, hasty));
    const id = 'eeeeeeee-0000-7000-8000-000000000001' as never;
    bells.ring({ tenantId: id, locationId: id, sessionId: id, seq: 1 });
    await eventually(() => bells.seen.failures.length > 2);
    expect(bells.isHearing).toBe(false);
    for (const error of bells.seen.failures as Error[]) {
      expect([error.message, error.stack, JSON.stringify(error), String(error.cause)].join()).not.toContain('secret');
      expect(error).toMatchObject({ code: 'WRONGPASS' });
    }
    await admin.acl('SETUSER', 'qr-bells', '>wrong-secret');
    await eventually(() => bells.isHearing, { within: 10_000 });
    await bells.close();
    await admin.acl('DELUSER', 'qr-bells');
    admin.disconnect();
  });
});
