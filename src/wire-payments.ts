import type { FastifyBaseLogger } from 'fastify';
import type { Config } from './config.js';
import { isPublicPaymentSecret } from './config/known-secrets.js';
import type { Orm } from './db/connect.js';
import { demoTenants } from './db/demo-restaurant.js';
import { asId, type TenantId } from './domain/ids.js';
import { createProviderHttp, type ProviderProbe } from './payments/provider-http.js';
import { createMerchantAccounts, unownedAccounts } from './services/merchant-accounts.js';
import type { Deps } from './services/deps.js';
import type { SecretBox } from './services/secret-box.js';
import type { SimulatorOptions } from './simulator/options.js';

interface PaymentWiring {
  readonly config: Config;
  readonly orm: Orm;
  /** What the accounts' secrets are sealed with. */
  readonly box: SecretBox;
  /** This server as this machine reaches it. */
  readonly address: () => string;
  readonly publicUrl: () => string;
  readonly log: FastifyBaseLogger;
}

/** The parts of the services that have to do with payment providers. */
export function wirePayments(wiring: PaymentWiring): Pick<Deps, 'accounts' | 'providerHttp'> {
  const { config, orm, box, address, publicUrl, log } = wiring;
  const defaultTenantId = defaultTenant(config);
  const unowned = unownedAccounts({ payments: config.payments, defaultTenantId });
  if (unowned) log.warn(unowned);
  return {
    accounts: createMerchantAccounts({
      orm,
      payments: config.payments,
      box,
      defaultTenantId,
      simulator: config.demo ? { own: address, public: publicUrl } : undefined,
      isRefused: (value) => config.nodeEnv === 'production' && isPublicPaymentSecret(value),
    }),
    providerHttp: createProviderHttp({ probe: (call) => tellFailure(log, call) }),
  };
}

/** Of calls that succeed nothing is said; of the others nothing but where and why. */
function tellFailure(log: FastifyBaseLogger, call: ProviderProbe): void {
  const isAnswered = typeof call.outcome === 'number' && call.outcome < 400;
  if (!isAnswered) log.warn(call, 'a payment provider did not answer as it should');
}

/** Whose the accounts of the environment are. */
function defaultTenant({ demo, defaultTenantId }: Config): TenantId | undefined {
  if (demo) return demoTenants[0]?.id;
  return defaultTenantId === undefined ? undefined : asId<TenantId>(defaultTenantId);
}

/** What the simulator knows of the merchant: the same as the demo's default accounts. */
export function simulatorOptions({
  config,
  address,
  publicUrl,
  log,
}: Omit<PaymentWiring, 'orm' | 'box'>): SimulatorOptions {
  const { momo, vnpay, zalopay, sepay } = config.payments;
  const bank = sepay?.bank && { secret: sepay.secret, accountNumber: sepay.bank.account };
  return { publicUrl, address, log, secrets: { momo, vnpay, zalopay, sepay: bank } };
}
