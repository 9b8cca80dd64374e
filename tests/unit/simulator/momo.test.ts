import { describe, expect, it } from 'vitest';
import { momoCreate } from '../../../src/simulator/momo/create.js';
import { momoResult } from '../../../src/simulator/momo/desk.js';
import { momoQuery } from '../../../src/simulator/momo/query.js';
import { momoRefund } from '../../../src/simulator/momo/refund.js';
import { momoSignature, momoText } from '../../../src/simulator/momo/signing.js';
import { gatewayAt, type Json, markPaid, momo, orderOf, outgoing, vectorTime, webhook } from './vectors.js';

const now = () => vectorTime;

function signed(kind: 'create' | 'refund', fields: Json): Json {
  return {
    ...fields,
    signature: momoSignature(momoText(kind, { ...fields, accessKey: momo.accessKey }), momo.secretKey),
  };
}

function createRequest(changes: Json = {}): Json {
  return signed('create', { ...outgoing('momo-create-dev').input, ...changes });
}

const codeOf = (reply: { body: Json }): number => reply.body.resultCode;

describe('the simulated MoMo', () => {
  it('accepts the create request of the vectors and none with another signature', () => {
    const { input, expect: expected } = outgoing('momo-create-dev');
    const gateway = gatewayAt(now);
    expect(codeOf(momoCreate(gateway, momo, { ...input, signature: `0${expected.signature.slice(1)}0` }))).toBe(13);
    expect(codeOf(momoCreate(gateway, momo, { ...input, amount: 250_001, signature: expected.signature }))).toBe(13);
    const reply = momoCreate(gateway, momo, { ...input, signature: expected.signature });
    expect(reply).toMatchObject({
      status: 200,
      body: {
        resultCode: 0,
        orderId: input.orderId,
        requestId: input.requestId,
        amount: 250_000,
        payUrl: 'https://restaurant.example/demo/gateway/?order=momo:PI-20261122-M101',
      },
    });
    expect(gateway.find('momo', input.orderId)).toMatchObject({ amount: 250_000, webhookPath: '/webhooks/momo' });
  });

  it.each(['momo-dev-001', 'momo-dev-007', 'momo-dev-016', 'momo-dev-017', 'momo-dev-020'])(
    'signs the notice %s as MoMo does',
    (id) => {
      const { request, expect: expected } = webhook(id);
      const body = JSON.parse(request.body);
      const isPaid = expected.outcome === 'paid';
      const order = orderOf({
        provider: 'momo',
        reference: body.orderId,
        amount: body.amount,
        description: body.orderInfo,
        given: { requestId: body.requestId, extraData: body.extraData },
      });
      const transaction = isPaid ? { id: String(body.transId), amount: body.amount, at: body.responseTime } : undefined;
      const at = body.responseTime;
      const result = momoResult(momo, order, { transaction, at, isForged: false });
      // What the vector words otherwise than the simulator is put in; the rest has to come of itself.
      const { message, payType, transId } = body;
      const values = { ...result, message, payType, transId, accessKey: momo.accessKey };
      expect(result).toMatchObject({ resultCode: body.resultCode, amount: body.amount, orderType: body.orderType });
      expect(momoSignature(momoText('notice', values), momo.secretKey)).toBe(body.signature);
    },
  );

  it('gives the plain success of the vectors byte for byte', () => {
    const body = JSON.parse(webhook('momo-dev-001').request.body);
    const order = orderOf({
      provider: 'momo',
      reference: body.orderId,
      description: body.orderInfo,
      given: { requestId: body.requestId, extraData: '' },
    });
    const transaction = { id: String(body.transId), amount: 250_000, at: body.responseTime };
    const happening = { transaction, at: body.responseTime, isForged: false };
    expect(momoResult(momo, order, happening)).toEqual(body);
    expect(momoResult(momo, order, { ...happening, isForged: true }).signature).not.toBe(body.signature);
  });

  it('answers the same request again with the same result, and knows reused ids', () => {
    let time = vectorTime;
    const gateway = gatewayAt(() => time);
    const first = momoCreate(gateway, momo, createRequest());
    time += 5_000;
    expect(momoCreate(gateway, momo, createRequest())).toEqual(first);
    expect(codeOf(momoCreate(gateway, momo, createRequest({ amount: 300_000 })))).toBe(40);
    expect(codeOf(momoCreate(gateway, momo, createRequest({ requestId: 'another' })))).toBe(41);
  });

  it.each([
    ['an amount below the least', { amount: 999 }, 22],
    ['an amount above the most', { amount: 50_000_001 }, 22],
    ['an amount as text', { amount: '250000' }, 20],
    ['a fraction', { amount: 250000.5 }, 20],
    ['an order id with a space', { orderId: 'A B' }, 20],
    ['an order id that ends with a dash', { orderId: 'A-' }, 20],
    ['a request id that is too long', { requestId: 'r'.repeat(51) }, 20],
    ['an empty orderInfo', { orderInfo: '' }, 20],
    ['extra data that is no base64', { extraData: '{}' }, 20],
    ['another kind of request', { requestType: 'payWithATM' }, 20],
    ['a script as redirect', { redirectUrl: 'javascript:alert(1)' }, 20],
    ['a notice address outside of the webhooks', { ipnUrl: 'https://api.example.test/graphql' }, 20],
    ['a notice address that climbs out', { ipnUrl: 'https://api.example.test/webhooks/../graphql' }, 20],
    ['a notice address with a query', { ipnUrl: 'https://api.example.test/webhooks/momo?to=elsewhere' }, 20],
  ])('refuses %s', (_name, changes, code) => {
    const gateway = gatewayAt(now);
    const reply = momoCreate(gateway, momo, createRequest(changes));
    expect([codeOf(reply), reply.status, gateway.latest(1)]).toEqual([code, 400, []]);
  });

  it('tells what became of an order to who signs the question', () => {
    const { input, expect: expected } = outgoing('momo-query-dev');
    const gateway = gatewayAt(now);
    const question = { ...input, signature: expected.signature };
    expect(codeOf(momoQuery(gateway, momo, question))).toBe(42);
    const order = orderOf({ provider: 'momo', reference: input.orderId, given: { extraData: 'e30=' } });
    gateway.add(order);
    expect(codeOf(momoQuery(gateway, momo, question))).toBe(1000);
    expect(codeOf(momoQuery(gateway, momo, { ...question, requestId: 'other' }))).toBe(13);
    markPaid(gateway, order, { id: '4193767509', amount: 240_000, at: vectorTime });
    expect(momoQuery(gateway, momo, question).body).toMatchObject({
      resultCode: 0,
      amount: 240_000,
      transId: 4193767509,
      requestId: input.requestId,
      refundTrans: [],
    });
  });

  it('gives back in parts, never more than was paid, and once for each request', () => {
    const { input, expect: expected } = outgoing('momo-refund-dev');
    const gateway = gatewayAt(now);
    const ask = (changes: Json) => momoRefund(gateway, momo, signed('refund', { ...input, ...changes }));
    expect(codeOf(ask({ requestId: 'r0' }))).toBe(42);
    const order = orderOf({ provider: 'momo', reference: 'PI-1' });
    markPaid(gateway, order, { id: String(input.transId), amount: 260_000, at: vectorTime });
    expect(codeOf(momoRefund(gateway, momo, { ...input, signature: 'wrong' }))).toBe(13);
    const part = ask({ requestId: 'r1', orderId: 'RF-1', amount: 10_000 });
    expect(part.body).toMatchObject({ resultCode: 0, amount: 10_000 });
    expect(ask({ requestId: 'r1', orderId: 'RF-1', amount: 10_000 })).toEqual(part);
    expect(codeOf(ask({ requestId: 'r1', orderId: 'RF-1', amount: 20_000 }))).toBe(40);
    expect(codeOf(ask({ requestId: 'r2', orderId: 'RF-1', amount: 10_000 }))).toBe(41);
    expect(codeOf(ask({ requestId: 'r3', orderId: 'RF-3', amount: 250_001 }))).toBe(1081);
    expect(codeOf(ask({ requestId: 'r4', orderId: 'RF-4', amount: 999 }))).toBe(22);
    expect(order.refunds.map(({ amount }) => amount)).toEqual([10_000]);
    // The request of the vectors, with its own signature, takes the rest.
    expect(momoRefund(gateway, momo, { ...input, signature: expected.signature }).body).toMatchObject({
      resultCode: 0,
    });
    expect(order.refunds.map(({ amount }) => amount)).toEqual([10_000, 250_000]);
  });
});
