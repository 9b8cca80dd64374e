import type { Bill } from '../bill.js';
import { type Amount, maxAmount } from '../money.js';
import { isSettled } from '../payment.js';
import { totalsOf } from '../pricing.js';
import { invalid } from '../rejection.js';

/** Service, tax and surcharges come on top, and all together stays below the largest amount. */
const maxSubtotal: Amount = maxAmount / 10;

/** Refuses what would make the bill larger than amounts can say; a smaller one never is refused. */
export function refuseOverflow(bill: Bill, more: Amount): void {
  if (more <= 0 || totalsOf(bill).subtotal + more <= maxSubtotal) return;
  throw invalid([{ path: 'payload.quantity', message: 'the bill would grow past the largest amount' }]);
}

/** Refuses what a person puts onto a bill whose payments would then come to more than amounts can say; `path` is named. */
export function refuseOverpayment({ payments }: Pick<Bill, 'payments'>, more: Amount, path: string): void {
  const standing = payments.map((payment) => payment.amount - (isSettled(payment) ? payment.refunded : 0));
  if (standing.reduce((sum, amount) => sum + amount, more) <= maxAmount) return;
  throw invalid([{ path, message: `the payments of a session come to at most ${maxAmount}` }]);
}
