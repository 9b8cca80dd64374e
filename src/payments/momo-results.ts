import type { Notice, RefundResult } from './provider.js';

const unfinished: ReadonlySet<number> = new Set([1000, 7000, 7002, 9000]);
const waitingForGuest = 1000;
const unknownOrder = 42;
/** A request that MoMo has seen before, or could not look at: what became of the order is not told. */
const undecided: ReadonlySet<number> = new Set([10, 40, 41, 43, 99]);

/** What a result code says of a payment. 9000 is authorised, which is not yet paid. */
export function momoOutcome(code: number): Notice['outcome'] {
  if (code === 0) return 'paid';
  return unfinished.has(code) ? 'pending' : 'failed';
}

/** The same of an answer to a question, or undefined: the code is about the question, not about the payment. */
export function queriedOutcome(code: number): Notice['outcome'] | undefined {
  // The guest never opened the page, or the order is still being made.
  if (code === unknownOrder) return 'pending';
  return (code >= 10 && code <= 47) || code === 99 ? undefined : momoOutcome(code);
}

/** Whether the guest has confirmed, and MoMo has not yet said what came of it. */
export function isMomoUnderWay(code: number): boolean {
  return unfinished.has(code) && code !== waitingForGuest;
}

/** What a result code says of a refund, or undefined: it may have been made. */
export function refundOutcome(code: number): RefundResult['outcome'] | undefined {
  if (code === 0) return 'succeeded';
  if (undecided.has(code)) return undefined;
  return unfinished.has(code) ? 'pending' : 'failed';
}

/** Whether this answer to a new order means that there is none. */
export function isRefusal(code: number): boolean {
  return code !== 0 && !undecided.has(code) && !unfinished.has(code);
}
