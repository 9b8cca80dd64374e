import { describe, expect, test } from 'vitest';
import { ConfigError, loadConfig, loadDatabaseConfig, publicUrlFor, sealingTexts } from '../../src/config.js';

const STRONG = 'r4nd0m-but-fixed-7Qm2xV9tLw3KzP8s';
const PRODUCTION = {
  NODE_ENV: 'production',
  DATABASE_URL: 'postgres://qr:pw@db:5432/qr',
  AUTH_SECRET: STRONG,
  PUBLIC_URL: 'https://order.example.com',
};

describe('with an empty environment', () => {
  const config = loadConfig({});

  test('the embedded database, the demo and no rate limits are on', () => {
    expect(config).toMatchObject({
      nodeEnv: 'development',
      http: { host: '127.0.0.1', port: 4000, trustProxy: false, corsOrigins: '*' },
      database: { url: undefined, prepare: true, migrateOnStart: true, dataDir: '.data' },
      sessions: { ttlSeconds: 14_400, graceSeconds: 3_600 },
      demo: true,
      rateLimits: false,
      persistedOnly: false,
      webConcurrency: 1,
    });
  });

  test('the demo accounts are the documented ones and go to the simulator', () => {
    expect(config.payments).toMatchObject({
      momo: { partnerCode: 'MOMO' },
      vnpay: { tmnCode: 'LAWDEV01', hashSecret: 'MADEUPDEVSECRETVNPAY000000000001' },
      zalopay: { appId: '2553' },
      sepay: {
        secret: expect.stringContaining('MADEUP'),
        bank: { bin: '999999', account: 'DEMO0001', name: 'PHO MAI' },
      },
      endpoints: {
        momo: { api: undefined },
        vnpay: { api: undefined, pay: undefined },
        zalopay: { api: undefined },
      },
    });
  });
});

test('an empty value counts as absent', () => {
  expect(loadConfig({ PORT: '', DATABASE_URL: ' ', DEMO: '' })).toEqual(loadConfig({}));
});

test('the public address follows the bound port unless it is given', () => {
  expect(publicUrlFor(loadConfig({ PORT: '0' }).http, 51_234)).toBe('http://localhost:51234');
  expect(publicUrlFor(loadConfig({ PORT: '0', PUBLIC_URL: 'https://a.example/' }).http, 51_234)).toBe(
    'https://a.example',
  );
});

test("a database of one's own turns the demo off and the rate limits on", () => {
  const config = loadConfig({ DATABASE_URL: PRODUCTION.DATABASE_URL });
  expect(config).toMatchObject({ demo: false, rateLimits: true, auth: { secret: undefined } });
  expect(config.payments).toMatchObject({ momo: undefined, vnpay: undefined, zalopay: undefined, sepay: undefined });
});

test('the environment wins over the demo accounts, value by value', () => {
  const { payments } = loadConfig({ MOMO_SECRET_KEY: 'mine', MOMO_API_URL: 'http://127.0.0.1:9' });
  expect(payments.momo).toMatchObject({ partnerCode: 'MOMO', secretKey: 'mine' });
  expect(payments.endpoints.momo.api).toBe('http://127.0.0.1:9');
});

test('where the providers are is known without an account of our own, for the accounts of restaurants', () => {
  const { payments } = loadConfig({ DEMO: '0', VNPAY_PAY_URL: 'http://127.0.0.1:9/pay/' });
  expect(payments).toMatchObject({
    momo: undefined,
    endpoints: {
      momo: { api: 'https://test-payment.momo.vn' },
      vnpay: { pay: 'http://127.0.0.1:9/pay', api: expect.stringContaining('sandbox.vnpayment.vn') },
      zalopay: { api: 'https://sb-openapi.zalopay.vn' },
    },
  });
});

describe('the bank account', () => {
  const bank = { BANK_BIN: '970407', BANK_ACCOUNT: '19030000000001' };

  test('SEPAY_SECRET alone verifies notices, and names no account to pay to', () => {
    const { payments } = loadConfig({ DEMO: '0', SEPAY_SECRET: 'own' });
    expect(payments.sepay).toEqual({ secret: 'own', bank: undefined });
  });

  test("is taken with SEPAY_SECRET, with or without its owner's name", () => {
    const own = { DEMO: '0', SEPAY_SECRET: 'own', ...bank };
    expect(loadConfig(own).payments.sepay?.bank).toEqual({ bin: '970407', account: '19030000000001', name: undefined });
    const named = loadConfig({ ...own, BANK_ACCOUNT_NAME: 'Phở Mai' }).payments.sepay?.bank;
    expect(named).toMatchObject({ name: 'Phở Mai' });
  });

  test('half of it is refused, naming each missing part', () => {
    const missing = (env: Readonly<Record<string, string>>) =>
      problemsOf({ DEMO: '0', ...env }).map((line) => /^(\w+): is missing; /.exec(line)?.[1]);
    expect(missing({ BANK_BIN: '970407' })).toEqual(['BANK_ACCOUNT', 'SEPAY_SECRET']);
    expect(missing({ SEPAY_SECRET: 'own', BANK_ACCOUNT: '1' })).toEqual(['BANK_BIN']);
    expect(missing(bank)).toEqual(['SEPAY_SECRET']);
    expect(missing({ BANK_ACCOUNT_NAME: 'Phở Mai' })).toEqual(['BANK_BIN', 'BANK_ACCOUNT', 'SEPAY_SECRET']);
  });

  test("of one's own is never filled up with half of the demo's", () => {
    expect(problemsOf({ DEMO: '1', BANK_BIN: '970407' })).toEqual([expect.stringMatching(/^BANK_ACCOUNT: is missing/)]);
    const { sepay } = loadConfig({ DEMO: '1', ...bank }).payments;
    expect(sepay).toEqual({
      secret: expect.stringContaining('MADEUP'),
      bank: { bin: '970407', account: '19030000000001' },
    });
  });
});

test('the key for stored secrets is SECRETS_KEY, else the auth secret; those before it still open', () => {
  const texts = (env: Readonly<Record<string, string>>) => sealingTexts(loadConfig(env), 'auth');
  expect(texts({})).toEqual(['auth']);
  expect(texts({ AUTH_SECRET: 'auth', AUTH_SECRET_PREVIOUS: 'auth-before' })).toEqual(['auth', 'auth-before']);
  expect(texts({ SECRETS_KEY: 'key' })).toEqual(['key', 'auth']);
  expect(texts({ SECRETS_KEY: 'key', SECRETS_KEY_PREVIOUS: 'key-before' })).toEqual(['key', 'key-before', 'auth']);
});

test('without the demo half an account is refused, naming each missing part', () => {
  expect(problemsOf({ DEMO: '0', ZALOPAY_KEY1: 'k' })).toEqual([
    expect.stringMatching(/^ZALOPAY_APP_ID: is missing; it is needed together with ZALOPAY_KEY1; example: /),
    expect.stringMatching(/^ZALOPAY_KEY2: is missing/),
  ]);
});

test.each([
  ['DATABASE_DIRECT_URL', 'DATABASE_URL'],
  ['AUTH_SECRET_PREVIOUS', 'AUTH_SECRET'],
  ['SECRETS_KEY_PREVIOUS', 'SECRETS_KEY'],
])('%s without %s is refused', (follower, leader) => {
  const problems = problemsOf({ [follower]: follower.endsWith('URL') ? PRODUCTION.DATABASE_URL : STRONG });
  expect(problems).toEqual([expect.stringMatching(new RegExp(`^${leader}: is missing; ${follower} `))]);
});

test('every bad value is reported at once, each on its own line', () => {
  const names = problemsOf({ PORT: 'x', HOST: 'a b', LOG_LEVEL: 'loud' }).map((line) => line.split(':')[0]);
  expect(names).toEqual(['PORT', 'HOST', 'LOG_LEVEL']);
});

describe('in production', () => {
  test('the three required values are enough, and nothing of the demo is on', () => {
    expect(loadConfig(PRODUCTION)).toMatchObject({
      demo: false,
      rateLimits: true,
      http: { corsOrigins: [], publicUrl: 'https://order.example.com' },
      payments: { momo: undefined },
    });
  });

  test.each(['DATABASE_URL', 'AUTH_SECRET', 'PUBLIC_URL'])('%s is required', (name) => {
    expect(problemsOf({ ...PRODUCTION, [name]: undefined })).toEqual([
      expect.stringMatching(new RegExp(`^${name}: is missing; NODE_ENV=production needs it; example: ${name}=`)),
    ]);
  });

  test('a required value that cannot be read is reported once', () => {
    expect(problemsOf({ ...PRODUCTION, DATABASE_URL: 'mysql://x' })).toHaveLength(1);
  });

  test.each([
    ['DEMO', '1'],
    ['BOOTSTRAP_OPERATOR_KEY', 'demo-operator-key'],
    ['BOOTSTRAP_OPERATOR_KEY', 'short'],
    ['AUTH_SECRET', STRONG.slice(0, 31)],
    ['AUTH_SECRET', 'change-me-change-me-change-me-change-me'],
    ['AUTH_SECRET', 'secret-secret-secret-secret-secret-secret'],
    ['AUTH_SECRET', 'a'.repeat(64)],
    ['AUTH_SECRET_PREVIOUS', 'short'],
    ['SECRETS_KEY', 'short'],
    ['METRICS_TOKEN', 'short'],
  ])('%s=%s is refused', (name, value) => {
    expect(problemsOf({ ...PRODUCTION, [name]: value })).toEqual([
      expect.stringMatching(new RegExp(`^${name}: .*production`)),
    ]);
  });

  test.each([
    ['MOMO_SECRET_KEY', 'K951B6PE1waDMi640xX08PD3vg6EkVlz', { MOMO_PARTNER_CODE: 'SHOP', MOMO_ACCESS_KEY: 'own' }],
    ['MOMO_SECRET_KEY', 'at67qH6mk8w5Y1nAyMoYKMWACiEi2bsa', { MOMO_PARTNER_CODE: 'SHOP', MOMO_ACCESS_KEY: 'own' }],
    ['VNPAY_HASH_SECRET', 'MADEUPDEVSECRETVNPAY000000000001', { VNPAY_TMN_CODE: 'SHOP0001' }],
    ['ZALOPAY_KEY2', 'kLtgPl8HHhfvMuDHPwKfgfsY4Ydm9eIz', { ZALOPAY_APP_ID: '10234', ZALOPAY_KEY1: 'own' }],
    ['SEPAY_SECRET', 'MADEUPDEVSECRETSEPAY000000000001', {}],
    ['BANK_ACCOUNT', 'DEMO0001', { BANK_BIN: '970436', SEPAY_SECRET: 'own' }],
  ])('the public %s %s is refused', (name, value, beside) => {
    expect(problemsOf({ ...PRODUCTION, ...beside, [name]: value })).toEqual([
      expect.stringMatching(new RegExp(`^${name}: is a public sandbox value`)),
    ]);
  });

  test('a real account goes to the live hosts', () => {
    const account = { MOMO_PARTNER_CODE: 'SHOP', MOMO_ACCESS_KEY: 'own', MOMO_SECRET_KEY: 'own-secret' };
    expect(loadConfig({ ...PRODUCTION, ...account }).payments.endpoints.momo.api).toBe('https://payment.momo.vn');
  });
});

test('the database part reads alone, whatever the other variables hold', () => {
  const database = loadDatabaseConfig({ DATABASE_URL: PRODUCTION.DATABASE_URL, DATABASE_PREPARE: '0', PORT: 'bad' });
  expect(database).toMatchObject({ url: PRODUCTION.DATABASE_URL, prepare: false });
  expect(() => loadDatabaseConfig({ DATABASE_URL: 'nonsense' })).toThrow(ConfigError);
});

function problemsOf(env: Readonly<Record<string, string | undefined>>): readonly string[] {
  try {
    loadConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split('\n');
    throw error;
  }
  return [];
}
