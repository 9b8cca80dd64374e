import type { StoredEvent } from '../domain/events/define.js';
import type { Seq } from '../domain/ids.js';
import { isTransient } from '../db/sql-errors.js';
import type { Channel } from './channel.js';
import { createWaiting, type Feed, type FeedEnd } from './feed.js';

/** Where a reader of a session's log begins, and where its right to read ends. */
export interface FollowOptions {
  readonly after: Seq;
  /** True for an event that is the last one this reader may see: its own removal. */
  readonly isLast?: (event: StoredEvent) => boolean;
}

/** A feed as its hub sees it. */
export interface SessionFeed extends Feed<StoredEvent> {
  /** The last seq that was given out. */
  readonly position: Seq;
  wake(): void;
  end(why: FeedEnd): void;
}

/** Follows a channel from a position. `release` is called once, when nobody reads any more. */
export function createSessionFeed(channel: Channel, options: FollowOptions, release: () => void): SessionFeed {
  const { isLast } = options;
  let position = options.after;
  let ended: FeedEnd | undefined;
  const waiting = createWaiting();

  const end = (why: FeedEnd): void => {
    if (ended !== undefined) return;
    ended = why;
    release();
    waiting.wake();
  };

  /** What is given out ends with the reader's last event, if that is among it. */
  const give = (events: readonly StoredEvent[]): readonly StoredEvent[] => {
    const last = isLast ? events.findIndex(isLast) : -1;
    const given = last < 0 ? events : events.slice(0, last + 1);
    position = given.at(-1)?.seq ?? position;
    if (last >= 0) end('removed');
    return given;
  };

  return {
    get position() {
      return position;
    },
    async next() {
      for (;;) {
        if (ended !== undefined) return ended;
        const events = await readAfter(channel, position);
        if (events.length > 0 && !isGone(ended)) return give(events);
        if (channel.isOver && position >= channel.lastSeq) end('over');
        else await waiting.pause();
      }
    },
    close: () => end('closed'),
    wake: waiting.wake,
    end,
  };
}

/** Gone while the log was being read; a server that drains still gives what was read. */
function isGone(ended: FeedEnd | undefined): boolean {
  return ended !== undefined && ended !== 'draining';
}

/** A database that is away makes a reader wait for the next look at the log, and loses nothing. */
async function readAfter(channel: Channel, position: Seq): Promise<readonly StoredEvent[]> {
  try {
    return await channel.after(position);
  } catch (error) {
    if (isTransient(error)) return [];
    throw error;
  }
}
