import { type CodedTable, listCodedTables } from '../db/dining-tables.js';
import { findLocation, type LocationRow } from '../db/locations.js';
import type { LocationId } from '../domain/ids.js';
import type { Scope } from '../domain/scope.js';
import { noSuchLocation, requireKey, requireLocation } from './access.js';
import type { Deps } from './deps.js';

/** A location, for anybody with a credential of that restaurant. */
export async function getLocation(deps: Deps, scope: Scope, locationId: LocationId): Promise<LocationRow> {
  const { tenantId } = requireLocation(scope, locationId);
  const location = await findLocation(deps.orm, tenantId, locationId);
  if (!location) throw noSuchLocation();
  return location;
}

/** A location's tables in the order that people count them, for staff. */
export async function getTables(deps: Deps, scope: Scope, locationId: LocationId): Promise<readonly CodedTable[]> {
  const { tenantId } = requireKey(scope, 'staff');
  return listCodedTables(deps.orm, tenantId, locationId);
}
