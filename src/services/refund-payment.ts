import { findPaymentRow, type PaymentRow } from '../db/payments.js';
import {
  failRefund,
  findRefund,
  findRefundByKey,
  finishStrayRefund,
  holdRefund,
  type NewRefund,
  type RefundRow,
  storeRefundData,
  takeOverRefund,
} from '../db/refunds.js';
import { isDuplicate } from '../db/sql-errors.js';
import type { Actor } from '../domain/actor.js';
import { refundTooLarge } from '../domain/events/payment-refunded.js';
import { asId, type PaymentId, type RefundId } from '../domain/ids.js';
import { isSettled, type PaymentState } from '../domain/payment.js';
import { invalid, Rejection } from '../domain/rejection.js';
import type { KeyScope, Scope } from '../domain/scope.js';
import { fingerprintOf } from '../event-log/fingerprint.js';
import { serverKeys } from '../event-log/server-keys.js';
import { providers } from '../payments/index.js';
import { requirePerson } from './access.js';
import type { Deps } from './deps.js';
import { checkKey } from './idempotency-key.js';
import { serverAct } from './payment-commands.js';
import { checkPaymentAmount, checkPaymentReason } from './payment-fields.js';
import { askProviderToRefund } from './refund-at-provider.js';
import { finishAttachment, seePayment } from './resolve-payment.js';

export interface RefundPayment {
  readonly paymentId: PaymentId;
  /** All that is left of it when left out. */
  readonly amount: number | undefined;
  readonly reason: string;
  readonly idempotencyKey: string;
  /** It was made in the provider's own portal, and is only recorded here. */
  readonly manual: boolean;
}

export interface RefundedPayment {
  readonly refund: RefundRow;
  readonly paymentStatus: PaymentState;
  readonly replayed: boolean;
}

/**
 * Gives money back, in full or in part, never more than was paid. The refund is pending and its amount held before the
 * provider is called; the bill changes once the money is given back. Cash and the like is given back by hand, so at once.
 */
export async function refundPayment(deps: Deps, scope: Scope, wanted: RefundPayment): Promise<RefundedPayment> {
  const caller = requirePerson(scope, 'cashier');
  checkKey(wanted.idempotencyKey);
  checkPaymentAmount('amount', wanted.amount);
  checkPaymentReason('reason', wanted.reason);
  const payment = await onItsBill(deps, await seePayment(deps, caller, wanted.paymentId));
  const known = await earlierRefund(deps, caller, { payment, wanted });
  if (known) return answer(deps, known, true);
  const refund = await hold(deps, caller, { payment, wanted });
  if (refund.isRepeat) return answer(deps, refund.row, true);
  // Read once more: until the amount was held, the payment could still be put onto a bill.
  await checkRefund(deps, refund.row);
  return answer(deps, refund.row, false);
}

/** Money that is being attached to a bill is on it before any of it is given back, or the bill would show it as paid. */
async function onItsBill(deps: Deps, payment: PaymentRow): Promise<PaymentRow> {
  if (payment.resolution !== 'attach' || payment.billSeq !== null) return payment;
  await finishAttachment(deps, payment);
  return (await findPaymentRow(deps.orm, payment.tenantId, payment.id)) ?? payment;
}

interface WantedRefund {
  readonly payment: PaymentRow;
  readonly wanted: RefundPayment;
}

async function earlierRefund(
  deps: Deps,
  caller: KeyScope,
  { payment, wanted }: WantedRefund,
): Promise<RefundRow | undefined> {
  const { tenantId, id: paymentId } = payment;
  const known = await findRefundByKey(deps.orm, { tenantId, paymentId, key: wanted.idempotencyKey });
  if (known && known.fingerprint.toString('hex') !== fingerprintFor(caller, wanted)) {
    throw new Rejection('IDEMPOTENCY_KEY_REUSED', 'this key was used for another refund', { refund_id: known.id });
  }
  return known;
}

function fingerprintFor({ keyId }: KeyScope, { amount, reason, manual }: RefundPayment): string {
  return fingerprintOf({ operation: 'refund_payment', actor: `staff:${keyId}`, content: { amount, reason, manual } });
}

function checkRefundable(payment: PaymentRow, { amount, manual }: Pick<NewRefund, 'amount' | 'manual'>): void {
  const available = availableOf(payment);
  if (available <= 0 || amount > available) throw refundTooLarge(available);
  const provider = payment.provider === null ? undefined : providers[payment.provider];
  const isByHand = payment.provider === null || manual;
  if (!isByHand && (!provider?.refund || payment.account === null)) {
    throw invalid([{ path: 'manual', message: 'must be true: this payment can be given back only by hand' }]);
  }
}

async function hold(
  deps: Deps,
  caller: KeyScope,
  { payment, wanted }: WantedRefund,
): Promise<{ readonly row: RefundRow; readonly isRepeat: boolean }> {
  const actor: Actor = { type: 'staff', id: caller.keyId, name: caller.name };
  const name = { tenantId: payment.tenantId, id: asId<RefundId>(deps.newId()) };
  const isHeld = await holdOrTakeOver(deps, payment, {
    ...name,
    paymentId: payment.id,
    amount: wanted.amount ?? availableOf(payment),
    reason: wanted.reason,
    manual: wanted.manual || payment.provider === null,
    idempotencyKey: wanted.idempotencyKey,
    fingerprint: Buffer.from(fingerprintFor(caller, wanted), 'hex'),
    actor,
  }).catch((error: unknown) => {
    if (isDuplicate(error)) return 'repeat' as const;
    throw error;
  });
  if (!isHeld) throw refundTooLarge(await stillAvailable(deps, payment));
  const row =
    isHeld === 'repeat' ? await earlierRefund(deps, caller, { payment, wanted }) : await findRefund(deps.orm, name);
  if (!row) throw new Error(`refund ${name.id} was not kept`);
  return { row, isRepeat: isHeld === 'repeat' };
}

/** What a person has given back elsewhere may be what the provider never told the end of: then it is that one. */
async function holdOrTakeOver(deps: Deps, payment: PaymentRow, refund: NewRefund): Promise<boolean> {
  if (refund.manual && payment.provider !== null && (await takeOverRefund(deps.orm, refund))) return true;
  checkRefundable(payment, refund);
  return holdRefund(deps.orm, refund);
}

/** What can still be given back. */
function availableOf(payment: PaymentRow): number {
  return isSettled(payment) ? payment.amount - payment.refundHeld : 0;
}

async function stillAvailable({ orm }: Deps, { tenantId, id }: PaymentRow): Promise<number> {
  const row = await findPaymentRow(orm, tenantId, id);
  return row ? availableOf(row) : 0;
}

/** Looks after a refund that is still pending: asks the provider again, or finishes what was interrupted. */
export async function checkRefund(deps: Deps, refund: RefundRow): Promise<void> {
  const payment = await findPaymentRow(deps.orm, refund.tenantId, refund.paymentId);
  if (!payment) throw new Error(`refund ${refund.id} has no payment`);
  await carryOut(deps, payment, refund);
}

async function carryOut(deps: Deps, payment: PaymentRow, refund: RefundRow): Promise<void> {
  if (refund.manual) return finish(deps, { payment, refund, providerRefundId: null });
  const result = await askProviderToRefund(deps, payment, refund);
  if (result.outcome === 'failed') return failRefund(deps.orm, refund);
  const { providerRefundId, sent } = result;
  const now = await findRefund(deps.orm, refund);
  // A person may have put a refund by hand in its place meanwhile.
  if (now?.status === 'failed') return;
  if (result.outcome === 'succeeded') return finish(deps, { payment, refund, providerRefundId });
  if (sent) await storeRefundData(deps.orm, refund, { providerRefundId, providerData: sent });
}

interface DoneRefund {
  readonly payment: PaymentRow;
  readonly refund: RefundRow;
  readonly providerRefundId: string | null;
}

/** The money is given back: the session's log says so, or the row where no log has the payment. */
async function finish(deps: Deps, { payment, refund, providerRefundId }: DoneRefund): Promise<void> {
  const { tenantId, sessionId } = payment;
  if (sessionId === null || payment.billSeq === null) return finishStrayRefund(deps.orm, refund, providerRefundId);
  await deps.log.submit({
    tenantId,
    sessionId,
    caller: { kind: 'acting', actor: refund.actor },
    appends: [
      {
        ...serverAct(serverKeys.refunded(refund.id)),
        type: 'payment_refunded',
        input: {
          ...{ payment_id: payment.id, refund_id: refund.id, amount: refund.amount },
          ...{ reason: refund.reason, manual: refund.manual, provider_refund_id: providerRefundId },
        },
      },
    ],
  });
}

async function answer(deps: Deps, { tenantId, id, paymentId }: RefundRow, replayed: boolean): Promise<RefundedPayment> {
  const refund = await findRefund(deps.orm, { tenantId, id });
  const payment = await findPaymentRow(deps.orm, tenantId, paymentId);
  if (!refund || !payment) throw new Error(`refund ${id} is gone`);
  return { refund, paymentStatus: payment.status, replayed };
}
