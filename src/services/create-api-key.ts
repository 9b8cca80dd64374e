import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { type ApiKeyRow, insertApiKey } from '../db/api-keys.js';
import { findLocation } from '../db/locations.js';
import { hashSecret } from '../db/secret-hash.js';
import { findTenant } from '../db/tenants.js';
import type { LocationId, TenantId } from '../domain/ids.js';
import { invalid } from '../domain/rejection.js';
import type { Role, Scope } from '../domain/scope.js';
import { noSuchLocation, noSuchTenant, requireManagement, type Stewardship } from './access.js';
import type { Deps } from './deps.js';
import { nameOf, readFields } from './read-fields.js';

export interface NewKey {
  /** For operators, who have none of their own. */
  readonly tenantId?: TenantId | undefined;
  readonly name: string;
  readonly role: Role;
  /** Left out: all of the tenant's, or the one that the manager's own key is bound to. */
  readonly locationId?: LocationId | undefined;
  readonly shared: boolean;
  readonly expiresAt?: Date | undefined;
}

const keyFields = z.object({ name: nameOf(60) });
const secretBytes = 32;

/** Makes a key, by a manager or an operator. Its secret is in this answer and nowhere else. */
export async function createApiKey(
  deps: Deps,
  scope: Scope,
  wanted: NewKey,
): Promise<{ readonly key: ApiKeyRow; readonly secret: string }> {
  const owner = requireManagement(scope, wanted.tenantId);
  const { name } = readFields(keyFields, { name: wanted.name });
  const locationId = await locationOf(deps, owner, wanted.locationId);
  const { role, shared, expiresAt } = wanted;
  const secret = `qrk_${randomBytes(secretBytes).toString('base64url')}`;
  const key = await insertApiKey(deps.orm, {
    ...{ id: deps.newId(), keyHash: hashSecret(secret), tenantId: owner.tenantId, locationId, role, name, shared },
    expiresAt: expiresAt?.toISOString() ?? null,
  });
  if (!key) throw invalid([{ path: 'expires_at', message: 'must be in the future' }]);
  return { key, secret };
}

/** Where the key will work. A manager of one location makes keys for that one only; any other looks like none. */
async function locationOf(deps: Deps, owner: Stewardship, wanted: LocationId | undefined): Promise<LocationId | null> {
  const { tenantId } = owner;
  const locationId = wanted ?? owner.locationId;
  if (owner.locationId !== null && locationId !== owner.locationId) throw noSuchLocation();
  if (locationId === null) {
    if (!(await findTenant(deps.orm, tenantId))) throw noSuchTenant();
    return null;
  }
  if (!(await findLocation(deps.orm, tenantId, locationId))) throw noSuchLocation();
  return locationId;
}
