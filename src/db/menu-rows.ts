import { and, asc, eq, isNull, sql } from 'drizzle-orm';
import type { LocationId, MenuCategoryId, MenuItemId, TenantId } from '../domain/ids.js';
import type { MenuRows, MenuWrite } from '../domain/menu-edit.js';
import type { Orm } from './connect.js';
import { menuCategories, menuItems } from './tables/menu.js';
import { locations } from './tables/tenants.js';

/** Whose menu. */
export interface MenuPlace {
  readonly tenantId: TenantId;
  readonly locationId: LocationId;
}

/** A menu as it is kept, at least as new as its version. */
export interface VersionedRows extends MenuRows {
  readonly version: number;
}

/** The menu to change; undefined where the tenant has no such location, or has given it up. */
export async function readMenuRows(orm: Orm, place: MenuPlace): Promise<VersionedRows | undefined> {
  const { tenantId, locationId } = place;
  const [head] = await orm
    .select({ version: locations.menuVersion })
    .from(locations)
    .where(and(eq(locations.tenantId, tenantId), eq(locations.id, locationId), isNull(locations.removedAt)));
  if (!head) return undefined;
  const [categories, items] = await Promise.all([
    orm
      .select()
      .from(menuCategories)
      .where(and(eq(menuCategories.tenantId, tenantId), eq(menuCategories.locationId, locationId)))
      .orderBy(asc(menuCategories.position), asc(menuCategories.id)),
    orm
      .select()
      .from(menuItems)
      .where(and(eq(menuItems.tenantId, tenantId), eq(menuItems.locationId, locationId)))
      .orderBy(asc(menuItems.position), asc(menuItems.id)),
  ]);
  return {
    version: head.version,
    categories: categories.map(({ id, tenantId: _, locationId: __, ...row }) => ({ ...row, categoryId: id })),
    items: items.map(({ id, tenantId: _, locationId: __, ...row }) => ({ ...row, menuItemId: id })),
  };
}

/** At which location this category is. */
export async function findCategoryLocation(
  orm: Orm,
  tenantId: TenantId,
  id: MenuCategoryId,
): Promise<LocationId | undefined> {
  const rows = await orm
    .select({ locationId: menuCategories.locationId })
    .from(menuCategories)
    .where(and(eq(menuCategories.tenantId, tenantId), eq(menuCategories.id, id)));
  return rows[0]?.locationId;
}

/** At which location this item is. */
export async function findItemLocation(orm: Orm, tenantId: TenantId, id: MenuItemId): Promise<LocationId | undefined> {
  const rows = await orm
    .select({ locationId: menuItems.locationId })
    .from(menuItems)
    .where(and(eq(menuItems.tenantId, tenantId), eq(menuItems.id, id)));
  return rows[0]?.locationId;
}

/**
 * Writes a change of the menu that was `version`, all of it or, if somebody has changed the menu since, nothing; answers the
 * new version, or undefined. Everything waits for the location's row, so that two changes never meet half-way.
 */
export async function writeMenu(
  orm: Orm,
  { tenantId, locationId }: MenuPlace,
  { version, write }: { readonly version: number; readonly write: MenuWrite },
): Promise<number | undefined> {
  const ids = (values: readonly string[]) =>
    sql`(SELECT value::uuid FROM jsonb_array_elements_text(${JSON.stringify(values)}::jsonb))`;
  const rows = await orm.execute<{ version: string }>(sql`
    WITH bumped AS (
      UPDATE locations SET menu_version = menu_version + 1
      WHERE tenant_id = ${tenantId}::uuid AND id = ${locationId}::uuid AND menu_version = ${version}::bigint AND removed_at IS NULL
      RETURNING tenant_id, id, menu_version
    ), gone_items AS (
      DELETE FROM menu_items i USING bumped b
      WHERE i.tenant_id = b.tenant_id AND i.location_id = b.id AND i.id IN ${ids(write.removedItems)}
    ), gone_categories AS (
      DELETE FROM menu_categories c USING bumped b
      WHERE c.tenant_id = b.tenant_id AND c.location_id = b.id AND c.id IN ${ids(write.removedCategories)}
    ), categories AS (
      INSERT INTO menu_categories AS c (tenant_id, id, location_id, position, name, translations)
      SELECT b.tenant_id, w."categoryId", b.id, w.position, w.name, w.translations
      FROM bumped b, jsonb_to_recordset(${JSON.stringify(write.categories)}::jsonb)
        AS w("categoryId" uuid, position int, name text, translations jsonb)
      ON CONFLICT (tenant_id, id) DO UPDATE
        SET position = excluded.position, name = excluded.name, translations = excluded.translations
        WHERE c.location_id = excluded.location_id
    ), items AS (
      INSERT INTO menu_items AS i (tenant_id, id, location_id, position, category_id, name, description, price, tax_bps,
        available, translations, picture_url, allergens, option_groups)
      SELECT b.tenant_id, w."menuItemId", b.id, w.position, w."categoryId", w.name, w.description, w.price, w."taxBps",
        w.available, w.translations, w."pictureUrl", w.allergens, w."optionGroups"
      FROM bumped b, jsonb_to_recordset(${JSON.stringify(write.items)}::jsonb)
        AS w("menuItemId" uuid, position int, "categoryId" uuid, name text, description text, price bigint, "taxBps" int,
          available boolean, translations jsonb, "pictureUrl" text, allergens jsonb, "optionGroups" jsonb)
      ON CONFLICT (tenant_id, id) DO UPDATE SET position = excluded.position, category_id = excluded.category_id,
        name = excluded.name, description = excluded.description, price = excluded.price, tax_bps = excluded.tax_bps,
        available = excluded.available, translations = excluded.translations, picture_url = excluded.picture_url,
        allergens = excluded.allergens, option_groups = excluded.option_groups
        WHERE i.location_id = excluded.location_id
    )
    SELECT menu_version AS version FROM bumped`);
  const [row] = rows;
  return row && Number(row.version);
}
