import { findLocation, removeLocation as removeRow } from '../db/locations.js';
import type { LocationId } from '../domain/ids.js';
import { Rejection } from '../domain/rejection.js';
import type { Scope } from '../domain/scope.js';
import { noSuchLocation, requireManagerAt } from './access.js';
import type { Credentials } from './credentials.js';
import type { Deps } from './deps.js';

/** Gives a location up, by its manager: its codes and the keys bound to it prove nothing any more; its past stays. */
export async function removeLocation(
  deps: Deps & { readonly credentials: Credentials },
  scope: Scope,
  locationId: LocationId,
): Promise<LocationId> {
  const { tenantId } = requireManagerAt(scope, locationId);
  const isGone = await removeRow(deps.orm, tenantId, locationId);
  deps.credentials.forget();
  deps.menus.forget(tenantId, locationId);
  if (isGone) return locationId;
  if (!(await findLocation(deps.orm, tenantId, locationId))) throw noSuchLocation();
  throw new Rejection('TABLE_OCCUPIED', 'somebody sits at a table of this location: close the sessions first');
}
