import { canonicalJson } from './canonical-json.js';
import { asId, type MenuCategoryId, type MenuItemId } from './ids.js';
import { byCategory, type CategoryRow, type ItemRow, menuLimits, type MenuRows, unplaced } from './menu-edit.js';
import { type FileItem, sameName } from './menu-fields.js';
import type { FileEntry, FileError, MenuFile } from './menu-file.js';
import { changedItem, newItem } from './menu-item.js';
import { inFileOrder } from './menu-order.js';

/** How many of something a file makes, changes, and leaves as they are; removed are those that it does not have. */
export interface ImportCounts {
  readonly created: number;
  readonly updated: number;
  readonly removed: number;
  readonly unchanged: number;
}

/** What a file makes of a menu. With errors it makes nothing of it. */
export interface ImportedMenu extends MenuRows {
  readonly counts: ImportCounts & { readonly categories: ImportCounts };
  readonly errors: readonly FileError[];
}

export interface ImportOptions {
  /** What is not in the file goes. */
  readonly replace: boolean;
  /** A fresh UUIDv7. */
  readonly newId: () => string;
}

/**
 * The menu with what the file says. An item is known by its id, else by its heading and name; an id that the menu does not
 * have counts for nothing. What is in the file comes into the order of the file, and what is not keeps its place.
 */
export function importedMenu(before: MenuRows, file: MenuFile, options: ImportOptions): ImportedMenu {
  const categories = readCategories(before, file, options);
  const { items, errors } = readItems(before, file, { ...options, idOf: categories.idOf });
  const siblings = byCategory(items);
  const old = byCategory(before.items);
  const headingOf = new Map(items.map(({ menuItemId, categoryId }) => [menuItemId, categoryId]));
  const ordered = categories.all.flatMap(({ categoryId }) => {
    const others = (old.get(categoryId) ?? []).filter(
      ({ menuItemId }) => (headingOf.get(menuItemId) ?? categoryId) === categoryId,
    );
    const kept = options.replace ? others.filter(({ menuItemId }) => headingOf.has(menuItemId)) : others;
    return inFileOrder(kept, siblings.get(categoryId) ?? [], ({ menuItemId }) => menuItemId);
  });
  const tooMany: readonly FileError[] = [
    ...over(ordered.length, menuLimits.items, 'items'),
    ...over(categories.all.length, menuLimits.categories, 'categories'),
  ];
  const shown = { categories: categories.all, items: ordered };
  return {
    ...shown,
    counts: countsOf(before, shown, { items, ...categories }),
    errors: [...errors, ...categories.errors, ...tooMany],
  };
}

function over(count: number, most: number, what: string): readonly FileError[] {
  return count > most ? [{ line: null, path: '', message: `the menu would have more than ${most} ${what}` }] : [];
}

function readCategories(before: MenuRows, { categories, items }: MenuFile, { replace, newId }: ImportOptions) {
  const errors: FileError[] = [];
  const known = new Map(before.categories.map((row) => [sameName(row.name), row]));
  const inFile = new Map<string, CategoryRow>();
  for (const { value, lineOf } of categories) {
    const { name, translations } = value;
    const key = sameName(name);
    if (inFile.has(key))
      errors.push({ line: lineOf('name'), path: 'name', message: 'this heading stands in the file twice' });
    const row = known.get(key) ?? newCategory(name, newId);
    inFile.set(key, { ...row, translations: translations ?? row.translations });
  }
  for (const { value } of items) {
    const key = sameName(value.category);
    if (!inFile.has(key)) inFile.set(key, known.get(key) ?? newCategory(value.category, newId));
  }
  const rows = [...inFile.values()];
  const kept = replace ? before.categories.filter(({ name }) => inFile.has(sameName(name))) : before.categories;
  const all = inFileOrder(kept, rows, ({ categoryId }) => categoryId);
  const idOf = (name: string) => inFile.get(sameName(name))?.categoryId ?? asId<MenuCategoryId>(newId());
  return { all, rows, errors, idOf };
}

function newCategory(name: string, newId: () => string): CategoryRow {
  return { categoryId: asId<MenuCategoryId>(newId()), name, translations: {}, position: unplaced };
}

interface ItemReading extends ImportOptions {
  readonly idOf: (category: string) => MenuCategoryId;
}

function readItems(before: MenuRows, { items: entries }: MenuFile, { newId, idOf }: ItemReading) {
  const errors: FileError[] = [];
  const find = itemFinder(before, entries);
  const lines = new Map<string, number>();
  const items = entries.flatMap(({ value, lineOf }): readonly ItemRow[] => {
    const refuse = (path: string, message: string): readonly ItemRow[] => {
      errors.push({ line: lineOf(path), path, message });
      return [];
    };
    const { menu_item_id: _, category, ...change } = value;
    const found = find(value);
    if (found === 'several') return refuse('name', 'this heading has several items of this name: say which by its id');
    const key = found?.menuItemId ?? nameKey(value);
    const line = lines.get(key);
    if (line !== undefined) return refuse(found ? 'menu_item_id' : 'name', `the item of line ${line} once more`);
    lines.set(key, lineOf(''));
    if (!found && change.price === undefined) return refuse('price', 'is required');
    const categoryId = idOf(category);
    const old = found ?? newItem(asId<MenuItemId>(newId()), categoryId);
    return [{ ...changedItem(old, change, newId), categoryId }];
  });
  return { items, errors };
}

/** Finds the item that an entry means. */
function itemFinder({ categories, items }: MenuRows, entries: readonly FileEntry<FileItem>[]) {
  const ids = new Map(items.map((item) => [item.menuItemId, item]));
  const idIn = ({ menu_item_id: id }: FileItem) => (id === undefined ? undefined : ids.get(asId<MenuItemId>(id)));
  const taken = new Set(entries.flatMap(({ value }) => idIn(value)?.menuItemId ?? []));
  const headings = new Map(categories.map(({ categoryId, name }) => [categoryId, name]));
  const byName = new Map<string, ItemRow[]>();
  for (const item of items) {
    if (taken.has(item.menuItemId)) continue;
    const key = nameKey({ category: headings.get(item.categoryId) ?? '', name: item.name });
    byName.set(key, [...(byName.get(key) ?? []), item]);
  }
  return (entry: FileItem): ItemRow | 'several' | undefined => {
    const known = idIn(entry);
    if (known) return known;
    const [first, second] = byName.get(nameKey(entry)) ?? [];
    return second ? 'several' : first;
  };
}

function nameKey({ category, name }: { readonly category: string; readonly name: string }): string {
  return `${sameName(category)}\n${sameName(name)}`;
}

interface InFile {
  readonly rows: readonly CategoryRow[];
  readonly items: readonly ItemRow[];
}

function countsOf(before: MenuRows, after: MenuRows, { rows, items }: InFile): ImportedMenu['counts'] {
  const [oldSiblings, siblings] = [byCategory(before.items), byCategory(after.items)];
  const moved = after.categories.flatMap(({ categoryId }) =>
    movedIn(oldSiblings.get(categoryId) ?? [], siblings.get(categoryId) ?? [], ({ menuItemId }) => menuItemId),
  );
  const idOfItem = ({ menuItemId }: ItemRow): string => menuItemId;
  const idOfCategory = ({ categoryId }: CategoryRow): string => categoryId;
  const movedCategories = movedIn(before.categories, after.categories, idOfCategory);
  return {
    ...countRows({ before: before.items, after: after.items, inFile: items, moved: new Set(moved) }, idOfItem),
    categories: countRows(
      { before: before.categories, after: after.categories, inFile: rows, moved: new Set(movedCategories) },
      idOfCategory,
    ),
  };
}

interface Rows<Row> {
  readonly before: readonly Row[];
  readonly after: readonly Row[];
  readonly inFile: readonly Row[];
  /** Ids of those that stand in another order among those that were there. */
  readonly moved: ReadonlySet<string>;
}

function countRows<Row extends { readonly position: number }>(
  { before, after, inFile, moved }: Rows<Row>,
  idOf: (row: Row) => string,
): ImportCounts {
  const old = new Map(before.map((row) => [idOf(row), row]));
  const now = new Set(after.map(idOf));
  const created = inFile.filter((row) => !old.has(idOf(row))).length;
  const isSame = (row: Row): boolean => {
    const known = old.get(idOf(row));
    return known !== undefined && !moved.has(idOf(row)) && contentOf(known) === contentOf(row);
  };
  const unchanged = inFile.filter(isSame).length;
  const removed = before.filter((row) => !now.has(idOf(row))).length;
  return { created, updated: inFile.length - created - unchanged, removed, unchanged };
}

function contentOf<Row extends { readonly position: number }>(row: Row): string {
  return canonicalJson({ ...row, position: 0 });
}

function movedIn<Row>(before: readonly Row[], after: readonly Row[], idOf: (row: Row) => string): readonly string[] {
  const [old, now] = [new Set(before.map(idOf)), new Set(after.map(idOf))];
  const was = before.map(idOf).filter((id) => now.has(id));
  return after
    .map(idOf)
    .filter((id) => old.has(id))
    .filter((id, index) => was[index] !== id);
}
