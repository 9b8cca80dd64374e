import { text } from '../domain/events/fields.js';
import { maxAmount } from '../domain/money.js';
import { invalid } from '../domain/rejection.js';

/** An amount that a person gives: a whole number of minor units, at least 1. */
export function checkPaymentAmount(path: string, amount: number | undefined): void {
  if (amount === undefined || (Number.isSafeInteger(amount) && amount >= 1 && amount <= maxAmount)) return;
  throw invalid([{ path, message: `must be a whole number from 1 to ${maxAmount}` }]);
}

/** Text that the database can keep. */
export function checkPaymentNote(path: string, note: string | undefined, max: number): void {
  const { error } = text(max).optional().safeParse(note);
  if (error) throw invalid(error.issues.map(({ message }) => ({ path, message })));
}

/** A reason that has to be given: 1 to 200 characters. */
export function checkPaymentReason(path: string, reason: string): void {
  if (reason.trim() === '') throw invalid([{ path, message: 'must not be empty' }]);
  checkPaymentNote(path, reason, 200);
}
