import { z } from 'zod';
import { type Bill, findPayment, withPayment } from '../bill.js';
import type { DeviceId, PaymentId } from '../ids.js';
import { type BillPayment, isSettled, type PaymentOutcome } from '../payment.js';
import { Rejection } from '../rejection.js';
import { defineEvent, type RuleContext, unchanged } from './define.js';

/** Ends one payment, or the one that a phone has pending when it starts another. */
export type PaymentEnd =
  | { readonly payment_id: PaymentId; readonly outcome: Exclude<PaymentOutcome, 'replaced'> }
  | { readonly replaced_for: DeviceId };

interface PaymentEnded {
  readonly payment_id: PaymentId;
  readonly device_id: DeviceId | null;
  readonly outcome: PaymentOutcome;
}

export const paymentEnded = defineEvent({
  type: 'payment_ended',
  version: 1,
  summary: 'A payment came to nothing: its claim is released. Should its money arrive after all, it is still taken.',
  sender: 'server',
  gate: 'any',
  personal: [],
  input: z.custom<PaymentEnd>(),
  decide: (input, context): PaymentEnded | typeof unchanged => {
    const payment = 'replaced_for' in input ? heldBy(context.bill, input.replaced_for) : wanted(input, context);
    if (!payment) return unchanged;
    const { paymentId, deviceId } = payment;
    return {
      payment_id: paymentId,
      device_id: deviceId,
      outcome: 'replaced_for' in input ? 'replaced' : input.outcome,
    };
  },
  apply: (bill, { payment_id, outcome }) => {
    const payment = findPayment(bill, payment_id);
    if (!payment) return bill;
    const status = outcome === 'unconfirmed' ? payment.status : 'failed';
    return withPayment(bill, { ...payment, status, holdsClaim: false });
  },
  examples: [
    {
      input: null,
      payload: {
        payment_id: '01900000-0000-7000-8000-000000000601' as PaymentId,
        device_id: '01900000-0000-7000-8000-000000000501' as DeviceId,
        outcome: 'cancelled',
      },
    },
  ],
});

function heldBy(bill: Bill, deviceId: DeviceId): BillPayment | undefined {
  return bill.payments.find((payment) => payment.deviceId === deviceId && payment.holdsClaim);
}

/** The payment to end; nothing when it has ended, or was settled: what a provider says never moves money backwards. */
function wanted(input: Exclude<PaymentEnd, { replaced_for: DeviceId }>, { bill, actor }: RuleContext) {
  const payment = findPayment(bill, input.payment_id);
  if (!payment) throw noSuchPayment();
  if (input.outcome === 'cancelled') {
    if (actor.type === 'device' && payment.deviceId !== actor.id) {
      throw new Rejection('FORBIDDEN', 'another phone started this payment');
    }
    if (isSettled(payment)) throw new Rejection('ALREADY_RESOLVED', 'the money is there already');
  }
  const isOver = payment.status !== 'pending' || (input.outcome === 'unconfirmed' && !payment.holdsClaim);
  return isOver ? undefined : payment;
}

/** The answer for a payment that is not there, and for one that the caller may not know of. */
export function noSuchPayment(): Rejection {
  return new Rejection('NOT_FOUND', 'there is no such payment');
}
