import type { LocationId, TenantId } from '../domain/ids.js';
import { type Activity, type ActivityPosition, isBehind, type LocationName } from './activity.js';
import type { ReadActivity } from './activity-page.js';
import type { ChannelLimits } from './channel.js';

/** What stands behind a position at a location, as far as one look shows it. */
export interface Stretch {
  readonly items: readonly Activity[];
  /** Where the next look begins. */
  readonly to: ActivityPosition;
}

/** One location as its followers in this process see it: the newest events, and how far everything was read. */
export interface LocationChannel {
  readonly name: LocationName;
  /** Takes in everything between where it was read to and `to`. */
  learn(items: readonly Activity[], to: ActivityPosition): void;
  /** The tenant was read on to here without this location: what lies before is not in memory. */
  skip(to: ActivityPosition): void;
  /** What is behind the position: at once where memory has it, else from the log, read once for all who ask. */
  after(position: ActivityPosition): Stretch | Promise<Stretch>;
}

export interface LocationChannelOptions {
  /** From where on it is told everything. */
  readonly from: ActivityPosition;
  readonly read: ReadActivity;
  readonly limits: Pick<ChannelLimits, 'tailEvents'>;
}

export function createLocationChannel(name: LocationName, options: LocationChannelOptions): LocationChannel {
  const { read, limits } = options;
  let tail: readonly Activity[] = [];
  /** The tail has everything between these two places. */
  let from = options.from;
  let readTo = options.from;
  const reads = new Map<string, Promise<Stretch>>();

  const readBehind = (position: ActivityPosition): Promise<Stretch> => {
    const key = `${position.tx}/${position.sessionId}/${position.seq}`;
    const underWay = reads.get(key);
    if (underWay) return underWay;
    const fresh = read({ ...one(name), after: position }).finally(() => reads.delete(key));
    reads.set(key, fresh);
    return fresh;
  };

  return {
    name,
    learn(items, to) {
      const grown = [...tail, ...items];
      const dropped = grown.at(-1 - limits.tailEvents);
      if (dropped) from = dropped;
      tail = dropped ? grown.slice(-limits.tailEvents) : grown;
      readTo = to;
    },
    skip(to) {
      tail = [];
      from = to;
      readTo = to;
    },
    after(position) {
      if (isBehind(from, position)) return readBehind(position);
      const items = tail.filter((item) => isBehind(item, position));
      return { items, to: isBehind(readTo, position) ? readTo : position };
    },
  };
}

function one({ tenantId, locationId }: LocationName): { tenantId: TenantId; locationIds: readonly LocationId[] } {
  return { tenantId, locationIds: [locationId] };
}
