import { z } from 'zod';
import type { Bill } from '../bill.js';
import { withPayment } from '../bill.js';
import type { DeviceId, PaymentId } from '../ids.js';
import type { Amount } from '../money.js';
import { type BillPayment, type Mismatch, mismatchOf, type PaymentMethod, type Split } from '../payment.js';
import { totalsOf } from '../pricing.js';
import { invalid, Rejection } from '../rejection.js';
import { maxPayments, payableCurrency, paymentGraceMs } from '../session.js';
import { partOfBill, type WantedSplit } from '../split.js';
import { defineEvent, type RuleContext } from './define.js';
import { refuseOverpayment } from './largest-bill.js';

/** A guest or staff member wants to pay a part of the bill through a provider. */
interface IntentStart {
  readonly kind: 'intent';
  readonly payment_id: PaymentId;
  readonly payment_reference: string;
  readonly method: PaymentMethod;
  readonly provider: string;
  readonly account: string;
  readonly device_id: DeviceId | null;
  readonly split: WantedSplit;
  /** What the provider can carry. */
  readonly payable: { readonly min: Amount; readonly max: Amount };
  readonly pay_within_ms: number;
}

/** A person records a payment that is not there yet; it holds nothing of the bill. */
interface RecordedStart {
  readonly kind: 'recorded';
  readonly payment_id: PaymentId;
  readonly payment_reference: string;
  readonly method: PaymentMethod;
  readonly provider: string | null;
  readonly amount: Amount;
  readonly currency: string | undefined;
  readonly provider_transaction_id: string | null;
  readonly note: string | null;
}

export type PaymentStart = IntentStart | RecordedStart;

export interface PaymentStarted {
  readonly payment_id: PaymentId;
  readonly payment_reference: string;
  readonly device_id: DeviceId | null;
  readonly method: PaymentMethod;
  readonly provider: string | null;
  readonly account: string | null;
  readonly amount: Amount;
  /** The bill it is for, and what that comes to. */
  readonly bill_seq: number;
  readonly bill_total: Amount;
  readonly split: Split | null;
  /** When its claim on the bill ends, RFC 3339; null when it holds none. */
  readonly expires_at: string | null;
  /** The session's expiry where this moves it, RFC 3339. */
  readonly session_expires_at: string | null;
  /** Decided on a session that was open: proved when it is written. */
  readonly in_time: boolean;
  /** What was due when a person recorded it; null for what a phone started. */
  readonly expected: Amount | null;
  readonly mismatch: Mismatch;
  readonly provider_transaction_id: string | null;
  readonly note: string | null;
}

export const paymentStarted = defineEvent({
  type: 'payment_started',
  version: 1,
  summary: 'Somebody is paying: freezes the bill and the amount, and holds that part of the bill until its expiry.',
  sender: 'server',
  gate: 'any',
  gateOf: ({ in_time }: PaymentStarted) => (in_time ? 'live' : 'any'),
  personal: ['note'],
  input: z.custom<PaymentStart>(),
  decide: (input, context): PaymentStarted => {
    if (context.bill.payments.length >= maxPayments) {
      throw invalid([{ path: '', message: `a session takes at most ${maxPayments} payments` }]);
    }
    return input.kind === 'intent' ? startIntent(input, context) : startRecorded(input, context);
  },
  apply: (bill, payload, { actor }) => {
    const extended = payload.session_expires_at === null ? bill.expiresAt : Date.parse(payload.session_expires_at);
    return withPayment(
      { ...bill, expiresAt: Math.max(bill.expiresAt, extended) },
      { ...pendingPayment(payload), actor },
    );
  },
  examples: [
    {
      input: null,
      payload: {
        payment_id: '01900000-0000-7000-8000-000000000601' as PaymentId,
        payment_reference: 'QR3K7M2Q9T4X8ZAB',
        device_id: '01900000-0000-7000-8000-000000000501' as DeviceId,
        method: 'momo',
        provider: 'momo',
        account: 'default',
        amount: 85_000,
        bill_seq: 7,
        bill_total: 170_000,
        split: { type: 'share', parts: 2, part: 0, base: 170_000, plan: 7 },
        expires_at: '2026-01-31T12:15:00.000Z',
        session_expires_at: null,
        in_time: true,
        expected: null,
        mismatch: 'none',
        provider_transaction_id: null,
        note: null,
      },
    },
  ],
});

function startIntent(input: IntentStart, { bill, now, isPast }: RuleContext): PaymentStarted {
  if (bill.currency !== payableCurrency) throw currencyNotSupported(bill.currency);
  const { payable, device_id } = input;
  const { amount, split } = partOfBill(input.split, { bill, deviceId: device_id, now });
  if (amount < payable.min || amount > payable.max) {
    throw new Rejection('AMOUNT_NOT_PAYABLE', `${input.method} carries ${payable.min} to ${payable.max}`, {
      ...payable,
    });
  }
  const expiresAt = now + input.pay_within_ms;
  const inTime = bill.status === 'open' && !isPast;
  const keepOpen = expiresAt + paymentGraceMs;
  return {
    ...commonOf(input, bill),
    device_id,
    account: input.account,
    amount,
    split,
    expires_at: new Date(expiresAt).toISOString(),
    session_expires_at: inTime && keepOpen > bill.expiresAt ? new Date(keepOpen).toISOString() : null,
    in_time: inTime,
    expected: null,
    mismatch: 'none',
    provider_transaction_id: null,
    note: null,
  };
}

function startRecorded(input: RecordedStart, { bill }: RuleContext): PaymentStarted {
  checkCurrency(input, bill);
  refuseOverpayment(bill, input.amount, 'amount');
  const { due } = totalsOf(bill);
  return {
    ...commonOf(input, bill),
    device_id: null,
    account: null,
    amount: input.amount,
    split: null,
    expires_at: null,
    session_expires_at: null,
    in_time: false,
    expected: due,
    mismatch: mismatchOf(input.amount, due),
    provider_transaction_id: input.provider_transaction_id,
    note: input.note,
  };
}

function commonOf(input: PaymentStart, bill: Bill) {
  const { payment_id, payment_reference, method, provider } = input;
  return { payment_id, payment_reference, method, provider, bill_seq: bill.lastSeq, bill_total: totalsOf(bill).total };
}

function pendingPayment(payload: PaymentStarted): Omit<BillPayment, 'actor'> {
  return {
    paymentId: payload.payment_id,
    reference: payload.payment_reference,
    claimedReference: null,
    method: payload.method,
    provider: payload.provider,
    account: payload.account,
    status: 'pending',
    amount: payload.amount,
    refunded: 0,
    billSeq: payload.bill_seq,
    billTotal: payload.bill_total,
    split: payload.split,
    deviceId: payload.device_id,
    note: payload.note,
    providerTransactionId: payload.provider_transaction_id,
    expected: payload.expected,
    mismatch: payload.mismatch,
    reasons: [],
    tendered: null,
    change: null,
    expiresAt: payload.expires_at === null ? null : Date.parse(payload.expires_at),
    holdsClaim: payload.expires_at !== null,
    refunds: [],
  };
}

/** What a person records is in the session's currency; the providers know one only. */
export function checkCurrency(
  { currency, provider }: { currency: string | undefined; provider: string | null },
  bill: Pick<Bill, 'currency'>,
): void {
  if (currency !== undefined && currency !== bill.currency) throw currencyNotSupported(currency);
  if (provider !== null && bill.currency !== payableCurrency) throw currencyNotSupported(bill.currency);
}

function currencyNotSupported(currency: string): Rejection {
  return new Rejection('CURRENCY_NOT_SUPPORTED', `${currency} cannot be paid this way`, { currency });
}
