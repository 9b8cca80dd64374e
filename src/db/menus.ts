import { and, asc, eq, inArray, isNull } from 'drizzle-orm';
import type { LocationId, TenantId } from '../domain/ids.js';
import type { Menu, MenuCategory, MenuItem } from '../domain/menu.js';
import type { Orm } from './connect.js';
import { menuCategories, menuItems } from './tables/menu.js';
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
    .where(and(eq(locations.tenantId, tenantId), eq(locations.id, locationId), isNull(locations.removedAt)));
  return rows[0];
}

/** The same of several menus at once, each with its tenant. */
export function readMenuHeads(
  orm: Orm,
  places: readonly { readonly tenantId: TenantId; readonly locationId: LocationId }[],
): Promise<readonly (Pick<MenuHead, 'locationId' | 'version' | 'ordering'> & { readonly tenantId: TenantId })[]> {
  const unique = <Id extends string>(ids: readonly Id[]) => [...new Set(ids)];
  return orm
    .select({
      tenantId: locations.tenantId,
      locationId: locations.id,
      version: locations.menuVersion,
      ordering: locations.ordering,
    })
    .from(locations)
    .where(
      and(
        inArray(locations.tenantId, unique(places.map(({ tenantId }) => tenantId))),
        inArray(locations.id, unique(places.map(({ locationId }) => locationId))),
        isNull(locations.removedAt),
      ),
    );
}

/** The items in menu order. */
export async function readMenuItems(
  orm: Orm,
  tenantId: TenantId,
  locationId: LocationId,
): Promise<readonly MenuItem[]> {
  const rows = await orm
    .select({ item: menuItems, category: menuCategories.name })
    .from(menuItems)
    .innerJoin(
      menuCategories,
      and(eq(menuCategories.tenantId, menuItems.tenantId), eq(menuCategories.id, menuItems.categoryId)),
    )
    .where(and(eq(menuItems.tenantId, tenantId), eq(menuItems.locationId, locationId)))
    .orderBy(asc(menuCategories.position), asc(menuItems.position), asc(menuItems.id));
  return rows.map(({ item: { id, tenantId: _, locationId: __, position: ___, ...item }, category }) => ({
    ...item,
    menuItemId: id,
    category,
  }));
}

/** The headings in menu order. */
export async function readMenuCategories(
  orm: Orm,
  tenantId: TenantId,
  locationId: LocationId,
): Promise<readonly MenuCategory[]> {
  return orm
    .select({
      categoryId: menuCategories.id,
      name: menuCategories.name,
      translations: menuCategories.translations,
    })
    .from(menuCategories)
    .where(and(eq(menuCategories.tenantId, tenantId), eq(menuCategories.locationId, locationId)))
    .orderBy(asc(menuCategories.position), asc(menuCategories.id));
}
