import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { apportion, divideHalfUp, maxAmount, partOf, sumOfFractions } from '../../../src/domain/money.js';

const amount = fc.integer({ min: 0, max: maxAmount / 10 });

describe('apportion', () => {
  test('gives parts that sum exactly to the whole and differ from their exact share by less than one', () => {
    fc.assert(
      fc.property(amount, fc.array(amount, { minLength: 1, maxLength: 30 }), (whole, weights) => {
        fc.pre(weights.some((weight) => weight > 0));
        const parts = apportion(whole, weights);
        const sum = weights.reduce((total, weight) => total + BigInt(weight), 0n);
        expect(parts.reduce((total, part) => total + BigInt(part), 0n)).toBe(BigInt(whole));
        parts.forEach((part, index) => {
          const distance = BigInt(part) * sum - BigInt(whole) * BigInt(weights[index] ?? 0);
          expect(distance > -sum && distance < sum).toBe(true);
        });
      }),
      { numRuns: 500 },
    );
  });

  test('gives the units left over to the largest remainders, and to the earlier of equal ones', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 10_000 }),
        fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 1, maxLength: 8 }),
        (whole, weights) => {
          const sum = weights.reduce((total, weight) => total + weight, 0);
          fc.pre(sum > 0);
          const floors = weights.map((weight) => Math.floor((whole * weight) / sum));
          const expected = [...floors];
          // One unit at a time to the best of those that have none yet.
          for (let left = whole - floors.reduce((a, b) => a + b, 0); left > 0; left -= 1) {
            let best = -1;
            weights.forEach((weight, index) => {
              if (expected[index] !== floors[index]) return;
              if (best < 0 || (whole * weight) % sum > (whole * (weights[best] ?? 0)) % sum) best = index;
            });
            expected[best] = (expected[best] ?? 0) + 1;
          }
          expect(apportion(whole, weights)).toEqual(expected);
        },
      ),
      { numRuns: 500 },
    );
    expect(apportion(100, [1, 1, 1])).toEqual([34, 33, 33]);
    expect(apportion(2, [1, 1, 1])).toEqual([1, 1, 0]);
    expect(apportion(10, [1, 2, 0])).toEqual([3, 7, 0]);
  });

  test('gives nothing to nobody', () => {
    expect(apportion(100, [])).toEqual([]);
    expect(apportion(100, [0, 0])).toEqual([0, 0]);
  });
});

describe('divideHalfUp', () => {
  test('is the one integer that lies within half of the quotient, the upper one of two', () => {
    const big = fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n });
    fc.assert(
      fc.property(big, fc.bigInt({ min: 1n, max: 10n ** 20n }), (numerator, denominator) => {
        const rounded = divideHalfUp(numerator, denominator);
        // rounded - 1/2 <= numerator / denominator < rounded + 1/2
        expect((2n * rounded - 1n) * denominator <= 2n * numerator).toBe(true);
        expect(2n * numerator < (2n * rounded + 1n) * denominator).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });

  test.each([
    [1n, 2n, 1n],
    [-1n, 2n, 0n],
    [3n, 2n, 2n],
    [-3n, 2n, -1n],
    [-5n, 3n, -2n],
    [-4n, 3n, -1n],
    [7n, 7n, 1n],
    [0n, 9n, 0n],
  ])('rounds %s / %s to %s', (numerator, denominator, expected) => {
    expect(divideHalfUp(numerator, denominator)).toBe(expected);
  });
});

test('basis points of an amount are rounded half up once', () => {
  expect(partOf(1, 5_000)).toBe(1);
  expect(partOf(1, 4_999)).toBe(0);
  expect(partOf(maxAmount, 10_000)).toBe(maxAmount);
  expect(partOf(333_335, 1_000)).toBe(33_334);
});

test('a sum of fractions is rounded once, not term by term', () => {
  expect(
    sumOfFractions([
      [1n, 3n],
      [1n, 3n],
      [1n, 3n],
    ]),
  ).toBe(1);
  expect(
    sumOfFractions([
      [1n, 4n],
      [1n, 4n],
    ]),
  ).toBe(1);
  expect(
    sumOfFractions([
      [49n, 100n],
      [49n, 100n],
    ]),
  ).toBe(1);
  expect(sumOfFractions([])).toBe(0);
});
