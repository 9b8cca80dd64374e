import { invalid } from '../domain/rejection.js';
import type { Activity, LocationName } from './activity.js';
import { fromCursor } from './activity-cursor.js';
import type { Moment } from './activity-moment.js';
import { askFor } from './activity-reading.js';
import type { SessionNews } from './bells/bells.js';
import type { Feed } from './feed.js';
import { createLocationFeed, type LocationFeed, type LocationStart } from './location-feed.js';
import { createFollowedTenants, type FollowedTenantsOptions } from './location-tenants.js';

/** All locations that somebody follows in this process. */
export interface LocationHub {
  /** A feed of all that happens behind the cursor, or from now on; VALIDATION_FAILED for what is no cursor of this place. */
  readonly follow: (name: LocationName, cursor: string | undefined) => Promise<Feed<Activity>>;
  /** This node or another one has written. */
  readonly hear: (news: Pick<SessionNews, 'tenantId' | 'locationId'>) => void;
  /** Looks at every followed tenant soon: news may have been missed. */
  readonly lookAtAll: () => void;
  /** Feeds that are open. */
  readonly followers: number;
  /** Ends every feed, and all that come later. */
  readonly drain: () => void;
}

export interface LocationHubOptions extends FollowedTenantsOptions {
  readonly moment: () => Promise<Moment>;
}

export function createLocationHub(options: LocationHubOptions): LocationHub {
  const tenants = createFollowedTenants(options);
  let followers = 0;
  let isDraining = false;
  return {
    async follow(name, cursor) {
      const moment = await options.moment();
      const start = startOf(name, cursor, moment);
      const [tenant, location] = tenants.at(name, moment.place);
      const feed: LocationFeed = createLocationFeed({
        ...{ channel: location.channel, start },
        refused: () => (tenant.isRefused = true),
        release: () => {
          followers -= 1;
          location.feeds.delete(feed);
          tenants.leave(tenant, location);
        },
      });
      location.feeds.add(feed);
      followers += 1;
      // News that came since that moment went to nobody.
      askFor(tenant, options);
      if (isDraining) feed.end('draining');
      return feed;
    },
    hear({ tenantId, locationId }) {
      const tenant = followers > 0 ? tenants.get(tenantId) : undefined;
      if (tenant?.locations.has(locationId)) askFor(tenant, options);
    },
    lookAtAll() {
      for (const tenant of tenants.all()) tenant.lookedAt = 0;
    },
    get followers() {
      return followers;
    },
    drain() {
      isDraining = true;
      const locations = [...tenants.all()].flatMap((tenant) => [...tenant.locations.values()]);
      for (const { feeds } of locations) for (const feed of [...feeds]) feed.end('draining');
    },
  };
}

/** Behind the cursor; or from now on, without what could be seen already. */
function startOf(name: LocationName, cursor: string | undefined, moment: Moment): LocationStart {
  if (cursor === undefined) return { after: moment.place, isNew: ({ tx }) => !moment.sees(tx) };
  const after = fromCursor(name, cursor);
  // A cursor of another server's transactions would wait for ever.
  if (!after || after.tx >= moment.next) throw invalid([{ path: 'after', message: 'is not a cursor of this feed' }]);
  return { after, isNew: () => true };
}
