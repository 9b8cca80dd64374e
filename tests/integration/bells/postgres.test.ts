import { randomBytes } from 'node:crypto';
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import type { SessionId } from '../../../src/domain/ids.js';
import { postgresBells, type WatchedBells } from '../../support/bells.js';
import { eventually } from '../../support/eventually.js';
import { followOn, nextSeqs, readTo, seqsBetween, stopLooking } from '../../support/feeds.js';
import { add, type HeartNode, locationId, open, tenantId, useHeart } from '../../support/heart.js';

const heart = useHeart();

describe('bells through Postgres', () => {
  let a: HeartNode;
  let b: HeartNode;
  let bellsOfA: WatchedBells;
  let bellsOfB: WatchedBells;

  beforeAll(async () => {
    bellsOfA = postgresBells(heart.url);
    bellsOfB = postgresBells(heart.url);
    a = heart.start('ringing', {}, bellsOfA);
    b = heart.start('hearing', {}, bellsOfB);
    await eventually(() => bellsOfA.isHearing && bellsOfB.isHearing);
  });

  afterEach(() => {
    vi.useRealTimers();
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
  });

  test('an opening is rung as well, and so is the end of the session before it', async () => {
    const seen = bellsOfB.seen.news.length;
    const sessionId = await open(a);
    await eventually(() => bellsOfB.seen.news.slice(seen).some((one) => one.sessionId === sessionId && one.seq === 1));
  });

  test('writes of one batch go in one ring, and each session is heard', async () => {
    const sessions = await Promise.all(Array.from({ length: 40 }, () => open(a)));
    await eventually(() => sessions.every((id) => bellsOfB.seen.news.some(({ sessionId }) => sessionId === id)));
    const [rung, batches] = [bellsOfA.seen.rung, a.seen.batches];
    await Promise.all(sessions.map((sessionId) => add(a, sessionId)));
    await eventually(() =>
      sessions.every((id) => bellsOfB.seen.news.some(({ sessionId, seq }) => sessionId === id && seq === 2)),
    );
    // A heartbeat may come in between.
    expect(bellsOfA.seen.rung - rung).toBeLessThanOrEqual(a.seen.batches - batches + 1);
  });

  test('more sessions than one ring takes are all heard', async () => {
    const ids = Array.from({ length: 700 }, () => randomSession());
    const before = bellsOfB.seen.heard;
    for (const sessionId of ids) bellsOfA.ring({ tenantId, locationId, sessionId, seq: 3 });
    await eventually(() => ids.every((id) => bellsOfB.seen.news.some(({ sessionId }) => sessionId === id)));
    expect(bellsOfB.seen.heard - before).toBeLessThan(10);
    expect(bellsOfA.seen.failures).toEqual([]);
  });

  test('a node does not hear itself', async () => {
    const sessionId = await open(a);
    await add(a, sessionId);
    await eventually(() => bellsOfB.seen.news.some((one) => one.sessionId === sessionId && one.seq === 2));
    expect(bellsOfA.seen.news.filter((one) => one.sessionId === sessionId)).toEqual([]);
  });

  test('what anybody else notifies is counted and does no harm', async () => {
    const sessionId = await open(a);
    stopLooking();
    const feed = await followOn(b, sessionId);
    expect(await nextSeqs(feed)).toEqual([1]);
    const before = bellsOfB.seen.failures.length;
    const rubbish = [
      '',
      'hello',
      '1',
      '1 node nonsense',
      `1 node ${'A'.repeat(44)} ${'A'.repeat(22)}0`,
      'x'.repeat(7_999),
    ];
    for (const payload of rubbish) await heart.sql`SELECT pg_notify('qr_session_bells', ${payload})`;
    await eventually(() => bellsOfB.seen.failures.length === before + rubbish.length);
    // Well formed, of a session that is not there, and of one that is, with a seq that it does not have.
    for (const id of [randomSession(), sessionId]) {
      const name = [tenantId, tenantId, id].map(packed);
      await heart.sql`SELECT pg_notify('qr_session_bells', ${`1 stranger ${name[0]}${name[1]} ${name[2]}999`})`;
    }
    await eventually(() => bellsOfB.seen.news.some((one) => one.sessionId === sessionId && one.seq === 999));
    await add(a, sessionId);
    expect(await nextSeqs(feed)).toEqual([2]);
    await add(b, sessionId);
    expect(await nextSeqs(feed)).toEqual([3]);
    feed.close();
    expect(bellsOfB.isHearing).toBe(true);
  });

  test('what a bell outdates in memory does not cost the next write a lost race', async () => {
    const sessionId = await open(a);
    const missed = () => a.seen.missed + b.seen.missed;
    const before = missed();
    for (let seq = 2; seq <= 21; seq += 1) {
      const [writer, other, bells] = seq % 2 === 0 ? ([a, b, bellsOfB] as const) : ([b, a, bellsOfA] as const);
      // The other one has it in memory, and would write on top of what it remembers.
      await other.log.current({ tenantId, sessionId });
      await add(writer, sessionId);
      await eventually(() => bells.seen.news.some((one) => one.sessionId === sessionId && one.seq === seq));
    }
    expect(missed() - before).toBe(0);
  });

  test('readers of many sessions get every event in order, by bells alone', async () => {
    const sessions = await Promise.all(Array.from({ length: 12 }, () => open(a)));
    stopLooking();
    const feeds = await Promise.all(sessions.map((sessionId) => followOn(b, sessionId)));
    const reads = Promise.all(feeds.map((feed) => readTo(feed, 15)));
    await Promise.all(
      sessions.map(async (sessionId, n) => {
        // Each session's writes come one by one, together with those of the others.
        for (let seq = 2; seq <= 15; seq += 1) await add(n % 3 === 0 ? b : a, sessionId);
      }),
    );
    for (const read of await reads) expect(read).toEqual(seqsBetween(0, 15));
    for (const feed of feeds) feed.close();
  });
});

function randomSession(): SessionId {
  const hex = randomBytes(16).toString('hex');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-') as SessionId;
}

function packed(id: string): string {
  return Buffer.from(id.replaceAll('-', ''), 'hex').toString('base64url');
}
