import {
  findMerchantAccount,
  type MerchantAccountRow,
  updateMerchantAccount as updateRow,
} from '../db/merchant-accounts.js';
import type { KeyScope, Scope } from '../domain/scope.js';
import { requireKey } from './access.js';
import type { Deps } from './deps.js';
import { providerNamed, readAccountFields } from './merchant-account-fields.js';
import { type AccountView, noSuchAccount, viewAccount } from './merchant-account-view.js';

export interface AccountChange {
  readonly accountId: string;
  readonly name?: string | undefined;
  /** All of them: they take the place of those before. */
  readonly settings?: object | undefined;
  readonly allowedAddresses?: readonly string[] | undefined;
  /** True: takes no new payments; what was begun with it still arrives. */
  readonly disabled?: boolean | undefined;
}

/** Changes an account by a manager. Secrets are rotated, not changed. */
export async function updateMerchantAccount(
  deps: Deps,
  scope: Scope,
  { accountId, ...change }: AccountChange,
): Promise<AccountView> {
  const owner = requireKey(scope, 'manager');
  const account = await ownAccount(deps, owner, accountId);
  const fields = readAccountFields(providerNamed(account.provider), change, deps.accounts.isRefused);
  const { name, settings, allowedAddresses, disabled } = fields;
  const row = await updateRow(
    deps.orm,
    { ...owner, id: account.id },
    {
      ...(name !== undefined && { name }),
      // Providers' settings are flat JSON objects by their schemas.
      ...(settings && { settings: settings as Readonly<Record<string, unknown>> }),
      ...(allowedAddresses && { allowedAddresses: [...allowedAddresses] }),
      isDisabled: disabled,
    },
  );
  deps.accounts.forget();
  if (!row) throw noSuchAccount();
  return viewAccount(deps, row);
}

/** An account that this key manages. Any other looks like none. */
export async function ownAccount(deps: Deps, owner: KeyScope, accountId: string): Promise<MerchantAccountRow> {
  const row = await findMerchantAccount(deps.orm, accountId);
  const isOwn = row?.tenantId === owner.tenantId && (owner.locationId === null || row.locationId === owner.locationId);
  if (!isOwn) throw noSuchAccount();
  return row;
}
