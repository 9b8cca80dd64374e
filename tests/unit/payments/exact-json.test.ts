import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  integerText,
  parseExact,
  parseExactBytes,
  stringOf,
  wholeNumber,
  writeExact,
} from '../../../src/payments/exact-json.js';

test('an id above 2^53 keeps all its digits', () => {
  const body = parseExact('{"transId": 9007199254740993, "amount":250000}');
  expect(integerText(body?.get('transId'))).toBe('9007199254740993');
  expect(integerText(body?.get('amount'))).toBe('250000');
});

test.each(['"1"', '1.0', '1e3', '1E3', 'true', 'null', '[1]', '{"a":1}'])('%s is no integer', (text) => {
  expect(integerText(parseExact(`{"a":${text}}`)?.get('a'))).toBeUndefined();
});

test.each(['0', '-5', '123456789012345678901234567890'])('%s is an integer, digit for digit', (text) => {
  expect(integerText(parseExact(`{"a" :\t${text}\n}`)?.get('a'))).toBe(text);
});

test('a name that stands twice is refused, also when one of them is written in escapes', () => {
  expect(parseExact('{"amount":1,"amount":1}')).toBeUndefined();
  expect(parseExact('{"amount":1,"\\u0061mount":2}')).toBeUndefined();
  expect(parseExact('{"__proto__":1,"__proto__":2}')).toBeUndefined();
  expect(parseExact('{"a":{"b":1},"b":2}')?.size).toBe(2);
});

test.each(['', ' ', '[]', '1', 'null', '"a"', '{"a":1', '{"a":1}x', '{a:1}', '{"a":01}', '\ufeff{}'])(
  '%j is no object',
  (text) => {
    expect(parseExact(text)).toBeUndefined();
  },
);

test('bytes that are no UTF-8 are refused', () => {
  expect(parseExactBytes(Buffer.from('{"a":"à"}'))?.get('a')?.value).toBe('à');
  expect(parseExactBytes(Buffer.from('{"a":"à"}', 'latin1'))).toBeUndefined();
});

test('half of a surrogate pair is no text: it would be signed as another character', () => {
  expect(stringOf(parseExact('{"a":"\\ud83d"}')?.get('a'))).toBeUndefined();
  expect(stringOf(parseExact('{"a":"\\ud83d\\ude00"}')?.get('a'))).toBe('😀');
});

test('names, values and texts of any object are found, however it is spaced', () => {
  const spaces = fc.constantFrom('', ' ', '\n', '\t \r\n');
  fc.assert(
    fc.property(fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue()), spaces, (object, space) => {
      const members = Object.entries(object).map(
        ([name, value]) =>
          `${space}${JSON.stringify(name)}${space}:${space}${JSON.stringify(value, null, space)}${space}`,
      );
      const read = parseExact(`${space}{${members.join(',') || space}}${space}`);
      expect([...(read ?? [])].map(([name, { value }]) => [name, value])).toEqual(
        Object.entries(JSON.parse(JSON.stringify(object)) as object),
      );
      for (const { text, value } of read?.values() ?? []) expect(JSON.parse(text)).toEqual(value);
    }),
    { numRuns: 300 },
  );
});

test('a body carries whole numbers of any size as they are', () => {
  expect(
    writeExact({
      transId: wholeNumber('9007199254740993'),
      amount: wholeNumber('250000'),
      note: 'à "b"',
      none: undefined,
    }),
  ).toBe('{"transId":9007199254740993,"amount":250000,"note":"à \\"b\\""}');
});
