import { canonicalJson } from './canonical-json.js';
import type { MenuCategoryId, MenuItemId } from './ids.js';
import type { MenuCategory, MenuItem } from './menu.js';
import { sameName } from './menu-fields.js';
import { invalid, Rejection } from './rejection.js';

/** Kept positions say nothing but an order, and may have gaps. */
export interface CategoryRow extends MenuCategory {
  readonly position: number;
}

/** An item as it is kept; its category's name is the category's. */
export interface ItemRow extends Omit<MenuItem, 'category'> {
  readonly position: number;
}

/** A whole menu: categories in their order, and items that are in their order within each category. */
export interface MenuRows {
  readonly categories: readonly CategoryRow[];
  readonly items: readonly ItemRow[];
}

/** What has to be written to make one menu of another. */
export interface MenuWrite extends MenuRows {
  readonly removedCategories: readonly MenuCategoryId[];
  readonly removedItems: readonly MenuItemId[];
}

/** What a menu may hold. */
export const menuLimits = { items: 2_000, categories: 200 } as const;

/** The menu with this category as it should be, in its old place, at the end, or at the `place` that is asked for, from 0. */
export function withCategory(menu: MenuRows, category: CategoryRow, place?: number): MenuRows {
  const { categoryId } = category;
  const isTaken = menu.categories.some(
    (one) => one.categoryId !== categoryId && sameName(one.name) === sameName(category.name),
  );
  if (isTaken) throw invalid([{ path: 'name', message: 'another category of this menu has this name' }]);
  const categories = settled(menu.categories, { row: category, place, isIt: (one) => one.categoryId === categoryId });
  if (categories.length > menuLimits.categories)
    throw invalid([{ path: '', message: `a menu has at most ${menuLimits.categories} categories` }]);
  return { ...menu, categories };
}

/** The menu without this category, which must be empty. */
export function withoutCategory(menu: MenuRows, categoryId: MenuCategoryId): MenuRows {
  if (menu.items.some((item) => item.categoryId === categoryId))
    throw invalid([{ path: 'category_id', message: 'the category has items: move or delete them first' }]);
  return { ...menu, categories: menu.categories.filter((one) => one.categoryId !== categoryId) };
}

/** The menu with this item as it should be: in its old place, at the end of its category, or at the `place` within it. */
export function withItem(menu: MenuRows, item: ItemRow, place?: number): MenuRows {
  const { categoryId, menuItemId } = item;
  if (!menu.categories.some((one) => one.categoryId === categoryId))
    throw invalid([{ path: 'category_id', message: 'is no category of this menu' }]);
  const isBeside = (one: ItemRow) => one.categoryId === categoryId;
  const others = menu.items.filter((one) => !isBeside(one) && one.menuItemId !== menuItemId);
  const siblings = menu.items.filter(isBeside);
  const items = [...others, ...settled(siblings, { row: item, place, isIt: (one) => one.menuItemId === menuItemId })];
  if (items.length > menuLimits.items)
    throw invalid([{ path: '', message: `a menu has at most ${menuLimits.items} items` }]);
  return { ...menu, items };
}

export function withoutItem(menu: MenuRows, menuItemId: MenuItemId): MenuRows {
  return { ...menu, items: menu.items.filter((one) => one.menuItemId !== menuItemId) };
}

/** The item with only this part of it available or sold out: the whole, or one option. */
export function withAvailability(item: ItemRow, available: boolean, optionId?: string): ItemRow {
  if (optionId === undefined) return { ...item, available };
  const hasOption = item.optionGroups.some(({ options }) => options.some((one) => one.option_id === optionId));
  if (!hasOption) throw new Rejection('NOT_FOUND', 'the item has no such option');
  const optionGroups = item.optionGroups.map((group) => ({
    ...group,
    options: group.options.map((one) => (one.option_id === optionId ? { ...one, available } : one)),
  }));
  return { ...item, optionGroups };
}

/** The difference; undefined where there is none. */
export function menuWrite(before: MenuRows, wanted: MenuRows): MenuWrite | undefined {
  const after = placed(wanted);
  const categories = changed(before.categories, after.categories, (one) => one.categoryId);
  const items = changed(before.items, after.items, (one) => one.menuItemId);
  if (categories.isSame && items.isSame) return undefined;
  return {
    categories: categories.written,
    items: items.written,
    removedCategories: categories.removed,
    removedItems: items.removed,
  };
}

/** The menu with positions that say its order. */
export function placed({ categories, items }: MenuRows): MenuRows {
  const siblings = byCategory(items);
  return {
    categories: inOrder(categories, (one) => one.categoryId),
    items: categories.flatMap(({ categoryId }) => inOrder(siblings.get(categoryId) ?? [], (one) => one.menuItemId)),
  };
}

/** The items under each heading, in the order in which they come. */
export function byCategory<Item extends { readonly categoryId: MenuCategoryId }>(
  items: readonly Item[],
): ReadonlyMap<MenuCategoryId, readonly Item[]> {
  const siblings = new Map<MenuCategoryId, Item[]>();
  for (const item of items) {
    const known = siblings.get(item.categoryId);
    if (known) known.push(item);
    else siblings.set(item.categoryId, [item]);
  }
  return siblings;
}

/** Stands for a position that is still to be found. */
export const unplaced = -1;

/** Positions stay as they are where they say the order already, and are counted anew where they do not. */
function inOrder<Row extends { readonly position: number }>(
  rows: readonly Row[],
  idOf: (row: Row) => string,
): readonly Row[] {
  const result: Row[] = [];
  for (const row of rows) {
    const last = result.at(-1);
    const isLast = row.position === unplaced && row === rows.at(-1);
    const position = isLast ? (last?.position ?? -1) + 1 : row.position;
    const fits =
      position >= 0 && (!last || position > last.position || (position === last.position && idOf(row) > idOf(last)));
    if (!fits) return rows.map((one, index) => ({ ...one, position: index }));
    result.push(position === row.position ? row : { ...row, position });
  }
  return result;
}

function settled<Row>(
  rows: readonly Row[],
  { row, place, isIt }: { readonly row: Row; readonly place: number | undefined; isIt: (row: Row) => boolean },
): readonly Row[] {
  if (place === undefined && rows.some(isIt)) return rows.map((one) => (isIt(one) ? row : one));
  const others = rows.filter((one) => !isIt(one));
  return others.toSpliced(place ?? others.length, 0, row);
}

function changed<Row, Id>(before: readonly Row[], after: readonly Row[], idOf: (row: Row) => Id) {
  const known = new Map(before.map((row) => [idOf(row), row]));
  const kept = new Set(after.map(idOf));
  const written = after.filter((row) => {
    const old = known.get(idOf(row));
    return old === undefined || (old !== row && canonicalJson(old) !== canonicalJson(row));
  });
  const removed = before.map(idOf).filter((id) => !kept.has(id));
  return { written, removed, isSame: written.length === 0 && removed.length === 0 };
}
