import type { TenantId } from '../domain/ids.js';
import type { ActivityPosition, LocationName } from './activity.js';
import {
  askFor,
  type FollowedLocation,
  type FollowedTenant,
  newFollowedTenant,
  type ReadingOptions,
  stopReading,
} from './activity-reading.js';
import type { Bells } from './bells/bells.js';
import type { ChannelLimits } from './channel.js';
import { createLocationChannel } from './location-channel.js';
import { lookEveryMs, tickMs } from './look-around.js';

/** The tenants whose locations are followed in this process, and the clock that runs while there are any. */
export interface FollowedTenants {
  get(tenantId: TenantId): FollowedTenant | undefined;
  all(): Iterable<FollowedTenant>;
  /** The place of this location, made if nobody follows it yet; a new tenant is read from `from` on. */
  at(name: LocationName, from: ActivityPosition): readonly [FollowedTenant, FollowedLocation];
  /** Lets go of the place if nobody is there any more. */
  leave(tenant: FollowedTenant, location: FollowedLocation): void;
}

export interface FollowedTenantsOptions extends ReadingOptions {
  readonly bells: Pick<Bells, 'isHearing'>;
  readonly limits: Pick<ChannelLimits, 'tailEvents'>;
  /** Tells which of the tenants have events that were not read yet. */
  readonly glance: (tenants: readonly FollowedTenant[]) => Promise<ReadonlySet<TenantId>>;
}

/** Most tenants that one statement looks at. */
const glanceSize = 500;

export function createFollowedTenants(options: FollowedTenantsOptions): FollowedTenants {
  const tenants = new Map<TenantId, FollowedTenant>();
  let ticker: NodeJS.Timeout | undefined;
  return {
    get: (tenantId) => tenants.get(tenantId),
    all: () => tenants.values(),
    at(name, from) {
      const tenant = tenants.get(name.tenantId) ?? newFollowedTenant(name.tenantId, from);
      tenants.set(name.tenantId, tenant);
      ticker ??= setInterval(() => lookAround([...tenants.values()], options), tickMs).unref();
      const location = tenant.locations.get(name.locationId) ?? newLocation(name, tenant, options);
      tenant.locations.set(name.locationId, location);
      return [tenant, location];
    },
    leave(tenant, location) {
      const { locationId } = location.channel.name;
      if (location.feeds.size > 0 || tenant.locations.get(locationId) !== location) return;
      tenant.locations.delete(locationId);
      if (tenant.locations.size > 0) return;
      stopReading(tenant);
      tenants.delete(tenant.tenantId);
      if (tenants.size > 0) return;
      clearInterval(ticker);
      ticker = undefined;
    },
  };
}

function newLocation(
  name: LocationName,
  { readTo }: FollowedTenant,
  options: FollowedTenantsOptions,
): FollowedLocation {
  const { read, limits } = options;
  return { channel: createLocationChannel(name, { from: readTo, read, limits }), feeds: new Set(), isWaking: false };
}

/** Looks at the tenants that were quiet for long, and at those whose readers the database had refused. */
function lookAround(followed: readonly FollowedTenant[], options: FollowedTenantsOptions): void {
  const now = performance.now();
  const patience = options.bells.isHearing ? lookEveryMs : 0;
  const due = followed.filter(
    ({ isLooking, isReading, isRefused, lookedAt }) =>
      !isLooking && !isReading && (isRefused || now - lookedAt >= patience),
  );
  for (let start = 0; start < due.length; start += glanceSize) {
    void lookAt(due.slice(start, start + glanceSize), options);
  }
}

async function lookAt(tenants: readonly FollowedTenant[], options: FollowedTenantsOptions): Promise<void> {
  const now = performance.now();
  for (const tenant of tenants) tenant.isLooking = true;
  try {
    const moved = await options.glance(tenants);
    for (const tenant of tenants) {
      if (moved.has(tenant.tenantId) || tenant.isRefused) askFor(tenant, options);
      else tenant.lookedAt = now;
    }
  } catch (error) {
    options.failed(error);
  } finally {
    for (const tenant of tenants) tenant.isLooking = false;
  }
}
