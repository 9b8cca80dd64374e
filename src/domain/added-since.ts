import type { Bill } from './bill.js';
import type { Seq } from './ids.js';
import type { Amount } from './money.js';
import { type BillPayment, isSettled } from './payment.js';
import { totalsOf } from './pricing.js';

/** What has come onto a bill since it was last paid for: "2 lines, 85,000 added since". */
export interface AddedSince {
  /** The bill that the latest payment was made for. */
  readonly billSeq: Seq;
  readonly lines: number;
  /** What the bill comes to now, less what that one came to; negative when it has shrunk. */
  readonly amount: Amount;
}

/** Null unless something is due although somebody has paid. */
export function addedSincePayment(bill: Bill): AddedSince | null {
  const { total, due } = totalsOf(bill);
  const last = latestPaid(bill);
  if (due <= 0 || !last) return null;
  const { billSeq, billTotal } = last;
  const lines = bill.lines.filter(({ addedSeq, state }) => addedSeq > billSeq && state !== 'cancelled').length;
  return { billSeq, lines, amount: total - billTotal - roundingOf(bill, last) };
}

/** The payment for the newest bill: payments need not land in the order in which they were started. */
function latestPaid({ payments }: Bill): BillPayment | undefined {
  return payments
    .filter((payment) => isSettled(payment) && payment.status !== 'refunded')
    .reduce<BillPayment | undefined>(
      (last, payment) => (last && last.billSeq > payment.billSeq ? last : payment),
      undefined,
    );
}

/** What its own cash rounding has added to the bill that it was made for: nobody has ordered that since. */
function roundingOf({ adjustments }: Bill, { paymentId }: BillPayment): Amount {
  const own = adjustments.find(({ adjustmentId, isRounding }) => isRounding && adjustmentId === paymentId);
  return own ? (own.amount ?? 0) * (own.kind === 'discount' ? -1 : 1) : 0;
}
