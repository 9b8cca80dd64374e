import type { PaymentsConfig } from '../config.js';
import type { Orm } from '../db/connect.js';
import { findMerchantAccount, findPayableAccount, type MerchantAccountRow } from '../db/merchant-accounts.js';
import { isUuid, type LocationId, type TenantId } from '../domain/ids.js';
import type { MerchantAccount } from '../payments/provider.js';
import { defaultAccounts, endpointsFor, type SimulatorAddress } from './merchant-account-defaults.js';
import { openAccountSecrets, tryAccountSecrets } from './merchant-account-secrets.js';
import type { SecretBox } from './secret-box.js';

/** Accounts with payment providers: the default ones of the environment, and those that tenants have of their own. */
export interface MerchantAccounts {
  /**
   * The account that a webhook or a payment names: `default`, or an id. Disabled ones are found too, because money that
   * comes late has to verify. Throws where its secrets do not open.
   */
  find(provider: string, accountId: string): Promise<MerchantAccount | undefined>;
  /** The account that takes a new payment: the location's own, else the tenant's, else the default one if it is theirs. */
  forPayment(tenantId: TenantId, locationId: LocationId, provider: string): Promise<MerchantAccount | undefined>;
  /** What an account's secrets are sealed with. */
  readonly box: SecretBox;
  /** True for values that this server does not take as an account's, because everybody knows them. */
  readonly isRefused: (value: string) => boolean;
  /** To be called after every change: this node obeys it at once, all others within two seconds. */
  forget(): void;
}

export interface MerchantAccountsOptions {
  readonly orm: Orm;
  readonly payments: PaymentsConfig;
  readonly box: SecretBox;
  /** Owns the default accounts; undefined: nobody does, and they are not found. */
  readonly defaultTenantId: TenantId | undefined;
  /** Only with demo. */
  readonly simulator?: SimulatorAddress | undefined;
  readonly isRefused: (value: string) => boolean;
}

const believedMs = 1_000;
const maxBelieved = 10_000;
const defaultId = 'default';

type Ask = () => Promise<MerchantAccountRow | undefined>;

export function createMerchantAccounts(options: MerchantAccountsOptions): MerchantAccounts {
  const { orm, payments, box, defaultTenantId, simulator, isRefused } = options;
  const defaults = defaultAccounts(payments);
  const believed = new Map<string, { readonly account: Promise<MerchantAccount | undefined>; readonly at: number }>();

  /** Asks once for all who want the same account meanwhile. What was asked before a change is never believed after it. */
  function remember(name: string, ask: Ask): Promise<MerchantAccount | undefined> {
    const known = believed.get(name);
    if (known && performance.now() - known.at < believedMs) return known.account;
    if (believed.size >= maxBelieved) believed.clear();
    const entry = { account: ask().then((row) => row && accountOf(box, row)), at: performance.now() };
    believed.set(name, entry);
    entry.account.catch(() => believed.get(name) === entry && believed.delete(name));
    return entry.account;
  }

  const reachable = (account: MerchantAccount | undefined): MerchantAccount | undefined =>
    account && { ...account, endpoints: endpointsFor(account.provider, payments.endpoints, simulator) };

  function defaultOf(provider: string): MerchantAccount | undefined {
    const account = defaults.get(provider);
    if (!account || !defaultTenantId) return undefined;
    const { settings, secrets } = account;
    const whose = { id: defaultId, tenantId: defaultTenantId, locationId: null, provider };
    return { ...whose, settings, secrets, allowedAddresses: [], endpoints: {} };
  }

  return {
    box,
    isRefused,
    forget: () => believed.clear(),
    async find(provider, accountId) {
      if (accountId === defaultId) return reachable(defaultOf(provider));
      if (!isUuid(accountId)) return undefined;
      const id = accountId.toLowerCase();
      const account = await remember(id, () => findMerchantAccount(orm, id));
      return account?.provider === provider ? reachable(account) : undefined;
    },
    async forPayment(tenantId, locationId, provider) {
      const wanted = { tenantId, locationId, provider };
      const account = await remember(`${tenantId}/${locationId}/${provider}`, () => findPayableAccount(orm, wanted));
      if (account) return reachable(account);
      const isTheirs = defaultTenantId === tenantId && defaults.get(provider)?.isPayable;
      return isTheirs ? reachable(defaultOf(provider)) : undefined;
    },
  };
}

/** One line for the log where the environment has accounts that nobody owns; undefined where all is well. */
export function unownedAccounts({
  payments,
  defaultTenantId,
}: Pick<MerchantAccountsOptions, 'payments' | 'defaultTenantId'>): string | undefined {
  const names = [...defaultAccounts(payments).keys()];
  if (defaultTenantId !== undefined || names.length === 0) return undefined;
  return `the payment accounts of the environment (${names.join(', ')}) are not used: DEFAULT_TENANT_ID does not say whose they are`;
}

function accountOf(box: SecretBox, row: MerchantAccountRow): MerchantAccount {
  const { id, tenantId, locationId, provider, settings, allowedAddresses } = row;
  const { secrets } = openAccountSecrets(box, row, row.sealedSecrets);
  const previous =
    row.isPreviousValid && row.sealedPrevious ? tryAccountSecrets(box, row, row.sealedPrevious) : undefined;
  return {
    ...{ id, tenantId, locationId, provider, settings, allowedAddresses },
    secrets: [secrets, ...(previous ? [previous.secrets] : [])],
    endpoints: {},
  };
}
