import { type SQL, sql } from 'drizzle-orm';
import type { LocationId, TableId, TenantId } from '../domain/ids.js';

/** True where somebody sits: a session is open there, and its time is not over. For the statements that need the place free. */
export function openSessionAt(
  tenantId: TenantId,
  place: { readonly locationId: LocationId } | { readonly tableId: TableId },
): SQL {
  const there = 'tableId' in place ? sql`s.table_id = ${place.tableId}` : sql`s.location_id = ${place.locationId}`;
  return sql`EXISTS (SELECT 1 FROM qr_sessions s WHERE s.tenant_id = ${tenantId} AND ${there}
    AND s.status = 'open' AND s.expires_at > session_clock())`;
}
