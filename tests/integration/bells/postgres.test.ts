import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import type { StoredEvent } from '../../../src/domain/events/define.js';
import type { Feed } from '../../../src/event-log/feed.js';
import { postgresBells, type WatchedBells } from '../../support/bells.js';
import { eventually } from '../../support/eventually.js';
import { add, type HeartNode, open, tenantId, useHeart } from '../../support/heart.js';

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
    const feed = b.log.follow({ tenantId, sessionId }, { after: 0 });
    expect(await seqs(feed)).toEqual([1]);
    for (const seq of [2, 3, 4]) {
      await add(a, sessionId);
      expect(await seqs(feed)).toEqual([seq]);
    }
    feed.close();
  });
});

/** From now on a hub has no clock, so that only bells tell it anything. */
function stopLooking(): void {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
}

async function seqs(feed: Feed<StoredEvent>): Promise<readonly number[] | string> {
  const items = await feed.next();
  return typeof items === 'string' ? items : items.map(({ seq }) => seq);
}
