import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { writeExact } from '../../../src/payments/exact-json.js';
import type { OrderToPay, ProviderHttp, RefundOrder, SentOrder, SentRefund } from '../../../src/payments/provider.js';
import { ProviderFailure } from '../../../src/payments/provider.js';
import { accountOf, answering, bodyOf, providerNamed, vectorOf } from './vectors.js';

const api = 'https://api.example.test';
const createdAt = Date.UTC(2026, 10, 22, 16, 59, 30);
const reference = 'QR0000000000000A';

function accountFor(name: string) {
  return accountOf(name, vectorOf(name, 'success').secrets, { api, pay: `${api}/pay` });
}

function order(more: Partial<OrderToPay> = {}): OrderToPay {
  return {
    ...{ reference, attempt: 2, amount: 123_456, sessionId: 'session-1', description: 'Ban 4 Pho Mai' },
    ...{ createdAt, expiresAt: createdAt + 900_000, payerAddress: '203.0.113.7', language: 'en' },
    ...{ returnUrl: 'https://shop.test/pay/return', notifyUrl: 'https://shop.test/webhooks/x' },
    ...more,
  };
}

function sent(more: Partial<SentOrder> = {}): SentOrder {
  return { reference, amount: 123_456, createdAt, sent: {}, now: createdAt + 60_000, requestId: 'question1', ...more };
}

function refund(more: Partial<RefundOrder> = {}): RefundOrder {
  return {
    ...sent(),
    ...{ refundReference: 'refund1', refundAmount: 23_456, providerTransactionId: '9007199254740993' },
    ...{ reason: 'cold soup', by: 'Lan', ...more },
  };
}

const lost: ProviderHttp = async () => {
  throw new ProviderFailure('api.example.test: no answer', 'unreachable');
};

function failing(kind: ProviderFailure['kind']) {
  return { name: 'ProviderFailure', kind };
}

describe('an amount of 123,456 đồng goes out', () => {
  test('to MoMo as 123456', async () => {
    const { http, calls } = answering(momoCreated());
    await providerNamed('momo').createOrder(accountFor('momo'), order(), http);
    expect(bodyOf(calls[0])['amount']).toBe(123_456);
  });

  test('to VNPay as 12345600, in hundredths', async () => {
    const { payUrl = '' } = await providerNamed('vnpay').createOrder(accountFor('vnpay'), order(), lost);
    expect(new URL(payUrl).searchParams.get('vnp_Amount')).toBe('12345600');
    const { http, calls } = answering(vnpayAnswer({}));
    await providerNamed('vnpay').refund?.(accountFor('vnpay'), refund(), http);
    expect(bodyOf(calls[0])['vnp_Amount']).toBe('2345600');
  });

  test('to ZaloPay as 123456', async () => {
    const { http, calls } = answering({ return_code: 1, order_url: 'https://pay.test/1' });
    await providerNamed('zalopay').createOrder(accountFor('zalopay'), order(), http);
    expect(bodyOf(calls[0])['amount']).toBe('123456');
  });
});

test('each provider says what it can carry, and for how long', () => {
  expect(providerNamed('momo').payable).toEqual({ min: 1_000, max: 50_000_000 });
  for (const name of ['momo', 'vnpay', 'zalopay', 'vietqr']) expect(providerNamed(name).payWithinSeconds).toBe(900);
});

test('only ZaloPay wants the day before our reference', () => {
  for (const name of ['momo', 'vnpay', 'vietqr'])
    expect(providerNamed(name).referenceFor(reference, createdAt)).toBe(reference);
  expect(providerNamed('zalopay').referenceFor(reference, createdAt)).toBe(`261122_${reference}`);
});

function momoCreated(more: object = {}): object {
  return {
    ...{ partnerCode: 'MOMO', requestId: `${reference}-2`, orderId: reference, amount: 123_456, resultCode: 0 },
    ...{ payUrl: 'https://pay.test/1', deeplink: 'momo://pay/1', qrCodeUrl: 'QR-TEXT', message: 'ok', ...more },
  };
}

describe('an order with MoMo', () => {
  const create = (answer: object) => {
    const { http, calls } = answering(answer);
    return { calls, created: providerNamed('momo').createOrder(accountFor('momo'), order(), http) };
  };

  test('is asked for under a request id of its own, with the session inside', async () => {
    const { calls, created } = create(momoCreated());
    expect(await created).toEqual({
      ...{ payUrl: 'https://pay.test/1', deeplink: 'momo://pay/1', qrPayload: 'QR-TEXT' },
      sent: { request_id: `${reference}-2`, order_info: 'Ban 4 Pho Mai' },
    });
    const body = bodyOf(calls[0]);
    expect(calls[0]).toMatchObject({ url: `${api}/v2/gateway/api/create`, isRepeatable: true });
    expect(body).toMatchObject({
      orderId: reference,
      requestType: 'captureWallet',
      lang: 'en',
      ipnUrl: order().notifyUrl,
    });
    expect(JSON.parse(Buffer.from(body['extraData'], 'base64').toString())).toEqual({ session_id: 'session-1' });
    const text = [
      'amount',
      'extraData',
      'ipnUrl',
      'orderId',
      'orderInfo',
      'partnerCode',
      'redirectUrl',
      'requestId',
      'requestType',
    ];
    const signed = [`accessKey=F8BBA842ECF85`, ...text.map((name) => `${name}=${body[name]}`)].join('&');
    expect(body['signature']).toBe(
      createHmac('sha256', 'K951B6PE1waDMi640xX08PD3vg6EkVlz').update(signed).digest('hex'),
    );
  });

  test.each([{ partnerCode: 'OTHER' }, { orderId: 'X' }, { requestId: 'X' }, { amount: 1 }, { amount: undefined }])(
    'is not taken from an answer about %j',
    async (other) => {
      await expect(create(momoCreated(other)).created).rejects.toMatchObject(failing('unreadable'));
    },
  );

  test.each([undefined, '', 'javascript:alert(1)', 'not an address'])(
    'is not taken with %j as the page to pay at',
    async (payUrl) => {
      await expect(create(momoCreated({ payUrl })).created).rejects.toMatchObject(failing('unreadable'));
    },
  );

  test('opens no address that a browser would run', async () => {
    const { deeplink } = await create(momoCreated({ deeplink: 'javascript://x/%0aalert(1)' })).created;
    expect(deeplink).toBeUndefined();
  });

  test.each([
    [11, 'refused'],
    [22, 'refused'],
    [41, 'unreadable'],
    [7000, 'unreadable'],
  ] as const)('that MoMo answers with %d is %s', async (resultCode, kind) => {
    await expect(create({ resultCode, message: 'no' }).created).rejects.toMatchObject(failing(kind));
  });
});

describe('a question to MoMo', () => {
  const ask = (answer: object) =>
    providerNamed('momo').queryOrder?.(accountFor('momo'), sent(), answering(answer).http);
  const known = { partnerCode: 'MOMO', orderId: reference, amount: 123_456, transId: 42 };

  test('about an order that it does not know is answered with pending: the guest may be on the way', async () => {
    expect(await ask({ resultCode: 42 })).toMatchObject({ outcome: 'pending', reference, amount: null });
  });

  test('that it cannot answer says nothing of the order', async () => {
    for (const resultCode of [10, 13, 20, 99])
      await expect(ask({ resultCode })).rejects.toMatchObject(failing('unreadable'));
  });

  test('has to be answered about the same order', async () => {
    expect(await ask({ ...known, resultCode: 0 })).toMatchObject({ outcome: 'paid', providerTransactionId: '42' });
    await expect(ask({ ...known, orderId: 'X', resultCode: 0 })).rejects.toMatchObject(failing('unreadable'));
  });
});

describe('a refund with MoMo', () => {
  const ask = (answer: object) => {
    const { http, calls } = answering(answer);
    return { calls, result: providerNamed('momo').refund?.(accountFor('momo'), refund(), http) };
  };

  test('names the refund twice, and the transaction digit for digit', async () => {
    const { calls, result } = ask({ resultCode: 0, transId: 77 });
    expect(await result).toMatchObject({ outcome: 'succeeded', providerRefundId: '77' });
    const body = bodyOf(calls[0]);
    expect(body).toMatchObject({ orderId: 'refund1', requestId: 'refund1', amount: 23_456, description: 'cold soup' });
    expect(writeExact(body)).toContain('"transId":9007199254740993');
  });

  test.each([
    [7002, 'pending'],
    [1081, 'failed'],
    [1006, 'failed'],
  ])('answered with %d is %s', async (resultCode, outcome) => {
    expect(await ask({ resultCode }).result).toMatchObject({ outcome, providerRefundId: null });
  });

  test.each([10, 40, 41, 43, 99])('answered with %d may have been made', async (resultCode) => {
    await expect(ask({ resultCode }).result).rejects.toMatchObject(failing('unreadable'));
  });
});

const vnpayNames =
  'ResponseId Command ResponseCode Message TmnCode TxnRef Amount BankCode PayDate TransactionNo TransactionType TransactionStatus OrderInfo'.split(
    ' ',
  );

/** An answer of VNPay's API with its hash; the one to a question has two names more in it. */
function vnpayAnswer(more: Readonly<Record<string, string>>, isQuery = false): Readonly<Record<string, string>> {
  const fields: Record<string, string> = {
    ...{ vnp_ResponseCode: '00', vnp_TmnCode: 'LAWDEV01', vnp_TxnRef: reference, vnp_Amount: '2345600' },
    ...{ vnp_TransactionNo: '555', vnp_TransactionType: '03', vnp_TransactionStatus: '00', ...more },
  };
  const names = [...vnpayNames, ...(isQuery ? ['PromotionCode', 'PromotionAmount'] : [])];
  const text = names.map((name) => fields[`vnp_${name}`] ?? '').join('|');
  return {
    ...fields,
    vnp_SecureHash: createHmac('sha512', 'MADEUPDEVSECRETVNPAY000000000001').update(text).digest('hex'),
  };
}

describe('an order with VNPay', () => {
  const query = async (more: Partial<OrderToPay> = {}) => {
    const { payUrl = '' } = await providerNamed('vnpay').createOrder(accountFor('vnpay'), order(more), lost);
    return new URL(payUrl).searchParams;
  };

  test("carries Vietnam's time, whatever the day is elsewhere", async () => {
    const params = await query();
    expect(params.get('vnp_CreateDate')).toBe('20261122235930');
    expect(params.get('vnp_ExpireDate')).toBe('20261123001430');
    expect(params.get('vnp_Locale')).toBe('en');
  });

  test('tells an address of a length that VNPay takes', async () => {
    expect((await query({ payerAddress: '::1' })).get('vnp_IpAddr')).toBe('127.0.0.1');
    expect((await query({ payerAddress: '2001:db8::7' })).get('vnp_IpAddr')).toBe('2001:db8::7');
  });
});

describe('a question to VNPay', () => {
  const ask = (answer: object) => {
    const { http, calls } = answering(answer);
    return {
      calls,
      notice: providerNamed('vnpay').queryOrder?.(
        accountFor('vnpay'),
        sent({ sent: { create_date: '20261122235930' } }),
        http,
      ),
    };
  };
  const paid = { vnp_TransactionType: '01', vnp_Amount: '12345600' };

  test('names the moment of creation as it was sent', async () => {
    const { calls, notice } = ask(vnpayAnswer(paid, true));
    expect(await notice).toMatchObject({ outcome: 'paid', amount: 123_456, providerTransactionId: '555', reference });
    expect(bodyOf(calls[0])).toMatchObject({
      vnp_Command: 'querydr',
      vnp_TransactionDate: '20261122235930',
      vnp_RequestId: 'question1',
    });
    expect(calls[0]?.url).toBe(api);
  });

  test.each(['91', '94'])('answered with %s tells nothing yet', async (code) => {
    expect(await ask({ vnp_ResponseCode: code }).notice).toMatchObject({ outcome: 'pending', amount: null });
  });

  test.each(['02', '03', '97', '99'])('answered with %s says nothing of the order', async (code) => {
    await expect(ask({ vnp_ResponseCode: code }).notice).rejects.toMatchObject(failing('unreadable'));
  });

  test.each([{ vnp_TransactionType: '02' }, { vnp_TxnRef: 'X' }, { vnp_TmnCode: 'OTHER001' }])(
    'is not answered by %j, signed or not',
    async (other) => {
      await expect(ask(vnpayAnswer({ ...paid, ...other }, true)).notice).rejects.toMatchObject(failing('unreadable'));
    },
  );
});

describe('a refund with VNPay', () => {
  const ask = (answer: object, more: Partial<RefundOrder> = {}) => {
    const { http, calls } = answering(answer);
    return { calls, result: providerNamed('vnpay').refund?.(accountFor('vnpay'), refund(more), http) };
  };

  test('is asked for once, in part or in full, in words that cannot shift the signed values', async () => {
    const { calls, result } = ask(vnpayAnswer({}), { by: 'Lan|x', reason: 'a|b' });
    expect(await result).toMatchObject({ outcome: 'succeeded', providerRefundId: '555' });
    expect(calls[0]?.isRepeatable).toBe(false);
    expect(bodyOf(calls[0])).toMatchObject({
      vnp_TransactionType: '03',
      vnp_RequestId: 'refund1',
      vnp_CreateBy: 'Lan x',
      vnp_OrderInfo: 'a b',
    });
    const full = ask(vnpayAnswer({ vnp_Amount: '12345600' }), { refundAmount: 123_456 });
    await full.result;
    expect(bodyOf(full.calls[0])['vnp_TransactionType']).toBe('02');
  });

  test.each(['02', '91', '93', '95', '97'])('refused with %s has failed', async (code) => {
    expect(await ask({ vnp_ResponseCode: code }).result).toMatchObject({ outcome: 'failed' });
  });

  test.each(['94', '99'])('answered with %s may be under way: it is only asked about from then on', async (code) => {
    const known = { txn_ref: reference, create_date: '20261122235930', amount: 23_456, asked_at: '20261122235930' };
    expect(await ask({ vnp_ResponseCode: code }).result).toMatchObject({ outcome: 'pending', sent: known });
  });

  test('whose answer is lost, or not signed, is pending too', async () => {
    expect(await providerNamed('vnpay').refund?.(accountFor('vnpay'), refund(), lost)).toMatchObject({
      outcome: 'pending',
    });
    expect(await ask({ ...vnpayAnswer({}), vnp_SecureHash: '00' }).result).toMatchObject({ outcome: 'pending' });
  });

  test('that cannot be asked for at all is none', async () => {
    const account = accountOf('vnpay', vectorOf('vnpay', 'success').secrets);
    await expect(providerNamed('vnpay').refund?.(account, refund(), lost)).rejects.toMatchObject(failing('refused'));
  });

  test('has succeeded once VNPay tells of a refund of this amount from after it was asked for', async () => {
    const { sent: kept } = (await ask({ vnp_ResponseCode: '99' }).result) ?? { sent: {} };
    const question: SentRefund = {
      refundReference: 'refund1',
      sent: kept,
      now: createdAt + 999_000,
      requestId: 'question2',
    };
    const outcome = async (more: Readonly<Record<string, string>>) => {
      const { http } = answering(vnpayAnswer({ vnp_PayDate: '20261123000100', ...more }, true));
      return (await providerNamed('vnpay').queryRefund?.(accountFor('vnpay'), question, http))?.outcome;
    };
    expect(await outcome({})).toBe('succeeded');
    expect(await outcome({ vnp_TransactionStatus: '09' })).toBe('failed');
    expect(await outcome({ vnp_TransactionStatus: '05' })).toBe('succeeded');
    expect(await outcome({ vnp_Amount: '2345700' })).toBe('pending');
    expect(await outcome({ vnp_TransactionType: '01' })).toBe('pending');
    expect(await outcome({ vnp_PayDate: '20261122120000' })).toBe('pending');
  });
});

describe('an order with ZaloPay', () => {
  const create = (answer: object, more: Partial<OrderToPay> = {}) => {
    const { http, calls } = answering(answer);
    const zalopayOrder = order({ reference: `261122_${reference}`, ...more });
    return { calls, created: providerNamed('zalopay').createOrder(accountFor('zalopay'), zalopayOrder, http) };
  };
  const made = { return_code: 1, order_url: 'https://pay.test/1', qr_code: '000201' };

  test('is signed over the very texts that are sent', async () => {
    const { calls, created } = create(made);
    expect(await created).toEqual({ payUrl: 'https://pay.test/1', qrPayload: '000201', sent: { app_time: createdAt } });
    const body = bodyOf(calls[0]);
    expect(calls[0]?.url).toBe(`${api}/v2/create`);
    expect(JSON.parse(body['embed_data'])).toEqual({
      session_id: 'session-1',
      redirecturl: 'https://shop.test/pay/return',
    });
    const signed = [
      2553,
      `261122_${reference}`,
      body['app_user'],
      123_456,
      createdAt,
      body['embed_data'],
      body['item'],
    ].join('|');
    expect(body['mac']).toBe(createHmac('sha256', 'PcY4iZIKFCIdgZvA6ueMcMHHUbRLYjPL').update(signed).digest('hex'));
    expect(body).toMatchObject({ callback_url: order().notifyUrl, expire_duration_seconds: '900' });
  });

  test('lives no shorter than ZaloPay allows', async () => {
    const { calls, created } = create(made, { expiresAt: createdAt + 60_000 });
    await created;
    expect(bodyOf(calls[0])['expire_duration_seconds']).toBe('300');
  });

  test.each([
    [-68, 'unreadable'],
    [-402, 'refused'],
    [-500, 'unreachable'],
  ] as const)('that is answered with %d is %s', async (code, kind) => {
    await expect(create({ return_code: 2, sub_return_code: code }).created).rejects.toMatchObject(failing(kind));
  });
});

describe('a question to ZaloPay', () => {
  const ask = (answer: object) =>
    providerNamed('zalopay').queryOrder?.(
      accountFor('zalopay'),
      sent({ reference: `261122_${reference}` }),
      answering(answer).http,
    );

  test.each([-429, -500, -401, -402])('answered with %d says nothing of the order', async (code) => {
    await expect(ask({ return_code: 2, sub_return_code: code })).rejects.toMatchObject(failing('unreadable'));
  });

  test.each([-329, -322])('answered with %d: it was not paid, and will not be', async (code) => {
    expect(await ask({ return_code: 2, sub_return_code: code })).toMatchObject({ outcome: 'failed' });
  });
});

describe('a refund with ZaloPay', () => {
  const ask = (...answers: readonly object[]) => {
    const { http, calls } = answering(...answers);
    return {
      calls,
      result: providerNamed('zalopay').refund?.(accountFor('zalopay'), refund({ now: createdAt }), http),
    };
  };
  const kept = { m_refund_id: '261122_2553_refund1' };

  test('goes under an id with the day in Vietnam, which is kept', async () => {
    const { calls, result } = ask({ return_code: 3, refund_id: 200904000000389 });
    expect(await result).toMatchObject({ outcome: 'pending', providerRefundId: '200904000000389', sent: kept });
    expect(bodyOf(calls[0])).toMatchObject({ ...kept, zp_trans_id: '9007199254740993', amount: '23456' });
  });

  test('whose answer is lost is pending under the id that was used, so that tomorrow it is not another refund', async () => {
    const result = await providerNamed('zalopay').refund?.(accountFor('zalopay'), refund({ now: createdAt }), lost);
    expect(result).toMatchObject({ outcome: 'pending', sent: kept });
    const { http, calls } = answering({ return_code: 1 });
    const tomorrow: SentRefund = {
      refundReference: 'refund1',
      sent: result?.sent ?? {},
      now: createdAt + 86_400_000,
      requestId: 'q',
    };
    expect(await providerNamed('zalopay').queryRefund?.(accountFor('zalopay'), tomorrow, http)).toMatchObject({
      outcome: 'succeeded',
    });
    expect(bodyOf(calls[0])).toMatchObject(kept);
    expect(calls[0]?.url).toBe(`${api}/v2/query_refund`);
  });

  test('that is refused counts as failed only once ZaloPay has been asked about it', async () => {
    expect(await ask({ return_code: 2 }, { return_code: 2 }).result).toMatchObject({ outcome: 'failed' });
    expect(await ask({ return_code: 2 }, { return_code: 1 }).result).toMatchObject({ outcome: 'succeeded' });
    expect(await ask({ return_code: 2 }, { return_code: 3 }).result).toMatchObject({ outcome: 'pending' });
    expect(await ask({ return_code: 2 }, { return_code: 2, sub_return_code: -429 }).result).toMatchObject({
      outcome: 'pending',
    });
  });

  test('that ZaloPay could not read is none', async () => {
    await expect(ask({ return_code: 2, sub_return_code: -402 }).result).rejects.toMatchObject(failing('refused'));
  });
});

test('an answer that is no JSON is a failure, by the status theirs or the network’s', async () => {
  const saying =
    (status: number): ProviderHttp =>
    async () => ({ status, text: '<html>' });
  const create = (status: number) => providerNamed('momo').createOrder(accountFor('momo'), order(), saying(status));
  await expect(create(502)).rejects.toMatchObject(failing('unreachable'));
  await expect(create(200)).rejects.toMatchObject(failing('unreadable'));
});

test("a guest's return from MoMo is shown if MoMo signed it, with or without the padding that browsers lose", () => {
  const fields = {
    ...{ amount: '5000', extraData: 'eyJhIjoxfQ==', message: 'Thành công.', orderId: reference, orderInfo: 'Ban 4' },
    ...{
      orderType: 'momo_wallet',
      partnerCode: 'MOMO',
      payType: 'qr',
      requestId: 'r',
      responseTime: '1',
      resultCode: '0',
      transId: '2',
    },
  };
  const text = ['accessKey=F8BBA842ECF85', ...Object.entries(fields).map(([name, value]) => `${name}=${value}`)].join(
    '&',
  );
  const signature = createHmac('sha256', 'K951B6PE1waDMi640xX08PD3vg6EkVlz').update(text).digest('hex');
  const visit = (more: Readonly<Record<string, string>>) =>
    providerNamed('momo').readReturn(
      accountFor('momo'),
      new URLSearchParams({ ...fields, signature, ...more }).toString(),
    );
  expect(visit({})).toEqual({ reference, shows: 'success' });
  expect(visit({ extraData: 'eyJhIjoxfQ' })).toEqual({ reference, shows: 'success' });
  expect(visit({ resultCode: '1006' })).toBeUndefined();
  expect(visit({ amount: '5000.0' })).toBeUndefined();
});

test("a guest's return from VNPay is shown as its hash says", () => {
  const show = (kind: string) => {
    const { secrets, request } = vectorOf('vnpay', kind);
    return providerNamed('vnpay').readReturn(accountOf('vnpay', secrets), request.query ?? '')?.shows;
  };
  expect(['success', 'failed_user_cancelled', 'suspicious_review', 'tampered_amount'].map(show)).toEqual([
    ...['success', 'failed', 'pending', undefined],
  ]);
});
