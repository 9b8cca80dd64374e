import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { MerchantAccount, Verification, WebhookRequest } from '../../../src/payments/provider.js';
import { mintReference } from '../../../src/payments/reference.js';
import { accountOf, providerNamed, receivedAt, requestOf, vectorOf } from './vectors.js';

/** One byte that was put in the place of another, put in before it, or taken out. */
interface Change {
  readonly kind: 'replace' | 'insert' | 'delete';
  readonly at: number;
  readonly byte: number;
  readonly changed: Buffer;
}

/** Signs that mean something in JSON, queries, hex or numbers, and some that mean nothing. */
const telling = Buffer.from(' "\\{},:&=%+-.01aAeE\n\0\xe9', 'latin1');

function* changesOf({ source, from = 0, to = source.length }: Case): Generator<Change> {
  for (let at = from; at <= to; at += 1) {
    const [before, here, after] = [source.subarray(0, at), source[at], source.subarray(at + 1)];
    for (const byte of telling) {
      yield { kind: 'insert', at, byte, changed: Buffer.concat([before, Buffer.of(byte), source.subarray(at)]) };
    }
    if (here === undefined) continue;
    yield { kind: 'delete', at, byte: here, changed: Buffer.concat([before, after]) };
    const flipped = Array.from({ length: 8 }, (_, bit) => here ^ (1 << bit));
    for (const byte of new Set([...telling, ...flipped])) {
      if (byte !== here) yield { kind: 'replace', at, byte, changed: Buffer.concat([before, Buffer.of(byte), after]) };
    }
  }
}

interface Case {
  readonly provider: string;
  readonly account: MerchantAccount;
  readonly source: Buffer;
  readonly request: (changed: Buffer) => WebhookRequest;
  /** Only this part is changed; all of it if left out. */
  readonly from?: number;
  readonly to?: number;
}

/** The changes after which it is believed all the same, each of which must mean exactly what was there before. */
function survivors(one: Case): readonly Change[] {
  const { provider, account, source, request } = one;
  const verify = (bytes: Buffer): Verification => providerNamed(provider).verify(account, request(bytes));
  const genuine = verify(source);
  expect(genuine.verdict).toBe('valid');
  return [...changesOf(one)].filter(({ changed }) => {
    const verification = verify(changed);
    if (verification.verdict !== 'valid') return false;
    expect(verification).toEqual(genuine);
    return true;
  });
}

/** From the beginning of one text up to the end of another. */
function range(source: Buffer, from: string, to = from): (at: number) => boolean {
  const start = source.indexOf(from);
  const end = source.indexOf(to, start) + Buffer.byteLength(to);
  if (start < 0 || end < start) throw new Error(`${from} is not there`);
  return (at) => at >= start && at < end;
}

function isHexCase(source: Buffer, isInSignature: (at: number) => boolean): (change: Change) => boolean {
  return ({ kind, at, byte }) =>
    kind === 'replace' &&
    isInSignature(at) &&
    /[a-f]/i.test(String.fromCharCode(byte)) &&
    (source[at] ?? 0) === (byte ^ 0x20);
}

/** White space between the tokens of a JSON text means nothing. */
function isJsonSpace(source: Buffer): (change: Change) => boolean {
  return ({ kind, at, byte }) => {
    const quotes = source.subarray(0, at).toString('latin1').replace(/\\./g, '').split('"').length - 1;
    const isOutside = quotes % 2 === 0;
    const isInNumber =
      /[\d]$/.test(source.subarray(0, at).toString('latin1')) && /^\d/.test(source.subarray(at).toString('latin1'));
    return kind === 'insert' && isOutside && !isInNumber && ' \n'.includes(String.fromCharCode(byte));
  };
}

function unexplained(source: Case, ...exempt: readonly ((change: Change) => boolean)[]): readonly string[] {
  const survived = survivors(source);
  // Each exemption is used: one that nothing needs would only hide a fault.
  for (const isExempt of exempt) expect(survived.some(isExempt)).toBe(true);
  return survived
    .filter((change) => !exempt.some((isExempt) => isExempt(change)))
    .map(({ kind, at, byte }) => `${kind} ${at} ${String.fromCharCode(byte)}`);
}

function jsonCase(provider: string, kind: string): Case {
  const vector = vectorOf(provider, kind);
  const request = requestOf(vector);
  return {
    provider,
    account: accountOf(provider, vector.secrets),
    source: request.body,
    request: (body) => ({ ...request, body }),
  };
}

describe('any one byte of a MoMo notice that is changed, added or taken out', () => {
  test('is noticed; only the case of hex digits and white space between tokens mean nothing', () => {
    const one = jsonCase('momo', 'success');
    const isInSignature = range(one.source, '"signature"', '"}');
    expect(unexplained(one, isHexCase(one.source, isInSignature), isJsonSpace(one.source))).toEqual([]);
  });

  test('is noticed unless it is in a field that MoMo does not sign and we do not read', () => {
    const whole = jsonCase('momo', 'extra_unknown_fields');
    const from = whole.source.indexOf('"paymentOption"') - 4;
    const one = { ...whole, from, to: whole.source.indexOf('"signature"') + 4 };
    const isUnsigned = range(one.source, '"paymentOption"', '{"a":[1,2]}');
    expect(unexplained(one, ({ at }) => isUnsigned(at), isJsonSpace(one.source))).toEqual([]);
  });
});

describe('any one byte of a ZaloPay callback that is changed, added or taken out', () => {
  test('is noticed; only hex case and white space between tokens mean nothing', () => {
    const one = jsonCase('zalopay', 'success');
    const isInMac = range(one.source, '"mac"', '","type"');
    expect(unexplained(one, isHexCase(one.source, isInMac), isJsonSpace(one.source))).toEqual([]);
  });
});

describe('any one byte of a VNPay query that is changed, added or taken out', () => {
  function queryCase(kind: string): Case {
    const vector = vectorOf('vnpay', kind);
    const request = requestOf(vector);
    return {
      provider: 'vnpay',
      account: accountOf('vnpay', vector.secrets),
      source: Buffer.from(request.query, 'latin1'),
      request: (query) => ({ ...request, query: query.toString('latin1') }),
    };
  }

  /** An empty parameter between two others, or at an end. */
  function isEmptyParameter({ source }: Case): (change: Change) => boolean {
    return ({ kind, at, byte }) =>
      kind === 'insert' &&
      byte === 0x26 &&
      [undefined, 0x26].some((next) => source[at - 1] === next || source[at] === next);
  }

  test('is noticed; only hex case, the two spaces and empty parameters mean nothing', () => {
    const one = queryCase('success');
    const hash = one.source.indexOf('vnp_SecureHash=') + 'vnp_SecureHash='.length;
    // No HTTP request can carry the other one.
    const isOtherSpace = ({ kind, at, byte }: Change) => kind === 'replace' && one.source[at] === 0x2b && byte === 0x20;
    const isHashCase = isHexCase(one.source, (at) => at >= hash);
    expect(unexplained(one, isHashCase, isOtherSpace, isEmptyParameter(one))).toEqual([]);
  });

  test('is noticed unless it is in a parameter that is not of VNPay', () => {
    const one = { ...queryCase('extra_unsigned_foreign_field'), to: 40 };
    const isForeign = range(one.source, 'utm_source=ipn');
    const isAtItsEnd = ({ kind, at }: Change) => kind === 'insert' && at === 'utm_source=ipn'.length;
    expect(unexplained(one, ({ at }) => isForeign(at), isAtItsEnd, isEmptyParameter(one))).toEqual([]);
  });

  test("is noticed unless it is in the hash's type, which is not signed, or empties a parameter", () => {
    const whole = queryCase('secure_hash_type_present');
    const from = whole.source.indexOf('vnp_SecureHashType') - 4;
    const one = { ...whole, from, to: whole.source.indexOf('vnp_SecureHash=') + 4 };
    const isType = range(one.source, 'vnp_SecureHashType=HmacSHA512');
    const isAtItsEnd = ({ kind, at }: Change) => kind === 'insert' && isType(at - 1);
    expect(unexplained(one, ({ at }) => isType(at), isAtItsEnd, isEmptyParameter(one))).toEqual([]);
  });
});

describe("any one byte of SePay's notice that is changed, added or taken out", () => {
  const account = accountOf('vietqr', { bank_bin: '970436', account_number: '0011', sepay_secret: 'a-secret' });
  const timestamp = String(receivedAt / 1000);
  const body = Buffer.from(
    JSON.stringify({
      id: 1,
      accountNumber: '0011',
      transferType: 'in',
      transferAmount: 5000,
      content: mintReference(),
    }),
  );
  const signature = `sha256=${createHmac('sha256', 'a-secret').update(`${timestamp}.`).update(body).digest('hex')}`;
  const headers = {
    'content-type': 'application/json',
    'x-sepay-timestamp': timestamp,
    'x-sepay-signature': signature,
  };
  const whole: WebhookRequest = { method: 'POST', query: '', headers, body, receivedAt };
  const inHeader = (name: keyof typeof headers): Case => ({
    ...{ provider: 'vietqr', account, source: Buffer.from(headers[name], 'latin1') },
    request: (value) => ({ ...whole, headers: { ...headers, [name]: value.toString('latin1') } }),
  });

  test('is noticed in the body without exception', () => {
    const one: Case = {
      provider: 'vietqr',
      account,
      source: body,
      request: (changed) => ({ ...whole, body: changed }),
    };
    expect(unexplained(one)).toEqual([]);
  });

  test('is noticed in the time without exception', () => {
    expect(unexplained(inHeader('x-sepay-timestamp'))).toEqual([]);
  });

  test('is noticed in the signature, but for the case of its hex digits', () => {
    const one = inHeader('x-sepay-signature');
    expect(
      unexplained(
        one,
        isHexCase(one.source, (at) => at >= 'sha256='.length),
      ),
    ).toEqual([]);
  });
});
