import { and, eq, isNull, type SQL, sql } from 'drizzle-orm';
import type { LocationId, TableId, TenantId } from '../domain/ids.js';
import type { Orm } from './connect.js';
import { byTableName } from './locations.js';
import { openSessionAt } from './open-sessions.js';
import { diningTables, locations, tableTokens } from './tables/tenants.js';

/** A table with what its printed code is made of. */
export interface CodedTable {
  readonly tenantId: TenantId;
  readonly id: TableId;
  readonly locationId: LocationId;
  readonly name: string;
  /** The guests' page of its location; null: the server's own. */
  readonly guestUrl: string | null;
  /** Null where its code was made before codes were kept. */
  readonly sealedToken: Buffer | null;
}

/** A printed code's token: what it is found by, and what it is printed again from. */
export interface NewToken {
  readonly tokenHash: Buffer;
  readonly sealedToken: Buffer;
}

type TablePlace = Pick<CodedTable, 'tenantId' | 'id'>;

/** Most tables of one location. */
export const maxTables = 1_000;

const codedColumns = {
  tenantId: diningTables.tenantId,
  id: diningTables.id,
  locationId: diningTables.locationId,
  name: diningTables.name,
  guestUrl: locations.guestUrl,
  sealedToken: tableTokens.sealedToken,
};

export async function findCodedTable(orm: Orm, { tenantId, id }: TablePlace): Promise<CodedTable | undefined> {
  const rows = await codedTables(orm, and(eq(diningTables.tenantId, tenantId), eq(diningTables.id, id)));
  return rows[0];
}

/** A location's tables with their codes, the second before the tenth. */
export async function listCodedTables(
  orm: Orm,
  tenantId: TenantId,
  locationId: LocationId,
): Promise<readonly CodedTable[]> {
  const where = and(eq(diningTables.tenantId, tenantId), eq(diningTables.locationId, locationId));
  return (await codedTables(orm, where)).sort(byTableName);
}

function codedTables(orm: Orm, where: SQL | undefined): Promise<CodedTable[]> {
  return orm
    .select(codedColumns)
    .from(diningTables)
    .innerJoin(locations, and(eq(locations.tenantId, diningTables.tenantId), eq(locations.id, diningTables.locationId)))
    .leftJoin(
      tableTokens,
      and(
        eq(tableTokens.tenantId, diningTables.tenantId),
        eq(tableTokens.tableId, diningTables.id),
        isNull(tableTokens.revokedAt),
      ),
    )
    .where(and(where, isNull(diningTables.removedAt), isNull(locations.removedAt)));
}

/**
 * Puts a table up with its code. False if the location is gone, or full. A name that another table has is a duplicate
 * (SQLSTATE 23505).
 */
export async function insertTable(
  orm: Orm,
  { tenantId, id, locationId, name }: TablePlace & { locationId: LocationId; name: string },
  { tokenHash, sealedToken }: NewToken,
): Promise<boolean> {
  const rows = await orm.execute(sql`
    WITH made AS (
      INSERT INTO dining_tables (tenant_id, id, location_id, name)
      SELECT l.tenant_id, ${id}::uuid, l.id, ${name}::text FROM locations l
      WHERE l.tenant_id = ${tenantId} AND l.id = ${locationId} AND l.removed_at IS NULL AND (
        SELECT count(*) FROM dining_tables d
        WHERE d.tenant_id = ${tenantId} AND d.location_id = ${locationId} AND d.removed_at IS NULL) < ${maxTables}
      RETURNING tenant_id, id)
    INSERT INTO table_tokens (token_hash, tenant_id, table_id, sealed_token)
    SELECT ${tokenHash}::bytea, tenant_id, id, ${sealedToken}::bytea FROM made RETURNING table_id`);
  return rows.length > 0;
}

/** False if there is no such table. A name that another table has is a duplicate. */
export async function renameTable(orm: Orm, place: TablePlace, name: string): Promise<boolean> {
  const rows = await orm.update(diningTables).set({ name }).where(inUse(place)).returning({ id: diningTables.id });
  return rows.length > 0;
}

/** Takes a table away, and its code with it; false if there is none, or somebody sits at it. */
export async function removeTable(orm: Orm, { tenantId, id }: TablePlace): Promise<boolean> {
  const rows = await orm.execute(sql`
    WITH gone AS (
      UPDATE dining_tables d SET removed_at = session_clock()
      WHERE d.tenant_id = ${tenantId} AND d.id = ${id} AND d.removed_at IS NULL
        AND NOT ${openSessionAt(tenantId, { tableId: id })}
      RETURNING d.tenant_id, d.id),
    dead AS (
      UPDATE table_tokens t SET revoked_at = session_clock(), sealed_token = NULL FROM gone
      WHERE t.tenant_id = gone.tenant_id AND t.table_id = gone.id AND t.revoked_at IS NULL)
    SELECT id FROM gone`);
  return rows.length > 0;
}

/** Gives a table another code; the one before is dead. Of two at once the second is a duplicate: it has to come again. */
export async function replaceToken(
  orm: Orm,
  { tenantId, id }: TablePlace,
  { tokenHash, sealedToken }: NewToken,
): Promise<boolean> {
  // The count makes the new one wait for the end of the old one.
  const rows = await orm.execute(sql`
    WITH dead AS (
      UPDATE table_tokens SET revoked_at = session_clock(), sealed_token = NULL
      WHERE tenant_id = ${tenantId} AND table_id = ${id} AND revoked_at IS NULL RETURNING table_id)
    INSERT INTO table_tokens (token_hash, tenant_id, table_id, sealed_token)
    SELECT ${tokenHash}::bytea, d.tenant_id, d.id, ${sealedToken}::bytea
    FROM dining_tables d, (SELECT count(*) FROM dead) AS ended
    WHERE d.tenant_id = ${tenantId} AND d.id = ${id} AND d.removed_at IS NULL RETURNING table_id`);
  return rows.length > 0;
}

function inUse({ tenantId, id }: TablePlace): SQL | undefined {
  return and(eq(diningTables.tenantId, tenantId), eq(diningTables.id, id), isNull(diningTables.removedAt));
}
