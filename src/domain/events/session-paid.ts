import { z } from 'zod';
import { type Bill, findPayment } from '../bill.js';
import type { PaymentId } from '../ids.js';
import { type BillPayment, isSettled } from '../payment.js';
import { totalsOf } from '../pricing.js';
import { defineEvent, unchanged } from './define.js';

interface SessionPaid {
  /** The payment that did it. */
  readonly payment_id: PaymentId;
}

/** Goes with a settlement, in its statement, and never by itself: no edit, void or discount ends a session. */
export const sessionPaid = defineEvent({
  type: 'session_paid',
  version: 1,
  summary: 'The whole bill is paid, so the visit ends: the table is free.',
  sender: 'server',
  gate: 'any',
  gateOf: () => 'live',
  personal: [],
  input: z.custom<SessionPaid>(),
  decide: ({ payment_id }, { bill, isPast }): SessionPaid | typeof unchanged => {
    const payment = findPayment(bill, payment_id);
    const isOver = bill.status !== 'open' || isPast;
    if (isOver || !payment || !isSettled(payment) || staysOpen(bill, payment)) return unchanged;
    const { total } = totalsOf(bill);
    return total > 0 && bill.paid >= total ? { payment_id } : unchanged;
  },
  apply: (bill) => ({ ...bill, status: 'paid' }),
  examples: [{ input: null, payload: { payment_id: '01900000-0000-7000-8000-000000000601' as PaymentId } }],
});

/** Where guests pay before they eat, or go on eating; or where one has paid for his own and others are still there. */
function staysOpen({ settings, devices }: Bill, { split, deviceId }: BillPayment): boolean {
  if (settings.on_paid === 'stay' || settings.pay_first) return true;
  const others = devices.filter((device) => device.state !== 'removed' && device.deviceId !== deviceId);
  return split?.type === 'lines' && others.length > 0;
}
