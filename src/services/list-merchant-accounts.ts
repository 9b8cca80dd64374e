import { listMerchantAccounts as listRows } from '../db/merchant-accounts.js';
import { invalid } from '../domain/rejection.js';
import type { Scope } from '../domain/scope.js';
import { requireKey } from './access.js';
import type { Deps } from './deps.js';
import { pageBounds } from './list-events.js';
import { type AccountView, viewAccount } from './merchant-account-view.js';

/** The tenant's accounts, or the location's own where the key is bound to one, in the order they were made. */
export async function listMerchantAccounts(
  deps: Deps,
  scope: Scope,
  { first, after }: { readonly first: number; readonly after?: string | undefined },
): Promise<{ readonly accounts: readonly AccountView[]; readonly hasMore: boolean }> {
  const owner = requireKey(scope, 'manager');
  if (first < pageBounds.min || first > pageBounds.max) {
    throw invalid([{ path: 'first', message: `must be ${pageBounds.min} to ${pageBounds.max}` }]);
  }
  const rows = await listRows(deps.orm, owner, { after, limit: first + 1 });
  const accounts = rows.slice(0, first).map((row) => viewAccount(deps, row));
  return { accounts, hasMore: rows.length > first };
}
