import type { StoredEvent } from '../domain/events/define.js';
import { unauthenticated } from './access.js';
import type { Feed, FeedEnd } from './follow-session.js';
import type { OpenStreams } from './open-streams.js';

/** Somebody who waits for an answer. */
export interface Patience {
  readonly seconds: number;
  /** Aborted when the caller has gone away. */
  readonly gone: AbortSignal;
  /** Whether the credential still counts, where it can be revoked. */
  readonly isStanding?: (() => Promise<boolean>) | undefined;
}

/** The feed's next events; or why there are none: `late` when the time is up, else as the feed says. */
export async function awaitNews(
  feed: Feed<StoredEvent>,
  { seconds, gone, isStanding }: Patience,
  streams: OpenStreams,
): Promise<readonly StoredEvent[] | FeedEnd | 'late'> {
  let isLate = false;
  let hasFallen = false;
  const timer = setTimeout(() => {
    isLate = true;
    feed.close();
  }, seconds * 1000);
  const unwatch = streams.watch(isStanding, () => {
    hasFallen = true;
    feed.close();
  });
  const leave = () => feed.close();
  gone.addEventListener('abort', leave, { once: true });
  if (gone.aborted) leave();
  try {
    const news = await feed.next();
    if (hasFallen || (isStanding && news !== 'closed' && !(await isStanding()))) throw unauthenticated();
    return news === 'closed' && isLate ? 'late' : news;
  } finally {
    clearTimeout(timer);
    unwatch();
    gone.removeEventListener('abort', leave);
  }
}
