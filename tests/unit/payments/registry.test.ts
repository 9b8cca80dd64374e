import { expect, test } from 'vitest';
import { paymentMethods } from '../../../src/domain/payment.js';
import { providerOfMethod, providerOfRoute, providers } from '../../../src/payments/index.js';
import type { Invalidity, WebhookResult } from '../../../src/payments/provider.js';

test('every provider is found by its name, its method and its route', () => {
  expect(Object.keys(providers)).toEqual(['momo', 'vnpay', 'zalopay', 'vietqr']);
  for (const provider of Object.values(providers)) {
    expect(providers[provider.name]).toBe(provider);
    expect(providerOfMethod(provider.method)).toBe(provider);
    expect(providerOfRoute(provider.route)).toBe(provider);
  }
});

test('what nobody carries has no provider', () => {
  expect(paymentMethods.filter((method) => !providerOfMethod(method))).toEqual(['cash', 'other']);
  for (const route of ['vietqr', '', 'constructor', '__proto__']) expect(providerOfRoute(route)).toBeUndefined();
  for (const name of ['constructor', '__proto__', 'toString']) expect(providers[name]).toBeUndefined();
});

test('accounts are said in full and with nothing else', () => {
  const valid: Readonly<Record<string, readonly [settings: object, secrets: object]>> = {
    momo: [{ partner_code: 'MOMO' }, { access_key: 'a', secret_key: 's' }],
    vnpay: [{ tmn_code: 'LAWDEV01' }, { hash_secret: 's' }],
    zalopay: [{ app_id: '2553' }, { key1: 'a', key2: 'b' }],
    vietqr: [{ bank_bin: '970436', account_number: '0011' }, { sepay_secret: 's' }],
  };
  for (const [name, given] of Object.entries(valid)) {
    const schemas = [providers[name]?.settings, providers[name]?.secrets];
    for (const [index, schema] of schemas.entries()) {
      const fields = given[index] ?? {};
      expect(schema?.safeParse(fields).success).toBe(true);
      expect(schema?.safeParse({ ...fields, api_url: 'http://169.254.169.254' }).success).toBe(false);
      for (const field of Object.keys(fields))
        expect(schema?.safeParse({ ...fields, [field]: '' }).success).toBe(false);
      expect(schema?.safeParse({}).success).toBe(false);
    }
  }
  expect(providers['vietqr']?.settings.parse(valid['vietqr']?.[0])).toMatchObject({ to: 'account' });
  expect(providers['vietqr']?.secrets.parse(valid['vietqr']?.[1])).toMatchObject({ scheme: 'hmac' });
});

const whys: readonly Invalidity[] = [
  ...(['bad_signature', 'malformed', 'empty', 'wrong_content_type', 'wrong_method', 'wrong_address', 'stale'] as const),
];
const results: readonly WebhookResult[] = [
  ...[{ result: 'recorded' } as const, { result: 'duplicate' } as const, { result: 'ignored' } as const],
  ...[{ result: 'unknown_order', isYoung: true } as const, { result: 'unknown_order', isYoung: false } as const],
  ...[{ result: 'wrong_amount' } as const, { result: 'unreadable' } as const, { result: 'error' } as const],
  ...whys.map((why) => ({ result: 'invalid', why }) as const),
];

/** Status and code of every answer, in the order of the results above. */
const answers: Readonly<Record<string, string>> = {
  momo: '204 204 204 404 404 422 400 500 401 400 400 415 405 403 401',
  vnpay: '200/00 200/02 200/00 200/01 200/01 200/04 200/99 200/99 200/97 200/97 200/99 200/99 405/99 200/03 200/97',
  zalopay: '200/1 200/2 200/1 200/0 200/-1 200/-1 200/-1 200/0 200/-1 400/-1 400/-1 415/-1 405/-1 403/-1 401/-1',
  vietqr: '200 200 200 200 200 200 400 500 401 400 400 415 405 403 401',
};

test.each(Object.keys(answers))('%s answers every result as its provider expects', (name) => {
  const told = results.map((result) => {
    const { status, body } = providers[name]?.acknowledge(result) ?? { status: 0, body: '' };
    const parsed = (body === '' ? {} : JSON.parse(body)) as Record<string, string | number>;
    const code = parsed['RspCode'] ?? parsed['return_code'];
    return code === undefined ? String(status) : `${status}/${code}`;
  });
  expect(told.join(' ')).toBe(answers[name]);
});

test('a wrong method is told the right one', () => {
  const allowed = (name: string) =>
    providers[name]?.acknowledge({ result: 'invalid', why: 'wrong_method' }).headers['allow'];
  expect(Object.keys(providers).map(allowed)).toEqual(['POST', 'GET', 'POST', 'POST']);
  expect(Object.values(providers).map(({ webhookMethod }) => webhookMethod)).toEqual(['POST', 'GET', 'POST', 'POST']);
});
