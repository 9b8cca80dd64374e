import { findPaymentRow, type PaymentRow, resolveRow } from '../db/payments.js';
import type { Actor } from '../domain/actor.js';
import { type Caller, noSuchSession } from '../domain/decide.js';
import { refuseOverpayment } from '../domain/events/largest-bill.js';
import { noSuchPayment } from '../domain/events/payment-ended.js';
import type { PaymentId, SessionId } from '../domain/ids.js';
import { isSettled, type Resolution } from '../domain/payment.js';
import { invalid, Rejection } from '../domain/rejection.js';
import type { KeyScope, Scope } from '../domain/scope.js';
import { serverKeys } from '../event-log/server-keys.js';
import { requirePerson } from './access.js';
import type { Deps } from './deps.js';
import { serverAct, settleAppends } from './payment-commands.js';
import { checkPaymentReason } from './payment-fields.js';
import { seeSession } from './seats.js';

export interface ResolvePayment {
  readonly paymentId: PaymentId;
  readonly resolution: Exclude<Resolution, 'adopted'>;
  readonly note: string;
  /** Where attached money goes. */
  readonly sessionId: SessionId | undefined;
}

/**
 * A person decides about a payment that needs one, once and by name. `attach` puts money that is on no bill onto a session's;
 * the other decisions are kept and move nothing. A second decision is ALREADY_RESOLVED.
 */
export async function resolvePayment(deps: Deps, scope: Scope, wanted: ResolvePayment): Promise<PaymentRow> {
  const caller = requirePerson(scope, 'cashier');
  checkPaymentReason('note', wanted.note);
  const payment = await seePayment(deps, caller, wanted.paymentId);
  if (payment.resolution !== null) throw alreadyResolved();
  if (payment.reasons.length === 0) throw alreadyResolved('nothing about this payment is open');
  await checkTarget(deps, caller, { payment, wanted });
  const by: Actor = { type: 'staff', id: caller.keyId, name: caller.name };
  const { resolution, note, sessionId } = wanted;
  const resolved = await resolveRow(deps.orm, payment, { resolution, note, by, sessionId });
  if (!resolved) throw alreadyResolved();
  if (resolution !== 'attach') return resolved;
  await attach(deps, caller, resolved);
  return seePayment(deps, caller, wanted.paymentId);
}

/** A payment that this key may see; of another location's it is told like of none. */
export async function seePayment(deps: Deps, caller: KeyScope, paymentId: PaymentId): Promise<PaymentRow> {
  const payment = await findPaymentRow(deps.orm, caller.tenantId, paymentId);
  const isElsewhere = caller.locationId !== null && payment?.locationId !== caller.locationId;
  if (!payment || isElsewhere) throw noSuchPayment();
  return payment;
}

async function checkTarget(
  deps: Deps,
  caller: KeyScope,
  { payment, wanted: { resolution, sessionId } }: { payment: PaymentRow; wanted: ResolvePayment },
): Promise<void> {
  if (resolution !== 'attach') {
    if (sessionId) throw invalid([{ path: 'session_id', message: 'goes with attach only' }]);
    return;
  }
  if (!sessionId) throw invalid([{ path: 'session_id', message: 'is required to attach' }]);
  if (payment.billSeq !== null || !isSettled(payment)) {
    throw invalid([{ path: 'resolution', message: 'only money that is on no bill can be attached' }]);
  }
  if (payment.refundHeld > 0) throw invalid([{ path: 'resolution', message: 'this money is being given back' }]);
  const { bill } = await seeSession(deps, caller, sessionId);
  if (bill.currency !== payment.currency) {
    throw new Rejection('CURRENCY_NOT_SUPPORTED', `the bill is in ${bill.currency}`, { currency: payment.currency });
  }
  refuseOverpayment(bill, payment.amount, 'session_id');
}

/** Appends the settlement that an interrupted attachment lacks. */
export async function finishAttachment(deps: Deps, payment: PaymentRow): Promise<void> {
  if (!payment.resolvedBy) throw new Error(`payment ${payment.id} was attached by nobody`);
  await attach(deps, { kind: 'acting', actor: payment.resolvedBy }, payment);
}

async function attach(deps: Deps, caller: Caller, payment: PaymentRow): Promise<void> {
  if (!payment.sessionId) throw noSuchSession();
  const appends = settleAppends(serverAct(serverKeys.settled(payment.id)), {
    ...{ kind: 'attached', payment_id: payment.id, payment_reference: null },
    claimed_reference: payment.claimedReference,
    ...{ method: payment.method, provider: payment.provider, account: payment.account, amount: payment.amount },
    // What the payer wrote to the bank stays in the row: the log is read by every phone of the table.
    ...{ currency: payment.currency, tendered: undefined, note: null },
    provider_transaction_id: payment.providerTransactionId,
  });
  await deps.log.submit({ tenantId: payment.tenantId, sessionId: payment.sessionId, caller, appends });
}

function alreadyResolved(why = 'somebody has decided about this payment'): Rejection {
  return new Rejection('ALREADY_RESOLVED', why);
}
