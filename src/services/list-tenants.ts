import { listTenants as listRows, type TenantRow } from '../db/tenants.js';
import type { Scope } from '../domain/scope.js';
import { requireOperator } from './access.js';
import type { Deps } from './deps.js';
import { checkPageSize } from './read-fields.js';

export type { TenantRow };

/** All tenants, for operators, in the order they were made. */
export async function listTenants(
  deps: Deps,
  scope: Scope,
  { first, after }: { readonly first: number; readonly after?: string | undefined },
): Promise<{ readonly tenants: readonly TenantRow[]; readonly hasMore: boolean }> {
  requireOperator(scope);
  checkPageSize(first);
  const rows = await listRows(deps.orm, { after, limit: first + 1 });
  return { tenants: rows.slice(0, first), hasMore: rows.length > first };
}
