import { expect, test } from 'vitest';
import { momoSignedText, signedByUs } from '../../../src/payments/momo-signature.js';
import type { OrderToPay, SentOrder } from '../../../src/payments/provider.js';
import { signedVnpayFields, signedVnpayQuery, vnpayQuery, vnpayValues } from '../../../src/payments/vnpay-signature.js';
import { questionMac, requestMac, zalopaySignedText } from '../../../src/payments/zalopay-signature.js';
import { accountOf, answering, providerNamed, vectorFile } from './vectors.js';

const api = 'https://provider.example.test';

type Vector = (typeof vectorFile.outgoing_request_vectors)[number];

/** The names in the order in which ZaloPay signs their values. */
const zalopayOrder: Readonly<Record<string, readonly string[]>> = {
  create: ['app_id', 'app_trans_id', 'app_user', 'amount', 'app_time', 'embed_data', 'item'],
  refund: ['app_id', 'zp_trans_id', 'amount', 'description', 'timestamp'],
  query_refund: ['app_id', 'm_refund_id', 'timestamp'],
};

/** What we sign, and the signature. */
const signing: Readonly<Record<string, (vector: Vector) => readonly [canonical: string, signature: string]>> = {
  momo: ({ secrets, input }) => [
    momoSignedText(String(secrets['access_key']), input),
    signedByUs(accountOf('momo', secrets), input).signature,
  ],
  vnpay: ({ secrets, input, operation }) => {
    const account = accountOf('vnpay', secrets);
    if (operation !== 'pay_url')
      return [vnpayValues(Object.values(input)), signedVnpayFields(account, input).vnp_SecureHash];
    return [vnpayQuery(input), new URLSearchParams(signedVnpayQuery(account, input)).get('vnp_SecureHash') ?? ''];
  },
  zalopay: ({ secrets, input, operation }) => {
    const account = accountOf('zalopay', secrets);
    if (operation === 'query') {
      const values = [input['app_id'], input['app_trans_id'], String(secrets['key1'])];
      return [zalopaySignedText(values), questionMac(account, input['app_trans_id'])];
    }
    const values = (zalopayOrder[operation] ?? []).map((name) => input[name]);
    return [zalopaySignedText(values), requestMac(account, values)];
  },
};

test.each(vectorFile.outgoing_request_vectors)('$id is signed as published', (vector) => {
  const { canonical, signature, mac, vnp_SecureHash: hash } = vector.expect;
  expect(signing[vector.provider]?.(vector)).toEqual([canonical, signature ?? mac ?? hash]);
});

test('the pay page of VNPay gets the published address', async () => {
  const { secrets, input, expect: wanted } = find(vectorFile.outgoing_request_vectors, 'vnpay-pay-dev');
  const account = accountOf('vnpay', secrets, { pay: 'https://sandbox.vnpayment.vn/paymentv2/vpcpay.html' });
  const created = await providerNamed('vnpay').createOrder(account, vnpayOrder(input), answering().http);
  expect(created).toEqual({ payUrl: wanted['url'], sent: { create_date: '20261122140000' } });
});

test.each(vectorFile.query_response_vectors)(
  '$id is understood',
  async ({ provider, secrets, response, expect: wanted }) => {
    const { queryOrder } = providerNamed(provider);
    const account = accountOf(provider, secrets, { api });
    const asked = queryOrder?.(account, sentOrder(response), answering(response).http);
    if (wanted['signature_valid'] === false) {
      await expect(asked).rejects.toMatchObject({ name: 'ProviderFailure', kind: 'unreadable' });
      return;
    }
    expect(await asked).toMatchObject({ outcome: wanted['outcome'], amount: wanted['amount_minor'] });
  },
);

test.each(vectorFile.redirect_vectors)(
  '$id is shown as it should be',
  ({ provider, secrets, query, expect: wanted }) => {
    const visit = providerNamed(provider).readReturn(accountOf(provider, secrets), query);
    expect(visit?.shows ?? 'unknown').toBe(wanted['display']);
    if (visit) expect(visit.reference).toBe('261122_PI0101');
  },
);

function find(list: readonly Vector[], id: string): Vector {
  const found = list.find((vector) => vector.id === id);
  if (!found) throw new Error(`no vector ${id}`);
  return found;
}

function vnpayOrder(input: Vector['input']): OrderToPay {
  return {
    reference: input['vnp_TxnRef'],
    attempt: 1,
    amount: 250_000,
    sessionId: 'unused',
    description: input['vnp_OrderInfo'],
    createdAt: Date.UTC(2026, 10, 22, 7, 0, 0),
    expiresAt: Date.UTC(2026, 10, 22, 7, 15, 0),
    returnUrl: input['vnp_ReturnUrl'],
    notifyUrl: 'https://api.example.test/webhooks/vnpay',
    payerAddress: input['vnp_IpAddr'],
    language: 'vi',
  };
}

function sentOrder(response: Vector['response']): SentOrder {
  return {
    reference: response['vnp_TxnRef'] ?? response['orderId'] ?? '261122_PI0101',
    amount: 250_000,
    createdAt: Date.UTC(2026, 10, 22, 7, 0, 0),
    sent: {},
    now: Date.UTC(2026, 10, 22, 7, 30, 0),
    requestId: 'rq0001',
  };
}
