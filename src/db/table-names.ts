import { and, eq, inArray } from 'drizzle-orm';
import type { TableId, TenantId } from '../domain/ids.js';
import type { Orm } from './connect.js';
import { diningTables } from './tables/tenants.js';

/** What tables are called, those that were given up among them. */
export async function findTableNames(
  orm: Orm,
  tenantId: TenantId,
  tables: readonly TableId[],
): Promise<ReadonlyMap<TableId, string>> {
  if (tables.length === 0) return new Map();
  const rows = await orm
    .select({ id: diningTables.id, name: diningTables.name })
    .from(diningTables)
    .where(and(eq(diningTables.tenantId, tenantId), inArray(diningTables.id, [...tables])));
  return new Map(rows.map(({ id, name }) => [id, name]));
}
