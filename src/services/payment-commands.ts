import type { Append, Caller, Command } from '../domain/decide.js';
import type { PaymentEnd } from '../domain/events/payment-ended.js';
import type { Settlement } from '../domain/events/payment-settled.js';
import type { PaymentId, SessionId, TenantId } from '../domain/ids.js';
import type { PaymentOutcome } from '../domain/payment.js';
import { fingerprintOf } from '../event-log/fingerprint.js';
import { serverKeys } from '../event-log/server-keys.js';

/** Which session a command is for. */
export interface SessionName {
  readonly tenantId: TenantId;
  readonly sessionId: SessionId;
}

/** The key and fingerprint under which an act is written once. */
export type ActName = Pick<Append, 'key' | 'fingerprint'>;

/** The name of an act of the server's own: whoever repeats it means the same. */
export function serverAct(key: string): ActName {
  return { key, fingerprint: fingerprintOf({ operation: 'payment', actor: '', content: key }) };
}

/** Money is there: settles the payment, sends the drafts that are paid, and ends the session where that pays the whole bill. */
export function settleAppends(act: ActName, settlement: Settlement): readonly Append[] {
  const paid = serverAct(serverKeys.paid);
  const sent = serverAct(serverKeys.sentBy(settlement.payment_id));
  return [
    { ...act, type: 'payment_settled', input: settlement },
    { ...sent, type: 'submit_round', input: { paid_by: settlement.payment_id }, onlyWith: act.key, whileOpen: true },
    { ...paid, type: 'session_paid', input: { payment_id: settlement.payment_id }, onlyWith: act.key },
  ];
}

/** A pending payment came to nothing. */
export function endCommand(
  session: SessionName,
  caller: Caller,
  { paymentId, outcome }: { paymentId: PaymentId; outcome: Exclude<PaymentOutcome, 'replaced'> },
): Command {
  const input: PaymentEnd = { payment_id: paymentId, outcome };
  const append: Append = { ...serverAct(serverKeys.ended(paymentId, outcome)), type: 'payment_ended', input };
  return { tenantId: session.tenantId, sessionId: session.sessionId, caller, appends: [append] };
}
