import { findCategoryLocation, findItemLocation, type MenuPlace } from '../db/menu-rows.js';
import type { LocationId, MenuCategoryId, MenuItemId } from '../domain/ids.js';
import type { MenuCategory, MenuItem } from '../domain/menu.js';
import { byCategory, type CategoryRow, type ItemRow, type MenuRows } from '../domain/menu-edit.js';
import { Rejection } from '../domain/rejection.js';
import type { Role, Scope } from '../domain/scope.js';
import { requireKey } from './access.js';
import { menuPlace } from './change-menu.js';
import type { Deps } from './deps.js';

/** A category as managers see it; `position` is its place in the menu, from 0. */
export interface CategoryView extends MenuCategory {
  readonly locationId: LocationId;
  readonly position: number;
}

/** An item as managers see it; `position` is its place in its category, from 0. */
export interface ItemView extends MenuItem {
  readonly locationId: LocationId;
  readonly position: number;
}

/** What both a menu for guests and one as it is kept have. */
interface AnyMenu {
  readonly categories: readonly MenuCategory[];
  readonly items: readonly Omit<MenuItem, 'category'>[];
}

export function categoryViews(
  { categories }: Pick<AnyMenu, 'categories'>,
  locationId: LocationId,
): readonly CategoryView[] {
  return categories.map((row, position) => ({ ...row, locationId, position }));
}

/** The items in menu order. */
export function itemViews({ categories, items }: AnyMenu, locationId: LocationId): readonly ItemView[] {
  const siblings = byCategory(items);
  return categories.flatMap(({ categoryId, name }) =>
    (siblings.get(categoryId) ?? []).map((item, position) => ({ ...item, locationId, category: name, position })),
  );
}

export function categoryView(menu: MenuRows, locationId: LocationId, id: MenuCategoryId): CategoryView {
  const view = categoryViews(menu, locationId).find(({ categoryId }) => categoryId === id);
  if (!view) throw noSuchCategory();
  return view;
}

export function itemView(menu: MenuRows, locationId: LocationId, id: MenuItemId): ItemView {
  const view = itemViews(menu, locationId).find(({ menuItemId }) => menuItemId === id);
  if (!view) throw noSuchItem();
  return view;
}

export function ownCategory({ categories }: MenuRows, id: MenuCategoryId): CategoryRow {
  const row = categories.find(({ categoryId }) => categoryId === id);
  if (!row) throw noSuchCategory();
  return row;
}

export function ownItem({ items }: MenuRows, id: MenuItemId): ItemRow {
  const row = items.find(({ menuItemId }) => menuItemId === id);
  if (!row) throw noSuchItem();
  return row;
}

/** The menu that has this category. One of another restaurant looks like none. */
export async function placeOfCategory(deps: Deps, scope: Scope, id: MenuCategoryId): Promise<MenuPlace> {
  const { tenantId } = requireKey(scope, 'manager');
  const locationId = await findCategoryLocation(deps.orm, tenantId, id);
  return placeAt(scope, locationId, { role: 'manager', missing: noSuchCategory });
}

/** The menu that has this item. One of another restaurant looks like none. */
export async function placeOfItem(
  deps: Deps,
  scope: Scope,
  { menuItemId: id, role = 'manager' }: { readonly menuItemId: MenuItemId; readonly role?: Role },
): Promise<MenuPlace> {
  const { tenantId } = requireKey(scope, role);
  return placeAt(scope, await findItemLocation(deps.orm, tenantId, id), { role, missing: noSuchItem });
}

function placeAt(
  scope: Scope,
  locationId: LocationId | undefined,
  { role, missing }: { readonly role: Role; readonly missing: () => Rejection },
): MenuPlace {
  const key = requireKey(scope, role);
  const isOwn = locationId !== undefined && (key.locationId === null || key.locationId === locationId);
  if (!isOwn) throw missing();
  return menuPlace(scope, locationId, role);
}

function noSuchCategory(): Rejection {
  return new Rejection('NOT_FOUND', 'there is no such menu category');
}

function noSuchItem(): Rejection {
  return new Rejection('NOT_FOUND', 'there is no such menu item');
}
