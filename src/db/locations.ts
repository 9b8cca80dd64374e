import { and, asc, eq, isNull } from 'drizzle-orm';
import type { LocationId, TableId, TenantId } from '../domain/ids.js';
import type { Orm } from './connect.js';
import { diningTables, locations, tableTokens } from './tables/tenants.js';

/** One restaurant of a tenant, with its settings. */
export type LocationRow = typeof locations.$inferSelect;

/** One dining table. */
export type TableRow = typeof diningTables.$inferSelect;

export async function findLocation(orm: Orm, tenantId: TenantId, id: LocationId): Promise<LocationRow | undefined> {
  const rows = await orm
    .select()
    .from(locations)
    .where(and(eq(locations.tenantId, tenantId), eq(locations.id, id)));
  return rows[0];
}

export async function findTable(orm: Orm, tenantId: TenantId, id: TableId): Promise<TableRow | undefined> {
  const rows = await orm
    .select()
    .from(diningTables)
    .where(and(eq(diningTables.tenantId, tenantId), eq(diningTables.id, id)));
  return rows[0];
}

/** A location's tables by name. */
export function listTables(orm: Orm, tenantId: TenantId, locationId: LocationId): Promise<readonly TableRow[]> {
  return orm
    .select()
    .from(diningTables)
    .where(and(eq(diningTables.tenantId, tenantId), eq(diningTables.locationId, locationId)))
    .orderBy(asc(diningTables.name));
}

/** The table that a printed code stands for; the tenant is what the token tells. */
export async function findTableByToken(orm: Orm, tokenHash: Buffer): Promise<TableRow | undefined> {
  const rows = await orm
    .select({ table: diningTables })
    .from(tableTokens)
    .innerJoin(
      diningTables,
      and(eq(diningTables.tenantId, tableTokens.tenantId), eq(diningTables.id, tableTokens.tableId)),
    )
    .where(and(eq(tableTokens.tokenHash, tokenHash), isNull(tableTokens.revokedAt)));
  return rows[0]?.table;
}
