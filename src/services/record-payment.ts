import { findPaymentByReference, findPaymentRow, type PaymentRow } from '../db/payments.js';
import { isDuplicate } from '../db/sql-errors.js';
import { findPayment } from '../domain/bill.js';
import type { Append } from '../domain/decide.js';
import type { PaymentStart } from '../domain/events/payment-started.js';
import { asId, type PaymentId, type SessionId } from '../domain/ids.js';
import type { PaymentMethod } from '../domain/payment.js';
import { invalid, Rejection } from '../domain/rejection.js';
import type { KeyScope, Scope } from '../domain/scope.js';
import { fingerprintOf } from '../event-log/fingerprint.js';
import type { Outcome } from '../event-log/lane.js';
import { serverKeys } from '../event-log/server-keys.js';
import type { SessionState } from '../event-log/session-state.js';
import { providerOfMethod } from '../payments/index.js';
import { requireKey } from './access.js';
import type { Deps } from './deps.js';
import { checkPaymentAmount, checkPaymentNote } from './payment-fields.js';
import { settleAppends } from './payment-commands.js';
import { seeSession } from './seats.js';

export interface RecordPayment {
  readonly sessionId: SessionId;
  readonly paymentReference: string;
  readonly amount: number;
  /** ISO 4217; the session's own when left out. */
  readonly currency: string | undefined;
  readonly method: PaymentMethod;
  readonly status: 'pending' | 'succeeded' | 'failed';
  readonly providerTransactionId: string | undefined;
  readonly note: string | undefined;
}

/** A payment that was recorded, with the session as it now is. */
export interface RecordedPayment {
  readonly payment: PaymentRow;
  readonly state: SessionState;
  readonly replayed: boolean;
}

const referencePattern = /^[0-9A-Za-z._-]{1,64}$/;

/**
 * Records a payment by hand, or as another system tells of it. The reference is its key: the same again with the same
 * content is the same payment, anything else is PAYMENT_REFERENCE_REUSED. A wrong amount is a warning, never a refusal.
 */
export async function recordPayment(deps: Deps, scope: Scope, wanted: RecordPayment): Promise<RecordedPayment> {
  const caller = requireKey(scope, 'cashier');
  checkFields(wanted);
  await seeSession(deps, caller, wanted.sessionId);
  const known = await findPaymentByReference(deps.orm, caller.tenantId, wanted.paymentReference);
  if (known && known.sessionId !== wanted.sessionId) throw referenceReused();
  const { decided, state } = await submit(deps, caller, wanted);
  const paymentId = asId<PaymentId>(String(decided[0]?.event.payload.payment_id));
  const payment = await findPaymentRow(deps.orm, caller.tenantId, paymentId);
  if (!payment || !findPayment(state.bill, paymentId)) throw new Error(`payment ${paymentId} was not recorded`);
  return { payment, state, replayed: decided.every(({ replayed }) => replayed) };
}

function checkFields({ paymentReference, amount, providerTransactionId, note, currency }: RecordPayment): void {
  if (!referencePattern.test(paymentReference)) {
    throw invalid([{ path: 'payment_reference', message: 'must be 1 to 64 of 0-9 A-Z a-z . _ -' }]);
  }
  if (currency !== undefined && !/^[A-Z]{3}$/.test(currency)) {
    throw invalid([{ path: 'currency', message: 'must be an ISO 4217 code' }]);
  }
  checkPaymentAmount('amount', amount);
  checkPaymentNote('provider_transaction_id', providerTransactionId, 64);
  checkPaymentNote('note', note, 500);
}

async function submit(deps: Deps, caller: KeyScope, wanted: RecordPayment): Promise<Outcome> {
  const session = { tenantId: caller.tenantId, sessionId: wanted.sessionId };
  try {
    return await deps.log.submit({ ...session, caller, appends: appendsFor(deps, wanted) });
  } catch (error) {
    if (error instanceof Rejection && error.code === 'IDEMPOTENCY_KEY_REUSED') throw referenceReused();
    // The same reference at the same moment in two sessions: the database let one of them in.
    if (error instanceof Error && isDuplicate(error.cause)) throw referenceReused();
    throw error;
  }
}

function appendsFor(deps: Deps, wanted: RecordPayment): readonly Append[] {
  const { sessionId: _, paymentReference: reference, ...content } = wanted;
  const act = {
    key: serverKeys.recorded(reference),
    fingerprint: fingerprintOf({ operation: 'record_payment', actor: '', content }),
  };
  const payment = {
    payment_id: asId<PaymentId>(deps.newId()),
    payment_reference: reference,
    method: wanted.method,
    provider: providerOfMethod(wanted.method)?.name ?? null,
    amount: wanted.amount,
    currency: wanted.currency,
    provider_transaction_id: wanted.providerTransactionId ?? null,
    note: wanted.note ?? null,
  };
  if (wanted.status === 'succeeded') {
    const none = { claimed_reference: null, account: null, tendered: undefined };
    return settleAppends(act, { kind: 'recorded', ...payment, ...none });
  }
  const input: PaymentStart = { kind: 'recorded', ...payment };
  const start: Append = { ...act, type: 'payment_started', input };
  if (wanted.status === 'pending') return [start];
  const end = { payment_id: payment.payment_id, outcome: 'failed' };
  const key = serverKeys.recordedEnd(reference);
  return [start, { key, fingerprint: act.fingerprint, type: 'payment_ended', input: end, onlyWith: act.key }];
}

function referenceReused(): Rejection {
  return new Rejection('PAYMENT_REFERENCE_REUSED', 'this reference stands for another payment');
}
