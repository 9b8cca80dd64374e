import { insertLocation, type LocationRow } from '../db/locations.js';
import { findTenant } from '../db/tenants.js';
import { asId, type LocationId, type TenantId } from '../domain/ids.js';
import { Rejection } from '../domain/rejection.js';
import type { Scope } from '../domain/scope.js';
import { noSuchTenant, requireManagement } from './access.js';
import type { Deps } from './deps.js';
import { type GivenSettings, knownTimeZone, newLocationFields } from './location-fields.js';
import { readFields } from './read-fields.js';

export interface NewLocation {
  /** For operators, who have none of their own. */
  readonly tenantId?: TenantId | undefined;
  readonly settings: GivenSettings;
}

/** So much is cash rounded to where nothing else is said: the smallest note or coin that is handed out. */
const usualRounding: Readonly<Record<string, number>> = { VND: 1000 };

/** Opens a location, by a manager of the whole restaurant or an operator. */
export async function createLocation(deps: Deps, scope: Scope, wanted: NewLocation): Promise<LocationRow> {
  const { tenantId, locationId } = requireManagement(scope, wanted.tenantId);
  if (locationId !== null) throw new Rejection('FORBIDDEN', 'this key manages one location and opens no others');
  const { name, currency, timezone, ...settings } = readFields(newLocationFields, wanted.settings);
  if (!(await findTenant(deps.orm, tenantId))) throw noSuchTenant();
  return insertLocation(deps.orm, {
    cashRounding: usualRounding[currency] ?? 1,
    ...settings,
    ...{ tenantId, id: asId<LocationId>(deps.newId()), name, currency },
    timezone: await knownTimeZone(deps, timezone),
  });
}
