import { z } from 'zod';
import { findPayment, withPayment } from '../bill.js';
import type { PaymentId, RefundId } from '../ids.js';
import type { Amount } from '../money.js';
import { Rejection } from '../rejection.js';
import { defineEvent, unchanged } from './define.js';
import { noSuchPayment } from './payment-ended.js';

interface PaymentRefunded {
  readonly payment_id: PaymentId;
  readonly refund_id: RefundId;
  readonly amount: Amount;
  readonly reason: string;
  /** Made by a person elsewhere. */
  readonly manual: boolean;
  readonly provider_refund_id: string | null;
}

export const paymentRefunded = defineEvent({
  type: 'payment_refunded',
  version: 1,
  summary: "Money was given back: paid and due change, the session's status does not.",
  sender: 'server',
  gate: 'any',
  personal: ['reason'],
  input: z.custom<PaymentRefunded>(),
  decide: (input, { bill }): PaymentRefunded | typeof unchanged => {
    const payment = findPayment(bill, input.payment_id);
    if (!payment) throw noSuchPayment();
    if (payment.refunds.some(({ refundId }) => refundId === input.refund_id)) return unchanged;
    if (
      payment.status === 'pending' ||
      payment.status === 'failed' ||
      input.amount > payment.amount - payment.refunded
    ) {
      throw refundTooLarge(payment.amount - payment.refunded);
    }
    return input;
  },
  apply: (bill, { payment_id, refund_id, amount }) => {
    const payment = findPayment(bill, payment_id);
    if (!payment) return bill;
    const refunded = payment.refunded + amount;
    const given = withPayment(bill, {
      ...payment,
      refunded,
      status: refunded >= payment.amount ? 'refunded' : 'partially_refunded',
      refunds: [...payment.refunds, { refundId: refund_id, amount }],
    });
    return { ...given, paid: bill.paid - amount };
  },
  examples: [
    {
      input: null,
      payload: {
        payment_id: '01900000-0000-7000-8000-000000000601' as PaymentId,
        refund_id: '01900000-0000-7000-8000-000000000701' as RefundId,
        amount: 35_000,
        reason: 'the coffee was cold',
        manual: false,
        provider_refund_id: '4193767510',
      },
    },
  ],
});

/** REFUND_TOO_LARGE; `available`: what can still be given back. */
export function refundTooLarge(available: Amount): Rejection {
  return new Rejection('REFUND_TOO_LARGE', `at most ${available} can be given back`, { available });
}
