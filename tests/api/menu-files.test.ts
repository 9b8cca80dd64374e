/** The guests' menu in several languages, and whole menus as files. */
import { readFile } from 'node:fs/promises';
import { beforeEach, describe, expect, test } from 'vitest';
import { demo, type Json, newKey, newLocation, sitDown, useApi } from '../support/api.js';
import { type Face, faces } from '../support/faces.js';
import { callMenu, type MenuCall } from '../support/menu-faces.js';

const api = useApi();
let place: Awaited<ReturnType<typeof newLocation>>;
beforeEach(async () => {
  place = await newLocation(api);
});

const call = (face: Face, operation: MenuCall['operation'], wanted: Omit<MenuCall, 'operation'>) =>
  callMenu(api, face, { ...wanted, operation });
const here = () => ({ location_id: place.locationId });
const menu = async (language?: string) => {
  const query = language === undefined ? '' : `?language=${language}`;
  return api.rest(`GET /locations/${place.locationId}/menu${query}`, { as: place.token });
};
const whole = async (): Promise<string> => {
  const [row] = await api.sql`SELECT
    (SELECT md5(string_agg(i::text, '|' ORDER BY i.id)) FROM menu_items i) AS items,
    (SELECT md5(string_agg(c::text, '|' ORDER BY c.id)) FROM menu_categories c) AS categories,
    (SELECT md5(string_agg(concat(l.id, l.menu_version), '|' ORDER BY l.id)) FROM locations l) AS versions`;
  return JSON.stringify(row);
};
const csvOf = (locationId = place.locationId) =>
  api.rest(`GET /admin/locations/${locationId}/menu-export`, { as: demo.manager, headers: { Accept: 'text/csv' } });
/** A menu with everything in it. */
const rich = {
  categories: [
    { name: 'Món', translations: { en: { name: 'Mains' } } },
    { name: 'Đồ uống, "lạnh"' },
    { name: 'Trống' },
  ],
  items: [
    {
      ...{ category: 'Món', name: 'Phở; bò', description: '=1+1\nngon, "lắm"', price: 75_000, tax_bps: 800 },
      ...{ available: false, allergens: ['fish', 'gluten'], picture_url: 'https://pictures.example/a.jpg' },
      translations: { en: { name: 'Beef phở', description: '+tasty' }, 'zh-Hant': { name: '牛肉河粉' } },
      option_groups: [
        {
          ...{ name: 'Cỡ', min: 1, max: 1, translations: { en: { name: 'Size' } } },
          options: [
            { name: 'Nhỏ', price: 0, translations: { en: { name: 'Small' } } },
            { name: '-Lớn', price: 15_000, available: false },
          ],
        },
      ],
    },
    { category: 'Đồ uống, "lạnh"', name: 'Trà', price: 5_000 },
  ],
};
const load = async () => {
  const body = { format: 'json', content: JSON.stringify(rich), replace: true };
  const { data } = await call('REST', 'import', { at: here(), body });
  expect(data).toMatchObject({ created: 2, removed: 1, errors: [] });
};

describe("the guests' menu", () => {
  test('has all that there is to know of an item, and its headings', async () => {
    await load();
    const { body, headers } = await menu();
    expect(headers.get('etag')).toBe('"m2.open"');
    expect(body).toMatchObject({ version: 2, languages: ['en', 'zh-Hant'] });
    expect(body.categories.map(({ name }: Json) => name)).toEqual(['Món', 'Đồ uống, "lạnh"', 'Trống']);
    expect(body.items[0]).toMatchObject({
      ...{ name: 'Phở; bò', category: 'Món', category_id: body.categories[0].category_id, available: false },
      ...{ allergens: ['gluten', 'fish'], picture_url: 'https://pictures.example/a.jpg' },
      translations: { en: { name: 'Beef phở', description: '+tasty' }, 'zh-Hant': { name: '牛肉河粉' } },
    });
  });

  test.each([
    ['en', 'Beef phở', '+tasty', 'Mains', 'Size', 'Small'],
    ['en-GB', 'Beef phở', '+tasty', 'Mains', 'Size', 'Small'],
    ['zh-hant-TW', '牛肉河粉', '=1+1\nngon, "lắm"', 'Món', 'Cỡ', 'Nhỏ'],
    ['zh', 'Phở; bò', '=1+1\nngon, "lắm"', 'Món', 'Cỡ', 'Nhỏ'],
    ['vi', 'Phở; bò', '=1+1\nngon, "lắm"', 'Món', 'Cỡ', 'Nhỏ'],
  ])('in %s has the words that there are', async (language, name, description, category, group, option) => {
    await load();
    const { body } = await menu(language);
    const [item] = body.items;
    expect(item).toMatchObject({ name, description, category });
    expect(item.option_groups[0]).toMatchObject({ name: group, options: [{ name: option }, { name: '-Lớn' }] });
    expect(body.categories[0].name).toBe(category);
    const document = `query ($at: UUID!, $language: String) { menu(locationId: $at, language: $language) {
      etag items { name description category } } }`;
    const { body: same } = await api.graphql(document, { at: place.locationId, language }, { as: place.token });
    expect(same.data.menu.items[0]).toEqual({ name, description, category });
  });

  test('has another tag in another language, and the same as long as nothing changes', async () => {
    await load();
    const tags = await Promise.all(
      [undefined, 'en', 'EN', 'en-GB'].map(async (one) => (await menu(one)).headers.get('etag')),
    );
    expect(tags).toEqual(['"m2.open"', '"m2.open.en"', '"m2.open.en"', '"m2.open.en-GB"']);
    const path = `GET /locations/${place.locationId}/menu?language=en`;
    const again = (tag: string) => api.rest(path, { as: place.token, headers: { 'If-None-Match': tag } });
    expect((await again('"m2.open.en"')).status).toBe(304);
    expect((await again('"m2.open"')).status).toBe(200);
    await api.sql`UPDATE locations SET ordering = 'paused' WHERE id = ${place.locationId}`;
    expect((await menu('en')).headers.get('etag')).toMatch(/^"m2\.(open|paused)\.en"$/);
  });

  test('refuses what is no language, in both faces', async () => {
    expect((await menu('not+a+language')).body).toMatchObject({
      code: 'VALIDATION_FAILED',
      errors: [{ path: 'language' }],
    });
    const document = `{ menu(locationId: "${place.locationId}", language: "1") { version } }`;
    const { body } = await api.graphql(document, {}, { as: place.token });
    expect(body.errors[0].extensions).toMatchObject({ code: 'VALIDATION_FAILED', errors: [{ path: 'language' }] });
  });
});

describe.each(faces)('a file over %s', (face) => {
  const run = async (body: object, as: string = demo.manager) => call(face, 'import', { at: here(), body, as });

  test('is exported and imported again without a change, as JSON and as CSV', async () => {
    await load();
    const before = await whole();
    const unchanged = {
      ...{ created: 0, updated: 0, removed: 0, unchanged: 2, errors: [] },
      categories: { created: 0, updated: 0, removed: 0, unchanged: 3 },
    };
    const { data } = await call(face, 'export', { at: here() });
    const { text, headers } = await csvOf();
    expect(headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present');
    for (const replace of [false, true]) {
      expect((await run({ format: 'json', content: JSON.stringify(data), replace })).data).toEqual(unchanged);
      expect((await run({ format: 'csv', content: text, replace })).data).toEqual(unchanged);
    }
    expect(await whole()).toBe(before);
    expect((await menu()).headers.get('etag')).toBe('"m2.open"');
  });

  test('goes into another location as it is', async () => {
    await load();
    const other = await newLocation(api);
    const at = { location_id: other.locationId };
    const { text } = await csvOf();
    const { data } = await call(face, 'import', { at, body: { format: 'csv', content: text, replace: true } });
    expect(data).toMatchObject({ created: 2, updated: 0, removed: 1, unchanged: 0 });
    const withoutIds = async (where: object) => {
      const { data: file } = await call(face, 'export', { at: where as Record<string, string> });
      return { ...file, items: file.items.map((item: Json) => ({ ...item, menu_item_id: '' })) };
    };
    expect(await withoutIds(at)).toEqual(await withoutIds(here()));
  });

  test('that is only tried tells all and writes nothing', async () => {
    const before = await whole();
    const good = { format: 'csv', content: 'category,name,price\nMón,Cơm,51000\nMới,Bún,40000\n', dry_run: true };
    const { data } = await run(good);
    expect(data).toEqual({
      ...{ created: 1, updated: 1, removed: 0, unchanged: 0, errors: [] },
      categories: { created: 1, updated: 0, removed: 0, unchanged: 1 },
    });
    expect(await run({ ...good, replace: true })).toMatchObject({ data: { removed: 0 } });
    const bad = { format: 'csv', content: 'category,name,price\n"Món\nx",Cơm,-1\n,Bún,1\n', dry_run: true };
    expect((await run(bad)).data).toMatchObject({
      errors: [
        { line: 2, path: 'category', message: 'must be one line' },
        { line: 2, path: 'price', message: 'must be a whole number from 0 to 1000000000000' },
        { line: 4, path: 'category', message: 'is required' },
      ],
    });
    expect(await whole()).toBe(before);
  });

  test('with errors is refused as a whole, each told with its line', async () => {
    const before = await whole();
    const csv = 'category,name,price\nMón,Cơm,51000\nMón,Bún,\nMón,Mì,x\n';
    const json =
      '{"items": [\n{"category": "Món", "name": "Cơm", "price": 51000},\n{"category": "Món", "name": "Bún"}]}';
    const first = await run({ format: 'csv', content: csv });
    expect(first).toMatchObject({
      code: 'VALIDATION_FAILED',
      errors: [
        { line: 3, path: 'price' },
        { line: 4, path: 'price' },
      ],
    });
    const second = await run({ format: 'json', content: json });
    expect(second).toMatchObject({
      code: 'VALIDATION_FAILED',
      errors: [{ line: 3, path: 'price', message: 'is required' }],
    });
    for (const content of ['{', '[]', 'null', '{"items": 1}'])
      expect((await run({ format: 'json', content })).code).toBe('VALIDATION_FAILED');
    expect((await run({ format: 'csv', content: 'a,b\n' })).code).toBe('VALIDATION_FAILED');
    expect(await whole()).toBe(before);
  });

  test('is one change of the menu, however much there is in it', async () => {
    const rows = Array.from({ length: 300 }, (_, n) => `Món ${n % 7},Dish ${n},${n}`);
    await run({ format: 'csv', content: ['category,name,price', ...rows].join('\n'), replace: true });
    const { body } = await menu();
    expect(body).toMatchObject({ version: 2 });
    expect(body.items).toHaveLength(300);
  });

  test('is for managers of that location', async () => {
    const body = { format: 'csv', content: 'category,name,price\nMón,Cơm,1\n' };
    const other = await newLocation(api);
    const { phone } = await sitDown(api, place);
    const before = await whole();
    const codesOf = async (as: string | null) => [
      (await call(face, 'import', { at: here(), body, as })).code,
      (await call(face, 'export', { at: here(), as })).code,
    ];
    for (const as of [demo.staff, demo.cashier, demo.operator, phone, place.token])
      expect(await codesOf(as)).toEqual(['FORBIDDEN', 'FORBIDDEN']);
    expect(await codesOf(null)).toEqual(['UNAUTHENTICATED', 'UNAUTHENTICATED']);
    for (const as of ['demo-other-manager-key', await newKey(api, { role: 'manager', locationId: other.locationId })])
      expect(await codesOf(as)).toEqual(['NOT_FOUND', 'NOT_FOUND']);
    expect(await whole()).toBe(before);
    expect(await codesOf(await newKey(api, { role: 'manager', locationId: place.locationId }))).toEqual([
      undefined,
      undefined,
    ]);
  });
});

test('2,000 items go in at once over REST, 2,001 do not, and neither does more than 1 MB', async () => {
  const rows = (count: number) =>
    ['category,name,price', ...Array.from({ length: count }, (_, n) => `Món,Dish ${n},${n}`)].join('\n');
  const run = (content: string) =>
    api.rest(`POST /admin/locations/${place.locationId}/menu-import`, {
      ...{ as: demo.manager, body: { format: 'csv', content, replace: true } },
    });
  expect((await run(rows(2_001))).body).toMatchObject({ code: 'VALIDATION_FAILED', errors: [{ line: null }] });
  const { body, status } = await run(rows(2_000));
  expect([status, body.created]).toEqual([200, 2_000]);
  const long = await run(`${rows(1)}\n${'x'.repeat(1_000_000)}`);
  expect([long.status, long.body.code]).toEqual([413, 'PAYLOAD_TOO_LARGE']);
  const { text } = await csvOf();
  expect((await run(text)).body).toMatchObject({ unchanged: 2_000, updated: 0 });
});

test('the guide has an example that works', async () => {
  const guide = await readFile(new URL('../../docs/api.md', import.meta.url), 'utf8');
  const [, example = ''] = /```csv\n([\s\S]*?)```/.exec(guide) ?? [];
  const { data } = await call('REST', 'import', {
    at: here(),
    body: { format: 'csv', content: example, replace: true },
  });
  expect(data).toMatchObject({ created: 3, errors: [], categories: { created: 3 } });
  const { body } = await menu('en');
  expect(body.items.map(({ name }: Json) => name)).toEqual(['Beef phở', 'Phở gà', 'Iced coffee']);
  expect(body.items[0].option_groups).toMatchObject([
    { name: 'Size', min: 1, max: 1, options: [{ name: 'Regular' }, { name: 'Large', price: 15_000 }] },
    { name: 'Extras', min: 0, max: 2, options: [{ name: 'Egg' }, { name: 'Dough stick', available: false }] },
  ]);
});

test('the demo restaurant comes out and goes in again without a change', async () => {
  const { text } = await csvOf(demo.location);
  const at = { location_id: demo.location };
  const { data } = await call('REST', 'import', { at, body: { format: 'csv', content: text, replace: true } });
  expect(data).toMatchObject({ created: 0, updated: 0, removed: 0, unchanged: 13, errors: [] });
});
