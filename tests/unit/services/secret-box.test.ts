import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createSecretBox, type SealedPlace, UnopenableSecret } from '../../../src/services/secret-box.js';

const place: SealedPlace = { tenantId: 'tenant-1', id: 'account-1', purpose: 'merchant account' };
const elsewhere: readonly SealedPlace[] = [
  { ...place, tenantId: 'tenant-2' },
  { ...place, id: 'account-2' },
  { ...place, purpose: 'something else' },
  // The same characters in other fields.
  { ...place, tenantId: 'tenant-1\naccount-1', id: '' },
];

test('any text comes back from its own place, and is not to be seen in what is stored', () => {
  const box = createSecretBox(['a key that only this test knows']);
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 8 }), (text) => {
      const sealed = box.sealSecret(text, place);
      expect(sealed.includes(Buffer.from(text))).toBe(false);
      expect(box.openSecret(sealed, place)).toBe(text);
    }),
  );
});

test('the same secret is never sealed to the same bytes twice', () => {
  const box = createSecretBox(['key']);
  const sealed = Array.from({ length: 100 }, () => box.sealSecret('secret', place).toString('hex'));
  expect(new Set(sealed).size).toBe(100);
});

test('it opens nowhere else', () => {
  const box = createSecretBox(['key']);
  const sealed = box.sealSecret('secret', place);
  for (const other of elsewhere) expect(() => box.openSecret(sealed, other)).toThrow(UnopenableSecret);
});

test('a single changed bit, anywhere, and it does not open; nor cut, nor grown', () => {
  const box = createSecretBox(['key']);
  const sealed = box.sealSecret('secret', place);
  for (let bit = 0; bit < sealed.length * 8; bit++) {
    const changed = Buffer.from(sealed);
    changed[bit >> 3]! ^= 1 << (bit & 7);
    expect(() => box.openSecret(changed, place), `bit ${bit}`).toThrow(UnopenableSecret);
  }
  for (let length = 0; length < sealed.length; length++)
    expect(() => box.openSecret(sealed.subarray(0, length), place)).toThrow(UnopenableSecret);
  expect(() => box.openSecret(Buffer.concat([sealed, Buffer.alloc(1)]), place)).toThrow(UnopenableSecret);
});

test('the key before still opens and no longer seals; once it is gone, what it sealed stays shut', () => {
  const before = createSecretBox(['old']);
  const during = createSecretBox(['new', 'old']);
  const after = createSecretBox(['new']);
  const sealed = before.sealSecret('secret', place);
  expect([before, during].map((box) => box.openSecret(sealed, place))).toEqual(['secret', 'secret']);
  expect([before, during, after].map((box) => box.needsResealing(sealed))).toEqual([false, true, true]);
  expect(() => after.openSecret(sealed, place)).toThrow(UnopenableSecret);
  const resealed = during.sealSecret(during.openSecret(sealed, place), place);
  expect(after.openSecret(resealed, place)).toBe('secret');
  expect(after.needsResealing(resealed)).toBe(false);
  expect(() => before.openSecret(resealed, place)).toThrow(UnopenableSecret);
});

test('what it says of a failure has neither the secret nor the key in it', () => {
  const sealed = createSecretBox(['hush-key']).sealSecret('hush-secret', place);
  const failure = (() => {
    try {
      createSecretBox(['hush-other-key']).openSecret(sealed, place);
    } catch (error) {
      return error as Error;
    }
    return undefined;
  })();
  expect(failure?.stack).toContain('account-1');
  expect(failure?.stack).not.toContain('hush');
});
