import { describe, expect, test } from 'vitest';
import { ConfigError, loadConfig } from '../../src/config.js';
import { variables } from '../../src/config/variables.js';

type Name = keyof typeof variables;

/** The binding list of the public contract. */
const CONTRACT =
  `PORT HOST PUBLIC_URL DATABASE_URL DATABASE_DIRECT_URL DATABASE_PREPARE DATABASE_POOL_SIZE DATA_DIR REDIS_URL
  AUTH_SECRET AUTH_SECRET_PREVIOUS SECRETS_KEY SECRETS_KEY_PREVIOUS BOOTSTRAP_OPERATOR_KEY SESSION_TTL_SECONDS
  SESSION_GRACE_SECONDS EXPIRY_CRON DEMO DEFAULT_TENANT_ID MIGRATE_ON_START WEB_CONCURRENCY TRUST_PROXY CORS_ORIGINS
  RATE_LIMITS PERSISTED_ONLY METRICS_TOKEN LOG_LEVEL NODE_ENV MOMO_PARTNER_CODE MOMO_ACCESS_KEY MOMO_SECRET_KEY
  MOMO_API_URL VNPAY_TMN_CODE VNPAY_HASH_SECRET VNPAY_PAY_URL VNPAY_API_URL ZALOPAY_APP_ID ZALOPAY_KEY1 ZALOPAY_KEY2
  ZALOPAY_API_URL SEPAY_SECRET`.split(/\s+/);

/** Not in that list: the account that transfers go to, and how long guests are known by name. */
const OWN = ['BANK_BIN', 'BANK_ACCOUNT', 'BANK_ACCOUNT_NAME', 'GUEST_DATA_DAYS'];

const SECRET = 'r4nd0m-but-fixed-7Qm2xV9tLw3KzP8s';
const URL_BAD = ['localhost:5432', 'ftp://host/x', 'nonsense'];
const FLAG: Case = { good: ['1', 'true', '0', 'false'], bad: ['yes', '2', 'TRUE!'] };
const TEXT: Case = { good: [SECRET], bad: ['with space', 'dấu', 'x'.repeat(513)] };
const KEY: Case = { good: [SECRET], bad: ['with space', 'dấu', 'x'.repeat(201)] };
const API: Case = {
  good: ['https://host.example/path', 'http://127.0.0.1:9/x'],
  bad: [...URL_BAD, 'https://host/?a=1'],
};
const POSTGRES: Case = { good: ['postgres://u:p@h:5432/d', 'postgresql://h/d?sslmode=require'], bad: URL_BAD };

interface Case {
  readonly good: readonly string[];
  readonly bad: readonly string[];
}

const CASES: Readonly<Record<Name, Case>> = {
  NODE_ENV: { good: ['development', 'test'], bad: ['prod', 'Production'] },
  PORT: { good: ['0', '4000', '65535'], bad: ['65536', '-1', '80.5', '0x50', 'http'] },
  HOST: { good: ['127.0.0.1', '::1', '0.0.0.0', 'localhost', 'api.example.com'], bad: ['http://x', 'a b', '-x'] },
  PUBLIC_URL: {
    good: ['https://a.example', 'http://localhost:4000/qr/'],
    bad: [...URL_BAD, 'https://a/?b', 'https://a/#b'],
  },
  DATABASE_URL: POSTGRES,
  DATABASE_DIRECT_URL: POSTGRES,
  DATABASE_PREPARE: FLAG,
  DATABASE_POOL_SIZE: { good: ['2', '500'], bad: ['1', '501', 'many'] },
  DATA_DIR: { good: ['.data', '/var/lib/qr session'], bad: ['a\0b'] },
  MIGRATE_ON_START: FLAG,
  REDIS_URL: { good: ['redis://h:6379', 'rediss://u:p@h/1'], bad: URL_BAD },
  AUTH_SECRET: TEXT,
  AUTH_SECRET_PREVIOUS: TEXT,
  SECRETS_KEY: TEXT,
  SECRETS_KEY_PREVIOUS: TEXT,
  BOOTSTRAP_OPERATOR_KEY: TEXT,
  SESSION_TTL_SECONDS: { good: ['1', '86400'], bad: ['0', '86401', '1h'] },
  SESSION_GRACE_SECONDS: { good: ['0', '604800'], bad: ['-1', '604801', ' 1 2'] },
  GUEST_DATA_DAYS: { good: ['0', '90', '36500'], bad: ['-1', '36501', '1.5', 'never'] },
  EXPIRY_CRON: { good: ['* * * * *', '*/10 * * * * *'], bad: ['often', '61 * * * *', '* * *'] },
  DEMO: FLAG,
  DEFAULT_TENANT_ID: { good: ['01900000-0000-7000-8000-000000000001'], bad: ['1', '01900000-0000-7000-8000'] },
  WEB_CONCURRENCY: { good: ['1', '128'], bad: ['0', '129', 'auto'] },
  TRUST_PROXY: { good: ['true', 'false', '0', '2', '10.0.0.0/8, ::1,loopback'], bad: ['yes', '10.0.0.0/33', '10.0.0'] },
  CORS_ORIGINS: {
    good: ['*', 'https://a.example, http://localhost:3000/'],
    bad: ['a.example', 'https://a/b', '*,https://a'],
  },
  RATE_LIMITS: FLAG,
  PERSISTED_ONLY: FLAG,
  METRICS_TOKEN: TEXT,
  LOG_LEVEL: { good: ['debug', 'silent'], bad: ['verbose', 'INFO'] },
  MOMO_PARTNER_CODE: { good: ['MOMO', 'MOMO-1'], bad: ['with space', 'x'.repeat(51)] },
  MOMO_ACCESS_KEY: KEY,
  MOMO_SECRET_KEY: KEY,
  MOMO_API_URL: API,
  VNPAY_TMN_CODE: { good: ['LAWDEV01'], bad: ['QR-SHOP', 'x'.repeat(21)] },
  VNPAY_HASH_SECRET: KEY,
  VNPAY_PAY_URL: API,
  VNPAY_API_URL: API,
  ZALOPAY_APP_ID: { good: ['2553', '4294967295'], bad: ['0123', 'app', '12345678901'] },
  ZALOPAY_KEY1: KEY,
  ZALOPAY_KEY2: KEY,
  ZALOPAY_API_URL: API,
  SEPAY_SECRET: KEY,
  BANK_BIN: { good: ['970436'], bad: ['97043', '9704366', '97043A'] },
  BANK_ACCOUNT: { good: ['0011000123456', 'VQRQ0001abcd'], bad: ['1234 5678', '1'.repeat(20), '12-34'] },
  BANK_ACCOUNT_NAME: { good: ['PHO MAI', 'Công ty Phở Mai (Q.1)'], bad: ['<b>x</b>', 'x'.repeat(61)] },
};
const NAMES = Object.keys(CASES) as Name[];
/** A value that is of use only beside another one, which these tests then give too. */
const BESIDE: Partial<Record<Name, Readonly<Record<string, string>>>> = {
  DATABASE_DIRECT_URL: { DATABASE_URL: 'postgres://h/d' },
  AUTH_SECRET_PREVIOUS: { AUTH_SECRET: SECRET },
  SECRETS_KEY_PREVIOUS: { SECRETS_KEY: SECRET },
  BANK_BIN: { BANK_ACCOUNT: '0011000123456' },
  BANK_ACCOUNT: { BANK_BIN: '970436' },
  BANK_ACCOUNT_NAME: { BANK_BIN: '970436', BANK_ACCOUNT: '0011000123456' },
};

test('the catalogue has every variable of the public contract, and of our own no others than these', () => {
  expect([...Object.keys(variables)].sort()).toEqual([...CONTRACT, ...OWN].sort());
});

describe.each(NAMES)('%s', (name) => {
  test.each(CASES[name].good)('takes %j', (value) => {
    expect(() => loadConfig({ ...BESIDE[name], DEMO: '1', [name]: value })).not.toThrow();
  });

  test.each(CASES[name].bad)('refuses %j with one line that names it and gives an example', (value) => {
    const lines = problemsOf({ ...BESIDE[name], DEMO: '1', [name]: value });
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(new RegExp(`^${name}: .+; example: ${name}=.+$`));
  });

  test('gives an example that it takes itself', () => {
    const { example, parse } = variables[name];
    if (!example.startsWith('$(')) expect(parse(example)).toMatchObject({ ok: true });
  });
});

test('a hidden value is never repeated in the message about it', () => {
  const leaking = NAMES.filter((name) => variables[name].hidden === true).filter((name) =>
    problemsOf({ ...BESIDE[name], [name]: 'hush hush' })
      .join('\n')
      .includes('hush'),
  );
  expect(leaking).toEqual([]);
});

function problemsOf(env: Readonly<Record<string, string>>): readonly string[] {
  try {
    loadConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split('\n');
    throw error;
  }
  return [];
}
