import { z } from 'zod';
import { insertTenant, type TenantRow } from '../db/tenants.js';
import { asId, type TenantId } from '../domain/ids.js';
import type { Scope } from '../domain/scope.js';
import { requireOperator } from './access.js';
import type { Deps } from './deps.js';
import { nameOf, readFields } from './read-fields.js';

export const tenantFields = z.object({ name: nameOf(100) });

/** Takes a restaurant business in, by an operator; its first location and key come next. */
export async function createTenant(deps: Deps, scope: Scope, wanted: { readonly name: string }): Promise<TenantRow> {
  requireOperator(scope);
  const { name } = readFields(tenantFields, wanted);
  return insertTenant(deps.orm, { id: asId<TenantId>(deps.newId()), name });
}
