import { type ApiKeyRow, listApiKeys as listRows } from '../db/api-keys.js';
import type { TenantId } from '../domain/ids.js';
import type { Scope } from '../domain/scope.js';
import { requireManagement } from './access.js';
import type { Deps } from './deps.js';
import { checkPageSize } from './read-fields.js';

export type { ApiKeyRow };

/** A restaurant's keys without their secrets, for its managers, in the order they were made; revoked ones stay in it. */
export async function listApiKeys(
  deps: Deps,
  scope: Scope,
  wanted: { readonly tenantId?: TenantId | undefined; readonly first: number; readonly after?: string | undefined },
): Promise<{ readonly keys: readonly ApiKeyRow[]; readonly hasMore: boolean }> {
  const owner = requireManagement(scope, wanted.tenantId);
  const { first, after } = wanted;
  checkPageSize(first);
  const rows = await listRows(deps.orm, owner, { after, limit: first + 1 });
  return { keys: rows.slice(0, first), hasMore: rows.length > first };
}
