import { findLocation, type LocationRow, updateLocation as updateRow } from '../db/locations.js';
import type { LocationId } from '../domain/ids.js';
import { invalid } from '../domain/rejection.js';
import type { Scope } from '../domain/scope.js';
import { noSuchLocation, requireManagerAt } from './access.js';
import type { Deps } from './deps.js';
import { type GivenSettings, knownTimeZone, locationChangeFields } from './location-fields.js';
import { readFields } from './read-fields.js';

/** Changes a location, by its manager. Running sessions keep what they were opened with; pausing orders holds at once. */
export async function updateLocation(
  deps: Deps,
  scope: Scope,
  { locationId, settings }: { readonly locationId: LocationId; readonly settings: GivenSettings },
): Promise<LocationRow> {
  const { tenantId } = requireManagerAt(scope, locationId);
  const { timezone, ...others } = readFields(locationChangeFields, settings);
  const change = { ...others, ...(timezone !== undefined && { timezone: await knownTimeZone(deps, timezone) }) };
  const found = await findLocation(deps.orm, tenantId, locationId);
  if (!found) throw noSuchLocation();
  if (Object.keys(change).length === 0) return found;
  const changed = await updateRow(deps.orm, { tenantId, id: locationId }, change);
  deps.menus.forget(tenantId, locationId);
  if (changed) return changed;
  if (change.currency === undefined || change.currency === found.currency) throw noSuchLocation();
  throw invalid([{ path: 'currency', message: 'cannot change once a session was opened here' }]);
}
