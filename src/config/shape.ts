import type { CorsOrigins, TrustProxy } from './parsers.js';

/** Everything the environment decides, read once. `undefined` always means "not set", as each field says. */
export interface Config {
  readonly nodeEnv: 'development' | 'test' | 'production';
  readonly http: HttpConfig;
  readonly database: DatabaseConfig;
  /** Undefined: bells go through Postgres. */
  readonly redisUrl: string | undefined;
  readonly auth: {
    /** Undefined only outside production: main.ts then keeps a random one in `database.dataDir`. */
    readonly secret: string | undefined;
    readonly previousSecret: string | undefined;
  };
  /** Undefined: derived from the auth secret. */
  readonly secretsKey: string | undefined;
  readonly secretsKeyPrevious: string | undefined;
  readonly bootstrapOperatorKey: string | undefined;
  readonly sessions: {
    readonly ttlSeconds: number;
    readonly graceSeconds: number;
    /** 0: never. */
    readonly guestDataDays: number;
    /** UTC, with optional seconds. */
    readonly expiryCron: string;
  };
  readonly demo: boolean;
  readonly defaultTenantId: string | undefined;
  readonly webConcurrency: number;
  readonly rateLimits: boolean;
  readonly persistedOnly: boolean;
  readonly logLevel: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';
  readonly payments: PaymentsConfig;
}

export interface HttpConfig {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** Without a slash at its end. Undefined: PUBLIC_URL is not set, so it follows the bound port (`publicUrlFor`). */
  readonly publicUrl: string | undefined;
  readonly trustProxy: TrustProxy;
  readonly corsOrigins: CorsOrigins;
  readonly metricsToken: string | undefined;
}

export interface DatabaseConfig {
  /** Undefined: the embedded Postgres under `dataDir`. */
  readonly url: string | undefined;
  /** Past a pooler; undefined: `url` is direct, or with `prepare` off there is no direct way. */
  readonly directUrl: string | undefined;
  readonly prepare: boolean;
  readonly poolSize: number;
  readonly migrateOnStart: boolean;
  readonly dataDir: string;
}

/** The default merchant account of each provider (undefined: there is none), and where the providers are. */
export interface PaymentsConfig {
  readonly momo: MomoSecrets | undefined;
  readonly vnpay: VnpaySecrets | undefined;
  readonly zalopay: ZalopaySecrets | undefined;
  readonly sepay: SepayAccount | undefined;
  readonly endpoints: PaymentEndpoints;
}

/**
 * For all accounts, a tenant's own among them. Undefined with demo: the simulator in this server. Undefined without: it
 * cannot be called (VNPay's live query address is not public).
 */
export interface PaymentEndpoints {
  readonly momo: { readonly api: string | undefined };
  readonly vnpay: { readonly api: string | undefined; readonly pay: string | undefined };
  readonly zalopay: { readonly api: string | undefined };
}

export interface SepayAccount {
  readonly secret: string;
  /** Undefined: notices are verified, but there is no account that a guest could be asked to pay to. */
  readonly bank: BankAccount | undefined;
}

export interface BankAccount {
  readonly bin: string;
  readonly account: string;
  readonly name: string | undefined;
}

export interface MomoSecrets {
  readonly partnerCode: string;
  readonly accessKey: string;
  readonly secretKey: string;
}

export interface VnpaySecrets {
  readonly tmnCode: string;
  readonly hashSecret: string;
}

export interface ZalopaySecrets {
  readonly appId: string;
  readonly key1: string;
  readonly key2: string;
}
