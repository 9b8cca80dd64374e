import { findLocation } from '../db/locations.js';
import type { LocationId } from '../domain/ids.js';
import type { Scope } from '../domain/scope.js';
import type { Activity } from '../event-log/activity.js';
import type { Feed } from '../event-log/feed.js';
import { noSuchLocation, requireKey, requireLocation } from './access.js';
import type { Deps } from './deps.js';

export type { Activity };

/** Everything that happens at a location, behind a cursor of an earlier feed or from now on: for floor and kitchen. */
export async function followLocation(
  deps: Deps,
  scope: Scope,
  { locationId, after }: { readonly locationId: LocationId; readonly after: string | undefined },
): Promise<Feed<Activity>> {
  const { tenantId } = requireKey(scope, 'staff');
  requireLocation(scope, locationId);
  if (!(await findLocation(deps.orm, tenantId, locationId))) throw noSuchLocation();
  return deps.log.followLocation({ tenantId, locationId }, after);
}
