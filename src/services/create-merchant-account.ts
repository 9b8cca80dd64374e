import { findLocation } from '../db/locations.js';
import { insertMerchantAccount } from '../db/merchant-accounts.js';
import type { LocationId } from '../domain/ids.js';
import type { KeyScope, Scope } from '../domain/scope.js';
import { noSuchLocation, requireKey, requireLocation } from './access.js';
import type { Deps } from './deps.js';
import { providerNamed, readAccountFields } from './merchant-account-fields.js';
import { sealAccountSecrets } from './merchant-account-secrets.js';
import { type AccountView, viewAccount } from './merchant-account-view.js';

export interface NewAccount {
  /** Name of the provider. */
  readonly provider: string;
  readonly name: string;
  /** Left out: all of the tenant's, or the one that the key is bound to. */
  readonly locationId?: LocationId | undefined;
  readonly settings: object;
  readonly secrets: object;
  readonly allowedAddresses?: readonly string[] | undefined;
}

/** Makes an account with a provider, by a manager. Of several that fit, the newest takes the payments. */
export async function createMerchantAccount(deps: Deps, scope: Scope, wanted: NewAccount): Promise<AccountView> {
  const { tenantId, locationId } = await ownerOf(deps, requireKey(scope, 'manager'), wanted.locationId);
  const provider = providerNamed(wanted.provider);
  const {
    name,
    settings,
    secrets,
    allowedAddresses = [],
  } = readAccountFields(provider, wanted, deps.accounts.isRefused);
  const place = { tenantId, id: deps.newId() };
  const row = await insertMerchantAccount(deps.orm, {
    ...place,
    ...{ locationId, provider: provider.name, name, allowedAddresses: [...allowedAddresses] },
    // Providers' settings are flat JSON objects by their schemas.
    settings: settings as Readonly<Record<string, unknown>>,
    sealedSecrets: sealAccountSecrets(deps.accounts.box, place, { secrets, setAt: new Date().toISOString() }),
  });
  deps.accounts.forget();
  return viewAccount(deps, row);
}

async function ownerOf(deps: Deps, scope: KeyScope, wanted: LocationId | undefined) {
  const { tenantId } = scope;
  const locationId = wanted ?? scope.locationId;
  if (locationId === null) return { tenantId, locationId };
  requireLocation(scope, locationId);
  if (!(await findLocation(deps.orm, tenantId, locationId))) throw noSuchLocation();
  return { tenantId, locationId };
}
