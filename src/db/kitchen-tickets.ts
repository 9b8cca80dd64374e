import { and, asc, eq, gt, isNotNull, isNull, lte, sql } from 'drizzle-orm';
import type { LocationId, SessionId, TenantId } from '../domain/ids.js';
import { ticketPatienceMs } from '../domain/ticket.js';
import type { Orm } from './connect.js';
import { kitchenTickets } from './tables/sessions.js';

/** Which round of which session a ticket is of. */
export interface TicketName {
  readonly tenantId: TenantId;
  readonly sessionId: SessionId;
  readonly round: number;
}

const name = {
  tenantId: kitchenTickets.tenantId,
  sessionId: kitchenTickets.sessionId,
  round: kitchenTickets.round,
};

const isInKitchen = and(gt(kitchenTickets.openLines, 0), isNotNull(kitchenTickets.releasedAt));

/** What lies in the kitchen of a location, oldest first. */
export function listOpenTickets(
  orm: Orm,
  where: { readonly tenantId: TenantId; readonly locationId: LocationId },
  limit: number,
): Promise<readonly TicketName[]> {
  return orm
    .select(name)
    .from(kitchenTickets)
    .where(
      and(eq(kitchenTickets.tenantId, where.tenantId), eq(kitchenTickets.locationId, where.locationId), isInKitchen),
    )
    .orderBy(asc(kitchenTickets.releasedAt), asc(kitchenTickets.sessionId), asc(kitchenTickets.round))
    .limit(limit);
}

/** Tickets of all tenants that nobody has acknowledged in time, and of which nobody has been told yet. */
export function listUnseenTickets(orm: Orm, limit: number): Promise<readonly TicketName[]> {
  return orm
    .select(name)
    .from(kitchenTickets)
    .where(
      and(
        isInKitchen,
        isNull(kitchenTickets.acknowledgedAt),
        isNull(kitchenTickets.overdueAt),
        lte(kitchenTickets.releasedAt, sql`session_clock() - make_interval(secs => ${ticketPatienceMs / 1000})`),
      ),
    )
    .orderBy(asc(kitchenTickets.releasedAt))
    .limit(limit);
}
