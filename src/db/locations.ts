import { and, asc, eq, gt, isNull, type SQL, sql } from 'drizzle-orm';
import type { LocationId, TableId, TenantId } from '../domain/ids.js';
import type { Orm } from './connect.js';
import { openSessionAt } from './open-sessions.js';
import { diningTables, locations, tableTokens } from './tables/tenants.js';

/** One restaurant of a tenant, with its settings. What was given up is found by none of these. */
export type LocationRow = typeof locations.$inferSelect;

/** One dining table. */
export type TableRow = typeof diningTables.$inferSelect;

export type NewLocation = Pick<LocationRow, 'tenantId' | 'id' | 'name' | 'currency' | 'timezone'> &
  Omit<LocationChange, 'name' | 'currency' | 'timezone'>;

/** What a manager may change; what is left out stays. */
export type LocationChange = {
  readonly [Name in Exclude<keyof LocationRow, 'tenantId' | 'id' | 'menuVersion' | 'removedAt'>]?:
    | LocationRow[Name]
    | undefined;
};

/** Which locations a key sees: all of its tenant's, or one. */
export interface LocationOwner {
  readonly tenantId: TenantId;
  readonly locationId: LocationId | null;
}

const ofLocation = (tenantId: TenantId, id: LocationId): SQL | undefined =>
  and(eq(locations.tenantId, tenantId), eq(locations.id, id), isNull(locations.removedAt));

export async function findLocation(orm: Orm, tenantId: TenantId, id: LocationId): Promise<LocationRow | undefined> {
  const rows = await orm.select().from(locations).where(ofLocation(tenantId, id));
  return rows[0];
}

/** The owner's locations in the order they were made, from after the given one. */
export function listLocations(
  orm: Orm,
  { tenantId, locationId }: LocationOwner,
  page: { after: string | undefined; limit: number },
): Promise<readonly LocationRow[]> {
  return orm
    .select()
    .from(locations)
    .where(
      and(
        eq(locations.tenantId, tenantId),
        isNull(locations.removedAt),
        locationId === null ? undefined : eq(locations.id, locationId),
        page.after ? gt(locations.id, page.after as LocationId) : undefined,
      ),
    )
    .orderBy(asc(locations.id))
    .limit(page.limit);
}

export async function insertLocation(orm: Orm, location: NewLocation): Promise<LocationRow> {
  const [made] = await orm.insert(locations).values(location).returning();
  if (!made) throw new Error('a location was not written');
  return made;
}

/**
 * The location as it is after the change. Undefined if there is none of this id, or if its currency would change although
 * a session was opened there. Whatever the menu shows counts as a change of the menu.
 */
export async function updateLocation(
  orm: Orm,
  { tenantId, id }: { tenantId: TenantId; id: LocationId },
  change: LocationChange,
): Promise<LocationRow | undefined> {
  const { currency, ordering } = change;
  const isShownAnew = sql`(${locations.ordering} <> ${ordering ?? locations.ordering} OR ${locations.currency} <> ${currency ?? locations.currency})`;
  const isFree = currency && sql`(${locations.currency} = ${currency} OR NOT ${everOpened(tenantId, id)})`;
  const rows = await orm
    .update(locations)
    .set({ ...change, menuVersion: sql`${locations.menuVersion} + ${isShownAnew}::int` })
    .where(and(ofLocation(tenantId, id), isFree || undefined))
    .returning();
  return rows[0];
}

/** Gives a location up, with the codes of its tables; false if there is none, or somebody sits there. */
export async function removeLocation(orm: Orm, tenantId: TenantId, id: LocationId): Promise<boolean> {
  const rows = await orm
    .update(locations)
    .set({ removedAt: sql`session_clock()`, menuVersion: sql`${locations.menuVersion} + 1` })
    .where(and(ofLocation(tenantId, id), sql`NOT ${openSessionAt(tenantId, { locationId: id })}`))
    .returning({ id: locations.id });
  return rows.length > 0;
}

function everOpened(tenantId: TenantId, id: LocationId): SQL {
  return sql`EXISTS (SELECT 1 FROM qr_sessions s WHERE s.tenant_id = ${tenantId} AND s.location_id = ${id})`;
}

/** A table that is in use, at a location that is. */
export async function findTable(orm: Orm, tenantId: TenantId, id: TableId): Promise<TableRow | undefined> {
  const rows = await orm
    .select({ table: diningTables })
    .from(diningTables)
    .innerJoin(locations, itsLocation)
    .where(and(eq(diningTables.tenantId, tenantId), eq(diningTables.id, id), isInUse));
  return rows[0]?.table;
}

/** A location's tables, the second before the tenth. */
export async function listTables(orm: Orm, tenantId: TenantId, locationId: LocationId): Promise<readonly TableRow[]> {
  const rows = await orm
    .select({ table: diningTables })
    .from(diningTables)
    .innerJoin(locations, itsLocation)
    .where(and(eq(diningTables.tenantId, tenantId), eq(diningTables.locationId, locationId), isInUse));
  return rows.map(({ table }) => table).sort(byTableName);
}

/** People count tables: T2 stands before T10. */
export function byTableName(a: Pick<TableRow, 'name' | 'id'>, b: Pick<TableRow, 'name' | 'id'>): number {
  return naturally.compare(a.name, b.name) || (a.id < b.id ? -1 : 1);
}

const naturally = new Intl.Collator('vi', { numeric: true });

/** The table that a printed code stands for; the tenant is what the token tells. */
export async function findTableByToken(orm: Orm, tokenHash: Buffer): Promise<TableRow | undefined> {
  const rows = await orm
    .select({ table: diningTables })
    .from(tableTokens)
    .innerJoin(
      diningTables,
      and(eq(diningTables.tenantId, tableTokens.tenantId), eq(diningTables.id, tableTokens.tableId)),
    )
    .innerJoin(locations, itsLocation)
    .where(and(eq(tableTokens.tokenHash, tokenHash), isNull(tableTokens.revokedAt), isInUse));
  return rows[0]?.table;
}

const itsLocation = and(
  eq(locations.tenantId, diningTables.tenantId),
  eq(locations.id, diningTables.locationId),
  isNull(locations.removedAt),
);
const isInUse = isNull(diningTables.removedAt);
