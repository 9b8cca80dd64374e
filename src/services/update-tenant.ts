import { findTenant, renameTenant, type TenantRow } from '../db/tenants.js';
import type { TenantId } from '../domain/ids.js';
import type { Scope } from '../domain/scope.js';
import { noSuchTenant, requireOperator } from './access.js';
import { tenantFields } from './create-tenant.js';
import type { Deps } from './deps.js';
import { readFields } from './read-fields.js';

/** Renames a tenant, by an operator. */
export async function updateTenant(
  deps: Deps,
  scope: Scope,
  { tenantId, ...change }: { readonly tenantId: TenantId; readonly name?: string | undefined },
): Promise<TenantRow> {
  requireOperator(scope);
  const { name } = readFields(tenantFields.partial(), change);
  const tenant =
    name === undefined ? await findTenant(deps.orm, tenantId) : await renameTenant(deps.orm, tenantId, name);
  if (!tenant) throw noSuchTenant();
  return tenant;
}
