import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import type { Notice, Verification, WebhookRequest, WebhookResult } from '../../../src/payments/provider.js';
import { isMinted, mintReference } from '../../../src/payments/reference.js';
import { accountOf, providerNamed, receivedAt } from './vectors.js';

const secret = 'a-secret-of-the-bank-feed';
const bank = { bank_bin: '970436', account_number: '0011000123456' };
const account = accountOf('vietqr', { ...bank, sepay_secret: secret });
const byKey = accountOf('vietqr', { ...bank, sepay_secret: secret, scheme: 'apikey' });
const reference = mintReference();
const seconds = String(receivedAt / 1000);

const transfer = {
  id: 92704,
  gateway: 'Vietcombank',
  transactionDate: '2026-11-22 14:05:06',
  accountNumber: '0011000123456',
  subAccount: null,
  code: null,
  content: `MBVCB.123.${reference.toLowerCase()}.CT tu A`,
  transferType: 'in',
  description: '',
  transferAmount: 250000,
  accumulated: 1000000,
  referenceCode: 'FT26326',
};

interface Sent {
  readonly headers?: Readonly<Record<string, string>>;
  readonly timestamp?: string;
  readonly key?: string;
}

function signed(body: string | Buffer, { headers = {}, timestamp = seconds, key = secret }: Sent = {}): WebhookRequest {
  const signature = createHmac('sha256', key).update(`${timestamp}.`).update(body).digest('hex');
  return {
    method: 'POST',
    query: '',
    headers: {
      'content-type': 'application/json',
      'x-sepay-timestamp': timestamp,
      'x-sepay-signature': `sha256=${signature}`,
      ...headers,
    },
    body: Buffer.from(body),
    receivedAt,
  };
}

function verify(request: WebhookRequest, of = account): Verification {
  return providerNamed('vietqr').verify(of, request);
}

function noticeOf(change: object): Notice {
  const verification = verify(signed(JSON.stringify({ ...transfer, ...change })));
  if (verification.verdict !== 'valid') throw new Error(verification.detail);
  return verification.notice;
}

function why(request: WebhookRequest, of = account): string {
  const verification = verify(request, of);
  return verification.verdict === 'invalid' ? verification.why : verification.verdict;
}

test('a transfer with our reference in its message is a payment', () => {
  expect(noticeOf({})).toMatchObject({
    outcome: 'paid',
    reference,
    amount: 250_000,
    providerTransactionId: '92704',
    orderedAt: null,
  });
});

test('the reference is found in the description as well', () => {
  expect(noticeOf({ content: 'chuyen tien', description: `BankAPINotify ${reference}` }).reference).toBe(reference);
});

test('a transfer without any reference is money that nobody has matched', () => {
  expect(noticeOf({ content: 'an trua' })).toMatchObject({ outcome: 'paid', reference: null, amount: 250_000 });
});

test('ids above 2^53 keep their digits', () => {
  const body = JSON.stringify(transfer).replace('92704', '9007199254740993');
  const verification = verify(signed(body));
  expect(verification.verdict === 'valid' && verification.notice.providerTransactionId).toBe('9007199254740993');
});

test.each([0, -1, 1.5, '250000', null])('an amount of %j is none', (transferAmount) => {
  expect(noticeOf({ transferAmount }).amount).toBeNull();
});

test('money that goes out, or to another account, is none of our business', () => {
  expect(why(signed(JSON.stringify({ ...transfer, transferType: 'out' })))).toBe('ignored');
  expect(why(signed(JSON.stringify({ ...transfer, accountNumber: '999' })))).toBe('ignored');
});

test('money to a virtual account of ours is ours', () => {
  expect(noticeOf({ accountNumber: '999', subAccount: bank.account_number }).reference).toBe(reference);
});

test('without a bank account in the settings, every account that the feed names is ours', () => {
  const feedOnly = { ...account, settings: {} };
  expect(why(signed(JSON.stringify({ ...transfer, accountNumber: '999', subAccount: '5' })), feedOnly)).toBe('valid');
});

test('without a bank account in the settings there is nothing to pay to', async () => {
  const creating = providerNamed('vietqr').createOrder({ ...account, settings: {} }, order(), async () => {
    throw new Error('nobody is to be called');
  });
  await expect(creating).rejects.toMatchObject({ name: 'ProviderFailure', kind: 'refused' });
});

test('another secret, a changed body and a changed time are refused', () => {
  const body = JSON.stringify(transfer);
  expect(why(signed(body, { key: 'another' }))).toBe('bad_signature');
  expect(why({ ...signed(body), body: Buffer.from(body.replace('250000', '350000')) })).toBe('bad_signature');
  expect(why(signed(body, { headers: { 'x-sepay-timestamp': String(Number(seconds) + 1) } }))).toBe('bad_signature');
  expect(why(signed(body, { headers: { 'x-sepay-signature': '' } }))).toBe('bad_signature');
});

test.each([
  [0, 'valid'],
  [300, 'valid'],
  [-300, 'valid'],
  [301, 'stale'],
  [-301, 'stale'],
])('signed %d seconds from when it came it is %s', (drift, verdict) => {
  expect(why(signed(JSON.stringify(transfer), { timestamp: String(Number(seconds) + drift) }))).toBe(verdict);
});

test('a time that is no number is stale, not fresh', () => {
  expect(why(signed(JSON.stringify(transfer), { timestamp: 'now' }))).toBe('stale');
  expect(why(signed(JSON.stringify(transfer), { timestamp: '' }))).toBe('stale');
});

test('the other scheme takes the key itself, and no signature', () => {
  const bare = signed(JSON.stringify(transfer), { headers: { 'x-sepay-signature': '' } });
  const withKey = (authorization: string) => ({ ...bare, headers: { ...bare.headers, authorization } });
  expect(why(withKey(`Apikey ${secret}`), byKey)).toBe('valid');
  expect(why(withKey(`Apikey ${secret}x`), byKey)).toBe('bad_signature');
  expect(why(withKey(`Bearer ${secret}`), byKey)).toBe('bad_signature');
  expect(why(withKey(''), byKey)).toBe('bad_signature');
  expect(why(signed(JSON.stringify(transfer)), byKey)).toBe('bad_signature');
  expect(why(withKey(`Apikey ${secret}`), account)).toBe('bad_signature');
});

test('while a secret is being changed, the one before it verifies too', () => {
  const rotated = accountOf('vietqr', { ...bank, sepay_secret: 'the-new-one' });
  const both = { ...rotated, secrets: [...rotated.secrets, ...account.secrets] as typeof account.secrets };
  expect(why(signed(JSON.stringify(transfer)), both)).toBe('valid');
});

test('what is no JSON webhook is refused by its own name', () => {
  expect(why({ ...signed('{}'), method: 'GET' })).toBe('wrong_method');
  expect(why(signed('{}', { headers: { 'content-type': 'text/plain' } }))).toBe('wrong_content_type');
  expect(why(signed(''))).toBe('empty');
  expect(why(signed('{"id":1'))).toBe('malformed');
  expect(why(signed('{"id":1,"id":2}'))).toBe('malformed');
});

const taken: readonly WebhookResult[] = [
  { result: 'recorded' },
  { result: 'duplicate' },
  { result: 'ignored' },
  { result: 'unknown_order', isYoung: true },
  { result: 'unknown_order', isYoung: false },
  { result: 'wrong_amount' },
];

test('whatever was taken is answered with success, or SePay would tell it again', () => {
  for (const result of taken) {
    const answer = providerNamed('vietqr').acknowledge(result);
    expect([answer.status, answer.body]).toEqual([200, '{"success":true}']);
  }
});

test.each([
  ['bad_signature', 401],
  ['stale', 401],
  ['malformed', 400],
  ['empty', 400],
  ['wrong_content_type', 415],
  ['wrong_method', 405],
  ['wrong_address', 403],
] as const)('%s is answered with %d', (reason, status) => {
  const answer = providerNamed('vietqr').acknowledge({ result: 'invalid', why: reason });
  expect([answer.status, JSON.parse(answer.body)]).toEqual([status, { success: false, error: reason }]);
});

test('a fault of ours asks SePay to call again', () => {
  expect(providerNamed('vietqr').acknowledge({ result: 'error' }).status).toBe(500);
});

test("a guest's code pays to the account with the reference as its message, and nobody is asked", async () => {
  const created = await providerNamed('vietqr').createOrder(account, order(), async () => {
    throw new Error('nobody is to be called');
  });
  expect(created.qrPayload).toContain('01130011000123456');
  expect(created.qrPayload).toContain(`0816${reference}`);
  expect(created.qrPayload).toContain('5406250000');
  expect(created.payUrl).toBeUndefined();
  expect(created.sent).toEqual({ bank_bin: '970436', account_number: '0011000123456' });
  expect(providerNamed('vietqr').queryOrder).toBeUndefined();
  expect(providerNamed('vietqr').refund).toBeUndefined();
  expect(providerNamed('vietqr').readReturn(account, 'any=thing')).toBeUndefined();
});

function order() {
  return {
    ...{ reference, attempt: 1, amount: 250_000, sessionId: 's', description: 'Ban 4', createdAt: receivedAt },
    ...{ expiresAt: receivedAt + 900_000, returnUrl: 'https://a.test/r', notifyUrl: 'https://a.test/w' },
    ...{ payerAddress: '203.0.113.7', language: 'vi' as const },
  };
}

test('a transfer that no id names is named by what came: told again it is the same one, and another is another', () => {
  const nameless = { id: null, referenceCode: null };
  const first = noticeOf(nameless).providerTransactionId;
  expect(first).toMatch(/^body-[0-9a-f]{32}$/);
  expect(noticeOf(nameless).providerTransactionId).toBe(first);
  expect(noticeOf({ ...nameless, accumulated: 1_250_000 }).providerTransactionId).not.toBe(first);
  expect(noticeOf({ id: null, referenceCode: 'FT 26326' }).providerTransactionId).toMatch(/^body-/);
});

test('all that may be our reference is told, as banks write words before it that may look like one', () => {
  // Its sixteen characters from QR on pass the check as well, by chance.
  const word = Array.from({ length: 1000 }, (_, n) => `QR${String(n).padStart(3, '0')}`).find((start) =>
    isMinted((start + reference).slice(0, 16)),
  );
  const { reference: found, otherReferences } = noticeOf({ content: `${word}${reference}` });
  expect([found, ...(otherReferences ?? [])]).toEqual([`${word}${reference}`.slice(0, 16), reference]);
});
