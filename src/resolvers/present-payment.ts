import { totalsOf } from '../domain/pricing.js';
import { statusNow } from '../domain/snapshot.js';
import type { DayReport } from '../schema/day-report.js';
import type { Payment, Refund } from '../schema/payment.js';
import type { PaymentTotals } from '../schema/payment-list.js';
import type { AmountWarning, PaymentIntent, RecordPaymentPayload } from '../schema/payment-payloads.js';
import type { PendingPaymentWarning } from '../schema/payloads.js';
import type { DayReportRow } from '../services/day-report.js';
import type { PaymentRow, PaymentView, RefundRow } from '../services/payment-views.js';
import type { RecordedPayment } from '../services/record-payment.js';
import type { MethodSums } from '../services/search-payments.js';
import type { SessionState } from '../services/seats.js';

/** From what the payment services give to what the schema shows. */

export function presentPayment({ payment, refunds }: PaymentView): Payment {
  const { id, paymentReference, sessionId, amount, currency, method, status, provider, mismatch } = payment;
  const { reasons, billSeq, split, refundedAmount, actor, note, resolution, resolutionNote, resolvedBy } = payment;
  return {
    ...{ id, paymentReference, sessionId, amount, currency, method, status, provider, mismatch },
    ...{ reasons, billSeq, split, refundedAmount, actor, note, resolution, resolutionNote, resolvedBy },
    claimedReference: payment.claimedReference || null,
    providerTransactionId: payment.providerTransactionId || null,
    refunds: refunds.map(presentRefund),
    resolvedAt: timeOrNull(payment.resolvedAt),
    createdAt: new Date(payment.createdAt),
    settledAt: timeOrNull(payment.settledAt),
  };
}

export function presentRefund({ id, amount, status, reason, manual, createdAt }: RefundRow): Refund {
  return { id, amount, status, reason, manual, createdAt: new Date(createdAt) };
}

/** A recorded payment with how its session stands; `view` is the same payment with its refunds. */
export function presentRecorded({ state, replayed }: RecordedPayment, view: PaymentView): RecordPaymentPayload {
  const { due, paymentStatus } = totalsOf(state.bill);
  return {
    payment: presentPayment(view),
    warnings: amountWarnings(view.payment),
    sessionStatus: statusNow(state),
    ...{ paymentStatus, due, replayed },
  };
}

function amountWarnings({ mismatch, expected, amount: received }: PaymentRow): AmountWarning[] {
  if (mismatch === 'none' || expected === null) return [];
  return [{ code: 'AMOUNT_MISMATCH', expected, received, difference: received - expected }];
}

export function presentIntent(payment: PaymentRow): PaymentIntent {
  const { id, paymentReference, amount, billSeq, status, payUrl, deeplink, qrPayload, expiresAt } = payment;
  if (paymentReference === null || billSeq === null || expiresAt === null)
    throw new Error(`payment ${id} is no intent`);
  return {
    ...{ paymentId: id, paymentReference, amount, billSeq, status, payUrl, deeplink, qrPayload },
    bank: bankOf(payment, paymentReference),
    expiresAt: new Date(expiresAt),
  };
}

/** The bank account as it was when the payment was started. */
function bankOf({ providerData }: PaymentRow, message: string): PaymentIntent['bank'] {
  const { bank_bin: bin, account_number: accountNumber, account_name: accountName } = providerData ?? {};
  if (typeof bin !== 'string' || typeof accountNumber !== 'string') return null;
  return { bin, accountNumber, accountName: typeof accountName === 'string' ? accountName : null, message };
}

/** Payments that guests have begun and not finished. */
export function presentPending({ bill }: SessionState): PendingPaymentWarning[] {
  return bill.payments.flatMap(({ status, expiresAt, paymentId, amount }) =>
    status === 'pending' && expiresAt !== null
      ? [{ code: 'PAYMENT_PENDING', paymentId, amount, expiresAt: new Date(expiresAt) }]
      : [],
  );
}

/** One entry per currency: amounts of two currencies have no sum. */
export function presentTotals(sums: readonly MethodSums[]): PaymentTotals[] {
  return [...new Set(sums.map(({ currency }) => currency))].map((currency) => {
    const mine = sums.filter((one) => one.currency === currency);
    const methods = mine.map(({ currency: _, ...one }) => ({ ...one, net: one.received - one.refunded }));
    return { currency, ...addUp(methods), methods };
  });
}

type Sums = Omit<PaymentTotals, 'currency' | 'methods'>;

function addUp(all: readonly Sums[]): Sums {
  const sum = (name: keyof Sums) => all.reduce((total, one) => total + one[name], 0);
  return {
    ...{ count: sum('count'), settledCount: sum('settledCount') },
    ...{ received: sum('received'), refunded: sum('refunded'), net: sum('net') },
    ...{ openCount: sum('openCount'), openAmount: sum('openAmount') },
  };
}

export function presentDayReport(report: DayReportRow, place: Pick<DayReport, 'locationId' | 'date'>): DayReport {
  return {
    ...place,
    ...report,
    from: new Date(report.from),
    to: new Date(report.to),
    methods: [...report.methods],
    cashiers: [...report.cashiers],
    hours: [...report.hours],
    refunds: report.refunds.map((refund) => ({ ...refund, finishedAt: new Date(refund.finishedAt) })),
    open: { ...report.open, reasons: [...report.open.reasons] },
    unpaid: report.unpaid.map((one) => ({
      ...one,
      openedAt: new Date(one.openedAt),
      endedAt: new Date(one.endedAt),
    })),
    writeOffs: report.writeOffs.map((one) => ({ ...one, createdAt: new Date(one.createdAt) })),
  };
}

function timeOrNull(text: string | null): Date | null {
  return text === null ? null : new Date(text);
}
