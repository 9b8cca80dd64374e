import { and, asc, eq } from 'drizzle-orm';
import type { LocationId, TenantId } from '../domain/ids.js';
import type { Menu, MenuItem } from '../domain/menu.js';
import type { Orm } from './connect.js';
import { menuItems } from './tables/menu.js';
import { locations } from './tables/tenants.js';

/** What tells whether a menu in memory is still the current one. */
export type MenuHead = Pick<Menu, 'locationId' | 'currency' | 'version' | 'ordering'>;

/** The menu's version and switches; undefined where the tenant has no such location. */
export async function readMenuHead(
  orm: Orm,
  tenantId: TenantId,
  locationId: LocationId,
): Promise<MenuHead | undefined> {
  const rows = await orm
    .select({
      locationId: locations.id,
      currency: locations.currency,
      version: locations.menuVersion,
      ordering: locations.ordering,
    })
    .from(locations)
    .where(and(eq(locations.tenantId, tenantId), eq(locations.id, locationId)));
  return rows[0];
}

/** The items in menu order. */
export async function readMenuItems(
  orm: Orm,
  tenantId: TenantId,
  locationId: LocationId,
): Promise<readonly MenuItem[]> {
  const rows = await orm
    .select()
    .from(menuItems)
    .where(and(eq(menuItems.tenantId, tenantId), eq(menuItems.locationId, locationId)))
    .orderBy(asc(menuItems.position), asc(menuItems.id));
  return rows.map(({ id, name, description, category, price, taxBps, available, optionGroups }) => ({
    menuItemId: id,
    name,
    description,
    category,
    price,
    taxBps,
    available,
    optionGroups,
  }));
}
