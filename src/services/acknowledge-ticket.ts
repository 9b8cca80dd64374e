import { readTicketId } from '../domain/ticket.js';
import type { Scope } from '../domain/scope.js';
import { serverKeys } from '../event-log/server-keys.js';
import { requireKey } from './access.js';
import type { Deps } from './deps.js';
import type { SessionState } from './seats.js';
import { serverCommand } from './server-command.js';

/** The kitchen has a ticket: by staff, from whatever shows it in the kitchen. A repeat changes nothing. */
export async function acknowledgeTicket(
  deps: Deps,
  scope: Scope,
  ticketId: string,
): Promise<{ readonly state: SessionState; readonly round: number }> {
  const caller = requireKey(scope, 'staff');
  const { sessionId, round } = readTicketId(ticketId);
  const command = serverCommand(
    { tenantId: caller.tenantId, sessionId },
    { caller, key: serverKeys.acknowledged(round), type: 'ticket_acknowledged', input: { round }, sameness: { round } },
  );
  const { state } = await deps.log.submit(command);
  return { state, round };
}
