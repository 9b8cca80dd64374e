import type { PaymentId, SessionId } from '../domain/ids.js';
import type { Scope } from '../domain/scope.js';
import type { SessionState } from '../event-log/session-state.js';
import { requireSession } from './access.js';
import type { Deps } from './deps.js';
import { endCommand } from './payment-commands.js';

/** Turns away from a pending payment: its claim is free. By the phone that started it, or by staff. A repeat changes nothing. */
export async function cancelPaymentIntent(
  deps: Deps,
  scope: Scope,
  { sessionId, paymentId }: { readonly sessionId: SessionId; readonly paymentId: PaymentId },
): Promise<SessionState> {
  const caller = requireSession(scope, sessionId);
  const session = { tenantId: caller.tenantId, sessionId };
  const { state } = await deps.log.submit(endCommand(session, caller, { paymentId, outcome: 'cancelled' }));
  return state;
}
