import { listLocations as listRows, type LocationRow } from '../db/locations.js';
import type { TenantId } from '../domain/ids.js';
import type { Scope } from '../domain/scope.js';
import { requireManagement } from './access.js';
import type { Deps } from './deps.js';
import { checkPageSize } from './read-fields.js';

/** A restaurant's locations, for its managers, in the order they were made. */
export async function listLocations(
  deps: Deps,
  scope: Scope,
  wanted: { readonly tenantId?: TenantId | undefined; readonly first: number; readonly after?: string | undefined },
): Promise<{ readonly locations: readonly LocationRow[]; readonly hasMore: boolean }> {
  const owner = requireManagement(scope, wanted.tenantId);
  const { first, after } = wanted;
  checkPageSize(first);
  const rows = await listRows(deps.orm, owner, { after, limit: first + 1 });
  return { locations: rows.slice(0, first), hasMore: rows.length > first };
}
