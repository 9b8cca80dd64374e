import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { loadConfig } from '../../src/config.js';
import { runDbCommand } from '../../src/db/cli.js';
import { connect, type Database } from '../../src/db/connect.js';
import { findMerchantAccount, replaceSealedSecrets } from '../../src/db/merchant-accounts.js';
import { seedDemo } from '../../src/db/seed-demo.js';
import { asId, type LocationId, type TenantId } from '../../src/domain/ids.js';
import type { KeyScope } from '../../src/domain/scope.js';
import { createMerchantAccount, type NewAccount } from '../../src/services/create-merchant-account.js';
import type { Deps } from '../../src/services/deps.js';
import {
  createMerchantAccounts,
  type MerchantAccounts,
  type MerchantAccountsOptions,
  unownedAccounts,
} from '../../src/services/merchant-accounts.js';
import { resealSecrets } from '../../src/services/reseal-secrets.js';
import { rotateMerchantSecrets } from '../../src/services/rotate-merchant-secrets.js';
import { createSecretBox, UnopenableSecret } from '../../src/services/secret-box.js';
import { updateMerchantAccount } from '../../src/services/update-merchant-account.js';
import { demo } from '../support/api.js';
import { useTestDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';

const testDatabase = useTestDatabase();
let database: Database;

const tenant = asId<TenantId>(demo.tenant);
const other = asId<TenantId>(demo.otherTenant);
const location = asId<LocationId>(demo.location);
const otherLocation = asId<LocationId>(demo.otherLocation);

beforeAll(async () => {
  await seedDemo(testDatabase.url);
  database = connect({ url: testDatabase.url, poolSize: 4, prepare: true });
});
beforeEach(() => database.reader`TRUNCATE merchant_accounts`);
afterAll(() => database.close());

const keys = ['the-key-of-these-tests'];

/** One server's accounts. */
function node(options: Partial<MerchantAccountsOptions> = {}): MerchantAccounts {
  return createMerchantAccounts({
    orm: database.orm,
    payments: loadConfig({ DEMO: '1' }).payments,
    box: createSecretBox(keys),
    defaultTenantId: tenant,
    isRefused: () => false,
    ...options,
  });
}

/** What the services of administration need of a server. */
const depsOf = (accounts: MerchantAccounts) =>
  ({ orm: database.orm, accounts, newId: uuidv7, publicUrl: () => 'http://localhost' }) as unknown as Deps;

const managerOf = (tenantId: TenantId): KeyScope => ({
  ...{ kind: 'key', keyId: randomUUID(), role: 'manager', name: 'Manager', isShared: false, isNamed: false },
  ...{ tenantId, locationId: null },
});

const secretsNo = (n: number) => ({ access_key: `access-${n}`, secret_key: `secret-${n}` });

async function create(accounts: MerchantAccounts, wanted: Partial<NewAccount> = {}, of = tenant): Promise<string> {
  const account = { provider: 'momo', name: 'A', settings: { partner_code: 'SHOP' }, secrets: secretsNo(1), ...wanted };
  return (await createMerchantAccount(depsOf(accounts), managerOf(of), account)).id;
}

const rotate = (accounts: MerchantAccounts, accountId: string, secrets: object, keepPreviousSeconds = 60) =>
  rotateMerchantSecrets(depsOf(accounts), managerOf(tenant), { accountId, secrets, keepPreviousSeconds });

const disable = (accounts: MerchantAccounts, accountId: string) =>
  updateMerchantAccount(depsOf(accounts), managerOf(tenant), { accountId, disabled: true });

const secretsIn = async (accounts: MerchantAccounts, id: string) => (await accounts.find('momo', id))?.secrets;

describe('the account of the environment', () => {
  test('is found as default for each provider, and belongs to one tenant', async () => {
    const accounts = node();
    const found = await Promise.all(
      ['momo', 'vnpay', 'zalopay', 'vietqr'].map((name) => accounts.find(name, 'default')),
    );
    expect(found).toMatchObject([
      { id: 'default', tenantId: tenant, provider: 'momo', settings: { partner_code: 'MOMO' }, allowedAddresses: [] },
      { settings: { tmn_code: 'LAWDEV01' }, secrets: [{ hash_secret: 'MADEUPDEVSECRETVNPAY000000000001' }] },
      { settings: { app_id: '2553' }, secrets: [{ key1: expect.any(String), key2: expect.any(String) }] },
      {
        settings: { bank_bin: '999999', account_number: 'DEMO0001', account_name: 'PHO MAI' },
        secrets: [{ sepay_secret: expect.stringContaining('MADEUP') }],
      },
    ]);
    expect(await accounts.find('paypal', 'default')).toBeUndefined();
    expect(await accounts.forPayment(tenant, location, 'momo')).toMatchObject({ id: 'default' });
    expect(await accounts.forPayment(other, otherLocation, 'momo')).toBeUndefined();
  });

  test('belongs to nobody without an owner: it is not found, and the log is told in one line', async () => {
    const payments = loadConfig({ DEMO: '0', SEPAY_SECRET: 'own' }).payments;
    const accounts = node({ payments, defaultTenantId: undefined });
    expect(await accounts.find('vietqr', 'default')).toBeUndefined();
    expect(await accounts.forPayment(tenant, location, 'vietqr')).toBeUndefined();
    const line = unownedAccounts({ payments, defaultTenantId: undefined });
    expect(line).toMatch(/vietqr.*DEFAULT_TENANT_ID/);
    expect(line).not.toContain('own)');
    expect(unownedAccounts({ payments, defaultTenantId: tenant })).toBeUndefined();
    expect(
      unownedAccounts({ payments: loadConfig({ DEMO: '0' }).payments, defaultTenantId: undefined }),
    ).toBeUndefined();
  });

  test('with SEPAY_SECRET alone verifies the feed, and asks nobody to pay', async () => {
    const accounts = node({ payments: loadConfig({ DEMO: '0', SEPAY_SECRET: 'own' }).payments });
    expect(await accounts.find('vietqr', 'default')).toMatchObject({
      settings: {},
      secrets: [{ sepay_secret: 'own' }],
    });
    expect(await accounts.forPayment(tenant, location, 'vietqr')).toBeUndefined();
  });
});

describe('the addresses of the providers', () => {
  test('are the simulator in this server with the demo, at the port that it turned out to have', async () => {
    let port = 0;
    const simulator = { own: () => `http://127.0.0.1:${port}`, public: () => `http://phones.example:${port}` };
    const accounts = node({ simulator });
    port = 4321;
    const endpoints = async (name: string, id = 'default') => (await accounts.find(name, id))?.endpoints;
    expect(await endpoints('momo')).toEqual({ api: 'http://127.0.0.1:4321/demo/gateway/momo' });
    expect(await endpoints('vnpay')).toEqual({
      pay: 'http://phones.example:4321/demo/gateway/vnpay/pay',
      api: 'http://127.0.0.1:4321/demo/gateway/vnpay/api',
    });
    expect(await endpoints('zalopay')).toEqual({ api: 'http://127.0.0.1:4321/demo/gateway/zalopay' });
    expect(await endpoints('vietqr')).toEqual({});
    expect(await endpoints('momo', await create(accounts))).toEqual(await endpoints('momo'));
  });

  test("are the configuration's for every account, a tenant's own too, and win over the simulator", async () => {
    const payments = loadConfig({ DEMO: '1', MOMO_API_URL: 'https://momo.example' }).payments;
    const simulator = { own: () => 'http://own', public: () => 'http://public' };
    const accounts = node({ payments, simulator });
    expect((await accounts.find('momo', await create(accounts)))?.endpoints).toEqual({ api: 'https://momo.example' });
    const live = node({ payments: loadConfig({ DEMO: '0' }).payments });
    expect((await live.find('momo', await create(live)))?.endpoints).toEqual({ api: 'https://test-payment.momo.vn' });
  });
});

describe("a tenant's own account", () => {
  test('is found by its id, in either case, for its own provider only', async () => {
    const accounts = node();
    const id = await create(accounts, { allowedAddresses: ['192.0.2.1'] });
    const found = await accounts.find('momo', id);
    expect(found).toMatchObject({
      ...{ id, tenantId: tenant, locationId: null, provider: 'momo', settings: { partner_code: 'SHOP' } },
      ...{ secrets: [secretsNo(1)], allowedAddresses: ['192.0.2.1'] },
    });
    expect(await accounts.find('momo', id.toUpperCase())).toEqual(found);
    expect(await accounts.find('vnpay', id)).toBeUndefined();
    for (const none of [randomUUID(), '', 'nonsense', `${id}'`])
      expect(await accounts.find('momo', none)).toBeUndefined();
  });

  test("takes payments before the default one, a location's own before the tenant's, the newest before the oldest", async () => {
    const accounts = node();
    const payee = async () => (await accounts.forPayment(tenant, location, 'momo'))?.id;
    expect(await payee()).toBe('default');
    const wide = await create(accounts);
    expect(await payee()).toBe(wide);
    const own = await create(accounts, { locationId: location });
    expect(await payee()).toBe(own);
    const newer = await create(accounts, { locationId: location });
    expect(await payee()).toBe(newer);
    expect(await accounts.forPayment(tenant, location, 'zalopay')).toMatchObject({ id: 'default' });
    expect((await accounts.forPayment(tenant, asId<LocationId>(randomUUID()), 'momo'))?.id).toBe(wide);
    expect(await accounts.forPayment(other, otherLocation, 'momo')).toBeUndefined();
    for (const [gone, next] of [
      [newer, own],
      [own, wide],
      [wide, 'default'],
    ] as const) {
      await disable(accounts, gone);
      expect(await payee()).toBe(next);
    }
  });

  test('is still found when it is disabled, for the money that comes late', async () => {
    const accounts = node();
    const id = await create(accounts);
    await disable(accounts, id);
    expect(await accounts.find('momo', id)).toMatchObject({ id, secrets: [secretsNo(1)] });
  });
});

describe('a rotation', () => {
  test('lets the new secrets sign, and those before verify until their time is over', async () => {
    const accounts = node();
    const id = await create(accounts);
    await rotate(accounts, id, secretsNo(2));
    expect(await secretsIn(accounts, id)).toEqual([secretsNo(2), secretsNo(1)]);
    await database.reader`UPDATE merchant_accounts SET previous_until = session_clock()`;
    accounts.forget();
    expect(await secretsIn(accounts, id)).toEqual([secretsNo(2)]);
    await rotate(accounts, id, secretsNo(3));
    await rotate(accounts, id, secretsNo(4));
    expect(await secretsIn(accounts, id)).toEqual([secretsNo(4), secretsNo(3)]);
    await rotate(accounts, id, secretsNo(5), 0);
    expect(await secretsIn(accounts, id)).toEqual([secretsNo(5)]);
  });

  test('is obeyed at once by the node that made it, and within two seconds by the others', async () => {
    const [here, there] = [node(), node()];
    const id = await create(here);
    expect(await secretsIn(there, id)).toEqual([secretsNo(1)]);
    for (let n = 2; n <= 5; n++) {
      await rotate(here, id, secretsNo(n), 0);
      expect(await secretsIn(here, id)).toEqual([secretsNo(n)]);
    }
    const obeyed = await eventually(async () => isDeepStrictEqual(await secretsIn(there, id), [secretsNo(5)]), {
      within: 2_000,
      every: 50,
    });
    expect(obeyed).toBe(true);
  });

  test('that ends while an account is being read is not overtaken by what was read before it', async () => {
    const accounts = node();
    const id = await create(accounts);
    for (let n = 2; n <= 20; n++) {
      const reading = accounts.find('momo', id);
      await rotate(accounts, id, secretsNo(n), 0);
      await reading;
      expect(await secretsIn(accounts, id)).toEqual([secretsNo(n)]);
    }
  });
});

describe('sealed secrets', () => {
  test('do not open for another row, nor for another tenant, nor when a byte was changed', async () => {
    const accounts = node();
    const [one, two] = [await create(accounts), await create(accounts, { secrets: secretsNo(2) })];
    await database.reader`UPDATE merchant_accounts a SET sealed_secrets = b.sealed_secrets
      FROM merchant_accounts b WHERE a.id <> b.id`;
    accounts.forget();
    await expect(accounts.find('momo', one)).rejects.toThrow(UnopenableSecret);
    await expect(accounts.find('momo', two)).rejects.toThrow(UnopenableSecret);
    const third = await create(accounts);
    await database.reader`UPDATE merchant_accounts SET tenant_id = ${other} WHERE id = ${third}`;
    accounts.forget();
    await expect(accounts.find('momo', third)).rejects.toThrow(UnopenableSecret);
    const fourth = await create(accounts);
    await database.reader`UPDATE merchant_accounts SET sealed_secrets = set_byte(sealed_secrets, 20,
      get_byte(sealed_secrets, 20) # 1) WHERE id = ${fourth}`;
    accounts.forget();
    await expect(accounts.find('momo', fourth)).rejects.toThrow(UnopenableSecret);
    // What failed is not remembered.
    await database.reader`UPDATE merchant_accounts SET sealed_secrets = set_byte(sealed_secrets, 20,
      get_byte(sealed_secrets, 20) # 1) WHERE id = ${fourth}`;
    expect(await secretsIn(accounts, fourth)).toEqual([secretsNo(1)]);
  });

  test('move to a new key without a moment in which they do not open', async () => {
    const old = node({ box: createSecretBox(['old']) });
    const ids = [await create(old), await create(old), await create(old, {}, other)];
    await rotate(old, ids[0]!, secretsNo(2));
    const during = createSecretBox(['new', 'old']);
    expect(await secretsIn(node({ box: during }), ids[0]!)).toEqual([secretsNo(2), secretsNo(1)]);
    expect(await resealSecrets(database.orm, during)).toEqual({ resealed: 3, upToDate: 0, unopenable: [] });
    expect(await resealSecrets(database.orm, during)).toEqual({ resealed: 0, upToDate: 3, unopenable: [] });
    const after = node({ box: createSecretBox(['new']) });
    expect(await secretsIn(after, ids[0]!)).toEqual([secretsNo(2), secretsNo(1)]);
    expect(await secretsIn(after, ids[2]!)).toEqual([secretsNo(1)]);
    expect(await resealSecrets(database.orm, createSecretBox(['unknown']))).toEqual({
      resealed: 0,
      upToDate: 0,
      unopenable: ids,
    });
  });

  test('of more accounts than one page holds, resealed by two at once, are all under the new key', async () => {
    const old = node({ box: createSecretBox(['old']) });
    const ids: string[] = [];
    for (let n = 0; n < 120; n++) ids.push(await create(old));
    const during = createSecretBox(['new', 'old']);
    const done = await Promise.all([resealSecrets(database.orm, during), resealSecrets(database.orm, during)]);
    expect(done.map(({ resealed, upToDate }) => resealed + upToDate)).toEqual([120, 120]);
    expect(done.reduce((sum, { resealed }) => sum + resealed, 0)).toBe(120);
    const after = createSecretBox(['new']);
    expect(await resealSecrets(database.orm, after)).toEqual({ resealed: 0, upToDate: 120, unopenable: [] });
  });

  test('that were rotated while they were being resealed stay as they were rotated', async () => {
    const accounts = node();
    const id = await create(accounts);
    const stale = await findMerchantAccount(database.orm, id);
    await rotate(accounts, id, secretsNo(2));
    expect(await replaceSealedSecrets(database.orm, stale!, stale!)).toBe(false);
    expect(await secretsIn(accounts, id)).toEqual([secretsNo(2), secretsNo(1)]);
  });

  test('of before a rotation go when their time is over and the tool comes by', async () => {
    const accounts = node();
    const id = await create(accounts);
    await rotate(accounts, id, secretsNo(2));
    await database.reader`UPDATE merchant_accounts SET previous_until = session_clock()`;
    expect(await resealSecrets(database.orm, accounts.box)).toMatchObject({ resealed: 1 });
    expect(await findMerchantAccount(database.orm, id)).toMatchObject({ sealedPrevious: null, previousUntil: null });
    accounts.forget();
    expect(await secretsIn(accounts, id)).toEqual([secretsNo(2)]);
  });
});

describe('npm run db -- reseal-secrets', () => {
  const run = async (env: Readonly<Record<string, string>>) => {
    const lines: string[] = [];
    const code = await runDbCommand(['reseal-secrets'], { DATABASE_URL: testDatabase.url, ...env }, (line) =>
      lines.push(line),
    );
    return { code, lines };
  };

  test('introduces SECRETS_KEY where the auth secret was used, and replaces it later', async () => {
    const id = await create(node({ box: createSecretBox(['auth']) }));
    const introduced = await run({ SECRETS_KEY: 'first', AUTH_SECRET: 'auth' });
    expect(introduced).toEqual({ code: 0, lines: ['1 sealed anew, 0 were under the present key, 0 do not open.'] });
    expect((await run({ SECRETS_KEY: 'second', SECRETS_KEY_PREVIOUS: 'first' })).code).toBe(0);
    expect(await secretsIn(node({ box: createSecretBox(['second']) }), id)).toEqual([secretsNo(1)]);
  });

  test('names the accounts that do not open, and a missing key', async () => {
    const id = await create(node());
    const { code, lines } = await run({ SECRETS_KEY: 'unknown', AUTH_SECRET: 'unknown-too' });
    expect([code, lines[0]]).toEqual([1, expect.stringContaining(id)]);
    const keyless = await run({ DATA_DIR: `/nonexistent/${randomUUID()}` });
    expect(keyless).toEqual({ code: 1, lines: [expect.stringMatching(/set SECRETS_KEY or AUTH_SECRET/)] });
  });
});
