import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mintReference } from '../../../src/payments/reference.js';
import { crc16, readTransferQr, writeTransferQr, type TransferQr } from '../../../src/payments/vietqr-text.js';
import { vietqrFile } from './vectors.js';

function transferOf(input: Readonly<Record<string, string>>): TransferQr {
  return {
    bankBin: input['bankBin'] ?? '',
    accountNumber: input['bankNumber'] ?? '',
    to: input['service'] === 'QRIBFTTC' ? 'card' : 'account',
    amount: input['amount'] === undefined ? undefined : Number(input['amount']),
    purpose: input['purpose'],
  };
}

test.each(vietqrFile.vectors)('$id is written byte for byte, and read again', ({ input, payload }) => {
  expect(writeTransferQr(transferOf(input))).toBe(payload);
  expect(readTransferQr(payload)).toEqual(transferOf(input));
});

test.each(vietqrFile.negative)('$id is refused', ({ payload }) => {
  expect(readTransferQr(payload)).toBeUndefined();
});

test('the checksum is CRC-16/CCITT-FALSE', () => {
  expect(crc16('123456789')).toBe('29B1');
});

test('no single changed character of a code goes unnoticed', () => {
  for (const { payload } of vietqrFile.vectors) {
    for (let at = 0; at < payload.length; at += 1) {
      for (const other of ['0', '9', 'A', 'f', ' ']) {
        if (payload[at] === other) continue;
        expect(readTransferQr(payload.slice(0, at) + other + payload.slice(at + 1))).toBeUndefined();
      }
    }
  }
});

test('lengths that do not use up the text are refused even under a right checksum', () => {
  const [payload = ''] = vietqrFile.vectors.map((vector) => vector.payload);
  const withCrc = (text: string) => text + crc16(text);
  const inner = payload.slice(0, -4);
  expect(readTransferQr(withCrc(inner))).toBeDefined();
  expect(readTransferQr(withCrc(inner.replace('5802VN', '5803VN')))).toBeUndefined();
  expect(readTransferQr(withCrc(inner.replace('5802VN', '5800')))).toBeUndefined();
  expect(readTransferQr(withCrc(inner.replace('5802VN', '5802VN5802VN')))).toBeUndefined();
  expect(readTransferQr(withCrc(inner.replace('5303704', '5303840')))).toBeUndefined();
  expect(readTransferQr(withCrc(inner.replace('000201', '000202')))).toBeUndefined();
});

test('every transfer that fits is read as it was written', () => {
  const text = (pattern: RegExp) => fc.stringMatching(pattern);
  const transfer = fc.record({
    bankBin: text(/^\d{6}$/),
    accountNumber: text(/^[0-9A-Z]{1,19}$/),
    to: fc.constantFrom('account' as const, 'card' as const),
    amount: fc.option(fc.integer({ min: 1, max: 9_999_999_999_999 }), { nil: undefined }),
    purpose: fc.option(text(/^[0-9A-Za-z ]{1,25}$/), { nil: undefined }),
  });
  fc.assert(
    fc.property(transfer, (one) => {
      expect(readTransferQr(writeTransferQr(one))).toEqual(one);
    }),
  );
});

test.each([0, -1, 1.5, 10_000_000_000_000, Number.NaN])('an amount of %d does not fit', (amount) => {
  expect(() => writeTransferQr({ bankBin: '970436', accountNumber: '1', to: 'account', amount })).toThrow(RangeError);
});

test('a message that banks would mangle is not written', () => {
  const transfer = { bankBin: '970436', accountNumber: '1', to: 'account', amount: 1 } as const;
  expect(() => writeTransferQr({ ...transfer, purpose: 'Phở' })).toThrow(RangeError);
  expect(readTransferQr(writeTransferQr({ ...transfer, purpose: mintReference(() => 7) }))?.purpose).toMatch(
    /^QR7{13}/,
  );
});
