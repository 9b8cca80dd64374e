import { ConfigError } from './config/config-error.js';
import { databaseConfig, databaseVariables } from './config/database.js';
import { missingCredentials, paymentsConfig } from './config/payments.js';
import { productionRefusals } from './config/production.js';
import { type Environment, type Problem, problem, readValues } from './config/read-values.js';
import type { SealingConfig } from './config/sealing.js';
import type { Config, DatabaseConfig, HttpConfig } from './config/shape.js';
import type { ValuesOf } from './config/variable.js';
import { variables } from './config/variables.js';

export { ConfigError } from './config/config-error.js';
export { readSecret } from './config/persistent-secret.js';
export { sealingTexts } from './config/sealing.js';
export type { Config, DatabaseConfig, HttpConfig, PaymentEndpoints, PaymentsConfig } from './config/shape.js';

type Values = ValuesOf<typeof variables>;

const { SECRETS_KEY, SECRETS_KEY_PREVIOUS, AUTH_SECRET, AUTH_SECRET_PREVIOUS, DATA_DIR } = variables;
const sealingVariables = { SECRETS_KEY, SECRETS_KEY_PREVIOUS, AUTH_SECRET, AUTH_SECRET_PREVIOUS, DATA_DIR };

/** The whole configuration, from the environment alone. Throws a ConfigError that names every bad value at once. */
export function loadConfig(env: Environment): Config {
  const { values, problems } = readValues(variables, env);
  const all = [...problems, ...problemsBetween(values, new Set(problems.map(({ name }) => name)))];
  if (all.length > 0) throw new ConfigError(all);
  return build(values);
}

/** Only the database's part, for the command line that migrates, backs up and restores. */
export function loadDatabaseConfig(env: Environment): DatabaseConfig {
  const { values, problems } = readValues(databaseVariables, env);
  if (problems.length > 0) throw new ConfigError(problems);
  return databaseConfig(values);
}

/** Only what opens stored secrets, for the command line that seals them anew. */
export function loadSealingConfig(env: Environment): SealingConfig {
  const { values, problems } = readValues(sealingVariables, env);
  if (problems.length > 0) throw new ConfigError(problems);
  return {
    secretsKey: values.SECRETS_KEY,
    secretsKeyPrevious: values.SECRETS_KEY_PREVIOUS,
    auth: { secret: values.AUTH_SECRET, previousSecret: values.AUTH_SECRET_PREVIOUS },
    dataDir: values.DATA_DIR,
  };
}

/** The base address for links: PUBLIC_URL, else this machine at the port that was really bound. */
export function publicUrlFor(http: HttpConfig, boundPort: number): string {
  return http.publicUrl ?? `http://localhost:${boundPort}`;
}

/** What no single variable shows: half an account, a successor missing, and whatever production refuses. */
function problemsBetween(values: Values, unreadable: ReadonlySet<string>): readonly Problem[] {
  const found: { name: string; what: string }[] = missingCredentials(values, { demo: isDemo(values) })
    .filter(({ name }) => !unreadable.has(name))
    .map((one) => ({ name: one.name, what: `is missing; it is needed together with ${one.with}` }));
  const followers = [
    ['DATABASE_URL', 'DATABASE_DIRECT_URL'],
    ['AUTH_SECRET', 'AUTH_SECRET_PREVIOUS'],
    ['SECRETS_KEY', 'SECRETS_KEY_PREVIOUS'],
  ] as const;
  for (const [name, follower] of followers) {
    if (values[name] !== undefined || values[follower] === undefined || unreadable.has(name)) continue;
    found.push({ name, what: `is missing; ${follower} is of use only beside it` });
  }
  if (values.NODE_ENV === 'production') found.push(...productionRefusals(values, unreadable));
  return found.map(({ name, what }) => problem(variables, name, what));
}

/** On by default only where a first visitor lands: an embedded database outside production. */
function isDemo(values: Values): boolean {
  return values.DEMO ?? (values.DATABASE_URL === undefined && values.NODE_ENV !== 'production');
}

function build(values: Values): Config {
  const production = values.NODE_ENV === 'production';
  const demo = isDemo(values);
  return {
    nodeEnv: values.NODE_ENV,
    http: {
      host: values.HOST,
      port: values.PORT,
      publicUrl: values.PUBLIC_URL,
      trustProxy: values.TRUST_PROXY,
      corsOrigins: values.CORS_ORIGINS ?? (production ? [] : '*'),
      metricsToken: values.METRICS_TOKEN,
    },
    database: databaseConfig(values),
    redisUrl: values.REDIS_URL,
    auth: { secret: values.AUTH_SECRET, previousSecret: values.AUTH_SECRET_PREVIOUS },
    secretsKey: values.SECRETS_KEY,
    secretsKeyPrevious: values.SECRETS_KEY_PREVIOUS,
    bootstrapOperatorKey: values.BOOTSTRAP_OPERATOR_KEY,
    sessions: {
      ttlSeconds: values.SESSION_TTL_SECONDS,
      graceSeconds: values.SESSION_GRACE_SECONDS,
      guestDataDays: values.GUEST_DATA_DAYS,
      expiryCron: values.EXPIRY_CRON,
    },
    demo,
    defaultTenantId: values.DEFAULT_TENANT_ID,
    webConcurrency: values.WEB_CONCURRENCY,
    rateLimits: values.RATE_LIMITS ?? !demo,
    persistedOnly: values.PERSISTED_ONLY,
    logLevel: values.LOG_LEVEL,
    payments: paymentsConfig(values, { demo, production }),
  };
}
