import type { MerchantAccountRow } from '../db/merchant-accounts.js';
import { Rejection } from '../domain/rejection.js';
import type { Deps } from './deps.js';
import { providerNamed } from './merchant-account-fields.js';
import { tryAccountSecrets } from './merchant-account-secrets.js';
import { webhookUrlFor } from './payment-links.js';

/** An account as managers see it: never with a secret, nor a part of one. */
export interface AccountView
  extends Pick<MerchantAccountRow, 'id' | 'locationId' | 'provider' | 'name' | 'settings' | 'allowedAddresses'> {
  /** Names of the secrets that are set, and since when; null where they do not open any more and have to be set anew. */
  readonly secretNames: readonly string[] | null;
  readonly rotatedAt: Date | null;
  /** Until when notices that the secrets before have signed are believed as well. */
  readonly previousUntil: Date | null;
  /** What to enter at the provider's. */
  readonly webhookUrl: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly disabledAt: Date | null;
}

export function viewAccount(
  { accounts, publicUrl }: Pick<Deps, 'accounts' | 'publicUrl'>,
  row: MerchantAccountRow,
): AccountView {
  const { id, locationId, provider, name, settings, allowedAddresses } = row;
  const opened = tryAccountSecrets(accounts.box, row, row.sealedSecrets);
  return {
    ...{ id, locationId, provider, name, settings, allowedAddresses },
    secretNames: opened ? Object.keys(opened.secrets) : null,
    rotatedAt: opened ? new Date(opened.setAt) : null,
    previousUntil: row.isPreviousValid && row.previousUntil !== null ? new Date(row.previousUntil) : null,
    webhookUrl: webhookUrlFor(publicUrl(), providerNamed(provider).route, id),
    createdAt: new Date(row.createdAt),
    updatedAt: new Date(row.updatedAt),
    disabledAt: row.disabledAt === null ? null : new Date(row.disabledAt),
  };
}

export function noSuchAccount(): Rejection {
  return new Rejection('NOT_FOUND', 'there is no such merchant account');
}
