import type { Seq } from '../domain/ids.js';
import type { Channel } from './channel.js';
import type { SessionFeed } from './session-feed.js';

/** Where feeds wait for something new. */
export interface WaitingPlace {
  readonly feeds: ReadonlySet<{ wake(): void }>;
  isWaking: boolean;
}

/** A session that somebody in this process follows. */
export interface Followed extends WaitingPlace {
  readonly key: string;
  readonly channel: Channel;
  readonly feeds: Set<SessionFeed>;
  /** On the monotonic clock, in milliseconds: when the log was last known to reach no further than `channel` says. */
  lookedAt: number;
  /** How far another node said that the log reaches. */
  heardSeq: Seq;
  isReading: boolean;
  isExpiring: boolean;
}

export function newFollowed(key: string, channel: Channel): Followed {
  const idle = { isWaking: false, isReading: false, isExpiring: false };
  return { key, channel, feeds: new Set(), lookedAt: 0, heardSeq: 0, ...idle };
}

/** Feeds are told in the next turn of the event loop: the writer's own answer goes first, and many events go at once. */
export function wakeSoon(place: WaitingPlace): void {
  if (place.isWaking) return;
  place.isWaking = true;
  setImmediate(() => {
    place.isWaking = false;
    for (const feed of place.feeds) feed.wake();
  });
}
