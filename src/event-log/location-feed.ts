import { isTransient } from '../db/sql-errors.js';
import { type Activity, type ActivityPosition, isBehind } from './activity.js';
import { createFeed, type OpenFeed } from './feed.js';
import type { LocationChannel } from './location-channel.js';

/** A feed as its hub sees it. */
export type LocationFeed = OpenFeed<Activity>;

/** Where a reader of a location's events begins. */
export interface LocationStart {
  readonly after: ActivityPosition;
  /** Whether an event behind that place belongs to what it reads. */
  readonly isNew: (activity: Activity) => boolean;
}

export interface LocationFeedOptions {
  readonly channel: LocationChannel;
  readonly start: LocationStart;
  /** The database refused what was asked for: wake the feed when it may be there again. */
  readonly refused: () => void;
  /** Called once, when nobody reads any more. */
  readonly release: () => void;
}

/** Follows a location for as long as it is read. */
export function createLocationFeed({ channel, start, refused, release }: LocationFeedOptions): LocationFeed {
  let position = start.after;
  /** Where the reader stands once it has what was found last. */
  let reached = position;

  /** A stretch of the log in which this location has nothing is passed over. */
  const look = async (): Promise<readonly Activity[]> => {
    const stretch = await channel.after(position);
    const items = stretch.items.filter(start.isNew);
    reached = stretch.to;
    if (items.length > 0 || !isBehind(reached, position)) return items;
    position = reached;
    feed.wake();
    return items;
  };

  const feed = createFeed<Activity>(
    {
      look: async () => {
        try {
          return await look();
        } catch (error) {
          if (!isTransient(error)) throw error;
          refused();
          return [];
        }
      },
      pass(items) {
        position = reached;
        return items;
      },
      isOver: () => false,
    },
    release,
  );
  return feed;
}
