import * as crypto from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { beforeEach, expect, test, vi } from 'vitest';
import { hmacHex, isSameDigest, isSameSecret } from '../../../src/payments/signing.js';
import { accountOf, providerNamed, receivedAt, requestOf, vectorFile, vectorOf } from './vectors.js';

vi.mock('node:crypto', async (original) => {
  const real = await original<typeof crypto>();
  return { ...real, timingSafeEqual: vi.fn(real.timingSafeEqual) };
});

const compare = vi.mocked(crypto.timingSafeEqual);

beforeEach(() => {
  compare.mockClear();
});

test.each(['momo', 'vnpay', 'zalopay'])('%s compares whole digests, right or wrong, with timingSafeEqual', (name) => {
  const digestBytes = name === 'vnpay' ? 64 : 32;
  for (const kind of ['success', 'tampered_signature', 'tampered_amount', 'wrong_secret']) {
    const vector = vectorOf(name, kind);
    compare.mockClear();
    const { verdict } = providerNamed(name).verify(accountOf(name, vector.secrets), requestOf(vector));
    const calls = compare.mock.calls.map(([a, b]) => [a.byteLength, b.byteLength]);
    expect(calls.length).toBeGreaterThan(0);
    expect(calls).toEqual(calls.map(() => [digestBytes, digestBytes]));
    // Whatever it says is what the last comparison said.
    expect(compare.mock.results.at(-1)?.value).toBe(verdict === 'valid');
  }
});

test.each(['hmac', 'apikey'])('SePay’s %s is compared in the same way', (scheme) => {
  const account = accountOf('vietqr', { bank_bin: '970436', account_number: '1', sepay_secret: 'a-secret', scheme });
  const headers = {
    ...{ 'content-type': 'application/json', authorization: 'Apikey b', 'x-sepay-timestamp': '1' },
    'x-sepay-signature': `sha256=${'0'.repeat(64)}`,
  };
  providerNamed('vietqr').verify(account, { method: 'POST', query: '', headers, body: Buffer.from('{}'), receivedAt });
  expect(compare.mock.calls.map(([a, b]) => [a.byteLength, b.byteLength])).toEqual([[32, 32]]);
  expect(compare.mock.results.map(({ value }) => value as boolean)).toEqual([false]);
});

test('a return from the page and the answer to a question are compared so, too', () => {
  const [redirect] = vectorFile.redirect_vectors;
  providerNamed('zalopay').readReturn(accountOf('zalopay', redirect?.secrets ?? {}), redirect?.query ?? '');
  expect(compare).toHaveBeenCalledOnce();
});

test('no other file of the payments compares digests', () => {
  const folder = new URL('../../../src/payments/', import.meta.url);
  for (const file of readdirSync(folder).filter((name) => name !== 'signing.ts')) {
    const source = readFileSync(new URL(file, folder), 'utf8');
    expect(source).not.toMatch(/hmacHex\([^;]*\)\s*[!=]==|[!=]==\s*hmacHex\(|timingSafeEqual|createHmac/);
  }
});

test('a digest is the same in either case of hex, and in nothing else', () => {
  const digest = hmacHex('sha256', 'key', 'text');
  expect(isSameDigest(digest, digest)).toBe(true);
  expect(isSameDigest(digest.toUpperCase(), digest)).toBe(true);
  const wrong: readonly unknown[] = [
    ...[
      '',
      digest.slice(1),
      digest.slice(0, -1),
      `${digest}0`,
      `${digest}00`,
      ` ${digest.slice(1)}`,
      `g${digest.slice(1)}`,
    ],
    ...[undefined, null, 1, true, [digest], { length: 64 }, Buffer.from(digest, 'hex')],
  ];
  for (const given of wrong) expect(isSameDigest(given, digest)).toBe(false);
});

test('secrets of any lengths can be compared', () => {
  expect(isSameSecret('a', 'a')).toBe(true);
  expect(isSameSecret('a', 'aa')).toBe(false);
  expect(isSameSecret('', 'a')).toBe(false);
});
