import { findPaymentRow } from '../db/payments.js';
import { asId, type PaymentId, type SessionId } from '../domain/ids.js';
import type { Scope } from '../domain/scope.js';
import { fingerprintOf } from '../event-log/fingerprint.js';
import { requirePerson } from './access.js';
import type { Deps } from './deps.js';
import { checkKey } from './idempotency-key.js';
import { settleAppends } from './payment-commands.js';
import { checkPaymentAmount, checkPaymentNote } from './payment-fields.js';
import type { RecordedPayment } from './record-payment.js';

export interface RecordCashPayment {
  readonly sessionId: SessionId;
  /** What is due, rounded as the location rounds cash, when left out. */
  readonly amount: number | undefined;
  /** What the guest handed over. */
  readonly tendered: number | undefined;
  readonly note: string | undefined;
  readonly idempotencyKey: string;
}

/** Takes cash for a session, whatever its state and whatever phones are claiming. Change is tendered - amount. */
export async function recordCashPayment(deps: Deps, scope: Scope, wanted: RecordCashPayment): Promise<RecordedPayment> {
  const caller = requirePerson(scope, 'cashier');
  const { sessionId, idempotencyKey: key, amount, tendered, note } = wanted;
  checkKey(key);
  checkPaymentAmount('amount', amount);
  checkPaymentAmount('tendered', tendered);
  checkPaymentNote('note', note, 500);
  const content = { amount, tendered, note };
  const fingerprint = fingerprintOf({ operation: 'record_cash', actor: `staff:${caller.keyId}`, content });
  const appends = settleAppends(
    { key, fingerprint },
    {
      ...{ kind: 'cash', method: 'cash', provider: null, account: null, currency: undefined },
      payment_id: asId<PaymentId>(deps.newId()),
      ...{ payment_reference: `CASH-${deps.newId()}`, claimed_reference: null, provider_transaction_id: null },
      ...{ amount, tendered, note: note ?? null },
    },
  );
  const { decided, state } = await deps.log.submit({ tenantId: caller.tenantId, sessionId, caller, appends });
  const paymentId = asId<PaymentId>(String(decided[0]?.event.payload.payment_id));
  const payment = await findPaymentRow(deps.orm, caller.tenantId, paymentId);
  if (!payment) throw new Error(`payment ${paymentId} was not recorded`);
  return { payment, state, replayed: decided[0]?.replayed === true };
}
