import { type Amount, divideHalfUp } from './money.js';

/** What is taken in cash, and what rounding adds to the bill or takes off it. */
export interface CashDue {
  readonly amount: Amount;
  readonly rounding: Amount;
}

/** An amount to the nearest multiple, halves up. */
function roundCash(amount: Amount, multiple: Amount): Amount {
  return Number(divideHalfUp(BigInt(amount), BigInt(multiple))) * multiple;
}

/**
 * Cash for what is due, rounded to the location's multiple so that the bill comes out even. Somebody who names another
 * amount than the rounded one pays just that, and nothing is rounded; a bill too small to round is paid as it is.
 */
export function cashDue(due: Amount, wanted: Amount | undefined, multiple: Amount): CashDue {
  const rounded = due > 0 ? roundCash(due, multiple) : due;
  const isRounded = rounded > 0 && (wanted === undefined || wanted === rounded);
  return isRounded ? { amount: rounded, rounding: rounded - due } : { amount: wanted ?? due, rounding: 0 };
}
