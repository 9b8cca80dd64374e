/** The adapters and the simulated providers were written apart; here they meet, over real HTTP. */
import type { AddressInfo } from 'node:net';
import Fastify, { type FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { asId, type TenantId } from '../../../src/domain/ids.js';
import { providers } from '../../../src/payments/index.js';
import { createProviderHttp } from '../../../src/payments/provider-http.js';
import type { MerchantAccount, OrderToPay, PaymentProvider, WebhookRequest } from '../../../src/payments/provider.js';
import { mintReference } from '../../../src/payments/reference.js';
import { mountSimulator, type Simulator } from '../../../src/simulator/mount.js';
import { momo, vnpay, zalopay } from './vectors.js';

const sepay = { secret: 'a-feed-secret', accountNumber: '0011000123456' };

let server: FastifyInstance;
let simulator: Simulator;
let address: string;
let received: WebhookRequest[];

beforeAll(async () => {
  server = Fastify();
  await server.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    scope.all<{ Params: { route: string } }>('/webhooks/:route', (request, reply) => {
      const { method, url } = request;
      const query = url.split('?')[1] ?? '';
      const headers = request.headers as Record<string, string>;
      const body = (request.body as Buffer | undefined) ?? Buffer.alloc(0);
      received.push({ method, query, headers, body, receivedAt: Date.now() });
      const provider = Object.values(providers).find(({ route }) => route === request.params.route);
      const answer = provider!.acknowledge({ result: 'recorded' });
      return reply.status(answer.status).headers(answer.headers).send(answer.body);
    });
  });
  simulator = mountSimulator(server, {
    publicUrl: () => address,
    address: () => address,
    secrets: { momo, vnpay, zalopay, sepay },
    log: pino({ level: 'silent' }),
    pace: { refundMs: 0 },
  });
  await server.listen({ port: 0, host: '127.0.0.1' });
  address = `http://127.0.0.1:${(server.server.address() as AddressInfo).port}`;
});

beforeEach(() => {
  received = [];
});

afterAll(async () => {
  simulator.close();
  await server.close();
});

const http = createProviderHttp();
let questions = 0;
const requestId = () => `q${Date.now()}${(questions += 1)}`;

function accountOf(provider: PaymentProvider, settings: object, secrets: object): MerchantAccount {
  const base = `${address}/demo/gateway/${provider.name}`;
  return {
    id: 'default',
    tenantId: asId<TenantId>('tenant'),
    locationId: null,
    provider: provider.name,
    settings: provider.settings.parse(settings),
    secrets: [provider.secrets.parse(secrets)],
    allowedAddresses: [],
    endpoints: provider.name === 'vnpay' ? { pay: `${base}/pay`, api: `${base}/api` } : { api: base },
  };
}

function orderFor(provider: PaymentProvider): OrderToPay {
  const createdAt = Date.now();
  return {
    reference: provider.referenceFor(mintReference(), createdAt),
    attempt: 1,
    amount: 250_000,
    sessionId: '0199aaaa-0000-7000-8000-000000000001',
    description: 'Ban T1',
    createdAt,
    expiresAt: createdAt + 900_000,
    returnUrl: 'https://restaurant.example/pay/return/momo?back=1',
    notifyUrl: `https://restaurant.example/webhooks/${provider.route}`,
    payerAddress: '203.0.113.7',
    language: 'vi',
  };
}

async function act(provider: string, reference: string, name: string) {
  const response = await fetch(`${address}/demo/gateway/orders/${provider}/${reference}/act`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ act: name }),
  });
  return ((await response.json()) as { order: { return_url: string | null } }).order;
}

const settings: Readonly<Record<'momo' | 'vnpay' | 'zalopay', readonly [object, object]>> = {
  momo: [{ partner_code: momo.partnerCode }, { access_key: momo.accessKey, secret_key: momo.secretKey }],
  vnpay: [{ tmn_code: vnpay.tmnCode }, { hash_secret: vnpay.hashSecret }],
  zalopay: [{ app_id: zalopay.appId }, { key1: zalopay.key1, key2: zalopay.key2 }],
};

describe.each(['momo', 'vnpay', 'zalopay'] as const)('the adapter and the simulator of %s', (name) => {
  const provider = providers[name]!;

  async function open() {
    const account = accountOf(provider, ...settings[name]);
    const order = orderFor(provider);
    const created = await provider.createOrder(account, order, http);
    // The guest's browser opens the address; VNPay learns of the order only so.
    const page = await fetch(created.payUrl!);
    expect([page.status, page.url]).toEqual([200, `${address}/demo/gateway/?order=${name}:${order.reference}`]);
    const ask = () =>
      provider.queryOrder!(account, { ...order, ...created, now: Date.now(), requestId: requestId() }, http);
    return { account, order, created, ask };
  }

  it('agree on an order, its notice, its redirect and a question about it', async () => {
    const { account, order, created, ask } = await open();
    expect(await ask()).toMatchObject({ outcome: 'pending' });
    const { return_url: back } = await act(name, order.reference, 'pay');
    expect(received).toHaveLength(1);
    const verification = provider.verify(account, received[0]!);
    expect(verification).toMatchObject({
      verdict: 'valid',
      notice: { outcome: 'paid', reference: order.reference, amount: 250_000 },
    });
    if (verification.verdict !== 'valid') throw new Error('unreachable');
    expect(provider.isEchoIntact?.(verification.notice, created.sent) ?? true).toBe(true);
    const { providerTransactionId } = verification.notice;
    expect(await ask()).toMatchObject({ outcome: 'paid', amount: 250_000, providerTransactionId });
    const query = new URL(back!).search.slice(1);
    expect(provider.readReturn(account, query)).toEqual({ reference: order.reference, shows: 'success' });
  });

  it('agree on a payment that failed', async () => {
    const { account, order, ask } = await open();
    const { return_url: back } = await act(name, order.reference, 'fail');
    const outcomes = received.map((webhook) => provider.verify(account, webhook));
    if (name === 'zalopay') expect(outcomes).toEqual([]);
    else expect(outcomes).toMatchObject([{ verdict: 'valid', notice: { outcome: 'failed' } }]);
    expect(await ask()).toMatchObject({ outcome: 'failed' });
    const query = new URL(back!).search.slice(1);
    expect(provider.readReturn(account, query)).toMatchObject({ shows: 'failed' });
  });

  it('agree that a forged notice is none', async () => {
    const { account, order } = await open();
    await act(name, order.reference, 'forged');
    expect(received.map((webhook) => provider.verify(account, webhook))).toMatchObject([
      { verdict: 'invalid', why: 'bad_signature' },
    ]);
  });

  it('agree on what is given back', async () => {
    const { account, order, created, ask } = await open();
    await act(name, order.reference, 'never_answer');
    const { providerTransactionId } = await ask();
    const refund = (refundAmount: number) => ({
      ...order,
      ...created,
      now: Date.now(),
      requestId: requestId(),
      refundReference: requestId(),
      refundAmount,
      providerTransactionId: providerTransactionId!,
      reason: 'wrong dish',
      by: 'cashier',
    });
    const part = refund(100_000);
    const asked = await provider.refund!(account, part, http);
    const done = provider.queryRefund
      ? await provider.queryRefund(
          account,
          { ...part, sent: asked.sent, now: Date.now(), requestId: requestId() },
          http,
        )
      : asked;
    expect(done.outcome).toBe('succeeded');
    const tooMuch = await provider.refund!(account, refund(150_001), http);
    expect(tooMuch.outcome).toBe('failed');
  });
});

describe('the adapter and the simulator of bank transfers', () => {
  it('agree on a code, and on the money that came for it', async () => {
    const provider = providers['vietqr']!;
    const bank = { bank_bin: '970436', account_number: sepay.accountNumber };
    const account = accountOf(provider, bank, { sepay_secret: sepay.secret });
    const order = orderFor(provider);
    const { qrPayload } = await provider.createOrder(account, order, http);
    const scanned = await fetch(`${address}/demo/gateway/bank/scan`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ qr: qrPayload }),
    });
    expect(await scanned.json()).toMatchObject({ order: { reference: order.reference, amount: 250_000 } });
    await act('sepay', order.reference, 'pay');
    await act('sepay', order.reference, 'forged');
    const [paid, forged] = received.map((webhook) => provider.verify(account, webhook));
    expect(paid).toMatchObject({
      verdict: 'valid',
      notice: { outcome: 'paid', reference: order.reference, amount: 250_000 },
    });
    expect(forged).toMatchObject({ verdict: 'invalid', why: 'bad_signature' });
  });
});
