import { and, eq } from 'drizzle-orm';
import type { SessionId, TenantId } from '../domain/ids.js';
import type { Orm } from './connect.js';
import { qrSessions } from './tables/sessions.js';
import { diningTables, locations } from './tables/tenants.js';

/** Where and when a visit was; places that were given up among them. */
export interface ReceiptPlace {
  readonly restaurant: string;
  readonly table: string | null;
  /** IANA name. */
  readonly timezone: string;
  readonly openedAt: string;
  readonly endedAt: string | null;
}

export async function findReceiptPlace(
  orm: Orm,
  tenantId: TenantId,
  sessionId: SessionId,
): Promise<ReceiptPlace | undefined> {
  const rows = await orm
    .select({
      ...{ restaurant: locations.name, table: diningTables.name, timezone: locations.timezone },
      ...{ openedAt: qrSessions.openedAt, endedAt: qrSessions.endedAt },
    })
    .from(qrSessions)
    .innerJoin(locations, and(eq(locations.tenantId, qrSessions.tenantId), eq(locations.id, qrSessions.locationId)))
    .leftJoin(
      diningTables,
      and(eq(diningTables.tenantId, qrSessions.tenantId), eq(diningTables.id, qrSessions.tableId)),
    )
    .where(and(eq(qrSessions.tenantId, tenantId), eq(qrSessions.id, sessionId)));
  return rows[0];
}
