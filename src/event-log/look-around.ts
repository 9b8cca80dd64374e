import type { Bells } from './bells/bells.js';
import type { Channel } from './channel.js';
import type { DatabaseClock } from './database-clock.js';
import type { Followed } from './followed.js';
import { laneKey } from './lane.js';
import type { Glance } from './look-heads.js';
import type { LogName } from './read-events.js';

/** How a process finds out what happened to the sessions that it follows. */
export interface LookOptions {
  readonly bells: Pick<Bells, 'isHearing'>;
  readonly clock: DatabaseClock;
  /** Reads a session anew; what it shows comes back through the hub's `learn`. */
  readonly refresh: (log: LogName) => Promise<unknown>;
  readonly glance: (logs: readonly LogName[]) => Promise<readonly Glance[]>;
  /** Writes the end of a session whose time is over into its log. */
  readonly expire: (log: LogName) => Promise<unknown>;
  readonly failed: (error: unknown) => void;
}

/** How often the hub sees whether a look is due, in milliseconds; without bells it looks every time. */
export const tickMs = 250;
/** Without any news a session is looked at this often: below the 5 s within which a missed bell must be noticed. */
export const lookEveryMs = 4_000;
/** Most sessions that one statement looks at. */
const glanceSize = 500;
/** As the time of the last look: a look is due at the next tick. */
export const tooLongAgo = Number.NEGATIVE_INFINITY;

/**
 * Reads the session until it is where it was heard to be; one read at a time, for all who follow it. News are rung after
 * the commit, so a read that begins behind them shows what they tell of, and only later ones ask for another.
 */
export async function catchUp(place: Followed, { refresh, failed }: LookOptions): Promise<void> {
  if (place.isReading) return;
  place.isReading = true;
  const { channel } = place;
  try {
    while (place.heardSeq > channel.lastSeq) {
      place.heardSeq = 0;
      await refresh(channel.log);
    }
  } catch (error) {
    failed(error);
    place.lookedAt = tooLongAgo;
  } finally {
    place.isReading = false;
  }
}

/** What fails is done again when the next look finds it still needed. */
export async function writeEnd(place: Followed, { expire, failed }: LookOptions): Promise<void> {
  if (place.isExpiring) return;
  place.isExpiring = true;
  try {
    await expire(place.channel.log);
  } catch (error) {
    failed(error);
  } finally {
    place.isExpiring = false;
  }
}

/** Looks at the sessions that were quiet for long, whose time is up, or of which news may have been missed. */
export function lookAround(followed: readonly Followed[], options: LookOptions): void {
  const now = performance.now();
  const patience = options.bells.isHearing ? lookEveryMs : 0;
  const due = followed.filter(
    (place) => !place.isReading && (now - place.lookedAt >= patience || isPastTime(place.channel, options.clock)),
  );
  for (let start = 0; start < due.length; start += glanceSize) {
    void lookAt(due.slice(start, start + glanceSize), options);
  }
}

function isPastTime({ expiresAt, isOver }: Channel, clock: DatabaseClock): boolean {
  return !isOver && Number.isFinite(expiresAt) && clock.now() > expiresAt;
}

/**
 * Asks for the heads of many sessions at once, and reads anew those that have moved. The look counts from its begin: what
 * asks for another one meanwhile gets it.
 */
async function lookAt(places: readonly Followed[], options: LookOptions): Promise<void> {
  const { glance, refresh, failed } = options;
  const startedAt = performance.now();
  for (const place of places) {
    place.isReading = true;
    place.heardSeq = 0;
    place.lookedAt = startedAt;
  }
  try {
    const seen = await glance(places.map(({ channel }) => channel.log));
    const heads = new Map(seen.map((head) => [laneKey(head.tenantId, head.sessionId), head]));
    await Promise.all(
      places.map(async ({ key, channel }) => {
        const head = heads.get(key);
        if (head && (head.seq > channel.lastSeq || (head.isPast && !channel.isOver))) await refresh(channel.log);
      }),
    );
  } catch (error) {
    failed(error);
    for (const place of places) place.lookedAt = tooLongAgo;
  } finally {
    for (const place of places) {
      place.isReading = false;
      void catchUp(place, options);
      // Readers whom the database refused a page try again now.
      for (const feed of place.feeds) feed.wake();
    }
  }
}
