import { describe, expect, it } from 'vitest';
import { vnpayApi } from '../../../src/simulator/vnpay/api.js';
import { vnpayDesk, vnpayResult } from '../../../src/simulator/vnpay/desk.js';
import { openPayPage } from '../../../src/simulator/vnpay/pay-page.js';
import { vnpayBars, vnpayHash, vnpayOrders, vnpayText } from '../../../src/simulator/vnpay/signing.js';
import { compactTime, momentOf } from '../../../src/simulator/vietnam-time.js';
import { defaultPace } from '../../../src/simulator/options.js';
import { gatewayAt, type Json, markPaid, orderOf, outgoing, queryResponse, vnpay, webhook } from './vectors.js';

const payTime = momentOf('20261122140100') ?? 0;
const desk = vnpayDesk(vnpay, defaultPace);

function payQuery(changes: Json = {}, secret = vnpay.hashSecret): string {
  const signed = vnpayText({ ...outgoing('vnpay-pay-dev').input, ...changes });
  return `${signed}&vnp_SecureHash=${vnpayHash(signed, secret)}`;
}

function ask(command: 'querydr' | 'refund', changes: Json = {}): Json {
  const values = { ...outgoing(`vnpay-${command}-dev`).input, ...changes };
  return { ...values, vnp_SecureHash: vnpayHash(vnpayBars(vnpayOrders[command], values), vnpay.hashSecret) };
}

/** The answer, whose hash was seen to be right. */
function checked(command: 'queried' | 'refunded', answer: object): Json {
  const values = answer as Json;
  expect(values.vnp_SecureHash).toBe(vnpayHash(vnpayBars(vnpayOrders[command], values), vnpay.hashSecret));
  return values;
}

function paidOrder(gateway = gatewayAt(() => payTime)) {
  const order = orderOf({ provider: 'vnpay', reference: 'PI20261122A0101', given: { createDate: '20261122140000' } });
  markPaid(gateway, order, { id: '14226112', amount: 250_000, at: payTime });
  return { gateway, order };
}

describe('the simulated VNPay', () => {
  it('opens the pay URL of the vectors, again as often as the guest likes', () => {
    const gateway = gatewayAt(() => payTime);
    const query = new URL(outgoing('vnpay-pay-dev').expect.url).search.slice(1);
    const order = openPayPage(gateway, vnpay, query);
    expect(order).toMatchObject({ reference: 'PI20261122A0101', amount: 250_000, webhookPath: '/webhooks/vnpay' });
    const reversed = query.split('&').reverse().join('&');
    expect([openPayPage(gateway, vnpay, query), openPayPage(gateway, vnpay, reversed)]).toEqual([order, order]);
    expect(openPayPage(gateway, vnpay, payQuery({ vnp_Amount: '30000000' }))).toBe('01');
  });

  it.each([
    [
      'a changed amount',
      new URL(outgoing('vnpay-pay-dev').expect.url).search.slice(1).replace('25000000', '2500'),
      '70',
    ],
    ['another secret', payQuery({}, 'another'), '70'],
    ['no parameters', '', '70'],
    ['another terminal', payQuery({ vnp_TmnCode: 'OTHER001' }), '72'],
    ['a reference with a dash', payQuery({ vnp_TxnRef: 'PI-1' }), '03'],
    ['an amount with decimals', payQuery({ vnp_Amount: '25000050' }), '03'],
    ['no time to pay within', payQuery({ vnp_ExpireDate: '' }), '03'],
    ['a script as return address', payQuery({ vnp_ReturnUrl: 'javascript:alert(1)' }), '03'],
    ['a parameter that comes twice', `${payQuery()}&vnp_Amount=1`, '03'],
    ['a broken escape', `${payQuery()}&vnp_Bill=%E0%A4%A`, '03'],
    ['a time that is over, as a clock in UTC makes it', payQuery({ vnp_ExpireDate: '20261122071500' }), '15'],
  ])('does not open for %s', (_name, query, code) => {
    const gateway = gatewayAt(() => payTime);
    expect(openPayPage(gateway, vnpay, query)).toBe(code);
    expect(gateway.latest(1)).toEqual([]);
  });

  it('gives the notices of the vectors byte for byte', () => {
    for (const id of ['vnpay-dev-001', 'vnpay-dev-003']) {
      const { request, expect: expected } = webhook(id);
      const values = Object.fromEntries(new URLSearchParams(request.query));
      const order = orderOf({ provider: 'vnpay', reference: values.vnp_TxnRef!, description: values.vnp_OrderInfo! });
      const at = momentOf(values.vnp_PayDate!)!;
      const transaction =
        expected.outcome === 'paid' ? { id: values.vnp_TransactionNo!, amount: 250_000, at } : undefined;
      expect(vnpayResult(vnpay, order, { transaction, at, isForged: false })).toBe(request.query);
      expect(vnpayResult(vnpay, order, { transaction, at, isForged: true })).not.toBe(request.query);
    }
  });

  it('signs the other notices of the vectors as they are signed', () => {
    const vectors = ['002', '004', '010', '011', '025', '027', '028'].map((number) => webhook(`vnpay-dev-${number}`));
    for (const { request } of vectors) {
      const values = Object.fromEntries(new URLSearchParams(request.query));
      expect(vnpayHash(vnpayText(values), vnpay.hashSecret)).toBe(values.vnp_SecureHash);
    }
  });

  it('answers questions with the hash of the vectors', () => {
    const { response, expect: expected } = queryResponse('vnpay-querydr-response-dev-1');
    expect(vnpayBars(vnpayOrders.queried, response)).toBe(expected.canonical);
    expect(vnpayHash(expected.canonical, vnpay.hashSecret)).toBe(response.vnp_SecureHash);
    const { gateway } = paidOrder();
    const { input, expect: asked } = outgoing('vnpay-querydr-dev');
    const answer = checked('queried', vnpayApi(gateway, vnpay, { ...input, vnp_SecureHash: asked.vnp_SecureHash }));
    expect(answer).toMatchObject({
      vnp_ResponseCode: '00',
      vnp_TransactionStatus: '00',
      vnp_TransactionType: '01',
      vnp_Amount: '25000000',
      vnp_TransactionNo: '14226112',
      vnp_TxnRef: input.vnp_TxnRef,
    });
  });

  it('says what is wrong with a question', () => {
    const { gateway } = paidOrder();
    const code = (fields: Json) => checked('queried', vnpayApi(gateway, vnpay, fields)).vnp_ResponseCode;
    expect(code({ ...ask('querydr'), vnp_OrderInfo: 'other' })).toBe('97');
    expect(code(ask('querydr', { vnp_TmnCode: 'OTHER001' }))).toBe('02');
    expect(code(ask('querydr', { vnp_RequestId: 'a b' }))).toBe('03');
    expect(code(ask('querydr', { vnp_RequestId: '1', vnp_TxnRef: 'NOBODY' }))).toBe('91');
    expect(code(ask('querydr', { vnp_RequestId: '2', vnp_TransactionDate: '20261122140001' }))).toBe('91');
    expect(code(ask('querydr', { vnp_RequestId: '3' }))).toBe('00');
    expect(code(ask('querydr', { vnp_RequestId: '3' }))).toBe('94');
  });

  it('keeps questions about one order apart when it is told to', () => {
    let time = payTime;
    const { gateway } = paidOrder(gatewayAt(() => time, { queryEveryMs: 300_000 }));
    const code = (id: string) =>
      checked('queried', vnpayApi(gateway, vnpay, ask('querydr', { vnp_RequestId: id }))).vnp_ResponseCode;
    expect(code('1')).toBe('00');
    time += 299_999;
    expect(code('2')).toBe('94');
    time += 1;
    expect(code('3')).toBe('00');
  });

  it('gives back what was paid, and not more', () => {
    const { gateway, order } = paidOrder();
    const refund = (changes: Json) => checked('refunded', vnpayApi(gateway, vnpay, ask('refund', changes)));
    const code = (changes: Json) => refund(changes).vnp_ResponseCode;
    expect(code({ vnp_RequestId: '1', vnp_TransactionType: '03', vnp_Amount: '25000100' })).toBe('93');
    expect(code({ vnp_RequestId: '2', vnp_TransactionType: '02', vnp_Amount: '1000000' })).toBe('93');
    expect(code({ vnp_RequestId: '3', vnp_TransactionNo: '1' })).toBe('91');
    expect(refund({ vnp_RequestId: '4', vnp_TransactionType: '03', vnp_Amount: '1000000' })).toMatchObject({
      vnp_ResponseCode: '00',
      vnp_Amount: '1000000',
      vnp_TransactionType: '03',
      vnp_TransactionStatus: '05',
    });
    expect(code({ vnp_RequestId: '5', vnp_TransactionType: '03', vnp_Amount: '24000100' })).toBe('93');
    expect(order.refunds.map(({ amount }) => amount)).toEqual([10_000]);
  });

  it('takes the refund request of the vectors, and none for what was not paid', () => {
    const { input, expect: expected } = outgoing('vnpay-refund-dev');
    const request = { ...input, vnp_SecureHash: expected.vnp_SecureHash };
    const unpaid = gatewayAt(() => payTime);
    unpaid.add(orderOf({ provider: 'vnpay', reference: input.vnp_TxnRef, given: { createDate: '20261122140000' } }));
    const open = ask('refund', { vnp_TransactionNo: '0' });
    expect(checked('refunded', vnpayApi(unpaid, vnpay, open)).vnp_ResponseCode).toBe('95');
    const { gateway, order } = paidOrder();
    expect(checked('refunded', vnpayApi(gateway, vnpay, request)).vnp_ResponseCode).toBe('00');
    expect(order.refunds).toMatchObject([{ amount: 250_000, transactionId: '14226112' }]);
  });

  it('calls again on 01, 04, 97, 99 and on no proper answer, ten times in all', () => {
    const again = (status: number, body: string, calls = 1) => desk.callAgain({ status, body }, calls);
    for (const code of ['01', '04', '97', '99']) expect(again(200, JSON.stringify({ RspCode: code }))).toBe(2_000);
    for (const code of ['00', '02']) expect(again(200, JSON.stringify({ RspCode: code }))).toBeUndefined();
    expect([again(0, 'refused'), again(500, '{"RspCode":"00"}'), again(200, 'ok')]).toEqual([2_000, 2_000, 2_000]);
    expect([again(200, '{"RspCode":"99"}', 9), again(200, '{"RspCode":"99"}', 10)]).toEqual([2_000, undefined]);
  });

  it('knows the time in Vietnam', () => {
    expect(compactTime(Date.UTC(2026, 10, 22, 17, 0, 1))).toBe('20261123000001');
    expect(momentOf('20261123000001')).toBe(Date.UTC(2026, 10, 22, 17, 0, 1));
    expect(['20261322000000', '20260230000000', '2026'].map(momentOf)).toEqual([undefined, undefined, undefined]);
  });
});
