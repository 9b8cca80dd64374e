import { expect, test } from 'vitest';
import { findReferences, isMinted, mintReference } from '../../../src/payments/reference.js';

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const minted = Array.from({ length: 200 }, () => mintReference());

test('a minted reference is sixteen of [A-Z0-9] and no two are the same', () => {
  for (const reference of minted) expect(reference).toMatch(/^QR[A-Z0-9]{14}$/);
  expect(minted.every(isMinted)).toBe(true);
  expect(new Set(minted).size).toBe(minted.length);
});

test('the random part is drawn evenly from all 36 characters', () => {
  const asked: number[] = [];
  const reference = mintReference((below) => {
    asked.push(below);
    return asked.length % below;
  });
  expect(asked).toEqual(Array(13).fill(36));
  expect(reference.slice(0, 15)).toBe('QR123456789ABCD');
});

test('one wrong character never passes the check', () => {
  for (const reference of minted.slice(0, 20)) {
    for (let at = 2; at < reference.length; at += 1) {
      for (const other of alphabet) {
        if (other === reference[at]) continue;
        expect(isMinted(reference.slice(0, at) + other + reference.slice(at + 1))).toBe(false);
      }
    }
  }
});

test('two neighbours that changed places hardly ever pass the check', () => {
  const swapped = minted.flatMap((reference) =>
    Array.from({ length: 13 }, (_, index) => index + 2)
      .filter((at) => reference[at] !== reference[at + 1])
      .map(
        (at) => reference.slice(0, at) + (reference[at + 1] ?? '') + (reference[at] ?? '') + reference.slice(at + 2),
      ),
  );
  expect(swapped.filter(isMinted).length / swapped.length).toBeLessThan(0.01);
});

test('the check character is the one of ISO 7064 MOD 37,36', () => {
  expect(alphabet.charAt(checkOf('A12425GABC1234002'))).toBe('M');
  for (const reference of minted) expect(reference.at(-1)).toBe(alphabet.charAt(checkOf(reference.slice(0, -1))));
});

test.each(['', 'QR', 'qr', 'PI20261122A0001', 'QR00000000000000X', ' QR'])('%j is not minted', (text) => {
  expect(isMinted(text)).toBe(false);
});

test('a reference is found in whatever a bank makes of the message', () => {
  const [reference = ''] = minted;
  const messages = [
    reference,
    reference.toLowerCase(),
    `MBVCB.5012.${reference}.CT tu 0011 NGUYEN VAN A toi 0022`,
    `Thanh toan${reference}GD 998877`,
    `${reference.slice(0, 7)} ${reference.slice(7, 12)}-${reference.slice(12)}`,
    `QRQR QRQR${reference}QR`,
    `mã: ${reference} – cảm ơn`,
  ];
  for (const message of messages) expect(findReferences(message)[0]).toBe(reference);
});

test('what only looks like a reference is not found', () => {
  const [reference = ''] = minted;
  const last = reference.at(-1) === '0' ? '1' : '0';
  expect(findReferences(`${reference.slice(0, -1)}${last}`)).toEqual([]);
  expect(findReferences(reference.slice(0, -1))).toEqual([]);
  expect(findReferences('chuyen tien an trua')).toEqual([]);
  expect(findReferences('')).toEqual([]);
});

/** The standard's recursion in its own words, to compare with; `A12425GABC1234002` with `M` is the example of GRid. */
function checkOf(body: string): number {
  const product = [...body].reduce((before, character) => {
    const sum = (before + alphabet.indexOf(character)) % 36;
    return ((sum === 0 ? 36 : sum) * 2) % 37;
  }, 36);
  return (37 - product) % 36;
}
