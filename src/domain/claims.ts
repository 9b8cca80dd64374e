import type { Bill } from './bill.js';
import type { DeviceId, PaymentId } from './ids.js';
import type { Amount } from './money.js';
import type { BillPayment } from './payment.js';
import { totalsOf } from './pricing.js';
import { Rejection } from './rejection.js';

/** The part of the bill that a pending payment holds. Times are milliseconds since 1970. */
export interface Claim {
  readonly paymentId: PaymentId;
  readonly deviceId: DeviceId | null;
  readonly amount: Amount;
  readonly expiresAt: number;
}

/** The claims of a bill, in the order they were made. */
export function claimsOf(bill: Pick<Bill, 'payments'>): readonly Claim[] {
  return bill.payments.flatMap(({ holdsClaim, expiresAt, paymentId, deviceId, amount }) =>
    holdsClaim && expiresAt !== null ? [{ paymentId, deviceId, amount, expiresAt }] : [],
  );
}

/** The payments whose claim still holds at this moment: one whose time is over no longer keeps others from paying. */
export function holding(bill: Pick<Bill, 'payments'>, now: number): readonly BillPayment[] {
  return bill.payments.filter(({ holdsClaim, expiresAt }) => holdsClaim && (expiresAt ?? 0) > now);
}

/** What is due and not claimed; never below 0. */
export function unclaimedDue(bill: Bill, now: number): Amount {
  const claimed = holding(bill, now).reduce((sum, { amount }) => sum + amount, 0);
  return Math.max(0, totalsOf(bill).due - claimed);
}

/** BILL_CLAIMED: which payment is in the way, until when, and what could be paid beside it. */
export function billClaimed(bill: Bill, now: number, by: BillPayment | undefined): Rejection {
  const first = by ?? holding(bill, now)[0];
  const expiresAt = first?.expiresAt ?? null;
  return new Rejection('BILL_CLAIMED', 'somebody else is paying this part of the bill', {
    payment_id: first?.paymentId ?? null,
    available: unclaimedDue(bill, now),
    expires_at: expiresAt === null ? null : new Date(expiresAt).toISOString(),
  });
}
