import type { StoredEvent } from '../domain/events/define.js';
import type { SessionNews } from './bells/bells.js';
import type { Channel } from './channel.js';
import type { Feed } from './feed.js';
import { type Followed, newFollowed, wakeSoon } from './followed.js';
import { laneKey } from './lane.js';
import { catchUp, lookAround, type LookOptions, tickMs, tooLongAgo, writeEnd } from './look-around.js';
import type { LogName } from './read-events.js';
import { createSessionFeed, type FollowOptions, type SessionFeed } from './session-feed.js';
import type { SessionState } from './session-state.js';

/** All sessions that somebody follows in this process: tells their feeds what this process writes, reads or hears of. */
export interface Hub {
  /** A feed that begins to listen at once; what is in the log already is given first. */
  readonly follow: (log: LogName, options: FollowOptions) => Feed<StoredEvent>;
  /** Takes in a session as a write or a read has just shown it. */
  readonly learn: (state: SessionState) => void;
  /** Another node has written. */
  readonly hear: (news: SessionNews) => void;
  /** Looks at every followed session soon: news may have been missed. */
  readonly lookAtAll: () => void;
  /** Feeds that are open. */
  readonly followers: number;
  /** Ends every feed, and all that come later, so that their readers go on elsewhere. */
  readonly drain: () => void;
}

export interface HubOptions extends LookOptions {
  /** What memory has of the session, perhaps out of date. */
  readonly known: (log: LogName) => SessionState | undefined;
  readonly openChannel: (log: LogName) => Channel;
}

export function createHub(options: HubOptions): Hub {
  const followed = createPlaces(options);
  const placeOf = (log: LogName) => followed.get(laneKey(log.tenantId, log.sessionId));
  let followers = 0;
  let isDraining = false;
  return {
    follow(log, wanted) {
      const place = followed.at(log);
      const feed = createSessionFeed(place.channel, wanted, () => {
        followers -= 1;
        followed.leave(place, feed);
      });
      place.feeds.add(feed);
      followers += 1;
      if (isDraining) feed.end('draining');
      return feed;
    },
    learn(state) {
      const place = followers > 0 ? placeOf(state.bill) : undefined;
      if (!place) return;
      place.lookedAt = performance.now();
      if (place.channel.learn(state)) wakeSoon(place);
      if (needsEnd(place.channel, state)) void writeEnd(place, options);
    },
    hear(news) {
      const place = placeOf(news);
      if (!place) return;
      place.heardSeq = Math.max(place.heardSeq, news.seq);
      void catchUp(place, options);
    },
    lookAtAll() {
      for (const place of followed.all()) place.lookedAt = tooLongAgo;
    },
    get followers() {
      return followers;
    },
    drain() {
      isDraining = true;
      for (const { feeds } of [...followed.all()]) for (const feed of [...feeds]) feed.end('draining');
    },
  };
}

/** The followed sessions by name, and the clock that runs while there are any. */
interface Places {
  get(key: string): Followed | undefined;
  /** The place of this session, made if nobody follows it yet. */
  at(log: LogName): Followed;
  leave(place: Followed, feed: SessionFeed): void;
  all(): Iterable<Followed>;
}

function createPlaces(options: HubOptions): Places {
  const places = new Map<string, Followed>();
  let ticker: NodeJS.Timeout | undefined;
  return {
    get: (key) => places.get(key),
    at(log) {
      const key = laneKey(log.tenantId, log.sessionId);
      const known = places.get(key);
      if (known) return known;
      const place = newFollowed(key, options.openChannel(log));
      places.set(key, place);
      ticker ??= setInterval(() => lookAround([...places.values()], options), tickMs).unref();
      const state = options.known(log);
      if (state) place.channel.learn(state);
      return place;
    },
    leave(place, feed) {
      place.feeds.delete(feed);
      if (place.feeds.size > 0 || places.get(place.key) !== place) return;
      places.delete(place.key);
      if (places.size > 0) return;
      clearInterval(ticker);
      ticker = undefined;
    },
    all: () => places.values(),
  };
}

/** Its time is over, and the end that its location wants to see in the log is not there yet. */
function needsEnd(channel: Channel, { status, isPast }: SessionState): boolean {
  return status === 'open' && isPast && !channel.isOver;
}
