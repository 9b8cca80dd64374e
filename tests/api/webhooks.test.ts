import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { providers } from '../../src/payments/index.js';
import type { WebhookResult } from '../../src/payments/provider.js';
import { type Api, demo, sitDown, startApi, useApi, written } from '../support/api.js';
import { createTestDatabase } from '../support/database.js';
import { cuttableDatabase } from '../support/cuttable-database.js';
import { eventually } from '../support/eventually.js';
import {
  json,
  momoBody,
  momoFields,
  newAccount,
  type RawAnswer,
  type RawAsk,
  sendRaw,
  sepayBody,
  sepayHeaders,
  strangeReference,
  vnpayQuery,
} from '../support/webhooks.js';

const secret = 'sepay-secret-of-these-tests-only';
const api = useApi({ env: { SEPAY_SECRET: secret } });

const call = (path: string, ask: RawAsk = {}) => sendRaw(`${api.address}/webhooks/${path}`, ask);

/** Holds an answer against what the provider's adapter says, to the byte. */
function expectAnswer(answer: RawAnswer, provider: string, result: WebhookResult): void {
  const { status, headers, body } = providers[provider]!.acknowledge(result);
  expect([answer.status, answer.body.toString()]).toEqual([status, body]);
  expect(answer.headers['content-type']).toBe(headers['content-type']);
  expect(answer.headers).toMatchObject(headers);
  expect(answer.headers['x-request-id']).toMatch(/./);
}

const invalid = (why: Extract<WebhookResult, { result: 'invalid' }>['why']): WebhookResult => ({
  result: 'invalid',
  why,
});

/** How many rows every table has. */
async function rowCounts({ sql }: Pick<Api, 'sql'> = api): Promise<Record<string, number>> {
  const tables = await sql`SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY 1`;
  const counts = tables.map(async ({ name }) => {
    const [row] = await sql`SELECT count(*)::int AS rows FROM ${sql(name)}`;
    return [name, row?.rows] as const;
  });
  return Object.fromEntries(await Promise.all(counts));
}

async function counted(provider: string, verdict: string): Promise<number> {
  const { text } = await api.http('GET', '/metrics');
  const line = `qr_webhooks_total{provider="${provider}",verdict="${verdict}"} `;
  const found = text.split('\n').find((one) => one.startsWith(line));
  return Number(found?.slice(line.length) ?? 0);
}

/** The newest sample, once it is written. */
async function sampleWith(text: string) {
  return eventually(async () => {
    const [row] = await api.sql`
      SELECT * FROM webhook_samples WHERE position(${Buffer.from(text)}::bytea IN sample) > 0 ORDER BY id DESC LIMIT 1`;
    return row;
  });
}

const inboxOf = async (body: string | Buffer) =>
  (await api.sql`SELECT * FROM webhook_inbox WHERE body = ${Buffer.from(body)}`)[0];

describe('the way in', () => {
  test.each([
    ['momo', 'PUT'],
    ['momo', 'GET'],
    ['momo', 'HEAD'],
    ['momo', 'DELETE'],
    ['momo', 'PATCH'],
    ['vnpay', 'POST'],
    ['vnpay', 'HEAD'],
    ['zalopay', 'GET'],
    ['sepay', 'PUT'],
  ])("%s refuses %s in the provider's own words", async (route, method) => {
    const before = await counted(route === 'sepay' ? 'vietqr' : route, 'wrong_method');
    const answer = await call(route, { method });
    const provider = route === 'sepay' ? 'vietqr' : route;
    const { status, body } = providers[provider]!.acknowledge(invalid('wrong_method'));
    expect([answer.status, answer.body.toString()]).toEqual([status, method === 'HEAD' ? '' : body]);
    expect(await counted(provider, 'wrong_method')).toBe(before + 1);
  });

  test.each([
    'nobody',
    'vietqr',
    'constructor',
    '__proto__',
    'momo/',
    `momo/${randomUUID()}`,
    'momo/not-an-id',
    "momo/'; DROP TABLE payments",
    'momo/default/more',
  ])('/webhooks/%s is nowhere: 404 as problem+json', async (path) => {
    const answer = await call(encodeURI(path), { headers: json, body: momoBody() });
    expect([answer.status, answer.headers['content-type']]).toEqual([
      404,
      expect.stringContaining('application/problem+json'),
    ]);
    expect(JSON.parse(answer.body.toString())).toMatchObject({ code: 'NOT_FOUND', status: 404 });
  });

  test("the default account's longer address is the same", async () => {
    expectAnswer(await call('momo/default', { headers: json, body: '{}' }), 'momo', invalid('malformed'));
  });

  test('an account answers only to the route of its own provider', async () => {
    const id = await newAccount(api, 'vnpay');
    expect((await call(`momo/${id}`, { headers: json, body: momoBody() })).status).toBe(404);
    expectAnswer(await call(`vnpay/${id}?vnp_Amount=1`, { method: 'GET' }), 'vnpay', invalid('bad_signature'));
  });

  test('64 kB are read, one byte more is 413', async () => {
    const largest = await call('momo', { headers: json, body: ' '.repeat(65_536) });
    expect(largest.status).not.toBe(413);
    const answer = await call('momo', { headers: json, body: ' '.repeat(65_537) });
    expect(answer.status).toBe(413);
    expect(JSON.parse(answer.body.toString())).toMatchObject({
      code: 'PAYLOAD_TOO_LARGE',
      detail: expect.stringContaining('64 kB'),
    });
  });

  test("the caller's request id comes back, and no credential is looked at", async () => {
    const headers = { ...json, 'x-request-id': 'momo-7', authorization: 'Bearer nonsense' };
    const answer = await call('momo', { headers, body: momoBody() });
    expect(answer.headers['x-request-id']).toBe('momo-7');
    expect(answer.status).not.toBe(401);
  });

  test('a content type that is none reaches the adapter too', async () => {
    for (const type of [';;;', 'text', 'multipart/form-data'])
      expectAnswer(
        await call('momo', { headers: { 'content-type': type }, body: momoBody() }),
        'momo',
        invalid('wrong_content_type'),
      );
  });
});

describe('bytes', () => {
  test('of a signed body are verified and kept as they came', async () => {
    const body = momoBody({ message: 'Giao dịch thành công' });
    await call('momo', { headers: json, body });
    expect(await inboxOf(body)).toMatchObject({ provider: 'momo', account: 'default', method: 'POST', query: '' });
  });

  test.each([
    ['white space', Buffer.from(' \r\n\t{}\t \n')],
    ['a byte order mark', Buffer.from('\ufeff{"a":1}')],
    ['what is no UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0xc3, 0x28, 0x22, 0x7d])],
    ['null bytes', Buffer.from('{"a":"\0\0"}')],
  ])('of %s are not touched', async (what, body) => {
    const mark = `mark-${randomUUID()}`;
    await call('momo', { headers: { ...json, 'user-agent': mark }, body });
    const { sample } = await sampleWith(mark);
    expect(sample.subarray(-body.length), what).toEqual(body);
  });

  test('of a query are not decoded', async () => {
    const mark = randomUUID();
    const query = `a=%20+%2B&&b=%zz&vnp_x=${mark}&"<'>;?c`;
    await call(`vnpay?${query}`, { method: 'GET' });
    expect((await sampleWith(mark)).sample.toString('latin1')).toContain(`GET ?${query}\n`);
  });

  test('of two headers with one name are both seen, and fit no check made for one', async () => {
    const body = sepayBody();
    const { 'x-sepay-signature': signature = '', ...headers } = sepayHeaders(body, secret);
    const twice = { ...headers, 'X-SePay-Signature': [signature, signature] as unknown as string };
    expectAnswer(await call('sepay', { headers: twice, body }), 'vietqr', invalid('bad_signature'));
  });
});

describe('a call that no provider signed', () => {
  test.each([
    ['momo', 'bad_signature', () => ({ headers: json, body: JSON.stringify({ ...momoFields(), amount: 1 }) })],
    ['momo', 'malformed', () => ({ headers: json, body: '{"partnerCode":' })],
    ['vietqr', 'bad_signature', () => ({ headers: sepayHeaders(sepayBody(), 'another secret'), body: sepayBody() })],
    ['vietqr', 'stale', () => ({ headers: sepayHeaders('{}', secret, 1_700_000_000), body: '{}' })],
  ] as const)('%s, %s: a counter and a sample change, and nothing else', async (provider, why, ask) => {
    const mark = `mark-${randomUUID()}`;
    const [rows, heads, count] = [await rowCounts(), await written(api), await counted(provider, why)];
    const { headers, body } = ask();
    expectAnswer(
      await call(providers[provider]!.route, { headers: { ...headers, 'user-agent': mark }, body }),
      provider,
      invalid(why),
    );
    expect(await sampleWith(mark)).toMatchObject({ tenant_id: demo.tenant, provider, account: 'default', reason: why });
    expect(await counted(provider, why)).toBe(count + 1);
    expect(await rowCounts()).toEqual({ ...rows, webhook_samples: expect.any(Number) });
    expect(await written(api)).toEqual(heads);
  });

  test('VNPay with a foreign hash: told so in JSON with 200, and nothing written', async () => {
    const rows = await rowCounts();
    const answer = await call(`vnpay?${vnpayQuery().slice(0, -4)}0000`, { method: 'GET' });
    expectAnswer(answer, 'vnpay', invalid('bad_signature'));
    expect(JSON.parse(answer.body.toString())).toMatchObject({ RspCode: '97' });
    expect(await rowCounts()).toEqual({ ...rows, webhook_samples: expect.any(Number) });
  });

  test('from an address that the account does not list is refused, also with a good signature', async () => {
    const id = await newAccount(api, 'momo', { allowed_addresses: ['203.0.113.7'] });
    const ask = { headers: { ...json, 'x-forwarded-for': '203.0.113.7' }, body: momoBody() };
    expectAnswer(await call(`momo/${id}`, ask), 'momo', invalid('wrong_address'));
    expect(await inboxOf(ask.body)).toBeUndefined();
  });
});

test('behind a proxy the address is the one that the proxy tells', async () => {
  const proxied = await startApi({ databaseUrl: api.databaseUrl, env: { TRUST_PROXY: 'true' } });
  try {
    const id = await newAccount(api, 'momo', { allowed_addresses: ['203.0.113.7'] });
    const from = (address: string) =>
      sendRaw(`${proxied.address}/webhooks/momo/${id}`, {
        headers: { ...json, 'x-forwarded-for': address },
        body: momoBody(),
      });
    expectAnswer(await from('203.0.113.8'), 'momo', invalid('wrong_address'));
    // The account is made up, and no one else's.
    expect((await from('203.0.113.7')).status).not.toBe(403);
  } finally {
    await proxied.stop();
  }
});

test('forged calls get their answer while the database is away', async () => {
  const way = await cuttableDatabase(api.databaseUrl);
  const cut = await startApi({ databaseUrl: way.url });
  try {
    way.cut('refuse');
    const forged = { headers: json, body: JSON.stringify({ ...momoFields(), amount: 1 }) };
    expectAnswer(await sendRaw(`${cut.address}/webhooks/momo`, forged), 'momo', invalid('bad_signature'));
    const signed = await sendRaw(`${cut.address}/webhooks/momo`, { headers: json, body: momoBody() });
    expectAnswer(signed, 'momo', { result: 'error' });
  } finally {
    way.mend();
    await cut.stop();
    await way.stop();
  }
});

test('101 forged calls in a minute are counted and answered; 100 are sampled, and a stop loses none of them', async () => {
  const database = await createTestDatabase();
  const flooded = await startApi({ databaseUrl: database.url });
  const calls = Array.from({ length: 101 }, () =>
    sendRaw(`${flooded.address}/webhooks/zalopay`, { headers: json, body: `{"filler":"${'x'.repeat(20_000)}"}` }),
  );
  const statuses = new Set((await Promise.all(calls)).map(({ status }) => status));
  const { text } = await flooded.http('GET', '/metrics');
  await flooded.stop();
  const seen = await startApi({ databaseUrl: database.url });
  try {
    expect(statuses.size).toBe(1);
    expect(text).toMatch(/qr_webhooks_total\{provider="zalopay",verdict="\w+"\} 101\n/);
    expect(await seen.sql`SELECT count(*)::int, max(length(sample)) FROM webhook_samples`).toEqual([
      { count: 100, max: 8192 },
    ]);
    // A flood fills no log either.
    expect(flooded.logLines.filter(({ operation }) => operation === 'webhook')).toHaveLength(100);
  } finally {
    await seen.stop();
    await database.drop();
  }
});

describe('a notice that its provider signed', () => {
  test('of no order of ours is answered so, kept with its verdict, and logged', async () => {
    const body = momoBody();
    const before = await counted('momo', 'unknown_order');
    const answer = await call('momo', { headers: { ...json, cookie: 'a=b', 'x-secret-key': 'c' }, body });
    expectAnswer(answer, 'momo', { result: 'unknown_order', isYoung: false });
    const row = await inboxOf(body);
    expect(row).toMatchObject({ tenant_id: demo.tenant, verdict: 'unmatched', deliveries: 1 });
    expect(row?.headers).not.toHaveProperty('cookie');
    expect(row?.headers).not.toHaveProperty('x-secret-key');
    expect(await counted('momo', 'unknown_order')).toBe(before + 1);
    expect(api.logLines.at(-1)).toMatchObject({ operation: 'webhook', provider: 'momo', verdict: 'unknown_order' });
  });

  test('that no money moved for an unknown order moves nothing, and is kept', async () => {
    const body = momoBody({ resultCode: 1006, payType: '' });
    const rows = await rowCounts();
    expectAnswer(await call('momo', { headers: json, body }), 'momo', { result: 'unknown_order', isYoung: false });
    expect(await rowCounts()).toEqual({ ...rows, webhook_inbox: (rows.webhook_inbox ?? 0) + 1 });
    expect(await inboxOf(body)).toMatchObject({ verdict: 'unknown_order', payment_id: null });
  });

  test('again only counts, also when it comes ten times at once', async () => {
    const body = momoBody();
    const answers = await Promise.all(Array.from({ length: 10 }, () => call('momo', { headers: json, body })));
    for (const { status } of answers) expect(status).toBeLessThan(500);
    expect(await inboxOf(body)).toMatchObject({ deliveries: 10 });
  });

  test('and is of no concern to us is acknowledged, kept, and moves nothing', async () => {
    const body = sepayBody({ transferType: 'out' });
    const rows = await rowCounts();
    const answer = await call('sepay', { headers: sepayHeaders(body, secret), body });
    expectAnswer(answer, 'vietqr', { result: 'ignored' });
    expect(await rowCounts()).toEqual({ ...rows, webhook_inbox: (rows.webhook_inbox ?? 0) + 1 });
    expect(await inboxOf(body)).toMatchObject({ provider: 'vietqr', verdict: 'ignored', payment_id: null });
  });

  test('late, of a payment that has its money, changes nothing; an answer without a body has no content type', async () => {
    const { sessionId } = await sitDown(api);
    const payment = {
      ...{ tenant_id: demo.tenant, id: randomUUID(), session_id: sessionId, location_id: demo.location },
      ...{ payment_reference: strangeReference(), method: 'momo', provider: 'momo', account: 'default' },
      ...{
        status: 'succeeded',
        amount: 50_000,
        currency: 'VND',
        actor: api.sql.json({ type: 'server', id: 'server' }),
      },
    };
    await api.sql`INSERT INTO payments ${api.sql(payment)}`;
    const rows = await rowCounts();
    const body = momoBody({ orderId: payment.payment_reference, resultCode: 1006, payType: '' });
    const answer = await call('momo', { headers: json, body });
    expectAnswer(answer, 'momo', { result: 'duplicate' });
    expect([answer.status, answer.body.length, answer.headers['content-type']]).toEqual([204, 0, undefined]);
    expect(await rowCounts()).toEqual({ ...rows, webhook_inbox: (rows.webhook_inbox ?? 0) + 1 });
    expect(await inboxOf(body)).toMatchObject({ verdict: 'already_settled', payment_id: payment.id });
  });

  test('and came by a query is kept with it', async () => {
    const query = vnpayQuery();
    const answer = await call(`vnpay?${query}`, { method: 'GET' });
    expectAnswer(answer, 'vnpay', { result: 'unknown_order', isYoung: false });
    expect(await api.sql`SELECT method, verdict FROM webhook_inbox WHERE query = ${query}`).toEqual([
      { method: 'GET', verdict: 'unmatched' },
    ]);
  });
});

describe('our own faults', () => {
  /** While the work is done, no row can be added to the table. */
  async function whileRefused<T>(tables: readonly string[], work: () => Promise<T>): Promise<T> {
    await api.sql.unsafe(`CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql
      AS $$ BEGIN RAISE EXCEPTION 'refused by a test'; END $$`);
    for (const table of tables)
      await api.sql.unsafe(`CREATE TRIGGER refused BEFORE INSERT OR UPDATE ON ${table} EXECUTE FUNCTION refuse()`);
    try {
      return await work();
    } finally {
      for (const table of tables) await api.sql.unsafe(`DROP TRIGGER refused ON ${table}`);
    }
  }

  test('keep the notice as an error, log the cause once, and ask the provider to come again; then it settles', async () => {
    const reference = strangeReference();
    const body = momoBody({ orderId: reference });
    const logged = api.logLines.length;
    const failed = await whileRefused(['payments'], () => call('momo', { headers: json, body }));
    expectAnswer(failed, 'momo', { result: 'error' });
    expect(await inboxOf(body)).toMatchObject({ verdict: 'error', payment_id: null, deliveries: 1 });
    const causes = api.logLines.slice(logged).filter(({ level }) => level >= 50);
    expect(causes).toEqual([expect.objectContaining({ provider: 'momo', msg: 'webhook failed' })]);
    expect(JSON.stringify(causes)).toContain('refused by a test');
    expect(await counted('momo', 'error')).toBeGreaterThan(0);

    const settled = await call('momo', { headers: json, body });
    expectAnswer(settled, 'momo', { result: 'unknown_order', isYoung: false });
    expect(await inboxOf(body)).toMatchObject({ verdict: 'unmatched', deliveries: 2 });
    expect(
      await api.sql`SELECT claimed_reference, amount::int FROM payments WHERE claimed_reference = ${reference}`,
    ).toEqual([{ claimed_reference: reference, amount: 50_000 }]);
  });

  test('answer as errors even when nothing at all can be kept', async () => {
    const body = momoBody();
    const failed = await whileRefused(['payments', 'webhook_inbox'], () => call('momo', { headers: json, body }));
    expectAnswer(failed, 'momo', { result: 'error' });
    expect(await inboxOf(body)).toBeUndefined();
    await call('momo', { headers: json, body });
    expect(await inboxOf(body)).toMatchObject({ verdict: 'unmatched' });
  });
});
