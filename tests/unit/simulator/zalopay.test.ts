import { describe, expect, it } from 'vitest';
import { defaultPace } from '../../../src/simulator/options.js';
import { zalopayCreate } from '../../../src/simulator/zalopay/create.js';
import { zalopayCallback, zalopayDesk } from '../../../src/simulator/zalopay/desk.js';
import { zalopayQuery } from '../../../src/simulator/zalopay/query.js';
import { zalopayQueryRefund, zalopayRefund } from '../../../src/simulator/zalopay/refund.js';
import { zalopayDataMac, zalopayMac } from '../../../src/simulator/zalopay/signing.js';
import { gatewayAt, type Json, markPaid, orderOf, outgoing, redirect, webhook, zalopay } from './vectors.js';

const noon = 1795331100000;
const desk = zalopayDesk(zalopay, defaultPace);
const real = { at: noon, isForged: false };

function createRequest(changes: Json = {}): Json {
  const fields = {
    description: 'Table 1',
    callback_url: 'https://x.example/webhooks/zalopay',
    ...createInput(changes),
  };
  const signed = ['app_id', 'app_trans_id', 'app_user', 'amount', 'app_time', 'embed_data', 'item'];
  return {
    ...fields,
    mac: zalopayMac(
      signed.map((name) => fields[name]),
      zalopay.key1,
    ),
  };
}

const createInput = (changes: Json): Json => ({ ...outgoing('zalopay-create-dev').input, ...changes });

function refundRequest(changes: Json = {}): Json {
  const fields = { ...outgoing('zalopay-refund-dev').input, ...changes };
  const signed = ['app_id', 'zp_trans_id', 'amount', 'description', 'timestamp'].map((name) => fields[name]);
  return { ...fields, mac: zalopayMac(signed, zalopay.key1) };
}

function paid(now = () => noon) {
  const gateway = gatewayAt(now, { refundMs: 1_000 });
  const order = orderOf({ provider: 'zalopay', reference: '261122_PI0101' });
  markPaid(gateway, order, { id: '261122000000389', amount: 250_000, at: noon });
  return { gateway, order };
}

const subCode = (answer: object): number => (answer as Json).sub_return_code;

describe('the simulated ZaloPay', () => {
  it('accepts the create request of the vectors, as JSON and as a form, and once', () => {
    const { input, expect: expected } = outgoing('zalopay-create-dev');
    const request = { ...input, description: 'Table 1', mac: expected.mac };
    const gateway = gatewayAt(() => noon);
    const answer: Json = zalopayCreate(gateway, zalopay, request);
    expect(answer).toMatchObject({
      return_code: 1,
      order_url: 'https://restaurant.example/demo/gateway/?order=zalopay:261122_PI0101',
    });
    expect(subCode(zalopayCreate(gateway, zalopay, request))).toBe(-68);
    const form = Object.fromEntries(Object.entries(request).map(([name, value]) => [name, String(value)]));
    expect(
      zalopayCreate(
        gatewayAt(() => noon),
        zalopay,
        form,
      ),
    ).toMatchObject({ return_code: 1 });
    expect(gateway.find('zalopay', input.app_trans_id)).toMatchObject({
      webhookPath: '/webhooks/zalopay',
      redirectUrl: 'https://app.example.test/return',
    });
  });

  it.each([
    ['another mac', { ...createRequest(), amount: 1 }, -402],
    ['another app', createRequest({ app_id: 1 }), -402],
    ['the id of yesterday', createRequest({ app_trans_id: '261121_PI0101' }), -401],
    ['the id of tomorrow', createRequest({ app_trans_id: '261123_PI0101' }), -401],
    ['an id without a name', createRequest({ app_trans_id: '261122_' }), -401],
    ['an id that is too long', createRequest({ app_trans_id: `261122_${'A'.repeat(34)}` }), -401],
    ['an app_time too long ago', createRequest({ app_time: noon - 900_001 }), -401],
    ['no amount', createRequest({ amount: 0 }), -401],
    ['embed_data that is no JSON', createRequest({ embed_data: '{' }), -401],
    ['items that are too long', createRequest({ item: `["${'x'.repeat(2_048)}"]` }), -401],
    ['a callback to elsewhere', createRequest({ callback_url: 'http://169.254.169.254/latest' }), -401],
    ['too short a life', createRequest({ expire_duration_seconds: 299 }), -401],
  ])('refuses %s', (_name, request, code) => {
    const gateway = gatewayAt(() => noon);
    expect(zalopayCreate(gateway, zalopay, request)).toMatchObject({ return_code: 2, sub_return_code: code });
    expect(gateway.latest(1)).toEqual([]);
  });

  it('signs the callbacks of the vectors as they are signed', () => {
    const vectors = ['002', '008', '012', '013', '014', '016', '018'].map((number) => webhook(`zalopay-dev-${number}`));
    for (const { request } of vectors) {
      const body = JSON.parse(request.body);
      expect(zalopayDataMac(body.data, zalopay.key2)).toBe(body.mac);
      const data = JSON.parse(body.data);
      expect(JSON.parse(zalopayCallback(zalopay, data, { ...real, transaction: undefined }))).toEqual(body);
    }
  });

  it('tells of money, signed, and of nothing else', () => {
    const given = { app_id: '2553', app_time: String(noon), app_user: 'guest', embed_data: '{}', item: '[]' };
    const order = orderOf({ provider: 'zalopay', reference: '261122_PI0101', given });
    const transaction = { id: '261122000000389', amount: 250_000, at: noon };
    const body = JSON.parse(desk.notice(order, { ...real, transaction })!.body);
    expect(body.mac).toBe(zalopayDataMac(body.data, zalopay.key2));
    expect(JSON.parse(body.data)).toMatchObject({
      app_id: 2553,
      app_trans_id: '261122_PI0101',
      app_time: noon,
      amount: 250_000,
      zp_trans_id: 261122000000389,
      embed_data: '{}',
      item: '[]',
    });
    const forged = JSON.parse(desk.notice(order, { ...real, isForged: true, transaction })!.body);
    expect([forged.data, forged.mac === body.mac]).toEqual([body.data, false]);
    expect(desk.notice(order, { ...real, transaction: undefined })).toBeUndefined();
  });

  it('sends the guest back with the parameters of the vectors', () => {
    const order = orderOf({
      provider: 'zalopay',
      reference: '261122_PI0101',
      redirectUrl: 'https://x.example/r?t=1#here',
    });
    expect(desk.returnUrl(order)).toBeUndefined();
    order.endedAt = noon;
    expect(desk.returnUrl(order)).toBe(`https://x.example/r?t=1&${redirect('zalopay-redirect-dev-2').query}#here`);
    order.transactions.push({ id: '1', amount: 250_000, at: noon });
    expect(desk.returnUrl(order)).toBe(`https://x.example/r?t=1&${redirect('zalopay-redirect-dev-1').query}#here`);
  });

  it('tells what became of an order to who signs the question', () => {
    const { input, expect: expected } = outgoing('zalopay-query-dev');
    const question = { ...input, mac: expected.mac };
    expect(
      subCode(
        zalopayQuery(
          gatewayAt(() => noon),
          zalopay,
          question,
        ),
      ),
    ).toBe(-101);
    const { gateway, order } = paid();
    expect(subCode(zalopayQuery(gateway, zalopay, { ...question, mac: 'wrong' }))).toBe(-402);
    expect(zalopayQuery(gateway, zalopay, question)).toMatchObject({
      return_code: 1,
      amount: 250_000,
      zp_trans_id: 261122000000389,
    });
    order.transactions.length = 0;
    order.state = 'failed';
    expect(zalopayQuery(gateway, zalopay, question)).toMatchObject({
      return_code: 2,
      sub_return_code: -329,
      amount: 0,
    });
    order.state = 'open';
    order.endedAt = undefined;
    expect(zalopayQuery(gateway, zalopay, question)).toMatchObject({ return_code: 3, is_processing: true });
    gateway.add(orderOf({ provider: 'zalopay', reference: '261122_PI0101', expiresAt: noon - 1 }));
    expect(subCode(zalopayQuery(gateway, zalopay, question))).toBe(-54);
  });

  it('takes the refund of the vectors and finishes it after a while', () => {
    let time = noon;
    const { gateway, order } = paid(() => time);
    const { input, expect: expected } = outgoing('zalopay-refund-dev');
    const request = { ...input, mac: expected.mac };
    const accepted = zalopayRefund(gateway, zalopay, request);
    expect(accepted).toMatchObject({ return_code: 3, refund_id: expect.any(Number) });
    expect(zalopayRefund(gateway, zalopay, request)).toEqual(accepted);
    expect(order.refunds).toMatchObject([{ amount: 10_000, reference: input.m_refund_id }]);
    const { input: asked, expect: askedMac } = outgoing('zalopay-query-refund-dev');
    const question = { ...asked, mac: askedMac.mac };
    expect(zalopayQueryRefund(gateway, zalopay, question)).toMatchObject({ return_code: 3 });
    time += 1_000;
    expect(zalopayQueryRefund(gateway, zalopay, question)).toMatchObject({ return_code: 1 });
    expect(subCode(zalopayQueryRefund(gateway, zalopay, { ...question, m_refund_id: 'x' }))).toBe(-402);
  });

  it.each([
    ['another mac', { ...refundRequest(), amount: 1 }, -402],
    ['a name of another day', refundRequest({ m_refund_id: '261121_2553_1' }), -25],
    ['a name of another app', refundRequest({ m_refund_id: '261122_2554_1' }), -26],
    ['a name of no form', refundRequest({ m_refund_id: 'R1' }), -24],
    ['money that never came', refundRequest({ zp_trans_id: '1' }), -8],
    ['more than was paid', refundRequest({ amount: 250_001 }), -14],
  ])('refuses a refund with %s', (_name, request, code) => {
    const { gateway, order } = paid();
    expect(zalopayRefund(gateway, zalopay, request)).toMatchObject({ return_code: 2, sub_return_code: code });
    expect(order.refunds).toEqual([]);
  });

  it('calls three times more, and only on 0', () => {
    const again = (status: number, body: string, calls: number) => desk.callAgain({ status, body }, calls);
    const zero = '{"return_code":0}';
    expect([1, 3, 4].map((calls) => again(200, zero, calls))).toEqual([2_000, 2_000, undefined]);
    for (const code of [1, 2, -1]) expect(again(200, `{"return_code":${code}}`, 1)).toBeUndefined();
    expect(again(500, zero, 1)).toBeUndefined();
  });
});
