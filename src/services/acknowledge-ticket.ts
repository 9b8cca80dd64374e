import { listTables } from '../db/locations.js';
import type { Scope } from '../domain/scope.js';
import { readTicketId, roundOf } from '../domain/ticket.js';
import { serverKeys } from '../event-log/server-keys.js';
import { requireKey } from './access.js';
import type { Deps } from './deps.js';
import { type Ticket, ticketOf } from './get-kitchen.js';
import { serverCommand } from './server-command.js';

/** The kitchen has a ticket: by staff, from whatever shows it in the kitchen. A repeat changes nothing. */
export async function acknowledgeTicket(deps: Deps, scope: Scope, ticketId: string): Promise<Ticket> {
  const caller = requireKey(scope, 'staff');
  const { tenantId } = caller;
  const { sessionId, round } = readTicketId(ticketId);
  const act = { caller, key: serverKeys.acknowledged(round), type: 'ticket_acknowledged' } as const;
  const command = serverCommand({ tenantId, sessionId }, { ...act, input: { round }, sameness: { round } });
  const { bill } = (await deps.log.submit(command)).state;
  const tables = await listTables(deps.orm, tenantId, bill.locationId);
  return ticketOf(bill, roundOf(bill, round), { tables, now: deps.log.now() });
}
