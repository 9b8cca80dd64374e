import { describe, expect, test } from 'vitest';
import { isAddressAllowed, readAddressRange } from '../../../src/services/allowed-address.js';

const isAllowed = (allowedAddresses: readonly string[], address: string) =>
  isAddressAllowed({ allowedAddresses }, address);

test('without a list any address may call, with one only those in it', () => {
  expect(isAllowed([], '203.0.113.9')).toBe(true);
  expect(isAllowed([], 'nonsense')).toBe(true);
  expect(isAllowed(['203.0.113.9'], '203.0.113.9')).toBe(true);
  expect(isAllowed(['203.0.113.9'], '203.0.113.10')).toBe(false);
  expect(isAllowed(['203.0.113.9', '2001:db8::1'], '2001:db8::1')).toBe(true);
});

test.each([
  ['10.0.0.0/8', '10.255.255.255', '11.0.0.0'],
  ['113.160.92.200/30', '113.160.92.202', '113.160.92.204'],
  ['192.0.2.7/32', '192.0.2.7', '192.0.2.6'],
  // Written with an address inside the range.
  ['192.0.2.77/24', '192.0.2.1', '192.0.3.1'],
  ['0.0.0.0/0', '198.51.100.1', '2001:db8::1'],
  ['2001:db8::/32', '2001:db8:ffff::1', '2001:db9::1'],
  ['2001:DB8:0:0::1', '2001:db8::1', '2001:db8::2'],
  // IPv4 in IPv6, on either side.
  ['192.0.2.0/24', '::ffff:192.0.2.9', '::ffff:192.0.3.9'],
  ['192.0.2.0/24', '::FFFF:c000:0209', '::ffff:c000:0309'],
  ['::ffff:192.0.2.9', '192.0.2.9', '192.0.2.8'],
  ['::ffff:192.0.2.0/120', '192.0.2.200', '192.0.3.200'],
  // The last digits alone make no IPv4 address.
  ['192.0.2.9', '192.0.2.9', '::192.0.2.9'],
  ['fe80::/10', 'fe80::1%eth0', 'fec0::1'],
])('%s lets %s in and %s not', (range, inside, outside) => {
  expect([isAllowed([range], inside), isAllowed([range], outside)]).toEqual([true, false]);
});

test('whoever has no readable address is not let through a list', () => {
  for (const address of ['', 'localhost', '203.0.113', '203.0.113.9, 203.0.113.9', '::g'])
    expect(isAllowed(['0.0.0.0/0', '::/0'], address)).toBe(false);
});

describe('what may stand in a list', () => {
  test.each([
    [' 192.0.2.1 ', '192.0.2.1'],
    ['192.0.2.0/24', '192.0.2.0/24'],
    ['2001:DB8::0:1', '2001:db8::1'],
    ['2001:DB8::/32', '2001:db8::/32'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.0/120', '192.0.2.0/24'],
  ])('%j, kept as %j', (text, kept) => {
    expect(readAddressRange(text)).toBe(kept);
  });

  test.each([
    ...['', 'localhost', '192.0.2', '192.0.2.256', '0300.0.0.1', '192.0.2.1/33', '192.0.2.1/', '192.0.2.1/-1'],
    ...['192.0.2.1/08', '192.0.2.1/8/8', '::1/129', '::ffff:192.0.2.0/95', 'fe80::1%eth0', '*', 'any'],
  ])('not %j', (text) => {
    expect(readAddressRange(text)).toBeUndefined();
  });
});
