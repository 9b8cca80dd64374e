import type { PaymentEndpoints, PaymentsConfig } from '../config.js';
import { providers } from '../payments/index.js';
import type { MerchantAccount } from '../payments/provider.js';

/** Where the demo's simulator answers, once the server listens. */
export interface SimulatorAddress {
  /** As this machine reaches itself: for our own calls. */
  readonly own: () => string;
  /** As phones reach it: for pages. */
  readonly public: () => string;
}

/** What the environment says of an account; whose it is, is said elsewhere. */
export interface DefaultAccount extends Pick<MerchantAccount, 'settings' | 'secrets'> {
  /** False: it verifies notices, but there is nowhere to pay to. */
  readonly isPayable: boolean;
}

/** The default accounts by the names of their providers, in the words of the providers' schemas. */
export function defaultAccounts({ momo, vnpay, zalopay, sepay }: PaymentsConfig): ReadonlyMap<string, DefaultAccount> {
  const bank = sepay?.bank;
  const accounts: Readonly<Record<string, Given | undefined>> = {
    momo: momo && {
      settings: { partner_code: momo.partnerCode },
      secrets: { access_key: momo.accessKey, secret_key: momo.secretKey },
    },
    vnpay: vnpay && { settings: { tmn_code: vnpay.tmnCode }, secrets: { hash_secret: vnpay.hashSecret } },
    zalopay: zalopay && { settings: { app_id: zalopay.appId }, secrets: { key1: zalopay.key1, key2: zalopay.key2 } },
    vietqr: sepay && {
      settings: bank && { bank_bin: bank.bin, account_number: bank.account, account_name: bank.name },
      secrets: { sepay_secret: sepay.secret },
    },
  };
  return new Map(
    Object.entries(accounts).flatMap(([name, given]): [string, DefaultAccount][] =>
      given ? [[name, readDefault(name, given)]] : [],
    ),
  );
}

interface Given {
  /** Undefined: with the bank's feed alone. Notices are then ours whatever account they name. */
  readonly settings: object | undefined;
  readonly secrets: object;
}

/** The configuration has taken nothing that the schemas refuse; they fill in what it does not ask for. */
function readDefault(name: string, { settings, secrets }: Given): DefaultAccount {
  const provider = providers[name];
  if (!provider) throw new Error(`there is no payment provider ${name}`);
  return {
    settings: settings ? provider.settings.parse(settings) : {},
    secrets: [provider.secrets.parse(secrets)],
    isPayable: settings !== undefined,
  };
}

/** Where a provider is: what the configuration says, else the simulator, else nowhere. */
export function endpointsFor(
  provider: string,
  endpoints: PaymentEndpoints,
  simulator: SimulatorAddress | undefined,
): MerchantAccount['endpoints'] {
  const own = (path: string) => simulator && `${simulator.own()}/demo/gateway/${path}`;
  switch (provider) {
    case 'momo':
      return { api: endpoints.momo.api ?? own('momo') };
    case 'vnpay':
      return {
        pay: endpoints.vnpay.pay ?? (simulator && `${simulator.public()}/demo/gateway/vnpay/pay`),
        api: endpoints.vnpay.api ?? own('vnpay/api'),
      };
    case 'zalopay':
      return { api: endpoints.zalopay.api ?? own('zalopay') };
    default:
      return {};
  }
}
