/** Reading feeds in tests. */
import { vi } from 'vitest';
import type { StoredEvent } from '../../src/domain/events/define.js';
import type { SessionId } from '../../src/domain/ids.js';
import type { Feed, FeedEnd } from '../../src/event-log/feed.js';
import { type HeartNode, tenantId } from './heart-acts.js';

/** A feed on a node that has read the session, as every service does. */
export async function followOn(node: HeartNode, sessionId: SessionId, after = 0): Promise<Feed<StoredEvent>> {
  const feed = node.log.follow({ tenantId, sessionId }, { after });
  try {
    await node.log.current({ tenantId, sessionId });
    return feed;
  } catch (error) {
    feed.close();
    throw error;
  }
}

/** The seqs that a feed gives next, or why it gives none. */
export async function nextSeqs(feed: Feed<StoredEvent>): Promise<readonly number[] | FeedEnd> {
  const items = await feed.next();
  return typeof items === 'string' ? items : items.map(({ seq }) => seq);
}

/** The seqs that the feed gives, until it has given `last`. */
export async function readTo(feed: Feed<StoredEvent>, last: number): Promise<readonly number[]> {
  const read: number[] = [];
  while ((read.at(-1) ?? 0) < last) {
    const seqs = await nextSeqs(feed);
    if (typeof seqs === 'string') throw new Error(`ended behind ${read.at(-1)}: ${seqs}`);
    read.push(...seqs);
  }
  return read;
}

export function seqsBetween(after: number, last: number): readonly number[] {
  return Array.from({ length: Math.max(0, last - after) }, (_, n) => after + 1 + n);
}

/** A hub that begins to follow from now on has no clock, so that only bells tell it anything. `vi.useRealTimers` ends it. */
export function stopLooking(): void {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
}
