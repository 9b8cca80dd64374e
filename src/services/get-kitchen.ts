import { listOpenTickets } from '../db/kitchen-tickets.js';
import { findLocation, listTables, type TableRow } from '../db/locations.js';
import { type Bill, findRound, type Round } from '../domain/bill.js';
import type { LocationId, SessionId } from '../domain/ids.js';
import type { Scope } from '../domain/scope.js';
import { isOverdue, linesOf, type TicketState, ticketStateOf } from '../domain/ticket.js';
import { noSuchLocation, requireKey, requireLocation } from './access.js';
import type { Deps } from './deps.js';

/** A round as the kitchen sees it. Table and lines are those of now, wherever the guests have moved. */
export interface Ticket {
  readonly bill: Bill;
  readonly round: Round;
  readonly state: TicketState;
  readonly tableName: string;
  readonly isOverdue: boolean;
  /** Whole seconds since the kitchen could begin. */
  readonly ageSeconds: number;
}

/** Most tickets that a kitchen is shown. */
const maxTickets = 500;

/** What lies in the kitchen of a location, oldest first. For staff. */
export async function getKitchen(
  deps: Deps,
  scope: Scope,
  { locationId, state }: { readonly locationId: LocationId; readonly state?: TicketState | undefined },
): Promise<readonly Ticket[]> {
  const { tenantId } = requireKey(scope, 'staff');
  requireLocation(scope, locationId);
  const [location, tables, names] = await Promise.all([
    findLocation(deps.orm, tenantId, locationId),
    listTables(deps.orm, tenantId, locationId),
    listOpenTickets(deps.orm, { tenantId, locationId }, maxTickets),
  ]);
  if (!location) throw noSuchLocation();
  const sessions = [...new Set(names.map(({ sessionId }) => sessionId))];
  const states = await Promise.all(sessions.map((sessionId) => deps.log.current({ tenantId, sessionId })));
  const bills = new Map<SessionId, Bill>(states.flatMap((each) => (each ? [[each.bill.sessionId, each.bill]] : [])));
  // A node that has read no session yet knows no time, and an empty kitchen needs none.
  const now = bills.size === 0 ? 0 : deps.log.now();
  return names
    .flatMap(({ sessionId, round }) => {
      const bill = bills.get(sessionId);
      const found = bill && findRound(bill, round);
      return bill && found ? [ticketOf(bill, found, { tables, now })] : [];
    })
    .filter((ticket) => (state === undefined ? ticket.state !== 'done' : ticket.state === state));
}

/** One round as a ticket. */
export function ticketOf(
  bill: Bill,
  round: Round,
  { tables, now }: { readonly tables: readonly TableRow[]; readonly now: number },
): Ticket {
  return {
    bill,
    round,
    state: ticketStateOf(round, linesOf(bill, round.round)),
    tableName: tables.find(({ id }) => id === bill.tableId)?.name ?? '',
    isOverdue: isOverdue(round, now),
    ageSeconds: Math.max(0, Math.floor((now - (round.releasedAt ?? round.sentAt)) / 1000)),
  };
}
