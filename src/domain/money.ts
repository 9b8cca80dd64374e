/** An amount of money in minor units of its currency (VND has none: 1 = 1 đồng). Always a safe integer. */
export type Amount = number;

/** Basis points: 1 % = 100. */
export type BasisPoints = number;

/** The largest amount that the contract carries, in minor units. */
export const maxAmount: Amount = 10 ** 15;

const wholeInBasisPoints = 10_000n;

/** numerator / denominator to the nearest integer, halves up; denominator > 0. */
export function divideHalfUp(numerator: bigint, denominator: bigint): bigint {
  const doubled = 2n * numerator + denominator;
  const quotient = doubled / (2n * denominator);
  const isNegativeWithRest = doubled < 0n && doubled % (2n * denominator) !== 0n;
  return isNegativeWithRest ? quotient - 1n : quotient;
}

/** The given part of an amount, rounded half up once. */
export function partOf(amount: Amount, basisPoints: BasisPoints): Amount {
  return Number(divideHalfUp(BigInt(amount) * BigInt(basisPoints), wholeInBasisPoints));
}

/**
 * Splits a whole in proportion to the weights by largest remainder: the parts are integers, sum exactly to the whole, and
 * equal remainders favour the earlier part. Without any weight every part is 0.
 */
export function apportion(whole: Amount, weights: readonly Amount[]): readonly Amount[] {
  const sum = weights.reduce((total, weight) => total + BigInt(weight), 0n);
  if (sum === 0n) return weights.map(() => 0);
  const exact = weights.map((weight) => BigInt(whole) * BigInt(weight));
  const parts = exact.map((part) => part / sum);
  const missing = Number(BigInt(whole) - parts.reduce((total, part) => total + part, 0n));
  const byRemainder = exact
    .map((part, index) => ({ index, remainder: part % sum }))
    .sort((a, b) => (a.remainder === b.remainder ? a.index - b.index : a.remainder > b.remainder ? -1 : 1));
  const raised = new Set(byRemainder.slice(0, missing).map(({ index }) => index));
  return parts.map((part, index) => Number(part) + (raised.has(index) ? 1 : 0));
}

/** A sum of fractions, rounded half up once at the end. */
export function sumOfFractions(fractions: Iterable<readonly [numerator: bigint, denominator: bigint]>): Amount {
  let numerator = 0n;
  let denominator = 1n;
  for (const [n, d] of fractions) {
    numerator = numerator * d + n * denominator;
    denominator *= d;
  }
  return Number(divideHalfUp(numerator, denominator));
}
