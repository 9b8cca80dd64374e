/** Menus to files and back. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { MenuCategoryId, MenuItemId, OptionId } from '../../../src/domain/ids.js';
import { allergens } from '../../../src/domain/menu.js';
import { type ItemRow, type MenuRows, menuWrite, placed } from '../../../src/domain/menu-edit.js';
import { sameName } from '../../../src/domain/menu-fields.js';
import { checkedMenu, type RawMenu } from '../../../src/domain/menu-file.js';
import { importedMenu } from '../../../src/domain/menu-import.js';
import { menuTableColumns, menuTableRows, type WrittenMenu } from '../../../src/domain/menu-table.js';
import { toCsv } from '../../../src/rest/csv.js';
import { readMenuCsv } from '../../../src/services/read-menu-csv.js';
import { readMenuJson } from '../../../src/services/read-menu-json.js';

const letters = fc.constantFrom(
  ...['"', "'", ',', ';', '=', '+', '-', '@', '|', '\\', ' ', '\u00a0', '{', '1', 'é', 'e\u0301', '🍜', 'a:b', 'null'],
  ...['Phở', 'ữ', 'ợ', 'Ễ', 'x', 'TRUE', '飯', "'=", '#', ':en'],
);
const breaks = fc.constantFrom('\n', '\r\n', '\r', '\t', '\n\n');
const joined = (parts: fc.Arbitrary<string>) =>
  fc
    .array(parts, { minLength: 1, maxLength: 8 })
    .map((some) => some.join('').trim())
    .filter((text) => text !== '');
const line = joined(letters);
const paragraph = joined(fc.oneof(letters, breaks));
const price = fc.oneof(fc.integer({ min: 0, max: 200_000 }), fc.constantFrom(0, 10 ** 12));
const languages = fc.constantFrom('en', 'zh-Hant', 'vi', 'en-GB', 'fr');
const names = fc.dictionary(
  languages,
  line.map((name) => ({ name })),
  { maxKeys: 3 },
);
const wordsOf = fc.dictionary(
  languages,
  fc.record({ name: line, description: fc.option(paragraph, { nil: undefined }) }).map(({ name, description }) => ({
    ...{ name, ...(description !== undefined && { description }) },
  })),
  { maxKeys: 3 },
);
const byName = { selector: ({ name }: { name: string }) => sameName(name) };
/** No words at all are left out, as the rules keep them. */
const translated = (translations: Record<string, { name: string }>) =>
  Object.keys(translations).length > 0 ? { translations } : {};

const group = fc
  .record({
    name: line,
    options: fc.uniqueArray(fc.record({ name: line, price, available: fc.boolean(), names }), {
      ...{ minLength: 1, maxLength: 4, ...byName },
    }),
    max: fc.integer({ min: 1, max: 100 }),
    names,
  })
  .map(({ name, options, max, names: words }) => ({
    ...{ name, min: Math.min(max, options.length) - 1, max, ...translated(words) },
    options: options.map(({ names: own, ...option }) => ({
      ...{ ...option, option_id: '' as OptionId, ...translated(own) },
    })),
  }));

const item = fc.record({
  name: line,
  description: fc.option(paragraph),
  price,
  taxBps: fc.integer({ min: 0, max: 10_000 }),
  available: fc.boolean(),
  optionGroups: fc.uniqueArray(group, { maxLength: 3, ...byName }),
  translations: wordsOf,
  pictureUrl: fc.option(fc.webUrl({ validSchemes: ['https'] }).filter((url) => url.length < 2_000)),
  allergens: fc.subarray([...allergens]),
});

const menu: fc.Arbitrary<MenuRows> = fc
  .uniqueArray(fc.record({ name: line, names, items: fc.array(item, { maxLength: 4 }) }), {
    ...{ maxLength: 5, ...byName },
  })
  .map((categories) => {
    const newId = counter('01900000');
    const rows = categories.map(({ name, names: translations }, position) => ({
      ...{ categoryId: newId<MenuCategoryId>(), name, translations, position },
    }));
    const items = categories.flatMap(({ items: some }, index): readonly ItemRow[] =>
      some.map((one, position) => ({
        ...{ ...one, menuItemId: newId<MenuItemId>(), categoryId: rows[index]?.categoryId as MenuCategoryId },
        position: position * 2,
        optionGroups: one.optionGroups.map(({ options, ...rest }) => ({
          ...{ ...rest, options: options.map((option) => ({ ...option, option_id: newId<OptionId>() })) },
        })),
      })),
    );
    return placed({ categories: rows, items });
  });

function counter(first: string): <Id extends string>() => Id {
  let minted = 0;
  return <Id extends string>() => {
    minted += 1;
    return `${first}-0000-7000-8000-${String(minted).padStart(12, '0')}` as Id;
  };
}

/** As the document of the export selects it. */
function written({ categories, items }: MenuRows): WrittenMenu {
  return {
    categories: categories.map(({ name, translations }) => ({ name, translations })),
    items: items.map((one) => ({
      ...{ menu_item_id: one.menuItemId, name: one.name, description: one.description, price: one.price },
      category: categories.find(({ categoryId }) => categoryId === one.categoryId)?.name ?? '',
      ...{ tax_bps: one.taxBps, available: one.available, allergens: one.allergens, picture_url: one.pictureUrl },
      translations: one.translations,
      option_groups: one.optionGroups.map(({ name, min, max, options, translations = {} }) => ({
        ...{ name, min, max, translations },
        options: options.map(({ translations: own = {}, ...option }) => ({ ...option, translations: own })),
      })),
    })),
  };
}

const csvOf = (file: WrittenMenu) => `\ufeff${toCsv(menuTableColumns(file), menuTableRows(file))}`;
/** As a spreadsheet of another language would save it once it has opened it. */
const partedBy = (sign: string, file: WrittenMenu) => {
  const guarded = (text: string) => (/^'*[=+\-@\t\r]/.test(text) ? `'${text}` : text);
  const cellOf = (cell: string | number | boolean | null) => `"${guarded(String(cell ?? '')).replaceAll('"', '""')}"`;
  return [menuTableColumns(file), ...menuTableRows(file)].map((row) => `${row.map(cellOf).join(sign)}\n`).join('');
};

const newId = counter('01990000');
const imported = (before: MenuRows, raw: RawMenu, replace = false) => {
  const { file, errors } = checkedMenu(raw);
  const result = importedMenu(before, file, { replace, newId });
  return { ...result, errors: [...errors, ...result.errors], write: menuWrite(before, result) };
};
const empty: MenuRows = { categories: [], items: [] };

describe('a menu that is exported and imported again', () => {
  const forms: readonly [string, (rows: MenuRows) => RawMenu][] = [
    ['CSV', (rows) => readMenuCsv(csvOf(written(rows)))],
    ['CSV with semicolons', (rows) => readMenuCsv(partedBy(';', written(rows)))],
    ['CSV with tabs', (rows) => readMenuCsv(partedBy('\t', written(rows)))],
    ['JSON', (rows) => readMenuJson(JSON.stringify(written(rows)))],
    ['JSON on many lines', (rows) => readMenuJson(JSON.stringify(written(rows), null, 2))],
  ];

  test.each(forms)('is unchanged as %s, whatever its words are', (_, read) => {
    fc.assert(
      fc.property(menu, fc.boolean(), (rows, replace) => {
        const { errors, counts, write } = imported(rows, read(rows), replace);
        expect(errors).toEqual([]);
        expect(write).toBeUndefined();
        expect(counts).toEqual({
          ...{ created: 0, updated: 0, removed: 0, unchanged: rows.items.length },
          categories: { created: 0, updated: 0, removed: 0, unchanged: rows.categories.length },
        });
      }),
      { numRuns: 60 },
    );
  });

  test.each(forms)('is the same menu at another location as %s, with ids of its own', (_, read) => {
    fc.assert(
      fc.property(menu, (rows) => {
        // Without their ids, items of one name under one heading cannot be told apart.
        const key = (one: ItemRow) => `${one.categoryId} ${sameName(one.name)}`;
        fc.pre(new Set(rows.items.map(key)).size === rows.items.length);
        const copy = imported(empty, read(rows));
        expect(copy.errors).toEqual([]);
        expect(copy.counts).toMatchObject({ created: rows.items.length, updated: 0, unchanged: 0 });
        const bare = (file: WrittenMenu) => ({
          ...file,
          items: file.items.map((one) => ({ ...one, menu_item_id: '' })),
        });
        expect(bare(written(placed(copy)))).toEqual(bare(written(rows)));
      }),
      { numRuns: 30 },
    );
  });

  test('has no cell that a spreadsheet would run', () => {
    fc.assert(
      fc.property(menu, (rows) => {
        const { items } = readMenuCsvCells(csvOf(written(rows)));
        for (const cell of items) expect(cell).not.toMatch(/^[=+\-@\t\r]/);
      }),
      { numRuns: 30 },
    );
  });
});

/** All cells as a spreadsheet takes them. */
function readMenuCsvCells(text: string): { readonly items: readonly string[] } {
  const cells = [...text.slice(1).matchAll(/(?:^|,|\r\n)(?:"((?:[^"]|"")*)"|([^",\r\n]*))/g)];
  return { items: cells.map(([, quoted, plain]) => (quoted ?? plain ?? '').replaceAll('""', '"')) };
}

describe('what is not in the file', () => {
  const row = (name: string, position: number, extra: Partial<ItemRow> = {}): ItemRow => ({
    ...{
      menuItemId: `id-${name}` as MenuItemId,
      categoryId: 'c1' as MenuCategoryId,
      name,
      position,
      description: null,
    },
    ...{ price: 1, taxBps: 0, available: true, optionGroups: [], translations: {}, pictureUrl: null, allergens: [] },
    ...extra,
  });
  const before: MenuRows = {
    categories: [
      { categoryId: 'c1' as MenuCategoryId, name: 'Phở', translations: {}, position: 0 },
      { categoryId: 'c2' as MenuCategoryId, name: 'Bún', translations: {}, position: 1 },
    ],
    items: ['A', 'B', 'C', 'D'].map((name, n) => row(name, n)),
  };
  const order = ({ items }: MenuRows, id = 'c1') =>
    items.filter(({ categoryId }) => categoryId === id).map(({ name }) => name);

  test('stays in its place, while what is in it comes into the order of the file', () => {
    const result = imported(before, readMenuCsv('category,name,price\nPhở,C,1\nPhở,X,2\nPhở,A,1\nPhở,Y,3\n'));
    expect(result.errors).toEqual([]);
    expect(order(result)).toEqual(['C', 'B', 'X', 'A', 'Y', 'D']);
    expect(result.counts).toMatchObject({ created: 2, updated: 2, removed: 0, unchanged: 0 });
  });

  test('goes with `replace`, headings as well', () => {
    const result = imported(before, readMenuCsv('category,name\nPhở,B\nMới,Z\n'), true);
    expect(result.errors).toMatchObject([{ line: 3, path: 'price', message: 'is required' }]);
    const { counts } = imported(before, readMenuCsv('category,name,price\nPhở,B,1\nMới,Z,5\n'), true);
    expect(counts).toEqual({
      ...{ created: 1, updated: 0, removed: 3, unchanged: 1 },
      categories: { created: 1, updated: 0, removed: 1, unchanged: 1 },
    });
  });

  test('keeps its words and options where the table has no columns for them', () => {
    const options = [
      { option_id: 'o1' as OptionId, name: 'Lớn', price: 5, available: false, translations: { en: { name: 'Large' } } },
    ];
    const rich = row('A', 0, {
      ...{
        description: 'Ngon',
        pictureUrl: 'https://a.example/b',
        allergens: ['fish'],
        translations: { en: { name: 'a' } },
      },
      optionGroups: [{ name: 'Cỡ', min: 0, max: 1, options }],
    });
    const menuWith = { ...before, items: [rich] };
    const plain = imported(menuWith, readMenuCsv('category,name,price\nPhở,A,2\n'));
    expect(plain.items).toMatchObject([{ ...rich, price: 2 }]);
    // Of options, too: without an id the name tells which one it is.
    const more = imported(menuWith, readMenuCsv('category,name,price,group,min,max\nPhở,A,2,,,\n,Lớn,6,Cỡ,0,1\n'));
    expect(more.items[0]?.optionGroups).toEqual([
      { name: 'Cỡ', min: 0, max: 1, options: [{ ...options[0], price: 6 }] },
    ]);
    const none = imported(menuWith, readMenuCsv('category,name,price,group,description\nPhở,A,2,,\n'));
    expect(none.items[0]).toMatchObject({ optionGroups: [], description: null, pictureUrl: 'https://a.example/b' });
  });

  test('an item goes under another heading with its id', () => {
    const result = imported(
      before,
      readMenuJson('{"items": [{"menu_item_id": "id-B", "category": "Bún", "name": "B"}]}'),
    );
    expect(result.errors).toMatchObject([{ path: 'menu_item_id', message: 'must be a UUID' }]);
    const id = '01900000-0000-7000-8000-0000000000ab' as MenuItemId;
    const menuWith = { ...before, items: [...before.items, row('M', 9, { menuItemId: id })] };
    const file = `{"items": [{"menu_item_id": "${id.toUpperCase()}", "category": "Bún", "name": "Moved"}]}`;
    const moved = imported(menuWith, readMenuJson(file));
    expect([order(moved), order(moved, 'c2')]).toEqual([['A', 'B', 'C', 'D'], ['Moved']]);
    expect(moved.counts).toMatchObject({ created: 0, updated: 1 });
  });
});

describe('what is wrong with a file is told with its line', () => {
  const told = (raw: RawMenu) => imported(empty, raw).errors.map(({ line: at, path }) => `${at} ${path}`);

  test('in CSV, also behind cells of many lines', () => {
    const file = [
      'category,name,description,price,available,group,min,max',
      'Phở,A,"one\r\ntwo, three\nfour",1,,,,',
      'Phở,B,,x,,,,',
      '',
      'Phở,C,,-1,maybe,,,',
      ',Lớn,,5,,Cỡ,0,1',
      ',Nhỏ,,5,,Cỡ,3,',
      ',Vừa,words,,,Cỡ,,',
      'Phở,D,,1,,,2,',
      ',,,1,,,,',
      'Phở,"E ""quoted""",,1,,,,',
      'Phở,A,,1,,,,',
    ].join('\r\n');
    expect([...told(readMenuCsv(file))].sort()).toEqual([
      ...['10 description', '10 option_groups.0.options.2.price', '11 min', '12 category', '12 name', '14 name'],
      ...['5 price', '7 available', '7 price', '9 min'],
    ]);
  });

  test('in CSV, one that would take too long is not read to its end', () => {
    expect(told(readMenuCsv(`category,name\n${'a,b\n'.repeat(40_000)}`))).toEqual(['null ']);
  });

  test.each([
    ['category,name,price\nPhở,"A,1\n', ['2 ']],
    ['category,name,price\nPhở,A"b",1\n', ['2 ']],
    ['category,name,prize\nPhở,A,1\n', ['1 prize']],
    ['category,name,name,price\n', ['1 name']],
    ['name,price\nA,1\n', ['1 category']],
    ['category,name,price,price:en\n', ['1 price:en']],
    ['category,name,price,name:no language\nPhở,A,1,B\n', ['2 translations.no language']],
    ['category,name,price,description:en\nPhở,A,1,B\n', ['2 translations.en.name']],
    ['category,name,price\nPhở,A,1,2\n', ['2 ']],
    ['category,name,price,group\n,Lớn,1,Cỡ\n', ['2 group']],
    ['category,name,price,group,min,max\nPhở,A,1,,,\nBún,Lớn,1,Cỡ,0,1\n', ['3 category']],
    ['category,category:en,name,price\nPhở,Soup,A,1\nPhở,Soups,B,1\n', ['3 category']],
    ['category,name,price,allergens\nPhở,A,1,fish love\n', ['2 allergens.1']],
    ['', ['1 ']],
  ])('in CSV: %j', (file, errors) => {
    expect(told(readMenuCsv(file))).toEqual(errors);
  });

  test.each([
    [
      '{"items": [\n{"category": "a",\n"name": "b"},\n\n{"category": "a", "name": "c",\n "price": -1}]}',
      ['6 price', '2 price'],
    ],
    [
      '{"items": [{"category": "a", "name": "b", "price": 1,\n"option_groups": [{"name": "g", "min": 0, "max": 1, "options": [\n{"name": "x", "price": 1},\n{"name": "y",\n"price": "1"}]}]}]}',
      ['5 option_groups.0.options.1.price'],
    ],
    ['{"items": [\n{"category": "a", "name": "b", "price": 1, "note": "{\\n[\\"}",\n"x": 1}]}', ['2 note', '3 x']],
    ['{"items": [],\n"more": 1}', ['2 more']],
    ['{"items": {}}', ['1 items']],
    ['{"categories": [{"name": "a"},\n{"name": "a"}], "items": []}', ['2 name']],
    [
      '{"items": [{"category": "a", "name": "b", "price": 1},\n{"category": "a", "name": "b", "price": 2}]}',
      ['2 name'],
    ],
    ['{"items": [1,\nnull]}', ['1 ', '2 ']],
    ['[]', ['1 ']],
    ['{\n"items": [\n}', ['3 ']],
    ['', ['1 ']],
    [`{"items": ${'['.repeat(2_000)}${']'.repeat(2_000)}}`, ['1 ']],
  ])('in JSON: %j', (file, errors) => {
    expect(told(readMenuJson(file))).toEqual(errors);
  });
});
