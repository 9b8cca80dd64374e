import type { ItemTranslations, NameTranslations } from './menu.js';

/** A menu as its file has it, in the words of REST. */
export interface WrittenMenu {
  readonly categories: readonly { readonly name: string; readonly translations: NameTranslations }[];
  readonly items: readonly WrittenItem[];
}

export interface WrittenItem {
  readonly menu_item_id: string;
  readonly category: string;
  readonly name: string;
  readonly description: string | null;
  readonly price: number;
  readonly tax_bps: number;
  readonly available: boolean;
  readonly allergens: readonly string[];
  readonly picture_url: string | null;
  readonly option_groups: readonly WrittenGroup[];
  readonly translations: ItemTranslations;
}

interface WrittenGroup {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly options: readonly {
    readonly option_id: string;
    readonly name: string;
    readonly price: number;
    readonly available: boolean;
    readonly translations: NameTranslations;
  }[];
  readonly translations: NameTranslations;
}

type Cell = string | number | boolean | null;
type Row = Readonly<Record<string, Cell>>;

/**
 * A menu as a table: a row for each item, and below it one for each of its options, told by `group`. A heading without items
 * has a row with nothing else. These columns come first, then `name:en` and the like for every language.
 */
export const tableColumns = [
  ...(['id', 'category', 'name', 'description', 'price', 'tax_bps', 'available', 'allergens', 'picture_url'] as const),
  ...(['group', 'min', 'max'] as const),
] as const;

/** Columns that each language has one of. */
export const translatedColumns = ['category', 'name', 'description', 'group'] as const;

export function menuTableColumns(menu: WrittenMenu): readonly string[] {
  const languages = languagesIn(menu).flatMap((tag) => translatedColumns.map((column) => `${column}:${tag}`));
  return [...tableColumns, ...languages];
}

export function menuTableRows(menu: WrittenMenu): readonly (readonly Cell[])[] {
  const columns = menuTableColumns(menu);
  const rows = menu.categories.flatMap((category): readonly Row[] => {
    const heading = { category: category.name, ...words('category', category.translations, ({ name }) => name) };
    const items = menu.items.filter((item) => item.category === category.name);
    if (items.length === 0) return [heading];
    return items.flatMap((item, index) => itemRows(item, index === 0 ? heading : { category: category.name }));
  });
  return rows.map((row) => columns.map((column) => row[column] ?? null));
}

function itemRows(item: WrittenItem, heading: Row): readonly Row[] {
  const { name, description, price, tax_bps, available, picture_url } = item;
  const first: Row = {
    ...{ id: item.menu_item_id, ...heading, name, description, price, tax_bps, available, picture_url },
    allergens: item.allergens.join(' '),
    ...words('name', item.translations, (one) => one.name),
    ...words('description', item.translations, (one) => one.description ?? null),
  };
  return [first, ...item.option_groups.flatMap(groupRows)];
}

function groupRows({ name: group, min, max, options, translations }: WrittenGroup): readonly Row[] {
  return options.map(({ option_id: id, name, price, available, translations: named }, index) => ({
    ...{ id, name, price, available, group },
    ...(index === 0 && { min, max, ...words('group', translations, (one) => one.name) }),
    ...words('name', named, (one) => one.name),
  }));
}

function words<T>(column: string, translations: Readonly<Record<string, T>>, cellOf: (words: T) => Cell): Row {
  return Object.fromEntries(Object.entries(translations).map(([tag, one]) => [`${column}:${tag}`, cellOf(one)]));
}

function languagesIn({ categories, items }: WrittenMenu): readonly string[] {
  const groups = items.flatMap(({ option_groups: all }) => all);
  const parts = [...categories, ...items, ...groups, ...groups.flatMap(({ options }) => options)];
  return [...new Set(parts.flatMap(({ translations }) => Object.keys(translations)))].sort();
}
