import type { StoredEvent } from '../domain/events/define.js';
import type { Seq } from '../domain/ids.js';
import { isTransient } from '../db/sql-errors.js';
import type { Channel } from './channel.js';
import { createFeed, type OpenFeed } from './feed.js';

/** Where a reader of a session's log begins, and where its right to read ends. */
export interface FollowOptions {
  readonly after: Seq;
  /** True for an event that is the last one this reader may see: its own removal. */
  readonly isLast?: (event: StoredEvent) => boolean;
}

/** A feed as its hub sees it. */
export type SessionFeed = OpenFeed<StoredEvent>;

/** Follows a channel from a position. `release` is called once, when nobody reads any more. */
export function createSessionFeed(
  channel: Channel,
  { after, isLast }: FollowOptions,
  release: () => void,
): SessionFeed {
  let position = after;

  /** What is given out ends with the reader's last event, if that is among it. */
  const pass = (events: readonly StoredEvent[]): readonly StoredEvent[] => {
    const last = isLast ? events.findIndex(isLast) : -1;
    const given = last < 0 ? events : events.slice(0, last + 1);
    position = given.at(-1)?.seq ?? position;
    if (last >= 0) feed.end('removed');
    return given;
  };

  const feed = createFeed<StoredEvent>(
    {
      look: () => readAfter(channel, position),
      pass,
      isOver: () => channel.isOver && position >= channel.lastSeq,
    },
    release,
  );
  return feed;
}

/** A database that is away makes a reader wait for the next look at the log, and loses nothing. */
function readAfter(channel: Channel, position: Seq): readonly StoredEvent[] | Promise<readonly StoredEvent[]> {
  const events = channel.after(position);
  if (!(events instanceof Promise)) return events;
  return events.catch((error: unknown) => {
    if (isTransient(error)) return [];
    throw error;
  });
}
