import { z } from 'zod';
import { type Adjustment, type Bill, findPayment, withPayment } from '../bill.js';
import type { PaymentId } from '../ids.js';
import { cashDue } from '../cash.js';
import type { Amount } from '../money.js';
import {
  type BillPayment,
  isSettled,
  type Mismatch,
  mismatchOf,
  type PaymentMethod,
  type PaymentReason,
} from '../payment.js';
import { totalsOf } from '../pricing.js';
import { invalid } from '../rejection.js';
import { nothingDue } from '../split.js';
import { defineEvent, type RuleContext, unchanged } from './define.js';
import { refuseOverpayment } from './largest-bill.js';
import { noSuchPayment } from './payment-ended.js';
import { checkCurrency } from './payment-started.js';

/** The provider says that the money of a payment of this session is there. */
interface PendingSettlement {
  readonly kind: 'pending';
  readonly payment_id: PaymentId;
  readonly provider_transaction_id: string | null;
}

/** Money that was never pending here: cash, what a person records, or what a person attaches. */
interface DirectSettlement {
  readonly kind: 'cash' | 'recorded' | 'attached';
  readonly payment_id: PaymentId;
  readonly payment_reference: string | null;
  readonly claimed_reference: string | null;
  readonly method: PaymentMethod;
  readonly provider: string | null;
  readonly account: string | null;
  /** Undefined: what is due. */
  readonly amount: Amount | undefined;
  readonly currency: string | undefined;
  readonly tendered: Amount | undefined;
  readonly provider_transaction_id: string | null;
  readonly note: string | null;
}

export type Settlement = PendingSettlement | DirectSettlement;

export interface PaymentSettled {
  readonly payment_id: PaymentId;
  readonly payment_reference: string | null;
  readonly claimed_reference: string | null;
  readonly method: PaymentMethod;
  readonly provider: string | null;
  readonly account: string | null;
  readonly amount: Amount;
  readonly bill_seq: number;
  readonly bill_total: Amount;
  /** It landed when the session had ended. */
  readonly late: boolean;
  /** The session's end was not written yet. */
  readonly past_open: boolean;
  /** What was due, where a person took or recorded it. */
  readonly expected: Amount | null;
  readonly mismatch: Mismatch;
  readonly reasons: readonly PaymentReason[];
  /** What cash rounding adds to the bill, or takes off it. */
  readonly rounding: Amount;
  readonly tendered: Amount | null;
  readonly change: Amount | null;
  readonly provider_transaction_id: string | null;
  readonly note: string | null;
}

export const paymentSettled = defineEvent({
  type: 'payment_settled',
  version: 1,
  summary: 'Money is there, for the bill that it was meant for: paid and due change, and its claim is over.',
  sender: 'server',
  gate: 'any',
  // Whether it is late rests on the time, so the time is proved when it is written.
  gateOf: ({ late, past_open }: PaymentSettled) => (late ? (past_open ? 'due' : 'any') : 'live'),
  personal: ['note'],
  input: z.custom<Settlement>(),
  decide: (input, context): PaymentSettled | typeof unchanged =>
    input.kind === 'pending' ? settlePending(input, context) : settleDirect(input, context),
  apply: (bill, payload, { actor }) => {
    const started = findPayment(bill, payload.payment_id);
    const settled = withPayment(bill, settledPayment(payload, started ?? newPayment(payload, actor)));
    const adjustments = payload.rounding === 0 ? bill.adjustments : [...bill.adjustments, roundingOf(payload)];
    return { ...settled, adjustments, paid: bill.paid + payload.amount };
  },
  examples: [
    {
      input: null,
      payload: {
        payment_id: '01900000-0000-7000-8000-000000000601' as PaymentId,
        payment_reference: 'QR3K7M2Q9T4X8ZAB',
        claimed_reference: null,
        method: 'momo',
        provider: 'momo',
        account: 'default',
        amount: 85_000,
        bill_seq: 7,
        bill_total: 170_000,
        late: false,
        past_open: false,
        expected: null,
        mismatch: 'none',
        reasons: [],
        rounding: 0,
        tendered: null,
        change: null,
        provider_transaction_id: '4193767509',
        note: null,
      },
    },
  ],
});

function settlePending(input: PendingSettlement, context: RuleContext): PaymentSettled | typeof unchanged {
  const payment = findPayment(context.bill, input.payment_id);
  if (!payment) throw noSuchPayment();
  if (isSettled(payment)) return unchanged;
  const { amount, billSeq, billTotal } = payment;
  const timing = timingOf(context);
  return {
    payment_id: payment.paymentId,
    payment_reference: payment.reference,
    claimed_reference: null,
    method: payment.method,
    provider: payment.provider,
    account: payment.account,
    amount,
    bill_seq: billSeq,
    bill_total: billTotal,
    ...timing,
    expected: payment.expected,
    mismatch: payment.mismatch,
    reasons: reasonsOf(context.bill, amount, timing.late),
    ...{ rounding: 0, tendered: null, change: null, note: payment.note },
    provider_transaction_id: input.provider_transaction_id ?? payment.providerTransactionId,
  };
}

function settleDirect(input: DirectSettlement, context: RuleContext): PaymentSettled {
  const { bill } = context;
  checkCurrency(input, bill);
  const { due, total } = totalsOf(bill);
  if (input.amount === undefined && due <= 0) throw nothingDue();
  const cash = input.kind === 'cash' ? cashDue(due, input.amount, bill.settings.cash_rounding) : undefined;
  const amount = cash?.amount ?? input.amount ?? due;
  const rounding = cash?.rounding ?? 0;
  const change = changeOf(input.tendered, amount);
  const timing = timingOf(context);
  const isLate = timing.late && input.kind === 'recorded';
  const isDecided = input.kind === 'attached';
  // What is attached has been looked at before it was decided, and must be written now.
  if (!isDecided) refuseOverpayment(bill, amount, 'amount');
  return {
    payment_id: input.payment_id,
    payment_reference: input.payment_reference,
    claimed_reference: input.claimed_reference,
    method: input.method,
    provider: input.provider,
    account: input.account,
    amount,
    bill_seq: bill.lastSeq,
    bill_total: total,
    ...timing,
    expected: due + rounding,
    mismatch: mismatchOf(amount, due + rounding),
    reasons: isDecided ? [] : reasonsOf(bill, amount - rounding, isLate),
    rounding,
    tendered: input.tendered ?? null,
    change,
    provider_transaction_id: input.provider_transaction_id,
    note: input.note,
  };
}

function changeOf(tendered: Amount | undefined, amount: Amount): Amount | null {
  if (tendered === undefined) return null;
  if (tendered < amount) throw invalid([{ path: 'tendered', message: `must be at least the amount, ${amount}` }]);
  return tendered - amount;
}

function timingOf({ bill, isPast }: RuleContext): Pick<PaymentSettled, 'late' | 'past_open'> {
  const isOpen = bill.status === 'open';
  return { late: !isOpen || isPast, past_open: isOpen && isPast };
}

function reasonsOf(bill: Bill, amount: Amount, isLate: boolean): readonly PaymentReason[] {
  const isOver = bill.paid + amount > totalsOf(bill).total;
  return [...(isLate ? (['late'] as const) : []), ...(isOver ? (['over'] as const) : [])];
}

function newPayment(payload: PaymentSettled, actor: BillPayment['actor']): BillPayment {
  return {
    paymentId: payload.payment_id,
    reference: payload.payment_reference,
    claimedReference: payload.claimed_reference,
    method: payload.method,
    provider: payload.provider,
    account: payload.account,
    status: 'pending',
    amount: payload.amount,
    refunded: 0,
    billSeq: payload.bill_seq,
    billTotal: payload.bill_total,
    ...{ split: null, deviceId: null, expiresAt: null, holdsClaim: false, refunds: [], actor },
    ...{
      note: null,
      providerTransactionId: null,
      expected: null,
      mismatch: 'none',
      reasons: [],
      tendered: null,
      change: null,
    },
  };
}

function settledPayment(payload: PaymentSettled, payment: BillPayment): BillPayment {
  const { expected, mismatch, reasons, tendered, change, note } = payload;
  return {
    ...payment,
    ...{ status: 'succeeded', holdsClaim: false, expected, mismatch, reasons, tendered, change, note },
    providerTransactionId: payload.provider_transaction_id,
  };
}

function roundingOf({ payment_id, rounding }: PaymentSettled): Adjustment {
  return {
    adjustmentId: payment_id,
    kind: rounding < 0 ? 'discount' : 'surcharge',
    amount: Math.abs(rounding),
    basisPoints: null,
    reason: 'cash rounding',
    isRounding: true,
  };
}
