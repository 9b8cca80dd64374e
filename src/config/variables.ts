import {
  corsOrigins,
  cron,
  flag,
  folder,
  host,
  integer,
  oneOf,
  secret,
  trustProxy,
  baseUrl,
  url,
  uuid,
} from './parsers.js';
import { paymentVariables } from './payment-variables.js';
import { optional, variable } from './variable.js';

const DAY_SECONDS = 86_400;

/** Every environment variable the server knows; docs/configuration.md is made from this list. */
export const variables = {
  NODE_ENV: variable({
    meaning: 'What kind of place this is. `production` refuses everything that is only good for trying out.',
    fallback: 'development',
    example: 'production',
    parse: oneOf(['development', 'test', 'production']),
  }),
  PORT: variable({
    meaning: 'TCP port to listen on; 0 takes any free one and prints it.',
    fallback: 4000,
    example: '8080',
    parse: integer(0, 65_535),
  }),
  HOST: variable({
    meaning: 'Address to listen on.',
    fallback: '127.0.0.1',
    example: '0.0.0.0',
    parse: host,
  }),
  PUBLIC_URL: optional({
    meaning: 'Where phones and payment providers reach this server; the base of QR codes, return pages and webhooks.',
    fallbackText: '`http://localhost:PORT`; required in production',
    example: 'https://order.example.com',
    parse: baseUrl,
  }),
  DATABASE_URL: optional({
    meaning: 'The Postgres (14 to 18) to use.',
    fallbackText: 'the embedded Postgres under `DATA_DIR`; required in production',
    example: 'postgres://qr:password@db.internal:5432/qr_session',
    hidden: true,
    parse: url('postgres', 'postgresql'),
  }),
  DATABASE_DIRECT_URL: optional({
    meaning: 'The same database past a pooler in transaction mode, for LISTEN and migrations.',
    fallbackText: '`DATABASE_URL`; with `DATABASE_PREPARE=0` nothing listens, and live readers look for themselves',
    example: 'postgres://qr:password@db.internal:5432/qr_session',
    hidden: true,
    parse: url('postgres', 'postgresql'),
  }),
  DATABASE_PREPARE: variable({
    meaning: 'Use prepared statements; 0 behind PgBouncer in transaction mode.',
    fallback: true,
    example: '0',
    parse: flag,
  }),
  DATABASE_POOL_SIZE: variable({
    meaning:
      'Connections that one process keeps at most for reading and for what is not an event; its writer has five more, its bells two.',
    unit: 'connections',
    fallback: 10,
    example: '20',
    parse: integer(2, 500),
  }),
  DATA_DIR: variable({
    meaning: 'Folder of the embedded Postgres and of secrets that were made up on the first start.',
    fallback: '.data',
    example: '/var/lib/qr-session',
    parse: folder,
  }),
  MIGRATE_ON_START: variable({
    meaning: 'Bring the schema up to date before listening; safe on all nodes at once.',
    fallback: true,
    example: '0',
    parse: flag,
  }),
  REDIS_URL: optional({
    meaning: 'Redis that carries the bells between nodes; the server starts and serves without it as well.',
    fallbackText: 'none: bells go through Postgres LISTEN/NOTIFY',
    example: 'redis://cache.internal:6379',
    hidden: true,
    parse: url('redis', 'rediss'),
  }),
  AUTH_SECRET: optional({
    meaning:
      'Signs device tokens, join tokens and tickets; the same on all nodes, in production at least 32 characters.',
    fallbackText: 'a random one kept in `DATA_DIR/auth-secret` (mode 0600); required in production',
    example: '$(openssl rand -base64 48)',
    hidden: true,
    parse: secret,
  }),
  AUTH_SECRET_PREVIOUS: optional({
    meaning: 'The secret before the present one: still accepted, no longer used for signing.',
    fallbackText: 'none',
    example: '<the-secret-used-until-now>',
    hidden: true,
    parse: secret,
  }),
  SECRETS_KEY: optional({
    meaning:
      'Encrypts the payment secrets stored for each merchant account; the same on all nodes, in production at least 32 characters.',
    fallbackText: 'derived from `AUTH_SECRET`',
    example: '$(openssl rand -base64 48)',
    hidden: true,
    parse: secret,
  }),
  SECRETS_KEY_PREVIOUS: optional({
    meaning: 'The key before the present one: still decrypts, no longer used for encrypting.',
    fallbackText: 'none',
    example: '<the-key-used-until-now>',
    hidden: true,
    parse: secret,
  }),
  BOOTSTRAP_OPERATOR_KEY: optional({
    meaning: 'The first operator key; in production at least 16 characters.',
    fallbackText: 'none: operator keys come from the database only',
    example: '$(openssl rand -hex 24)',
    hidden: true,
    parse: secret,
  }),
  SESSION_TTL_SECONDS: variable({
    meaning: 'How long a session lives when neither the request nor the location says otherwise.',
    unit: 'seconds',
    fallback: 14_400,
    example: '7200',
    parse: integer(1, DAY_SECONDS),
  }),
  SESSION_GRACE_SECONDS: variable({
    meaning: 'How long after the end of a session its device tokens still read and pay.',
    unit: 'seconds',
    fallback: 3_600,
    example: '1800',
    parse: integer(0, 7 * DAY_SECONDS),
  }),
  GUEST_DATA_DAYS: variable({
    meaning:
      'How long after the end of a session its guests stay known by name; then their names, notes and phones are erased. 0: for ever.',
    unit: 'days',
    fallback: 90,
    example: '30',
    parse: integer(0, 36_500),
  }),
  EXPIRY_CRON: variable({
    meaning: 'When the sweep runs that makes expiry durable; cron with optional seconds, in UTC.',
    fallback: '*/10 * * * * *',
    example: '* * * * *',
    parse: cron,
  }),
  DEMO: optional({
    meaning: 'Seed the demo restaurant and its keys, and answer for the payment providers with a simulator.',
    fallbackText: '1 with the embedded database outside production, else 0; refused in production',
    example: '1',
    parse: flag,
  }),
  DEFAULT_TENANT_ID: optional({
    meaning:
      "The tenant meant by an operator key that names none, and the owner of the payment accounts given here; with `DEMO=1` those are the demo restaurant's.",
    fallbackText: 'none: payment accounts given here belong to nobody and are not used',
    example: '01900000-0000-7000-8000-000000000001',
    parse: uuid,
  }),
  WEB_CONCURRENCY: variable({
    meaning:
      'Server processes on this machine, all on one port; each has connections of its own. The embedded database takes as many.',
    unit: 'processes',
    fallback: 1,
    example: '4',
    parse: integer(1, 128),
  }),
  TRUST_PROXY: variable({
    meaning: 'Whose `X-Forwarded-*` to believe: `true`, `false`, a number of hops, or addresses and ranges.',
    fallback: false,
    example: '10.0.0.0/8,loopback',
    parse: trustProxy,
  }),
  CORS_ORIGINS: optional({
    meaning: 'Browser origins that may call the API: `*` or a comma-separated list.',
    fallbackText: '`*` outside production, none in production',
    example: 'https://order.example.com,https://pos.example.com',
    parse: corsOrigins,
  }),
  RATE_LIMITS: optional({
    meaning: 'Limit how fast one credential or address may call.',
    fallbackText: '0 with `DEMO=1`, else 1',
    example: '1',
    parse: flag,
  }),
  PERSISTED_ONLY: variable({
    meaning: 'Accept only GraphQL documents from the persisted list.',
    fallback: false,
    example: '1',
    parse: flag,
  }),
  METRICS_TOKEN: optional({
    meaning: 'Bearer token that may read `/metrics` besides operator keys.',
    fallbackText: 'none',
    example: '$(openssl rand -hex 24)',
    hidden: true,
    parse: secret,
  }),
  LOG_LEVEL: variable({
    meaning: 'The least important log line that is written.',
    fallback: 'info',
    example: 'debug',
    parse: oneOf(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']),
  }),
  ...paymentVariables,
} as const;
