import { afterEach, describe, expect, test, vi } from 'vitest';
import type { StoredEvent } from '../../../src/domain/events/define.js';
import type { SessionId } from '../../../src/domain/ids.js';
import { serverKeys } from '../../../src/event-log/server-keys.js';
import { cuttableDatabase } from '../../support/cuttable-database.js';
import { eventually } from '../../support/eventually.js';
import { followOn, nextSeqs, readTo, seqsBetween } from '../../support/feeds.js';
import { add, append, close, type HeartNode, join, open, startNode, tenantId, useHeart } from '../../support/heart.js';
import { endTime } from '../../support/session-time.js';

const heart = useHeart({ pageEvents: 16, tailEvents: 8 });

afterEach(() => {
  vi.restoreAllMocks();
});

async function sessionWith(events: number, node: HeartNode = heart.a): Promise<SessionId> {
  const sessionId = await open(node);
  await Promise.all(Array.from({ length: events - 1 }, () => add(node, sessionId)));
  return sessionId;
}

/** Statements that read a page of a log on this node, from now on. */
function countPageReads({ db: { reader } }: HeartNode): () => number {
  const statements = vi.spyOn(reader, 'unsafe');
  return () => statements.mock.calls.filter(([text]) => /\bLIMIT \$4/.test(text)).length;
}

describe('a feed', () => {
  test('gives what is there behind its position, in order, and then what comes', async () => {
    const sessionId = await sessionWith(70);
    for (const after of [0, 1, 15, 16, 17, 60, 62, 69]) {
      const feed = await followOn(heart.a, sessionId, after);
      expect(await readTo(feed, 70)).toEqual(seqsBetween(after, 70));
      feed.close();
    }
    const feed = await followOn(heart.a, sessionId, 70);
    const next = nextSeqs(feed);
    await add(heart.a, sessionId);
    expect(await next).toEqual([71]);
    feed.close();
  });

  test('from behind the end waits there, and never gives what is before its position', async () => {
    const sessionId = await sessionWith(3);
    const feed = await followOn(heart.a, sessionId, 5);
    const next = nextSeqs(feed);
    for (let seq = 4; seq <= 7; seq += 1) await add(heart.a, sessionId);
    const given = [...((await next) as number[])];
    if (given.length < 2) given.push(...((await nextSeqs(feed)) as number[]));
    expect(given).toEqual([6, 7]);
    feed.close();
  });

  test('gives to all who follow the very same events, so that what is rendered once serves all', async () => {
    const sessionId = await sessionWith(1);
    const feeds = await Promise.all([1, 2, 3].map(() => followOn(heart.a, sessionId, 1)));
    const waiting = Promise.all(feeds.map((feed) => feed.next()));
    await add(heart.a, sessionId);
    const [first, ...others] = (await waiting) as (readonly StoredEvent[])[];
    for (const other of others) expect(other[0]).toBe(first?.[0]);
    for (const feed of feeds) feed.close();
  });

  test('that catches up shares its reads of the log with all who do the same', async () => {
    const sessionId = await sessionWith(130);
    const node = heart.start('many readers', { pageEvents: 16, tailEvents: 8 });
    const reads = countPageReads(node);
    const feeds = await Promise.all(Array.from({ length: 50 }, (_, n) => followOn(node, sessionId, n)));
    const read = await Promise.all(feeds.map((feed) => readTo(feed, 130)));
    read.forEach((seqs, n) => expect(seqs).toEqual(seqsBetween(n, 130)));
    // 130 events are 9 pages; 50 readers by themselves would have read about 300.
    expect(reads()).toBeLessThanOrEqual(27);
    for (const feed of feeds) feed.close();
  });

  test('that keeps up reads nothing at all from the log', async () => {
    const sessionId = await sessionWith(1);
    const reads = countPageReads(heart.a);
    const feeds = await Promise.all(Array.from({ length: 20 }, () => followOn(heart.a, sessionId, 1)));
    for (let seq = 2; seq <= 12; seq += 1) {
      const waiting = Promise.all(feeds.map(nextSeqs));
      await add(heart.a, sessionId);
      for (const seqs of await waiting) expect(seqs).toEqual([seq]);
    }
    expect(reads()).toBe(0);
    for (const feed of feeds) feed.close();
  });

  test('of a reader who does not read makes nobody wait, and gives everything later', async () => {
    const sessionId = await sessionWith(1);
    const [slow, quick] = [await followOn(heart.a, sessionId, 0), await followOn(heart.a, sessionId, 0)];
    expect(await nextSeqs(slow)).toEqual([1]);
    for (let seq = 2; seq <= 60; seq += 1) await add(heart.a, sessionId);
    expect(await readTo(quick, 60)).toEqual(seqsBetween(0, 60));
    expect(await readTo(slow, 60)).toEqual(seqsBetween(1, 60));
    for (const feed of [slow, quick]) feed.close();
  });
});

describe('a feed ends', () => {
  test('when the session has ended and everything is given, the same for those who come later', async () => {
    const sessionId = await sessionWith(20);
    const feed = await followOn(heart.a, sessionId, 0);
    await close(heart.a, sessionId);
    expect(await readTo(feed, 21)).toEqual(seqsBetween(0, 21));
    expect(await nextSeqs(feed)).toBe('over');
    const later = await followOn(heart.b, sessionId, 19);
    expect(await readTo(later, 21)).toEqual([20, 21]);
    expect(await nextSeqs(later)).toBe('over');
    const behind = await followOn(heart.b, sessionId, 21);
    expect(await nextSeqs(behind)).toBe('over');
  });

  test.each([
    ['whose time runs out', async (): Promise<SessionId> => open(heart.a, { settings: { ttl_seconds: 1 } })],
    [
      'whose time turns out to be over',
      async (): Promise<SessionId> => {
        const sessionId = await open(heart.a);
        await endTime(heart.sql, sessionId);
        return sessionId;
      },
    ],
  ])('with `session_expired`, written for its sake, in a session %s', async (_, start) => {
    const sessionId = await start();
    const feed = heart.b.log.follow({ tenantId, sessionId }, { after: 0 });
    await heart.b.log.current({ tenantId, sessionId });
    const events: StoredEvent[] = [];
    for (let items = await feed.next(); typeof items !== 'string'; items = await feed.next()) events.push(...items);
    expect(events.map(({ type }) => type)).toEqual(['session_opened', 'session_expired']);
    expect(await nextSeqs(feed)).toBe('over');
    expect(await heart.sql`SELECT status FROM qr_sessions WHERE id = ${sessionId}`).toEqual([{ status: 'expired' }]);
  });

  test('without that event where the location does not want it', async () => {
    const sessionId = await open(heart.a, { settings: { ttl_seconds: 1, expiry_event: false } });
    const feed = await followOn(heart.b, sessionId);
    expect(await nextSeqs(feed)).toEqual([1]);
    expect(await nextSeqs(feed)).toBe('over');
  });

  test('of many at the same moment, on two nodes, with one event', async () => {
    const sessionId = await open(heart.a, { settings: { ttl_seconds: 1 } });
    const feeds = await Promise.all(
      Array.from({ length: 20 }, (_, n) => followOn(n % 2 === 0 ? heart.a : heart.b, sessionId)),
    );
    for (const feed of feeds) expect(await readTo(feed, 2)).toEqual([1, 2]);
    for (const feed of feeds) expect(await nextSeqs(feed)).toBe('over');
  });

  test('behind the removal of the phone that follows, and only that phone’s', async () => {
    const sessionId = await open(heart.a);
    const phones = [await join(heart.a, sessionId, 'Minh'), await join(heart.a, sessionId, 'Lan')] as const;
    const feeds = phones.map(({ deviceId }) =>
      heart.a.log.follow(
        { tenantId, sessionId },
        { after: 0, isLast: ({ type, payload }) => type === 'device_removed' && payload.device_id === deviceId },
      ),
    );
    const [removed, other] = feeds as [(typeof feeds)[0], (typeof feeds)[0]];
    await append(heart.a, sessionId, {
      type: 'device_removed',
      input: { device_id: phones[0].deviceId },
      key: serverKeys.removed(phones[0].deviceId),
    });
    await add(heart.a, sessionId);
    expect(await readTo(removed, 4)).toEqual([1, 2, 3, 4]);
    expect(await nextSeqs(removed)).toBe('removed');
    expect(await readTo(other, 5)).toEqual([1, 2, 3, 4, 5]);
    // As it reconnects from before its removal, it ends there again.
    const again = heart.a.log.follow(
      { tenantId, sessionId },
      { after: 3, isLast: ({ type }) => type === 'device_removed' },
    );
    expect(await readTo(again, 4)).toEqual([4]);
    expect(await nextSeqs(again)).toBe('removed');
    other.close();
  });

  test('when its owner closes it, also in the middle of a wait, and leaves nothing behind', async () => {
    const node = heart.start('closing', { pageEvents: 16, tailEvents: 8 });
    const clocks = vi.spyOn(globalThis, 'setInterval');
    const ended = vi.spyOn(globalThis, 'clearInterval');
    const sessionId = await sessionWith(1, node);
    const feeds = await Promise.all([1, 2, 3].map(() => followOn(node, sessionId, 1)));
    const waiting = Promise.all(feeds.map(nextSeqs));
    expect(node.log.followers).toBe(3);
    for (const feed of feeds) feed.close();
    for (const feed of feeds) feed.close();
    expect(await waiting).toEqual(['closed', 'closed', 'closed']);
    expect(node.log.followers).toBe(0);
    for (const [n, clock] of clocks.mock.results.entries()) {
      expect(
        ended.mock.calls.map(([timer]) => timer),
        `clock ${n}`,
      ).toContain(clock.value);
    }
    expect(clocks.mock.results.length).toBe(1);
  });

  test('when its node drains, those that come later at once, after what was read', async () => {
    const node = heart.start('draining', { pageEvents: 16, tailEvents: 8 });
    const sessionId = await sessionWith(40, node);
    const [caughtUp, behind] = [await followOn(node, sessionId, 40), await followOn(node, sessionId, 0)];
    const [waits, reads] = [nextSeqs(caughtUp), nextSeqs(behind)];
    node.log.endFeeds();
    expect(await waits).toBe('draining');
    expect(await reads).toEqual(seqsBetween(0, 16));
    expect(await nextSeqs(behind)).toBe('draining');
    expect(await nextSeqs(await followOn(node, sessionId, 0))).toBe('draining');
    expect(node.log.followers).toBe(0);
  });
});

describe('while the database is away', () => {
  test.each(['refuse', 'stall'] as const)('(%s) a feed that has to read waits, and then goes on', async (how) => {
    const line = await cuttableDatabase(heart.url);
    const node = startNode(line.url, `cut off by ${how}`, {
      limits: { pageEvents: 16, tailEvents: 8, statementMs: 500, commandMs: 2_000 },
    });
    try {
      const sessionId = await sessionWith(60);
      const feed = await followOn(node, sessionId, 0);
      line.cut(how);
      const read = readTo(feed, 62);
      await eventually(() => node.seen.failures.length > 0, { within: 8_000 });
      await add(heart.a, sessionId);
      line.mend();
      await add(heart.a, sessionId);
      expect(await read).toEqual(seqsBetween(0, 62));
      feed.close();
    } finally {
      await node.stop();
      await line.stop();
    }
  });
});
