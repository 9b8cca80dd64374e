import { findReceiptPlace, type ReceiptPlace } from '../db/receipt-place.js';
import { noSuchSession } from '../domain/decide.js';
import type { SessionId } from '../domain/ids.js';
import { type BillPayment, isSettled, type PaymentMethod } from '../domain/payment.js';
import type { Scope } from '../domain/scope.js';
import { type Snapshot, snapshotNow } from '../domain/snapshot.js';
import { requireSession } from './access.js';
import type { Deps } from './deps.js';
import { seeSession } from './seats.js';

/** Money on a receipt; who paid is not told. */
export interface ReceiptPayment {
  readonly method: PaymentMethod;
  readonly amount: number;
  readonly refunded: number;
  /** The last signs of the reference, to find the payment by; null for cash. */
  readonly referenceEnd: string | null;
}

export interface Receipt extends ReceiptPlace {
  readonly snapshot: Snapshot;
  readonly payments: readonly ReceiptPayment[];
}

/** What guests take home: the bill with its place and time. For the session's phones, until its grace is over, and for staff. */
export async function getReceipt(deps: Deps, scope: Scope, sessionId: SessionId): Promise<Receipt> {
  const caller = requireSession(scope, sessionId);
  const [state, place] = await Promise.all([
    seeSession(deps, caller, sessionId),
    findReceiptPlace(deps.orm, caller.tenantId, sessionId),
  ]);
  if (!place) throw noSuchSession();
  const payments = state.bill.payments.filter(isSettled).map(onReceipt);
  return { ...place, snapshot: snapshotNow(state), payments };
}

const shownSigns = 4;

function onReceipt({ method, amount, refunded, reference, providerTransactionId }: BillPayment): ReceiptPayment {
  const named = method === 'cash' ? null : (reference ?? providerTransactionId);
  return { method, amount, refunded, referenceEnd: named?.slice(-shownSigns) ?? null };
}
