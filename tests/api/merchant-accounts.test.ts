import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { type Answer, type Api, demo, type Json, newKey, newLocation, startApi, useApi } from '../support/api.js';

const api = useApi();

const path = '/admin/merchant-accounts';
const manager: string = demo.manager;

/** Secrets that occur nowhere else, so that they can be looked for everywhere. */
const newSecrets = () => ({ access_key: `access-${randomUUID()}`, secret_key: `secret-${randomUUID()}` });

const momo = (extra: object = {}) => ({
  provider: 'momo',
  name: 'The counter',
  settings: { partner_code: 'SHOP0001' },
  secrets: newSecrets(),
  ...extra,
});

async function create(body: object = momo(), as = manager): Promise<Json> {
  const answer = await api.rest(`POST ${path}`, { as, body });
  if (answer.status !== 201) throw new Error(`could not create: ${answer.text}`);
  return answer.body;
}

async function listed(as: string): Promise<readonly string[]> {
  const { body } = await api.rest(`GET ${path}?limit=500`, { as });
  return body.merchant_accounts.map(({ account_id: id }: Json) => id);
}

const wholeTable = async ({ sql }: Pick<Api, 'sql'>): Promise<string> => {
  const [row] =
    await sql`SELECT coalesce(string_agg(concat(a::text, encode(sealed_secrets, 'escape'), encode(sealed_previous, 'escape')), ' '), '') AS dump
    FROM merchant_accounts a`;
  return row?.['dump'];
};
const pathsOf = ({ body }: Answer): readonly string[] => body.errors.map((error: { path: string }) => error.path);

describe('an account with a provider', () => {
  test('is made, and shows everything but its secrets', async () => {
    const answer = await api.rest(`POST ${path}`, {
      as: manager,
      body: momo({ allowed_addresses: ['192.0.2.0/24', ' 2001:DB8::0:1 ', '192.0.2.0/24'] }),
    });
    expect(answer.status).toBe(201);
    const { account_id: id, rotated_at: rotatedAt, created_at: createdAt } = answer.body;
    expect(answer.body).toEqual({
      account_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      provider: 'momo',
      name: 'The counter',
      location_id: null,
      settings: { partner_code: 'SHOP0001' },
      secret_names: ['access_key', 'secret_key'],
      rotated_at: expect.stringMatching(/Z$/),
      previous_until: null,
      allowed_addresses: ['192.0.2.0/24', '2001:db8::1'],
      webhook_url: `${await publicUrl()}/webhooks/momo/${id}`,
      disabled: false,
      created_at: expect.stringMatching(/Z$/),
      updated_at: createdAt,
    });
    expect(Math.abs(Date.parse(rotatedAt) - Date.parse(createdAt))).toBeLessThan(60_000);
    expect(await listed(manager)).toContain(id);
  });

  test('of every provider has the fields of that provider, and the webhook address of its route', async () => {
    const bodies = [
      { provider: 'vnpay', settings: { tmn_code: 'QRSHOP01' }, secrets: { hash_secret: 'x'.repeat(32) } },
      { provider: 'zalopay', settings: { app_id: '10234' }, secrets: { key1: 'x'.repeat(32), key2: 'y'.repeat(32) } },
      {
        provider: 'vietqr',
        settings: { bank_bin: '970407', account_number: '19030000000001', account_name: 'PHO MAI' },
        secrets: { sepay_secret: 'x'.repeat(32) },
      },
    ];
    const made = await Promise.all(bodies.map((body) => create({ name: 'A', ...body })));
    expect(made.map(({ settings }) => settings)).toMatchObject(bodies.map(({ settings }) => settings));
    const routes = made.map(({ webhook_url: url, account_id: id }) => url.split('/webhooks/')[1].replace(id, '*'));
    expect(routes).toEqual(['vnpay/*', 'zalopay/*', 'sepay/*']);
  });

  test('is changed field by field; what is left out stays', async () => {
    const { account_id: id, ...before } = await create(momo({ allowed_addresses: ['192.0.2.1'] }));
    const patch = async (body: object) => (await api.rest(`PATCH ${path}/${id}`, { as: manager, body })).body;
    expect(await patch({ name: ' Renamed ' })).toMatchObject({
      ...before,
      name: 'Renamed',
      updated_at: expect.any(String),
    });
    expect(await patch({ settings: { partner_code: 'SHOP0002' } })).toMatchObject({
      name: 'Renamed',
      settings: { partner_code: 'SHOP0002' },
      allowed_addresses: ['192.0.2.1'],
      rotated_at: before.rotated_at,
    });
    expect(await patch({ allowed_addresses: [] })).toMatchObject({ allowed_addresses: [] });
    expect(await patch({ disabled: true })).toMatchObject({ disabled: true, name: 'Renamed' });
    expect(await patch({ disabled: false })).toMatchObject({ disabled: false });
  });

  test('is never deleted: it is disabled, as often as one likes, and stays in the list', async () => {
    const { account_id: id } = await create();
    for (const _ of [1, 2]) {
      const answer = await api.rest(`DELETE ${path}/${id}`, { as: manager });
      expect([answer.status, answer.text]).toEqual([204, '']);
    }
    const { body } = await api.rest(`GET ${path}?limit=500`, { as: manager });
    expect(body.merchant_accounts.find(({ account_id: one }: Json) => one === id)).toMatchObject({ disabled: true });
  });

  test('is listed page by page, each once', async () => {
    const made = [await create(), await create(), await create()].map(({ account_id: id }) => id);
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const { body }: Answer = await api.rest(`GET ${path}?limit=2${cursor && `&cursor=${cursor}`}`, { as: manager });
      expect(body.merchant_accounts.length).toBeLessThanOrEqual(2);
      seen.push(...body.merchant_accounts.map(({ account_id: id }: Json) => id));
      cursor = body.next_cursor;
    }
    expect(seen).toEqual([...new Set(seen)]);
    expect(seen).toEqual(expect.arrayContaining(made));
    expect((await api.rest(`GET ${path}?cursor=nonsense`, { as: manager })).status).toBe(400);
  });

  test('has the same life in GraphQL', async () => {
    const run = async (name: string, type: string, input: object) => {
      const { body } = await api.graphql(
        `mutation ($input: ${type}!) { answer: ${name}(input: $input) { merchantAccount {
          id provider settings secretNames previousUntil disabled name } } }`,
        { input },
        { as: manager },
      );
      if (body.errors) throw new Error(JSON.stringify(body.errors));
      return body.data.answer.merchantAccount;
    };
    const { secrets, ...rest } = momo();
    const { id } = await run('createMerchantAccount', 'CreateMerchantAccountInput', { ...rest, secrets });
    const renamed = await run('updateMerchantAccount', 'UpdateMerchantAccountInput', { accountId: id, name: 'Bar' });
    expect(renamed).toEqual({
      ...{ id, provider: 'momo', settings: { partner_code: 'SHOP0001' }, name: 'Bar' },
      ...{ secretNames: ['access_key', 'secret_key'], previousUntil: null, disabled: false },
    });
    const rotation = { accountId: id, secrets: newSecrets() };
    const rotated = await run('rotateMerchantSecrets', 'RotateMerchantSecretsInput', rotation);
    expect(Date.parse(rotated.previousUntil)).toBeGreaterThan(Date.now() + 86_000_000);
    expect(await run('disableMerchantAccount', 'DisableMerchantAccountInput', { accountId: id })).toMatchObject({
      disabled: true,
    });
    const { body } = await api.graphql(
      '{ merchantAccounts(first: 500) { nodes { id } edges { cursor node { id } } pageInfo { hasNextPage } } }',
      {},
      { as: manager },
    );
    expect(body.data.merchantAccounts.edges).toContainEqual({ cursor: id, node: { id } });
  });
});

describe('the secrets', () => {
  test('are in no answer, no log line and no column, through their whole life', async () => {
    const [first, second, refused] = [newSecrets(), newSecrets(), newSecrets()];
    const answers: string[] = [];
    const ask = async (request: string, body?: object) => {
      const answer = await api.rest(request, { as: manager, ...(body && { body }) });
      answers.push(answer.text, JSON.stringify([...answer.headers]));
      return answer.body;
    };
    const { account_id: id } = await ask(`POST ${path}`, momo({ secrets: first }));
    await ask(`POST ${path}/${id}/rotate-secrets`, { secrets: second });
    await ask(`PATCH ${path}/${id}`, { name: 'Renamed' });
    await ask(`GET ${path}?limit=500`);
    // Refused for another field, and for a field of their own.
    await ask(`POST ${path}`, momo({ secrets: refused, settings: {} }));
    await ask(`POST ${path}`, momo({ secrets: { ...refused, third_key: refused.secret_key } }));
    await ask(`POST ${path}/${id}/rotate-secrets`, { secrets: { secret_key: [refused.secret_key] } });
    const everywhere = [...answers, JSON.stringify(api.logLines), await wholeTable(api)].join('\n');
    for (const secret of [first, second, refused].flatMap((secrets) => Object.values(secrets)))
      expect(everywhere).not.toContain(secret);
    expect(answers.join('\n')).toContain('SHOP0001');
    expect(await wholeTable(api)).toContain('SHOP0001');
    expect(api.logLines.length).toBeGreaterThan(0);
  });

  test('are rotated; those before are kept as long as one says, and only once', async () => {
    const { account_id: id, rotated_at: madeAt } = await create();
    const rotate = async (body: object) =>
      (await api.rest(`POST ${path}/${id}/rotate-secrets`, { as: manager, body })).body;
    const kept = async () => {
      const [row] = await api.sql`SELECT sealed_previous, previous_until - session_clock() AS left, updated_at
        FROM merchant_accounts WHERE id = ${id}`;
      return row as Json;
    };
    const inADay = await rotate({ secrets: newSecrets() });
    expect(Date.parse(inADay.previous_until) - Date.now()).toBeGreaterThan(86_300_000);
    expect(Date.parse(inADay.previous_until) - Date.now()).toBeLessThan(86_500_000);
    expect(inADay.rotated_at > madeAt).toBe(true);
    const { sealed_previous: firstKept } = await kept();
    await rotate({ secrets: newSecrets(), keep_previous_seconds: 60 });
    expect((await kept()).sealed_previous).not.toEqual(firstKept);
    const atOnce = await rotate({ secrets: newSecrets(), keep_previous_seconds: 0 });
    expect(atOnce.previous_until).toBeNull();
    expect(await kept()).toMatchObject({ sealed_previous: null, left: null });
  });

  test('whose key is gone are told as such, and can be set anew', async () => {
    const { account_id: id } = await create();
    await api.sql`UPDATE merchant_accounts SET sealed_secrets = decode('00', 'hex') WHERE id = ${id}`;
    const renamed = await api.rest(`PATCH ${path}/${id}`, { as: manager, body: { name: 'Still here' } });
    expect(renamed.body).toMatchObject({ name: 'Still here', secret_names: null, rotated_at: null });
    const rotated = await api.rest(`POST ${path}/${id}/rotate-secrets`, {
      as: manager,
      body: { secrets: newSecrets(), keep_previous_seconds: 0 },
    });
    expect(rotated.body.secret_names).toEqual(['access_key', 'secret_key']);
  });
});

describe('what is wrong with a request', () => {
  test('is told field by field, all at once', async () => {
    const refuse = (body: object) => api.rest(`POST ${path}`, { as: manager, body });
    const many = await refuse({
      provider: 'momo',
      name: ' ',
      settings: { partner_code: 7, colour: 'red', size: 1 },
      secrets: { access_key: 'a' },
      allowed_addresses: ['192.0.2.1', 'localhost', '192.0.2.0/33'],
    });
    expect([many.status, many.body.code]).toEqual([400, 'VALIDATION_FAILED']);
    expect([...pathsOf(many)].sort()).toEqual([
      'allowed_addresses.1',
      'allowed_addresses.2',
      'name',
      'secrets.secret_key',
      'settings.colour',
      'settings.partner_code',
      'settings.size',
    ]);
    expect(pathsOf(await refuse(momo({ provider: 'paypal' })))).toEqual(['provider']);
    expect(pathsOf(await refuse(momo({ settings: [] })))).toEqual(['settings']);
    expect(pathsOf(await refuse(momo({ name: 'x'.repeat(101) })))).toEqual(['name']);
    expect(pathsOf(await refuse(momo({ name: 'a\u0000b' })))).toEqual(['name']);
    expect(pathsOf(await refuse(momo({ colour: 'red' })))).toEqual(['colour']);
    const tooMany = Array.from({ length: 101 }, (_, n) => `192.0.2.${n}`);
    expect(pathsOf(await refuse(momo({ allowed_addresses: tooMany })))).toEqual(['allowed_addresses']);
    const { secrets: _, ...without } = momo();
    expect(pathsOf(await refuse(without))).toEqual(['secrets']);
  });

  test('is told of changes and rotations, too, and nothing is written', async () => {
    const { account_id: id } = await create();
    const before = await wholeTable(api);
    const refuse = async (request: string, body: object) => {
      const answer = await api.rest(request, { as: manager, body });
      expect(answer.status).toBe(400);
      return pathsOf(answer);
    };
    expect(await refuse(`PATCH ${path}/${id}`, { settings: {} })).toEqual(['settings.partner_code']);
    expect(await refuse(`PATCH ${path}/${id}`, { secrets: newSecrets() })).toEqual(['secrets']);
    expect(await refuse(`PATCH ${path}/${id}`, { location_id: demo.location })).toEqual(['location_id']);
    const rotate = `POST ${path}/${id}/rotate-secrets`;
    for (const seconds of [-1, 2_592_001]) {
      const paths = await refuse(rotate, { secrets: newSecrets(), keep_previous_seconds: seconds });
      expect(paths).toEqual(['keep_previous_seconds']);
    }
    expect(await refuse(rotate, { secrets: { secret_key: 'x' } })).toEqual(['secrets.access_key']);
    expect(await wholeTable(api)).toBe(before);
  });
});

describe('who may', () => {
  const requests = (id: string): readonly [string, object?][] => [
    [`PATCH ${path}/${id}`, { name: 'Taken over' }],
    [`POST ${path}/${id}/rotate-secrets`, { secrets: newSecrets() }],
    [`DELETE ${path}/${id}`],
  ];
  const statusesOf = (asks: readonly (readonly [string, object?])[], as: string | null) =>
    Promise.all(
      asks.map(async ([request, body]) => {
        const answer = await api.rest(request, { as, ...(body && { body }) });
        return [answer.status, answer.body?.code];
      }),
    );

  test('is a manager, and nobody below, beside or above', async () => {
    const { account_id: id } = await create();
    const before = await wholeTable(api);
    const all = [[`GET ${path}`] as const, [`POST ${path}`, momo()] as const, ...requests(id)];
    for (const as of [demo.staff, demo.cashier, demo.operator, 'demo-table-1'])
      expect(await statusesOf(all, as)).toEqual(all.map(() => [403, 'FORBIDDEN']));
    expect(await statusesOf(all, null)).toEqual(all.map(() => [401, 'UNAUTHENTICATED']));
    expect(await wholeTable(api)).toBe(before);
  });

  test("another restaurant's manager sees nothing of it: its id is like one that does not exist", async () => {
    const { account_id: id } = await create();
    const before = await wholeTable(api);
    const foreign = await statusesOf(requests(id), 'demo-other-manager-key');
    expect(foreign).toEqual([1, 2, 3].map(() => [404, 'NOT_FOUND']));
    expect(await statusesOf(requests(randomUUID()), manager)).toEqual(foreign);
    // Not even what would be wrong with a request is told.
    const bad = [[`PATCH ${path}/${id}`, { settings: {} }] as const];
    expect(await statusesOf(bad, 'demo-other-manager-key')).toEqual([[404, 'NOT_FOUND']]);
    expect(await listed('demo-other-manager-key')).toEqual([]);
    expect(await wholeTable(api)).toBe(before);
  });

  test('a key of one location makes and manages accounts of that location only', async () => {
    const { locationId } = await newLocation(api);
    const bound = await newKey(api, { role: 'manager', locationId });
    const { account_id: everywhere } = await create();
    const { account_id: elsewhere } = await create(momo({ location_id: demo.location }));
    const own = await create(momo(), bound);
    expect(own.location_id).toBe(locationId);
    const named = await create(momo({ location_id: locationId }), bound);
    expect(await listed(bound)).toEqual([own.account_id, named.account_id]);
    for (const id of [everywhere, elsewhere])
      expect(await statusesOf(requests(id), bound)).toEqual([1, 2, 3].map(() => [404, 'NOT_FOUND']));
    const allowed = await statusesOf(requests(own.account_id), bound);
    expect(allowed.map(([status]) => status)).toEqual([200, 200, 204]);
    const refused = [
      await api.rest(`POST ${path}`, { as: bound, body: momo({ location_id: demo.location }) }),
      await api.rest(`POST ${path}`, { as: manager, body: momo({ location_id: demo.otherLocation }) }),
      await api.rest(`POST ${path}`, { as: manager, body: momo({ location_id: randomUUID() }) }),
    ];
    expect(refused.map(({ status }) => status)).toEqual([404, 404, 404]);
  });
});

test('in production, secrets that anybody can read on the internet are refused by name', async () => {
  const strict = await startApi({
    databaseUrl: api.databaseUrl,
    env: {
      ...{ NODE_ENV: 'production', DEMO: '0', PUBLIC_URL: 'https://order.example.com' },
      AUTH_SECRET: 'r4nd0m-but-fixed-7Qm2xV9tLw3KzP8s',
    },
  });
  try {
    const body = momo({ secrets: { access_key: 'own', secret_key: 'K951B6PE1waDMi640xX08PD3vg6EkVlz' } });
    const answer = await strict.rest(`POST ${path}`, { as: manager, body });
    expect([answer.status, pathsOf(answer)]).toEqual([400, ['secrets.secret_key']]);
    expect(answer.text).not.toContain('K951B6PE1waDMi640xX08PD3vg6EkVlz');
    expect((await strict.rest(`POST ${path}`, { as: manager, body: momo() })).body.webhook_url).toMatch(
      /^https:\/\/order\.example\.com\/webhooks\/momo\//,
    );
    expect((await api.rest(`POST ${path}`, { as: manager, body })).status).toBe(201);
  } finally {
    await strict.stop();
  }
});

async function publicUrl(): Promise<string> {
  const { body } = await api.http('GET', '/openapi.json');
  return body.servers[0].url;
}
