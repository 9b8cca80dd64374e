import { and, asc, eq, gt, inArray, lte, sql } from 'drizzle-orm';
import type { LocationId, SessionId, TableId, TenantId } from '../domain/ids.js';
import type { Orm } from './connect.js';
import { qrSessions } from './tables/sessions.js';
import { diningTables } from './tables/tenants.js';

/** The head of a session, with the status that the clock gives it. */
export type SessionHead = typeof qrSessions.$inferSelect & { readonly isPast: boolean };

/** What lists and feeds show of a head. */
export type ShownHead = Pick<
  SessionHead,
  | 'id'
  | 'tenantId'
  | 'locationId'
  | 'tableId'
  | 'status'
  | 'isPast'
  | 'currency'
  | 'openedAt'
  | 'expiresAt'
  | 'lastEventSeq'
  | 'total'
  | 'paid'
  | 'due'
>;

const isPast = sql<boolean>`${qrSessions.expiresAt} <= session_clock()`;

/** The table's open session whose time is not over. */
export async function findOpenSession(orm: Orm, tenantId: TenantId, tableId: TableId): Promise<SessionId | undefined> {
  const taken = await findTaken(orm, tenantId, tableId);
  return taken?.isPast === false ? taken.id : undefined;
}

/** The session that keeps a table from others, with its time over or not. */
export async function findTaken(
  orm: Orm,
  tenantId: TenantId,
  tableId: TableId,
): Promise<{ readonly id: SessionId; readonly isPast: boolean; readonly expiryEvent: boolean } | undefined> {
  const rows = await orm
    .select({ id: qrSessions.id, isPast, expiryEvent: qrSessions.expiryEvent })
    .from(qrSessions)
    .where(and(eq(qrSessions.tenantId, tenantId), eq(qrSessions.tableId, tableId), eq(qrSessions.status, 'open')));
  return rows[0];
}

/** The sessions that are open at a location, unless their time is over: by its tables, however many it has had. */
export function listOpenHeads(
  orm: Orm,
  tenantId: TenantId,
  locationId: LocationId,
): Promise<readonly { readonly id: SessionId }[]> {
  return orm
    .select({ id: qrSessions.id })
    .from(qrSessions)
    .where(
      and(
        eq(qrSessions.tenantId, tenantId),
        inArray(
          qrSessions.tableId,
          orm
            .select({ id: diningTables.id })
            .from(diningTables)
            .where(and(eq(diningTables.tenantId, tenantId), eq(diningTables.locationId, locationId))),
        ),
        eq(qrSessions.status, 'open'),
        gt(qrSessions.expiresAt, sql`session_clock()`),
      ),
    )
    .orderBy(asc(qrSessions.id));
}

/** Open sessions whose time is over, of all tenants: what the expiry job sweeps, by state and not by tick. */
export function listDueSessions(
  orm: Orm,
  limit: number,
): Promise<readonly { tenantId: TenantId; sessionId: SessionId; wantsEvent: boolean }[]> {
  return orm
    .select({ tenantId: qrSessions.tenantId, sessionId: qrSessions.id, wantsEvent: qrSessions.expiryEvent })
    .from(qrSessions)
    .where(and(eq(qrSessions.status, 'open'), lte(qrSessions.expiresAt, sql`session_clock()`)))
    .orderBy(asc(qrSessions.expiresAt))
    .limit(limit);
}

/** Makes time's end durable without an event, where the location wants none. */
export async function markExpired(orm: Orm, tenantId: TenantId, sessionId: SessionId): Promise<boolean> {
  const rows = await orm
    .update(qrSessions)
    .set({ status: 'expired', endedAt: sql`${qrSessions.expiresAt}`, updatedAt: sql`session_clock()` })
    .where(
      and(
        eq(qrSessions.tenantId, tenantId),
        eq(qrSessions.id, sessionId),
        eq(qrSessions.status, 'open'),
        eq(qrSessions.expiryEvent, false),
        lte(qrSessions.expiresAt, sql`session_clock()`),
      ),
    )
    .returning({ id: qrSessions.id });
  return rows.length > 0;
}
