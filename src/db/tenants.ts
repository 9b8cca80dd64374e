import { asc, eq, gt } from 'drizzle-orm';
import type { TenantId } from '../domain/ids.js';
import type { Orm } from './connect.js';
import { tenants } from './tables/tenants.js';

export type TenantRow = typeof tenants.$inferSelect;

export async function findTenant(orm: Orm, id: TenantId): Promise<TenantRow | undefined> {
  const rows = await orm.select().from(tenants).where(eq(tenants.id, id));
  return rows[0];
}

/** All tenants in the order they were made, from after the given one. */
export function listTenants(
  orm: Orm,
  page: { after: string | undefined; limit: number },
): Promise<readonly TenantRow[]> {
  return orm
    .select()
    .from(tenants)
    .where(page.after ? gt(tenants.id, page.after as TenantId) : undefined)
    .orderBy(asc(tenants.id))
    .limit(page.limit);
}

export async function insertTenant(orm: Orm, tenant: { id: TenantId; name: string }): Promise<TenantRow> {
  const [made] = await orm.insert(tenants).values(tenant).returning();
  if (!made) throw new Error('a tenant was not written');
  return made;
}

/** The tenant under its new name; undefined if there is none of this id. */
export async function renameTenant(orm: Orm, id: TenantId, name: string): Promise<TenantRow | undefined> {
  const rows = await orm.update(tenants).set({ name }).where(eq(tenants.id, id)).returning();
  return rows[0];
}
