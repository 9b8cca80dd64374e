import { rotateMerchantSecrets as rotateRow } from '../db/merchant-accounts.js';
import type { Scope } from '../domain/scope.js';
import { requireKey } from './access.js';
import type { Deps } from './deps.js';
import { providerNamed, readAccountFields } from './merchant-account-fields.js';
import { sealAccountSecrets } from './merchant-account-secrets.js';
import { type AccountView, noSuchAccount, viewAccount } from './merchant-account-view.js';
import { ownAccount } from './update-merchant-account.js';

/**
 * Takes new secrets into use, by a manager. The ones before sign nothing any more, and verify for so many seconds; with 0
 * they are gone at once, for when they have leaked. Only one generation is kept.
 */
export async function rotateMerchantSecrets(
  deps: Deps,
  scope: Scope,
  wanted: { readonly accountId: string; readonly secrets: object; readonly keepPreviousSeconds: number },
): Promise<AccountView> {
  const owner = requireKey(scope, 'manager');
  const { accountId, ...fields } = wanted;
  const account = await ownAccount(deps, owner, accountId);
  const { secrets, keepPreviousSeconds } = readAccountFields(
    providerNamed(account.provider),
    fields,
    deps.accounts.isRefused,
  );
  const setAt = new Date().toISOString();
  const sealedSecrets = sealAccountSecrets(deps.accounts.box, account, { secrets, setAt });
  const row = await rotateRow(deps.orm, { ...owner, id: account.id }, { sealedSecrets, keepPreviousSeconds });
  deps.accounts.forget();
  if (!row) throw noSuchAccount();
  return viewAccount(deps, row);
}
