import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { providers } from '../../../src/payments/index.js';
import { momoSignedText } from '../../../src/payments/momo-signature.js';
import type { MerchantAccount, Notice, Verification, WebhookRequest } from '../../../src/payments/provider.js';
import { accountOf, providerNamed, receivedAt, requestOf, vectorOf } from './vectors.js';

const momoSecrets = vectorOf('momo', 'success').secrets;
const vnpaySecrets = vectorOf('vnpay', 'success').secrets;
const zalopaySecrets = vectorOf('zalopay', 'success').secrets;
const momoAccount = accountOf('momo', momoSecrets);
const vnpayAccount = accountOf('vnpay', vnpaySecrets);
const zalopayAccount = accountOf('zalopay', zalopaySecrets);

const result = {
  amount: 250000,
  extraData: '',
  message: 'Successful.',
  orderId: 'QR0000000000000A',
  orderInfo: 'Table 4',
  orderType: 'momo_wallet',
  partnerCode: 'MOMO',
  payType: 'qr',
  requestId: 'QR0000000000000A-1',
  responseTime: 1795331106123,
  resultCode: 0,
  transId: 4193767509,
};

function hmac(algorithm: string, key: unknown, text: string): string {
  return createHmac(algorithm, String(key)).update(text).digest('hex');
}

function signedByMomo(text: string): string {
  return hmac('sha256', momoSecrets['secret_key'], text);
}

function momoText(fields: Readonly<Record<string, string | number>>): string {
  return momoSignedText(String(momoSecrets['access_key']), fields);
}

function json(body: string): WebhookRequest {
  return {
    ...{ method: 'POST', query: '', headers: { 'content-type': 'application/json' } },
    ...{ body: Buffer.from(body), receivedAt },
  };
}

function get(query: string): WebhookRequest {
  return { method: 'GET', query, headers: {}, body: Buffer.alloc(0), receivedAt };
}

function verifyMomo(fields: object, signature: string, account: MerchantAccount = momoAccount): Verification {
  return providerNamed('momo').verify(account, json(JSON.stringify({ ...fields, signature })));
}

function verifyVnpay(query: string): Verification {
  return providerNamed('vnpay').verify(vnpayAccount, get(query));
}

function verifyZalopay(data: string, more: object = { type: 1 }, signed = data): Verification {
  const mac = hmac('sha256', zalopaySecrets['key2'], signed);
  return providerNamed('zalopay').verify(zalopayAccount, json(JSON.stringify({ data, mac, ...more })));
}

function noticeOf(verification: Verification): Notice {
  if (verification.verdict !== 'valid') throw new Error(verification.detail);
  return verification.notice;
}

function whyOf(verification: Verification): string {
  return verification.verdict === 'invalid' ? verification.why : verification.verdict;
}

describe('the fields of a MoMo notice cannot be cut anew under the same signature', () => {
  test('a genuine cancelled notice does not become a paid one', () => {
    const paidTail =
      'orderType=momo_wallet&partnerCode=MOMO&payType=qr&requestId=r&responseTime=1&resultCode=0&transId=1';
    const cancelled = { ...result, orderInfo: `x&${paidTail}`, payType: '', resultCode: 1006 };
    const signature = signedByMomo(momoText(cancelled));
    const rest = momoText(cancelled).split('&transId=1&orderType=')[1] ?? '';
    const paid = {
      ...{ ...result, orderInfo: 'x', requestId: 'r', responseTime: 1, resultCode: 0 },
      transId: `1&orderType=${rest}`,
    };
    expect(momoText(paid)).toBe(momoText(cancelled));
    expect(whyOf(verifyMomo(paid, signature))).toBe('malformed');
    // And the notice that MoMo really sent says nothing that could not have been another one.
    expect(whyOf(verifyMomo(cancelled, signature))).toBe('bad_signature');
  });

  test('a paid notice does not become one of another order, although all its numbers are numbers', () => {
    const paid = { ...result, extraData: '&message=m&orderId=QR0000000000000B&orderInfo=' };
    const signature = signedByMomo(momoText(paid));
    const rest = momoText(paid).split('orderInfo=').slice(1).join('orderInfo=');
    const other = {
      ...{ ...result, extraData: '', message: 'm', orderId: 'QR0000000000000B' },
      orderInfo: rest.split('&orderType=momo_wallet')[0] ?? '',
    };
    expect(momoText(other)).toBe(momoText(paid));
    expect(whyOf(verifyMomo(other, signature))).toBe('bad_signature');
    expect(whyOf(verifyMomo(paid, signature))).toBe('bad_signature');
  });

  test.each(['&amount=1', 'a&transId=', '&accessKey=x', '&partnerCode=MOMO&'])(
    'a text with %j is not believed',
    (text) => {
      const notice = { ...result, orderInfo: text };
      expect(whyOf(verifyMomo(notice, signedByMomo(momoText(notice))))).toBe('bad_signature');
    },
  );

  test.each(['A & B = C', 'amount=1', '&amounts=1', '& amount=1', '&AMOUNT=1'])('a text with %j is', (text) => {
    const notice = { ...result, orderInfo: text };
    expect(whyOf(verifyMomo(notice, signedByMomo(momoText(notice))))).toBe('valid');
  });

  test.each(['amount', 'transId', 'resultCode', 'responseTime'] as const)(
    '%s in quotes is refused: the signed text would be the same',
    (name) => {
      const signature = signedByMomo(momoText(result));
      expect(whyOf(verifyMomo(result, signature))).toBe('valid');
      expect(whyOf(verifyMomo({ ...result, [name]: String(result[name]) }, signature))).toBe('malformed');
    },
  );

  test.each(['partnerCode', 'orderId', 'message', 'payType', 'extraData'] as const)(
    '%s has to be there as a string',
    (name) => {
      for (const value of [undefined, null, 1, true, [], {}]) {
        const notice = { ...result, [name]: value };
        expect(whyOf(verifyMomo(notice, signedByMomo(momoText(result))))).toBe('malformed');
      }
    },
  );

  test('an amount that MoMo itself signed as a fraction is no amount', () => {
    const body = JSON.stringify({ ...result, signature: signedByMomo(momoText({ ...result, amount: '250000.0' })) });
    const verification = providerNamed('momo').verify(momoAccount, json(body.replace('250000', '250000.0')));
    expect(noticeOf(verification)).toMatchObject({ outcome: 'paid', amount: null, reference: result.orderId });
  });

  test('a character that has no bytes does not pass for the one that stands in its place', () => {
    const notice = { ...result, message: 'a\ufffdb' };
    const signature = signedByMomo(momoText(notice));
    expect(whyOf(verifyMomo(notice, signature))).toBe('valid');
    expect(whyOf(verifyMomo({ ...notice, message: 'a\ud800b' }, signature))).toBe('malformed');
  });
});

describe('what MoMo echoes', () => {
  const { isEchoIntact } = providerNamed('momo');
  const notice = noticeOf(verifyMomo(result, signedByMomo(momoText(result))));
  const sent = { request_id: 'QR0000000000000A-1', order_info: 'Table 4' };

  test('is what was sent', () => {
    expect(isEchoIntact?.(notice, sent)).toBe(true);
    expect(isEchoIntact?.(notice, {})).toBe(true);
  });

  test.each([{ request_id: 'QR0000000000000A-2' }, { order_info: 'Table 5' }])('differs from %j', (other) => {
    expect(isEchoIntact?.(notice, { ...sent, ...other })).toBe(false);
  });
});

describe('a VNPay hash over decoded values', () => {
  const fields = new URLSearchParams(vectorOf('vnpay', 'success').request.query ?? '');
  fields.delete('vnp_SecureHash');
  const decodedText = (info: string) => {
    fields.set('vnp_OrderInfo', info);
    fields.sort();
    return [...fields].map(([name, value]) => `${name}=${value}`).join('&');
  };
  const hashOf = (text: string) => hmac('sha512', vnpaySecrets['hash_secret'], text);

  test('is refused', () => {
    const hash = hashOf(decodedText('Thanh toan phien'));
    expect(whyOf(verifyVnpay(`${fields.toString()}&vnp_SecureHash=${hash}`))).toBe('bad_signature');
  });

  test('is refused also when the values come as they are', () => {
    const text = decodedText('Thanh toan phien');
    expect(whyOf(verifyVnpay(`${text}&vnp_SecureHash=${hashOf(text)}`))).toBe('bad_signature');
  });

  test('would let the payer write the result', () => {
    fields.set('vnp_ResponseCode', '24');
    const text = decodedText('x &vnp_PayDate=1&vnp_ResponseCode=00');
    expect(whyOf(verifyVnpay(`${text}&vnp_SecureHash=${hashOf(text)}`))).toBe('bad_signature');
    expect(whyOf(verifyVnpay(`${fields.toString()}&vnp_SecureHash=${hashOf(text)}`))).toBe('bad_signature');
  });
});

describe('a VNPay query', () => {
  const { query } = requestOf(vectorOf('vnpay', 'success'));
  const names = [...new URLSearchParams(query).keys()];
  const signQuery = (text: string) => `${text}&vnp_SecureHash=${hmac('sha512', vnpaySecrets['hash_secret'], text)}`;

  test.each(names)('is refused with a second %s, whether before or after the first one', (name) => {
    expect(whyOf(verifyVnpay(query))).toBe('valid');
    const same = new URLSearchParams(query).get(name) ?? '';
    for (const value of [same, '1', '']) {
      expect(whyOf(verifyVnpay(`${query}&${name}=${value}`))).toBe('bad_signature');
      expect(whyOf(verifyVnpay(`${name}=${value}&${query}`))).toBe('bad_signature');
    }
  });

  test('is refused with a name that hides in escapes', () => {
    expect(whyOf(verifyVnpay(`${query}&vnp%5FAmount=1`))).toBe('bad_signature');
    expect(whyOf(verifyVnpay(query.replace('vnp_Amount', 'vnp%5FAmount')))).toBe('bad_signature');
  });

  test.each(['%', '%4', '%ZZ', '%C3', '%FF'])('is refused with the broken escape %s anywhere', (escape) => {
    expect(whyOf(verifyVnpay(`${query}&vnp_Bill=${escape}`))).toBe('bad_signature');
    expect(whyOf(verifyVnpay(`${query}&utm=${escape}`))).toBe('bad_signature');
  });

  test("is believed however VNPay's own samples encode it", () => {
    const signed = (info: string) =>
      signQuery(
        `vnp_Amount=100&vnp_OrderInfo=${info}&vnp_ResponseCode=00&vnp_TmnCode=LAWDEV01&vnp_TransactionStatus=00&vnp_TxnRef=R`,
      );
    for (const info of ['a+b', 'a%20b', "a!'()*~b", 'a%2Ab', 'caf%c3%a9', '']) {
      expect(noticeOf(verifyVnpay(signed(info)))).toMatchObject({ outcome: 'paid', reference: 'R', amount: 1 });
    }
  });

  test('about another terminal is not ours, whoever signed it', () => {
    expect(whyOf(verifyVnpay(signQuery('vnp_Amount=100&vnp_TmnCode=OTHER001&vnp_TxnRef=R')))).toBe('bad_signature');
  });

  test.each([
    ['00', '00', 'paid'],
    ['00', '02', 'failed'],
    ['24', '00', 'failed'],
    ['00', '', 'failed'],
    ['07', '00', 'pending'],
    ['00', '07', 'pending'],
    ['00', '01', 'pending'],
    ['00', '04', 'pending'],
    ['24', '02', 'failed'],
  ])('with the codes %s and %s is %s', (code, status, outcome) => {
    const text = `vnp_Amount=100&vnp_ResponseCode=${code}&vnp_TmnCode=LAWDEV01&vnp_TransactionStatus=${status}&vnp_TxnRef=R`;
    expect(noticeOf(verifyVnpay(signQuery(text))).outcome).toBe(outcome);
  });

  test.each(['0', '-100', '150', '1', '1e2', '100.00', '00100', '', 'abc', '99999999999999999900'])(
    'has no amount in %j',
    (amount) => {
      const text = `vnp_Amount=${amount}&vnp_TmnCode=LAWDEV01&vnp_TxnRef=R`;
      expect(noticeOf(verifyVnpay(signQuery(text))).amount).toBeNull();
    },
  );
});

describe('a ZaloPay callback', () => {
  const order = { app_id: 2553, app_trans_id: '261122_R', app_time: 1795331100000, amount: 5000, zp_trans_id: 1 };
  const data = JSON.stringify(order);

  test('is believed for its very text, not for the same written again', () => {
    const spaced = JSON.stringify(order, null, 1);
    expect(noticeOf(verifyZalopay(spaced))).toMatchObject({ outcome: 'paid', amount: 5000, orderedAt: 1795331100000 });
    expect(whyOf(verifyZalopay(spaced, { type: 1 }, data))).toBe('bad_signature');
    expect(whyOf(verifyZalopay(data, { type: 1 }, spaced))).toBe('bad_signature');
  });

  test.each([2, '2', '1', 0, null, true])('about an order is refused under type %j, which nobody signed', (type) => {
    expect(whyOf(verifyZalopay(data, { type }))).toBe('bad_signature');
  });

  test('about an agreement is looked away from, whatever its type', () => {
    const agreement = JSON.stringify({ app_id: 2553, app_trans_id: '261122_R', binding_id: 'B1' });
    for (const type of [2, null]) expect(whyOf(verifyZalopay(agreement, { type }))).toBe('ignored');
  });

  test('of another app is not ours, whoever signed it', () => {
    expect(whyOf(verifyZalopay(JSON.stringify({ ...order, app_id: 2554 })))).toBe('bad_signature');
    expect(whyOf(verifyZalopay(JSON.stringify({ ...order, app_id: undefined })))).toBe('bad_signature');
  });

  test('that is signed and says a thing twice says nothing', () => {
    const twice = data.replace('{', '{"amount":1,');
    expect(noticeOf(verifyZalopay(twice))).toMatchObject({ outcome: 'pending', reference: null, amount: null });
  });

  test.each([1.5, '5000', -1, 0, null, 1e16])('has no amount in %j', (amount) => {
    expect(noticeOf(verifyZalopay(JSON.stringify({ ...order, amount }))).amount).toBeNull();
  });
});

describe('what is written twice in a JSON body', () => {
  test.each([
    ['momo', vectorOf('momo', 'success'), ['amount', 'orderId', 'resultCode', 'signature']],
    ['zalopay', vectorOf('zalopay', 'success'), ['data', 'mac', 'type']],
  ] as const)('is refused by %s', (name, vector, members) => {
    const body = vector.request.body ?? '';
    for (const member of members) {
      const again = `{${JSON.stringify(member)}:${JSON.stringify(JSON.parse(body)[member])},${body.slice(1)}`;
      const verification = providerNamed(name).verify(accountOf(name, vector.secrets), json(again));
      expect(whyOf(verification)).toBe('malformed');
    }
  });
});

describe('an id above 2^53 keeps its digits', () => {
  const id = '9223372036854775807';

  test('with MoMo', () => {
    const signature = signedByMomo(momoText({ ...result, transId: id }));
    const body = JSON.stringify({ ...result, signature }).replace('4193767509', id);
    expect(noticeOf(providerNamed('momo').verify(momoAccount, json(body))).providerTransactionId).toBe(id);
    expect(whyOf(providerNamed('momo').verify(momoAccount, json(body.replace(id, '9223372036854775808'))))).toBe(
      'bad_signature',
    );
  });

  test('with ZaloPay', () => {
    const data = `{"app_id":2553,"app_trans_id":"261122_R","amount":5000,"zp_trans_id":${id}}`;
    expect(noticeOf(verifyZalopay(data)).providerTransactionId).toBe(id);
  });

  test('with VNPay', () => {
    const text = `vnp_Amount=100&vnp_TmnCode=LAWDEV01&vnp_TransactionNo=${id}&vnp_TxnRef=R`;
    const hash = hmac('sha512', vnpaySecrets['hash_secret'], text);
    expect(noticeOf(verifyVnpay(`${text}&vnp_SecureHash=${hash}`)).providerTransactionId).toBe(id);
  });
});

describe('while secrets are being changed', () => {
  test.each([
    ['momo', vectorOf('momo', 'success'), { access_key: 'new', secret_key: 'new' }],
    ['vnpay', vectorOf('vnpay', 'success'), { hash_secret: 'new' }],
    ['zalopay', vectorOf('zalopay', 'success'), { key1: 'new', key2: 'new' }],
  ] as const)('%s verifies with all of them, and with no other', (name, vector, next) => {
    const account = accountOf(name, vector.secrets);
    const verifies = (secrets: readonly object[]) =>
      whyOf(providerNamed(name).verify({ ...account, secrets: secrets as typeof account.secrets }, requestOf(vector)));
    expect(verifies([next, ...account.secrets])).toBe('valid');
    expect(verifies([...account.secrets, next])).toBe('valid');
    expect(verifies([next])).toBe('bad_signature');
  });
});

test('about another partner it is not ours, whoever signed it', () => {
  const other = { ...result, partnerCode: 'OTHER' };
  expect(whyOf(verifyMomo(other, signedByMomo(momoText(other))))).toBe('bad_signature');
});

test('nothing that anybody can send makes a provider throw, and nothing of it is believed', () => {
  const accounts = {
    ...{ momo: momoAccount, vnpay: vnpayAccount, zalopay: zalopayAccount },
    vietqr: accountOf('vietqr', { bank_bin: '970436', account_number: '1', sepay_secret: 'a-secret' }),
  };
  const body = fc.oneof(
    fc.uint8Array().map((bytes) => Buffer.from(bytes)),
    fc.json().map((text) => Buffer.from(text)),
    fc
      .dictionary(fc.constantFrom('data', 'mac', 'type', 'signature', 'amount', 'orderId'), fc.jsonValue())
      .map((object) => Buffer.from(JSON.stringify(object))),
  );
  const headers = fc.dictionary(
    fc.constantFrom('content-type', 'authorization', 'x-sepay-timestamp', 'x-sepay-signature'),
    fc.oneof(fc.string(), fc.constantFrom('application/json', 'sha256=00', 'Apikey x')),
  );
  const query = fc.oneof(
    fc.string(),
    fc.webQueryParameters(),
    fc.string().map((text) => `vnp_A=${text}`),
  );
  const method = fc.constantFrom('GET', 'POST', 'PUT');
  fc.assert(
    fc.property(fc.record({ method, query, headers, body, receivedAt: fc.integer() }), (request) => {
      for (const [name, account] of Object.entries(accounts)) {
        expect(providers[name]?.verify(account, request).verdict).toBe('invalid');
        expect(providers[name]?.readReturn(account, request.query)).toBeUndefined();
      }
    }),
    { numRuns: 500 },
  );
});
