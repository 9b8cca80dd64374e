/** The simulated providers over real HTTP, in front of a server that only notes which webhooks reach it. */
import { createHmac } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import Fastify, { type FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { mountSimulator, type Simulator } from '../../src/simulator/mount.js';
import { eventually } from '../support/eventually.js';

type Json = ReturnType<typeof JSON.parse>;

interface Received {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: Json;
  readonly body: string;
}

const momo = { partnerCode: 'MOMO', accessKey: 'F8BBA842ECF85', secretKey: 'K951B6PE1waDMi640xX08PD3vg6EkVlz' };
const vnpay = { tmnCode: 'LAWDEV01', hashSecret: 'MADEUPDEVSECRETVNPAY000000000001' };
const zalopay = {
  appId: '2553',
  key1: 'PcY4iZIKFCIdgZvA6ueMcMHHUbRLYjPL',
  key2: 'kLtgPl8HHhfvMuDHPwKfgfsY4Ydm9eIz',
};
const sepay = { secret: 'a-feed-secret', accountNumber: '0011000123456' };

const hmac256 = (key: string, text: string) => createHmac('sha256', key).update(text).digest('hex');
const hmac512 = (key: string, text: string) => createHmac('sha512', key).update(text).digest('hex');

let server: FastifyInstance;
let simulator: Simulator;
let address: string;
let received: Received[];
/** What the merchant answers to the next webhooks; the last one stays. */
let answers: { status: number; body: string }[];
/** The merchant takes webhooks and says nothing. */
let holds: boolean;

beforeEach(async () => {
  received = [];
  holds = false;
  answers = [{ status: 204, body: '' }];
  server = Fastify();
  await server.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
    scope.all('/webhooks/*', (request, reply) => {
      const [path = '', query = ''] = request.url.split('?');
      const { method, headers, body } = request;
      received.push({ method, path, query, headers, body: (body as string | undefined) ?? '' });
      if (holds) return reply.hijack();
      const answer = answers.length > 1 ? answers.shift()! : answers[0]!;
      return reply.status(answer.status).send(answer.body);
    });
  });
  simulator = mountSimulator(server, {
    publicUrl: () => 'https://restaurant.example',
    address: () => address,
    secrets: { momo, vnpay, zalopay, sepay },
    log: pino({ level: 'silent' }),
    pace: { retryMs: 5, bankStepMs: 2, refundMs: 0, timeoutMs: 2_000 },
  });
  await server.listen({ port: 0, host: '127.0.0.1' });
  address = `http://127.0.0.1:${(server.server.address() as AddressInfo).port}`;
});

afterEach(async () => {
  simulator.close();
  await server.close();
});

async function call(method: string, path: string, body?: unknown): Promise<{ status: number; body: Json }> {
  const response = await fetch(`${address}/demo/gateway${path}`, {
    method,
    redirect: 'manual',
    headers: body === undefined ? {} : { 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const location = response.headers.get('location');
  return { status: response.status, body: location ?? (text.startsWith('{') ? JSON.parse(text) : text) };
}

const act = (order: string, name: string, more: object = {}) =>
  call('POST', `/orders/${order}/act`, { act: name, ...more });
const look = async (order: string): Promise<Json> => (await call('GET', `/orders/${order}`)).body.order;

async function createMomo(changes: Json = {}): Promise<{ status: number; body: Json }> {
  const fields: Json = {
    partnerCode: 'MOMO',
    requestId: 'QR0123456789ABCD1',
    amount: 250_000,
    orderId: 'QR0123456789ABCD',
    orderInfo: 'Ban 5',
    redirectUrl: 'https://restaurant.example/demo/?paid=1#s=1',
    ipnUrl: 'https://restaurant.example/webhooks/momo',
    requestType: 'captureWallet',
    extraData: '',
    ...changes,
  };
  const { accessKey, secretKey } = momo;
  const names = Object.keys({ accessKey, ...fields }).sort();
  const text = names.map((name) => `${name}=${{ accessKey, ...fields }[name]}`).join('&');
  return call('POST', '/momo/v2/gateway/api/create', { ...fields, lang: 'vi', signature: hmac256(secretKey, text) });
}

/** MoMo's words and their signature, computed here and not with the code under test. */
function readMomo({ body }: Received): Json {
  const notice = JSON.parse(body);
  const { signature, ...fields } = { accessKey: momo.accessKey, ...notice };
  const text = Object.keys(fields).sort();
  const isSigned = hmac256(momo.secretKey, text.map((name) => `${name}=${fields[name]}`).join('&')) === signature;
  return { ...notice, isSigned };
}

const compact = (at: number) => new Date(at + 7 * 3_600_000).toISOString().replaceAll(/\D/g, '').slice(0, 14);

function vnpayUrl(changes: Record<string, string> = {}): string {
  const values = new URLSearchParams({
    vnp_Version: '2.1.0',
    vnp_Command: 'pay',
    vnp_TmnCode: vnpay.tmnCode,
    vnp_Amount: '25000000',
    vnp_CurrCode: 'VND',
    vnp_TxnRef: 'QR0123456789ABCD',
    vnp_OrderInfo: 'Ban 5',
    vnp_OrderType: 'other',
    vnp_Locale: 'vn',
    vnp_ReturnUrl: 'https://restaurant.example/demo/?x=1#s=1',
    vnp_IpAddr: '203.0.113.7',
    vnp_CreateDate: compact(Date.now()),
    vnp_ExpireDate: compact(Date.now() + 900_000),
    ...changes,
  });
  values.sort();
  return `/vnpay/pay?${values}&vnp_SecureHash=${hmac512(vnpay.hashSecret, values.toString())}`;
}

function readVnpay(query: string): Json {
  const values = new URLSearchParams(query);
  const hash = values.get('vnp_SecureHash');
  const all = Object.fromEntries(values);
  for (const name of [...values.keys()]) if (!/^vnp_(?!SecureHash)/.test(name)) values.delete(name);
  values.sort();
  return { ...all, isSigned: hmac512(vnpay.hashSecret, values.toString()) === hash };
}

async function createZalopay(reference: string): Promise<{ status: number; body: Json }> {
  const fields = {
    app_id: 2553,
    app_trans_id: reference,
    app_user: 'guest',
    amount: 250_000,
    app_time: Date.now(),
    embed_data: JSON.stringify({ redirecturl: 'https://restaurant.example/demo/' }),
    item: '[]',
    description: 'Ban 5',
    callback_url: 'http://elsewhere.example/webhooks/zalopay',
  };
  const { app_id, app_trans_id, app_user, amount, app_time, embed_data, item } = fields;
  const mac = hmac256(zalopay.key1, [app_id, app_trans_id, app_user, amount, app_time, embed_data, item].join('|'));
  return call('POST', '/zalopay/v2/create', { ...fields, mac });
}

describe('a payment with the simulated MoMo', () => {
  const order = 'momo/QR0123456789ABCD';

  it('is told once, and leads back with the same words', async () => {
    const created = await createMomo();
    expect(created.body).toMatchObject({ resultCode: 0, amount: 250_000 });
    expect(created.body.payUrl).toBe('https://restaurant.example/demo/gateway/?order=momo:QR0123456789ABCD');
    expect(await look(order)).toMatchObject({ state: 'open', return_url: null, deliveries: [] });
    const paid = await act(order, 'pay');
    expect(received).toHaveLength(1);
    expect(received[0]).toMatchObject({ method: 'POST', path: '/webhooks/momo', query: '' });
    const notice = readMomo(received[0]!);
    expect(notice).toMatchObject({ isSigned: true, resultCode: 0, amount: 250_000, requestId: 'QR0123456789ABCD1' });
    expect(paid.body.order).toMatchObject({
      state: 'paid',
      deliveries: [{ method: 'POST', body: received[0]!.body, forged: false, answer: { status: 204, body: '' } }],
    });
    const back = new URL(paid.body.order.return_url);
    expect([back.origin, back.pathname, back.hash, back.searchParams.get('paid')]).toEqual([
      'https://restaurant.example',
      '/demo/',
      '#s=1',
      '1',
    ]);
    expect(back.searchParams.get('signature')).toBe(notice.signature);
  });

  it('is told of as failed when the guest cancels', async () => {
    await createMomo();
    await act(order, 'fail');
    expect(readMomo(received[0]!)).toMatchObject({ isSigned: true, resultCode: 1006, payType: '' });
    expect(await look(order)).toMatchObject({ state: 'failed', transactions: [] });
    expect((await act(order, 'pay')).status).toBe(409);
    expect(received).toHaveLength(1);
  });

  it('is told twice, byte for byte', async () => {
    await createMomo();
    await act(order, 'pay_twice');
    expect(received).toHaveLength(2);
    expect(received[1]!.body).toBe(received[0]!.body);
    expect((await look(order)).transactions).toHaveLength(1);
  });

  it('is told twice with two transactions', async () => {
    await createMomo();
    await act(order, 'pay_twice_other_transaction');
    const notices = received.map(readMomo);
    expect(notices.map(({ isSigned, amount, resultCode }) => [isSigned, amount, resultCode])).toEqual([
      [true, 250_000, 0],
      [true, 250_000, 0],
    ]);
    expect(notices[0].transId).not.toBe(notices[1].transId);
  });

  it('comes short', async () => {
    await createMomo();
    await act(order, 'pay_short');
    expect(readMomo(received[0]!)).toMatchObject({ isSigned: true, amount: 240_000, resultCode: 0 });
  });

  it('is claimed by somebody without the secret, and stays open', async () => {
    await createMomo();
    const forged = await act(order, 'forged');
    expect(readMomo(received[0]!)).toMatchObject({ isSigned: false, resultCode: 0, amount: 250_000 });
    expect(forged.body.order).toMatchObject({ state: 'open', transactions: [], deliveries: [{ forged: true }] });
    expect((await act(order, 'pay')).status).toBe(200);
  });

  it('is made and never told, so that only a question finds it', async () => {
    await createMomo();
    await act(order, 'never_answer');
    expect(received).toEqual([]);
    const text = `accessKey=${momo.accessKey}&orderId=QR0123456789ABCD&partnerCode=MOMO&requestId=q1`;
    const question = { partnerCode: 'MOMO', orderId: 'QR0123456789ABCD', requestId: 'q1', lang: 'vi' };
    const signature = hmac256(momo.secretKey, text);
    const answer = await call('POST', '/momo/v2/gateway/api/query', { ...question, signature });
    expect(answer.body).toMatchObject({ resultCode: 0, amount: 250_000 });
  });

  it('comes late', async () => {
    await createMomo();
    const late = await act(order, 'pay_late', { delay_seconds: 1 });
    expect(late.body.order).toMatchObject({ state: 'paying_later', deliveries: [], due_at: expect.any(String) });
    expect((await act(order, 'pay')).status).toBe(409);
    // The guest gives up, and the money comes all the same.
    await act(order, 'fail');
    await eventually(() => received.length === 2);
    expect(received.map((one) => readMomo(one).resultCode)).toEqual([1006, 0]);
    await eventually(async () => (await look(order)).state === 'paid');
  });

  it('goes to no other server than its own', async () => {
    const elsewhere = await createMomo({ ipnUrl: 'http://169.254.169.254/latest/meta-data' });
    expect(elsewhere).toMatchObject({ status: 400, body: { resultCode: 20 } });
    await createMomo({ ipnUrl: 'http://169.254.169.254/webhooks/momo/other-account' });
    await act(order, 'pay');
    expect(received).toMatchObject([{ path: '/webhooks/momo/other-account' }]);
  });

  it('shows that nobody answered', async () => {
    await createMomo();
    const listening = address;
    address = 'http://127.0.0.1:9';
    const paying = server.inject({ method: 'POST', url: `/demo/gateway/orders/${order}/act`, payload: { act: 'pay' } });
    const { deliveries, state } = (await paying).json().order;
    address = listening;
    expect([state, deliveries[0].answer.status, received]).toEqual(['paid', 0, []]);
  });
});

describe('a payment with the simulated VNPay', () => {
  const order = 'vnpay/QR0123456789ABCD';

  it('begins with the pay page', async () => {
    const page = await call('GET', vnpayUrl());
    expect(page).toEqual({ status: 302, body: '../?order=vnpay:QR0123456789ABCD' });
    const wrong = await call('GET', `${vnpayUrl({ vnp_TxnRef: 'QR2' })}0`);
    expect(wrong).toEqual({ status: 302, body: '../?error=vnpay:70' });
    expect((await call('GET', '/orders')).body.orders).toMatchObject([
      { reference: 'QR0123456789ABCD', amount: 250_000 },
    ]);
  });

  it('is told with GET at the registered address, and leads back with the same words', async () => {
    answers = [{ status: 200, body: '{"RspCode":"00","Message":"Confirm Success"}' }];
    await call('GET', vnpayUrl());
    const paid = await act(order, 'pay');
    expect(received).toMatchObject([{ method: 'GET', path: '/webhooks/vnpay', body: '' }]);
    const notice = readVnpay(received[0]!.query);
    expect(notice).toMatchObject({
      isSigned: true,
      vnp_ResponseCode: '00',
      vnp_TransactionStatus: '00',
      vnp_Amount: '25000000',
    });
    const back = new URL(paid.body.order.return_url);
    expect([back.hash, back.searchParams.get('x')]).toEqual(['#s=1', '1']);
    expect(readVnpay(back.search)).toMatchObject({ isSigned: true, vnp_SecureHash: notice.vnp_SecureHash });
  });

  it('is told of as failed when the guest cancels', async () => {
    answers = [{ status: 200, body: '{"RspCode":"00"}' }];
    await call('GET', vnpayUrl());
    await act(order, 'fail');
    const notice = readVnpay(received[0]!.query);
    expect(notice).toMatchObject({
      isSigned: true,
      vnp_ResponseCode: '24',
      vnp_TransactionStatus: '02',
      vnp_TransactionNo: '0',
    });
    expect(notice.vnp_BankTranNo).toBeUndefined();
  });

  it('is told again until the merchant has it', async () => {
    answers = [
      { status: 200, body: '{"RspCode":"99"}' },
      { status: 500, body: '' },
      { status: 200, body: '{"RspCode":"02"}' },
    ];
    await call('GET', vnpayUrl());
    await act(order, 'pay');
    await eventually(async () => (await look(order)).deliveries.length === 3);
    expect(await look(order)).toMatchObject({ calls_again_at: null });
    expect(new Set(received.map(({ query }) => query)).size).toBe(1);
  });

  it('is told ten times at most', async () => {
    answers = [{ status: 200, body: '{"RspCode":"04"}' }];
    await call('GET', vnpayUrl());
    await act(order, 'pay_short');
    const last = await eventually(async () => {
      const { deliveries, calls_again_at: next } = await look(order);
      return deliveries.length >= 10 && next === null ? deliveries : undefined;
    });
    expect([last.length, received.length]).toEqual([10, 10]);
    expect(readVnpay(received[9]!.query)).toMatchObject({ isSigned: true, vnp_Amount: '24000000' });
  });

  it('is claimed by somebody without the secret, who does not come again', async () => {
    answers = [{ status: 200, body: '{"RspCode":"97"}' }];
    await call('GET', vnpayUrl());
    const forged = await act(order, 'forged');
    expect(readVnpay(received[0]!.query)).toMatchObject({ isSigned: false, vnp_ResponseCode: '00' });
    expect(forged.body.order).toMatchObject({ state: 'open', calls_again_at: null });
  });

  it('is found by a signed question', async () => {
    await call('GET', vnpayUrl({ vnp_CreateDate: '20261122140000' }));
    await act(order, 'never_answer');
    const values = [
      'q1',
      '2.1.0',
      'querydr',
      vnpay.tmnCode,
      'QR0123456789ABCD',
      '20261122140000',
      '20261122143000',
      '::1',
      'x',
    ];
    const names = [
      'RequestId',
      'Version',
      'Command',
      'TmnCode',
      'TxnRef',
      'TransactionDate',
      'CreateDate',
      'IpAddr',
      'OrderInfo',
    ];
    const question = Object.fromEntries(names.map((name, index) => [`vnp_${name}`, values[index]]));
    const hash = hmac512(vnpay.hashSecret, values.join('|'));
    const answer = (await call('POST', '/vnpay/api', { ...question, vnp_SecureHash: hash })).body;
    expect(answer).toMatchObject({ vnp_ResponseCode: '00', vnp_TransactionStatus: '00', vnp_Amount: '25000000' });
    expect(received).toEqual([]);
  });
});

describe('a payment with the simulated ZaloPay', () => {
  const reference = `${compact(Date.now()).slice(2, 8)}_QR0123456789ABCD`;
  const order = `zalopay/${reference}`;

  it('is told with signed data, three times more while the merchant asks for it', async () => {
    answers = [{ status: 200, body: '{"return_code":0,"return_message":"later"}' }];
    expect((await createZalopay(reference)).body).toMatchObject({ return_code: 1 });
    await act(order, 'pay');
    await eventually(async () => {
      const { deliveries, calls_again_at: next } = await look(order);
      return deliveries.length === 4 && next === null;
    });
    expect(received).toHaveLength(4);
    const { data, mac, type } = JSON.parse(received[0]!.body);
    expect([mac, type]).toEqual([hmac256(zalopay.key2, data), 1]);
    expect(JSON.parse(data)).toMatchObject({ app_id: 2553, app_trans_id: reference, amount: 250_000 });
    const back = new URL((await look(order)).return_url).searchParams;
    const signed = ['appid', 'apptransid', 'pmcid', 'bankcode', 'amount', 'discountamount', 'status'];
    const text = signed.map((name) => back.get(name)).join('|');
    expect([back.get('status'), back.get('checksum')]).toEqual(['1', hmac256(zalopay.key2, text)]);
  });

  it('is not told when the guest cancels: only a question finds it', async () => {
    await createZalopay(reference);
    await act(order, 'fail');
    expect(received).toEqual([]);
    const mac = hmac256(zalopay.key1, `2553|${reference}|${zalopay.key1}`);
    const form = new URLSearchParams({ app_id: '2553', app_trans_id: reference, mac });
    const response = await fetch(`${address}/demo/gateway/zalopay/v2/query`, { method: 'POST', body: form });
    expect(await response.json()).toMatchObject({ return_code: 2, sub_return_code: -329 });
  });

  it('is claimed by somebody without the key', async () => {
    await createZalopay(reference);
    await act(order, 'forged');
    const { data, mac } = JSON.parse(received[0]!.body);
    expect(mac).not.toBe(hmac256(zalopay.key2, data));
  });
});

describe('a transfer in the simulated bank', () => {
  const scan = { reference: 'QR0123456789ABCD ban 5', amount: 250_000 };
  const order = 'sepay/QR0123456789ABCD';

  it('is fed with the headers of SePay', async () => {
    answers = [{ status: 200, body: '{"success":true}' }];
    const scanned = await call('POST', '/bank/scan', scan);
    expect(scanned.body.order).toMatchObject({ provider: 'sepay', reference: 'QR0123456789ABCD', state: 'open' });
    await act(order, 'pay');
    expect(received).toMatchObject([{ method: 'POST', path: '/webhooks/sepay' }]);
    const { headers, body } = received[0]!;
    const mac = hmac256(sepay.secret, `${headers['x-sepay-timestamp']}.${body}`);
    expect(headers['x-sepay-signature']).toBe(`sha256=${mac}`);
    expect(JSON.parse(body)).toMatchObject({
      transferType: 'in',
      transferAmount: 250_000,
      accountNumber: '0011000123456',
      content: expect.stringContaining('QR0123456789ABCD ban 5'),
    });
  });

  it('cannot fail, and can be made again', async () => {
    answers = [{ status: 200, body: '{"success":true}' }];
    await call('POST', '/bank/scan', scan);
    expect((await act(order, 'fail')).status).toBe(409);
    await act(order, 'pay');
    await act(order, 'pay');
    const ids = received.map(({ body }) => JSON.parse(body).id);
    expect([ids.length, new Set(ids).size]).toEqual([2, 2]);
    expect((await call('POST', '/bank/scan', { qr: 'nothing' })).status).toBe(400);
  });
});

describe("the simulator's own routes", () => {
  it('refuse what is no order and no act', async () => {
    expect((await call('GET', '/orders/momo/NOBODY')).status).toBe(404);
    expect((await act('momo/NOBODY', 'pay')).status).toBe(404);
    expect((await act('cash/NOBODY', 'pay')).status).toBe(404);
    await createMomo();
    expect((await act('momo/QR0123456789ABCD', 'steal')).status).toBe(400);
    expect((await act('momo/QR0123456789ABCD', 'pay_late', { delay_seconds: 0 })).status).toBe(400);
    expect(await call('POST', '/momo/v2/gateway/api/create', [])).toMatchObject({
      status: 400,
      body: { resultCode: 20 },
    });
  });

  it('serve the page with no inline script, and the code that leads to it', async () => {
    const page = await fetch(`${address}/demo/gateway/?order=momo:QR0123456789ABCD`);
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'self'");
    const html = await page.text();
    expect(html).toMatch(/SIMULATOR/);
    for (const [, path] of html.matchAll(/(?:src|href)="([^"]+)"/g)) {
      expect([path, (await fetch(new URL(path!, page.url))).status]).toEqual([path, 200]);
    }
    await createMomo();
    const code = await fetch(`${address}/demo/gateway/orders/momo/QR0123456789ABCD/qr.svg`);
    expect(code.headers.get('content-type')).toContain('image/svg+xml');
  });

  it('end with the simulator: a call that nobody answers is given up', async () => {
    await createMomo();
    holds = true;
    const paying = act('momo/QR0123456789ABCD', 'pay');
    await eventually(() => received.length === 1);
    const started = performance.now();
    simulator.close();
    expect((await paying).body.order).toMatchObject({ state: 'paid', deliveries: [] });
    expect(performance.now() - started).toBeLessThan(1_000);
  });

  it('end with the simulator: what was to come later does not come', async () => {
    await createMomo();
    const wish = { act: 'pay_late', delay_seconds: 60 };
    const url = '/demo/gateway/orders/momo/QR0123456789ABCD/act';
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      await server.inject({ method: 'POST', url, payload: wish });
      simulator.close();
      vi.advanceTimersByTime(60_000);
    } finally {
      vi.useRealTimers();
    }
    expect(await look('momo/QR0123456789ABCD')).toMatchObject({ state: 'paying_later', transactions: [] });
  });
});
