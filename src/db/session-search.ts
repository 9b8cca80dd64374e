import { and, asc, desc, eq, gt, gte, lt, type SQL, sql } from 'drizzle-orm';
import type { LocationId, SessionId, TenantId } from '../domain/ids.js';
import type { SessionStatus } from '../domain/session.js';
import type { Orm } from './connect.js';
import { qrSessions } from './tables/sessions.js';

/** Which of a tenant's sessions. */
export interface SessionSearch {
  readonly tenantId: TenantId;
  readonly locationId?: LocationId | undefined;
  /** As readers see it: an open one past its time is expired. */
  readonly status?: SessionStatus | undefined;
  readonly isUnpaid?: boolean | undefined;
  /** Opened from this moment on, before that one. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

const isPast = sql<boolean>`qr_sessions.expires_at <= session_clock()`;

/**
 * Ended with something due for what the kitchen got, and nobody has given it up. A visit that was paid stays paid, though money of
 * it was given back. Of `qr_sessions` under its own name.
 */
export const isUnpaid: SQL<boolean> = sql<boolean>`(qr_sessions.due > 0 AND qr_sessions.sent_lines > 0
  AND (qr_sessions.status IN ('closed', 'expired') OR (qr_sessions.status = 'open' AND ${isPast}))
  AND NOT EXISTS (SELECT FROM session_write_offs w
    WHERE w.tenant_id = qr_sessions.tenant_id AND w.session_id = qr_sessions.id))`;

const writtenOff = sql<number | null>`(SELECT w.amount FROM session_write_offs w
  WHERE w.tenant_id = qr_sessions.tenant_id AND w.session_id = qr_sessions.id)`.mapWith((amount: unknown) =>
  amount === null ? null : Number(amount),
);

const columns = { head: qrSessions, isPast, writtenOff };

/** A head with the status that the clock gives it, and what was given up of it. */
export type FoundSession = typeof qrSessions.$inferSelect & {
  readonly isPast: boolean;
  readonly writtenOff: number | null;
};

/** In the order of opening from behind the given one, or the newest first from before it. */
export async function searchSessionHeads(
  orm: Orm,
  search: SessionSearch,
  {
    order,
    after,
    limit,
  }: { readonly order: 'oldest' | 'newest'; readonly after?: SessionId | undefined; readonly limit: number },
): Promise<readonly FoundSession[]> {
  const isNewest = order === 'newest';
  const rows = await orm
    .select(columns)
    .from(qrSessions)
    .where(and(matching(search), after && (isNewest ? lt(qrSessions.id, after) : gt(qrSessions.id, after))))
    .orderBy(isNewest ? desc(qrSessions.id) : asc(qrSessions.id))
    .limit(limit);
  return rows.map(({ head, ...more }) => ({ ...head, ...more }));
}

/** Figures of a whole search, in one currency. */
export interface SessionSums {
  readonly currency: string;
  readonly count: number;
  readonly total: number;
  readonly paid: number;
  readonly due: number;
}

export function sumSessions(orm: Orm, search: SessionSearch): Promise<readonly SessionSums[]> {
  const sumOf = (column: (typeof qrSessions)['total' | 'paid' | 'due']) => sql`sum(${column})`.mapWith(Number);
  return orm
    .select({
      ...{ currency: qrSessions.currency, count: sql`count(*)`.mapWith(Number) },
      ...{ total: sumOf(qrSessions.total), paid: sumOf(qrSessions.paid), due: sumOf(qrSessions.due) },
    })
    .from(qrSessions)
    .where(matching(search))
    .groupBy(qrSessions.currency)
    .orderBy(asc(qrSessions.currency));
}

function matching({ tenantId, locationId, status, isUnpaid: unpaid, from, to }: SessionSearch): SQL | undefined {
  const seen = sql`CASE WHEN ${qrSessions.status} = 'open' AND ${isPast} THEN 'expired' ELSE ${qrSessions.status} END`;
  return and(
    eq(qrSessions.tenantId, tenantId),
    locationId && eq(qrSessions.locationId, locationId),
    status && eq(seen, status),
    unpaid ? isUnpaid : undefined,
    from === undefined ? undefined : gte(qrSessions.openedAt, from),
    to === undefined ? undefined : lt(qrSessions.openedAt, to),
  );
}
