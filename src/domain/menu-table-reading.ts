import { type FileEntry, type FileError, lineFinder, type RawMenu } from './menu-file.js';
import { tableColumns, translatedColumns } from './menu-table.js';

/** A row of a table, by where it begins in the text. */
export interface TableLine {
  readonly line: number;
  readonly cells: readonly string[];
}

type Fields = Record<string, unknown>;

/** A row by the names of its columns; cells of blanks are not there. */
interface NamedRow {
  readonly line: number;
  readonly cells: ReadonlyMap<string, string>;
}

/** An item that is being read, with the lines of its parts. */
interface ItemDraft {
  readonly fields: Fields & { readonly option_groups?: Fields[] };
  readonly lines: Map<string, number>;
}

/** Reads a table that `menu-table` has written, or somebody in a spreadsheet. A column that is not there says nothing. */
export function readMenuTable([header, ...rows]: readonly TableLine[]): RawMenu {
  const errors: FileError[] = header ? headerErrors(header) : [{ line: 1, path: '', message: 'the file is empty' }];
  if (!header || errors.length > 0) return { categories: [], items: [], errors };
  const columns = header.cells.map((name) => name.trim());
  const reading: Reading = {
    columns,
    tags: [...new Set(columns.flatMap((column) => column.split(/:(.*)/)[1] ?? []))],
    headings: new Map(),
    items: [],
    refuse: (line, path, message) => void errors.push({ line, path, message }),
  };
  for (const { line, cells } of rows) {
    const filled = cells.map((cell) => unguarded(cell.trim())).flatMap((cell, n) => (cell ? [[n, cell] as const] : []));
    const beyond = filled.some(([n]) => n >= columns.length);
    if (beyond) errors.push({ line, path: '', message: 'has more cells than the first line has columns' });
    if (filled.length === 0 || beyond) continue;
    take(reading, { line, cells: new Map(filled.map(([n, cell]) => [columns[n] ?? '', cell])) });
  }
  const items = reading.items.map(({ fields, lines }) => ({ value: fields, lineOf: lineFinder(lines) }));
  return { categories: [...reading.headings.values()], items, errors };
}

/** What begins as a formula is written with an apostrophe before it, which is none of its letters. */
function unguarded(cell: string): string {
  return /^'+[=+\-@\t\r]/.test(cell) ? cell.slice(1) : cell;
}

function headerErrors({ line, cells }: TableLine): FileError[] {
  const names = cells.map((name) => name.trim());
  const isKnown = (name: string): boolean => {
    const [column = '', tag] = name.split(/:(.*)/);
    if (tag === undefined) return (tableColumns as readonly string[]).includes(name);
    return (translatedColumns as readonly string[]).includes(column) && tag !== '';
  };
  const unknown = names.filter((name) => !isKnown(name));
  const twice = names.filter((name, index) => names.indexOf(name) !== index);
  const missing = ['category', 'name'].filter((name) => !names.includes(name));
  return [
    ...unknown.map((path) => ({ line, path, message: 'is not a column of a menu' })),
    ...twice.map((path) => ({ line, path, message: 'two columns have this name' })),
    ...missing.map((path) => ({ line, path, message: 'this column is missing' })),
  ];
}

/** A table that is being read. */
interface Reading {
  readonly columns: readonly string[];
  /** Languages that have columns. */
  readonly tags: readonly string[];
  readonly headings: Map<string, FileEntry<unknown> & { readonly value: Fields }>;
  readonly items: ItemDraft[];
  readonly refuse: (line: number, path: string, message: string) => void;
}

function take(reading: Reading, row: NamedRow): void {
  const [group, category] = [row.cells.get('group'), row.cells.get('category')];
  if (group !== undefined) {
    takeOption(reading, group, row);
    return;
  }
  if (category !== undefined) takeHeading(reading, category, row);
  const isHeading = [...row.cells.keys()].every((column) => column.split(':')[0] === 'category');
  if (!isHeading) takeItem(reading, row);
}

function takeHeading(reading: Reading, name: string, row: NamedRow): void {
  const { tags, headings, refuse } = reading;
  const translations = nameTranslations(reading, 'category', row);
  const known = headings.get(name);
  if (!known) {
    const value = { name, ...(tags.length > 0 && { translations }) };
    headings.set(name, { value, lineOf: () => row.line, pathOf: (path) => path.replace(/^name$/, 'category') });
  } else if (isOther(translations, known.value.translations))
    refuse(row.line, 'category', `its translations are not those of line ${known.lineOf('')}`);
}

function takeItem({ columns, tags, items, refuse }: Reading, { line, cells }: NamedRow): void {
  for (const column of ['min', 'max'])
    if (cells.has(column)) refuse(line, column, 'belongs to a group of options, but this row names none');
  const translations = Object.fromEntries(
    tags.flatMap((tag) => {
      const [name, description] = [cells.get(`name:${tag}`), cells.get(`description:${tag}`)];
      if (name === undefined && description === undefined) return [];
      return [[tag, { ...(name !== undefined && { name }), ...(description !== undefined && { description }) }]];
    }),
  );
  const fields: ItemDraft['fields'] = {
    ...{ menu_item_id: cells.get('id'), category: cells.get('category'), name: cells.get('name') },
    ...(columns.includes('description') && { description: cells.get('description') ?? null }),
    ...(columns.includes('picture_url') && { picture_url: cells.get('picture_url') ?? null }),
    ...(columns.includes('allergens') && { allergens: cells.get('allergens')?.split(/[\s,;]+/) ?? [] }),
    ...{ price: numberIn(cells.get('price')), tax_bps: numberIn(cells.get('tax_bps')) },
    available: truthIn(cells.get('available')),
    ...(tags.length > 0 && { translations }),
    ...(columns.includes('group') && { option_groups: [] }),
  };
  items.push({ fields, lines: new Map([['', line]]) });
}

function takeOption(reading: Reading, group: string, row: NamedRow): void {
  const { tags, items, refuse } = reading;
  const { line, cells } = row;
  const item = items.at(-1);
  const groups = item?.fields.option_groups;
  if (!item || !groups) {
    refuse(line, 'group', 'an option stands below its item');
    return;
  }
  for (const column of ['description', 'tax_bps', 'allergens', 'picture_url'])
    if (cells.has(column)) refuse(line, column, 'belongs to an item, not to an option');
  const category = cells.get('category');
  if (category !== undefined && category !== item.fields.category)
    refuse(line, 'category', 'an option is under the heading of its item');
  const place = groupPlace(reading, { item, groups, name: group }, row);
  const options = groups[place]?.options as Fields[];
  item.lines.set(`option_groups.${place}.options.${options.length}`, line);
  options.push({
    ...{ option_id: cells.get('id'), name: cells.get('name'), price: numberIn(cells.get('price')) },
    available: truthIn(cells.get('available')),
    ...(tags.length > 0 && { translations: nameTranslations(reading, 'name', row) }),
  });
}

interface WantedGroup {
  readonly item: ItemDraft;
  readonly groups: Fields[];
  readonly name: string;
}

/** The place of an option's group, which the first row that names it makes; others may repeat what that one says. */
function groupPlace(reading: Reading, { item, groups, name }: WantedGroup, row: NamedRow): number {
  const { line, cells } = row;
  const translations = nameTranslations(reading, 'group', row);
  const bounds = { min: numberIn(cells.get('min')), max: numberIn(cells.get('max')) };
  const place = groups.findIndex((one) => one.name === name);
  const known = groups[place];
  if (!known) {
    groups.push({ name, ...bounds, options: [], ...(reading.tags.length > 0 && { translations }) });
    item.lines.set(`option_groups.${groups.length - 1}`, line);
    return groups.length - 1;
  }
  const others = Object.entries(bounds).filter(([bound, value]) => value !== undefined && value !== known[bound]);
  for (const [bound] of others) reading.refuse(line, bound, "is not what the group's first row says");
  if (isOther(translations, known.translations))
    reading.refuse(line, 'group', "its translations are not those of the group's first row");
  return place;
}

function nameTranslations({ tags }: Reading, column: string, { cells }: NamedRow): Fields {
  return Object.fromEntries(
    tags.flatMap((tag) => {
      const name = cells.get(`${column}:${tag}`);
      return name === undefined ? [] : [[tag, { name }]];
    }),
  );
}

/** What is no number is left for the rules of the field to refuse. */
function numberIn(cell: string | undefined): number | string | undefined {
  return cell !== undefined && /^\d{1,15}$/.test(cell) ? Number(cell) : cell;
}

/** Spreadsheets write TRUE and FALSE. */
function truthIn(cell: string | undefined): boolean | string | undefined {
  const words: Readonly<Record<string, boolean>> = {
    true: true,
    yes: true,
    '1': true,
    false: false,
    no: false,
    '0': false,
  };
  return cell === undefined ? undefined : (words[cell.toLowerCase()] ?? cell);
}

/** Says something, and not what was said before. */
function isOther(translations: Fields, known: unknown): boolean {
  return Object.keys(translations).length > 0 && JSON.stringify(translations) !== JSON.stringify(known);
}
