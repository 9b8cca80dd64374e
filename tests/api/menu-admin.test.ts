/** The menu as managers keep it, in both faces. */
import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, test } from 'vitest';
import { add, type Api, demo, type Json, newKey, newLocation, sitDown, useApi } from '../support/api.js';
import { faces, type Face } from '../support/faces.js';
import { callMenu, type MenuCall, type MenuOperation } from '../support/menu-faces.js';

type Call = Omit<MenuCall, 'operation'>;

const api = useApi();
let place: Awaited<ReturnType<typeof newLocation>>;
beforeEach(async () => {
  place = await newLocation(api);
});

const call = (face: Face, name: MenuOperation, wanted: Call) => callMenu(api, face, { ...wanted, operation: name });
const itemAt = async (face: Face, extra: object = {}, categoryId?: string): Promise<Json> => {
  const category = categoryId ?? (await categoryAt(face)).category_id;
  const body = { category_id: category, name: `Dish ${randomUUID()}`, price: 1_000, ...extra };
  const { data, code } = await call(face, 'createItem', { at: { location_id: place.locationId }, body });
  expect(code).toBeUndefined();
  return data;
};
const categoryAt = async (face: Face, extra: object = {}): Promise<Json> => {
  const body = { name: `Heading ${randomUUID()}`, ...extra };
  const { data, code } = await call(face, 'createCategory', { at: { location_id: place.locationId }, body });
  expect(code).toBeUndefined();
  return data;
};
const namesOf = async (face: Face): Promise<readonly string[]> => {
  const { data } = await call(face, 'categories', { at: { location_id: place.locationId } });
  return data.menu_categories.map(({ name }: Json) => name);
};
const itemsOf = async (face: Face, categoryId: string): Promise<readonly string[]> => {
  const at = { location_id: place.locationId, category_id: categoryId };
  return (await call(face, 'items', { at })).data.menu_items.map(({ name }: Json) => name);
};
const version = async ({ sql }: Pick<Api, 'sql'>, locationId: string): Promise<number> => {
  const [row] = await sql`SELECT menu_version::int AS version FROM locations WHERE id = ${locationId}`;
  return row?.version;
};
const whole = async (): Promise<string> => {
  const [row] = await api.sql`SELECT
    (SELECT md5(string_agg(i::text, '|' ORDER BY i.id)) FROM menu_items i) AS items,
    (SELECT md5(string_agg(c::text, '|' ORDER BY c.id)) FROM menu_categories c) AS categories,
    (SELECT md5(string_agg(concat(l.id, l.menu_version), '|' ORDER BY l.id)) FROM locations l) AS versions`;
  return JSON.stringify(row);
};

describe.each(faces)('over %s', (face) => {
  test('headings are made, moved and renamed, and the others keep their order', async () => {
    const at = { location_id: place.locationId };
    for (const name of ['A', 'B', 'C']) await categoryAt(face, { name });
    await categoryAt(face, { name: 'First', position: 0, translations: { 'EN-gb': { name: 'First!' } } });
    expect(await namesOf(face)).toEqual(['First', 'Món', 'A', 'B', 'C']);
    const { data } = await call(face, 'categories', { at });
    const [first, , , b] = data.menu_categories;
    expect(first).toEqual({
      ...{ category_id: expect.any(String), location_id: place.locationId, name: 'First', position: 0 },
      translations: { 'en-GB': { name: 'First!' } },
    });
    const moved = await call(face, 'updateCategory', { at: { category_id: b.category_id }, body: { position: 1 } });
    expect(moved.data).toMatchObject({ name: 'B', position: 1 });
    expect(await namesOf(face)).toEqual(['First', 'B', 'Món', 'A', 'C']);
    await call(face, 'updateCategory', { at: { category_id: b.category_id }, body: { name: ' Bún ' } });
    expect(await namesOf(face)).toEqual(['First', 'Bún', 'Món', 'A', 'C']);
    await call(face, 'updateCategory', { at: { category_id: b.category_id }, body: { position: 99 } });
    expect(await namesOf(face)).toEqual(['First', 'Món', 'A', 'C', 'Bún']);
    expect((await call(face, 'deleteCategory', { at: { category_id: b.category_id } })).code).toBeUndefined();
    expect(await namesOf(face)).toEqual(['First', 'Món', 'A', 'C']);
  });

  test('an item is made with all that can be said of it, and read back', async () => {
    const { category_id: categoryId, name: category } = await categoryAt(face);
    const body = {
      ...{
        category_id: categoryId,
        name: ' Phở bò ',
        description: 'Nước dùng\nninh 12 giờ',
        price: 75_000,
        tax_bps: 800,
      },
      option_groups: [
        {
          ...{ name: 'Cỡ', min: 1, max: 1, translations: { en: { name: 'Size' } } },
          options: [
            {
              option_id: '01900000-0000-7000-8000-0000000009F1',
              name: 'Nhỏ',
              price: 0,
              translations: { en: { name: 'Small' } },
            },
            { name: 'Lớn', price: 10 ** 12, available: false },
          ],
        },
      ],
      translations: { en: { name: 'Beef noodle soup', description: 'Simmered' }, 'zh-hant': { name: '牛肉河粉' } },
      ...{ picture_url: ' https://pictures.example/pho.jpg?x=1 ', allergens: ['fish', 'gluten', 'fish'], position: 0 },
    };
    const { data } = await call(face, 'createItem', { at: { location_id: place.locationId }, body });
    expect(data).toEqual({
      ...{
        menu_item_id: expect.any(String),
        location_id: place.locationId,
        name: 'Phở bò',
        category,
        category_id: categoryId,
      },
      ...{ description: 'Nước dùng\nninh 12 giờ', position: 0, price: 75_000, tax_bps: 800, available: true },
      option_groups: [
        {
          ...{ name: 'Cỡ', min: 1, max: 1, translations: { en: { name: 'Size' } } },
          options: [
            {
              ...{ option_id: '01900000-0000-7000-8000-0000000009f1', name: 'Nhỏ', price: 0, available: true },
              translations: { en: { name: 'Small' } },
            },
            { option_id: expect.any(String), name: 'Lớn', price: 10 ** 12, available: false, translations: {} },
          ],
        },
      ],
      translations: { en: { name: 'Beef noodle soup', description: 'Simmered' }, 'zh-Hant': { name: '牛肉河粉' } },
      ...{ picture_url: 'https://pictures.example/pho.jpg?x=1', allergens: ['gluten', 'fish'] },
    });
    const at = { menu_item_id: data.menu_item_id };
    expect((await call(face, 'item', { at })).data).toEqual(data);
    expect((await call(face, 'items', { at: { location_id: place.locationId } })).data.menu_items).toContainEqual(data);
  });

  test('an item is changed field by field; null and empty text take words away, and options keep their ids', async () => {
    const groups = [
      {
        name: 'Cỡ',
        min: 0,
        max: 1,
        options: [
          { name: 'Nhỏ', price: 0 },
          { name: 'Lớn', price: 5 },
        ],
      },
    ];
    const before = await itemAt(face, { description: 'x', picture_url: 'https://a.example/b', option_groups: groups });
    const at = { menu_item_id: before.menu_item_id };
    const patch = async (body: object) => (await call(face, 'updateItem', { at, body })).data;
    expect(await patch({ price: 7 })).toEqual({ ...before, price: 7 });
    expect(await patch({ description: null, picture_url: '' })).toEqual({
      ...{ ...before, price: 7, description: null, picture_url: null },
    });
    const [{ options }] = before.option_groups;
    const changed = await patch({
      option_groups: [
        {
          ...groups[0],
          options: [
            { name: 'Lớn', price: 6 },
            { name: 'Vừa', price: 3 },
          ],
        },
      ],
    });
    expect(changed.option_groups[0].options.map(({ option_id: id }: Json) => id)).toEqual([
      options[1].option_id,
      expect.not.stringMatching(options[0].option_id),
    ]);
    expect(await patch({ option_groups: [] })).toMatchObject({ option_groups: [] });
  });

  test('an item is moved inside its heading and to another one, and the others keep their order', async () => {
    const [one, two] = [await categoryAt(face), await categoryAt(face)];
    const items: Json[] = [];
    for (const name of ['a', 'b', 'c', 'd']) items.push(await itemAt(face, { name }, one.category_id));
    await itemAt(face, { name: 'x' }, two.category_id);
    const move = (n: number, body: object) =>
      call(face, 'updateItem', { at: { menu_item_id: items[n].menu_item_id }, body });
    await move(3, { position: 1 });
    expect(await itemsOf(face, one.category_id)).toEqual(['a', 'd', 'b', 'c']);
    await move(0, { position: 3 });
    expect(await itemsOf(face, one.category_id)).toEqual(['d', 'b', 'c', 'a']);
    expect((await move(1, { category_id: two.category_id })).data).toMatchObject({ position: 1, category: two.name });
    await move(2, { category_id: two.category_id, position: 0 });
    expect(await itemsOf(face, one.category_id)).toEqual(['d', 'a']);
    expect(await itemsOf(face, two.category_id)).toEqual(['c', 'x', 'b']);
    await itemAt(face, { name: 'new', position: 1 }, one.category_id);
    expect(await itemsOf(face, one.category_id)).toEqual(['d', 'new', 'a']);
  });

  test('every change that changes something makes the version one greater, and nothing else does', async () => {
    const before = await version(api, place.locationId);
    const { category_id: categoryId } = await categoryAt(face);
    const { menu_item_id: id } = await itemAt(face, {}, categoryId);
    const at = { menu_item_id: id };
    await call(face, 'updateItem', { at, body: { price: 5 } });
    await call(face, 'updateItem', { at, body: { price: 5 } });
    await call(face, 'availability', { at, body: { available: false } });
    await call(face, 'availability', { at, body: { available: false } });
    await call(face, 'deleteItem', { at });
    await call(face, 'deleteCategory', { at: { category_id: categoryId } });
    expect(await version(api, place.locationId)).toBe(before + 6);
  });

  test.each<[string, object, string]>([
    ['an empty name', { name: '  ' }, 'name'],
    ['a name of two lines', { name: 'a\nb' }, 'name'],
    ['a name with NUL', { name: 'a\u0000' }, 'name'],
    ['a name that is too long', { name: 'x'.repeat(201) }, 'name'],
    ['a negative price', { price: -1 }, 'price'],
    ['a price of more than 10^12', { price: 10 ** 12 + 1 }, 'price'],
    ['a tax of more than 100 %', { tax_bps: 10_001 }, 'tax_bps'],
    ['a description that is too long', { description: 'x'.repeat(2_001) }, 'description'],
    ['a picture over http', { picture_url: 'http://a.example/b' }, 'picture_url'],
    ['a picture that is a script', { picture_url: 'javascript:alert(1)' }, 'picture_url'],
    ['a picture with a password', { picture_url: 'https://a:b@a.example/' }, 'picture_url'],
    ['a language that is none', { translations: { 'not a tag': { name: 'x' } } }, 'translations.not a tag'],
    ['a language twice', { translations: { en: { name: 'x' }, EN: { name: 'y' } } }, 'translations'],
    ['a translation without a name', { translations: { en: {} } }, 'translations.en.name'],
    ['a translation with more', { translations: { en: { name: 'x', price: 1 } } }, 'translations.en.price'],
    ['a negative position', { position: -1 }, 'position'],
    ['a group of nothing', { option_groups: [{ name: 'G', min: 0, max: 1, options: [] }] }, 'option_groups.0.options'],
    ['max under min', { option_groups: [group({ min: 2, max: 1 })] }, 'option_groups.0.max'],
    ['min over the number of options', { option_groups: [group({ min: 3, max: 3 })] }, 'option_groups.0.min'],
    ['two groups of one name', { option_groups: [group({}), group({})] }, 'option_groups'],
    ['two options of one name', { option_groups: [group({}, ['a', 'a'])] }, 'option_groups.0.options'],
    ['one option id twice', { option_groups: [group({}, ['a', 'b'], demo.egg)] }, 'option_groups'],
    [
      'a bad price of an option',
      { option_groups: [group({}, ['a', 'b'], undefined, -5)] },
      'option_groups.0.options.0.price',
    ],
    [
      'too many groups',
      { option_groups: Array.from({ length: 21 }, (_, n) => group({ name: `G${n}` })) },
      'option_groups',
    ],
  ])('%s is refused, and nothing is changed', async (_, bad, path) => {
    const { menu_item_id: id, category_id: categoryId } = await itemAt(face);
    const before = await whole();
    const changed = await call(face, 'updateItem', { at: { menu_item_id: id }, body: bad });
    expect(changed).toMatchObject({ code: 'VALIDATION_FAILED', paths: expect.arrayContaining([path]) });
    const body = { name: 'N', price: 1, category_id: categoryId, ...bad };
    const made = await call(face, 'createItem', { at: { location_id: place.locationId }, body });
    expect(made).toMatchObject({ code: 'VALIDATION_FAILED', paths: expect.arrayContaining([path]) });
    expect(await whole()).toBe(before);
  });

  test('all that is wrong is told at once', async () => {
    const { menu_item_id: id } = await itemAt(face);
    const body = { name: '', price: -1, picture_url: 'ftp://x' };
    const { paths } = await call(face, 'updateItem', { at: { menu_item_id: id }, body });
    expect([...paths].sort()).toEqual(['name', 'picture_url', 'price']);
  });

  test('a heading needs a name of its own, and items keep it from being deleted', async () => {
    const [one, two] = [await categoryAt(face), await categoryAt(face)];
    const item = await itemAt(face, {}, one.category_id);
    const before = await whole();
    const at = { location_id: place.locationId };
    const taken = { code: 'VALIDATION_FAILED', paths: ['name'] };
    expect(await call(face, 'createCategory', { at, body: { name: one.name } })).toMatchObject(taken);
    expect(
      await call(face, 'updateCategory', { at: { category_id: two.category_id }, body: { name: one.name } }),
    ).toMatchObject(taken);
    expect(await call(face, 'createCategory', { at, body: { name: 'x'.repeat(101) } })).toMatchObject(taken);
    expect(await call(face, 'deleteCategory', { at: { category_id: one.category_id } })).toMatchObject({
      code: 'VALIDATION_FAILED',
      paths: ['category_id'],
    });
    expect(await whole()).toBe(before);
    await call(face, 'deleteItem', { at: { menu_item_id: item.menu_item_id } });
    expect((await call(face, 'deleteCategory', { at: { category_id: one.category_id } })).code).toBeUndefined();
  });

  test("a heading of another menu is no heading of this one's items", async () => {
    const { category_id: elsewhere } = await categoryAt(face);
    const other = await newLocation(api);
    const body = { name: 'N', price: 1, category_id: elsewhere };
    const made = await call(face, 'createItem', { at: { location_id: other.locationId }, body });
    expect(made).toMatchObject({ code: 'VALIDATION_FAILED', paths: ['category_id'] });
  });

  test('a menu takes so many items and no more', async () => {
    const { category_id: categoryId } = await categoryAt(face);
    await api.sql`INSERT INTO menu_items (tenant_id, id, location_id, position, category_id, name, price)
      SELECT ${demo.tenant}, gen_random_uuid(), ${place.locationId}, n, ${categoryId}, 'Dish', 1 FROM generate_series(1, 1999) n`;
    const body = { name: 'N', price: 1, category_id: categoryId };
    const made = await call(face, 'createItem', { at: { location_id: place.locationId }, body });
    expect(made.code).toBe('VALIDATION_FAILED');
  });

  test('only managers keep the menu, while all staff say what is sold out', async () => {
    const item = await itemAt(face);
    const itemPlace = { menu_item_id: item.menu_item_id };
    const at = { location_id: place.locationId };
    const { phone } = await sitDown(api, place);
    const calls: readonly [MenuOperation, Call][] = [
      ['categories', { at }],
      ['createCategory', { at, body: { name: 'N' } }],
      ['updateCategory', { at: { category_id: item.category_id }, body: { name: 'N' } }],
      ['deleteCategory', { at: { category_id: item.category_id } }],
      ['items', { at }],
      ['item', { at: itemPlace }],
      ['createItem', { at, body: { name: 'N', price: 1, category_id: item.category_id } }],
      ['updateItem', { at: itemPlace, body: { price: 1 } }],
      ['deleteItem', { at: itemPlace }],
    ];
    const before = await whole();
    for (const [name, wanted] of calls) {
      for (const as of [demo.staff, demo.cashier, demo.operator, phone, place.token])
        expect([name, (await call(face, name, { ...wanted, as })).code]).toEqual([name, 'FORBIDDEN']);
      expect((await call(face, name, { ...wanted, as: null })).code).toBe('UNAUTHENTICATED');
    }
    const sell = { at: itemPlace, body: { available: false } };
    for (const as of [demo.operator, phone, place.token])
      expect((await call(face, 'availability', { ...sell, as })).code).toBe('FORBIDDEN');
    expect(await whole()).toBe(before);
    expect((await call(face, 'availability', { ...sell, as: demo.staff })).data).toMatchObject({ available: false });
  });

  test("another tenant's and another location's menu look like none", async () => {
    const item = await itemAt(face);
    const other = await newLocation(api);
    const calls: readonly [MenuOperation, Call][] = [
      ['categories', { at: { location_id: place.locationId } }],
      ['createCategory', { at: { location_id: place.locationId }, body: { name: 'N' } }],
      ['updateCategory', { at: { category_id: item.category_id }, body: { name: 'N' } }],
      ['deleteCategory', { at: { category_id: item.category_id } }],
      ['items', { at: { location_id: place.locationId } }],
      ['item', { at: { menu_item_id: item.menu_item_id } }],
      [
        'createItem',
        { at: { location_id: place.locationId }, body: { name: 'N', price: 1, category_id: item.category_id } },
      ],
      ['updateItem', { at: { menu_item_id: item.menu_item_id }, body: { price: 1 } }],
      ['deleteItem', { at: { menu_item_id: item.menu_item_id } }],
      ['availability', { at: { menu_item_id: item.menu_item_id }, body: { available: false } }],
    ];
    const bound = await newKey(api, { role: 'manager', locationId: other.locationId });
    const before = await whole();
    for (const [name, wanted] of calls) {
      for (const as of ['demo-other-manager-key', bound])
        expect([name, (await call(face, name, { ...wanted, as })).code]).toEqual([name, 'NOT_FOUND']);
      const nowhere = Object.fromEntries(Object.keys(wanted.at ?? {}).map((one) => [one, randomUUID()]));
      expect([name, (await call(face, name, { ...wanted, at: nowhere })).code]).toEqual([name, 'NOT_FOUND']);
    }
    expect(await whole()).toBe(before);
    const own = await newKey(api, { role: 'manager', locationId: place.locationId });
    expect((await call(face, 'item', { at: { menu_item_id: item.menu_item_id }, as: own })).code).toBeUndefined();
  });

  test('what is sold out is refused in the next moment, an option as well as a dish', async () => {
    const visit = await sitDown(api, place);
    const options = [
      { name: 'Nhỏ', price: 0 },
      { name: 'Lớn', price: 5 },
    ];
    const item = await itemAt(face, { option_groups: [{ name: 'Cỡ', min: 0, max: 1, options }] });
    const [
      {
        options: [small, large],
      },
    ] = item.option_groups;
    const at = { menu_item_id: item.menu_item_id };
    const order = async (optionIds: readonly string[]) => {
      const event = add({ menu_item_id: item.menu_item_id, options: optionIds });
      const answer = await api.rest(`POST /sessions/${visit.sessionId}/events`, { as: visit.phone, body: event });
      return answer.status === 201 ? 'ordered' : answer.body.code;
    };
    expect(await order([large.option_id])).toBe('ordered');
    const gone = { available: false, option_id: large.option_id };
    await call(face, 'availability', { at, body: gone, as: demo.staff });
    expect([await order([large.option_id]), await order([small.option_id])]).toEqual(['ITEM_UNAVAILABLE', 'ordered']);
    await call(face, 'availability', { at, body: { available: false }, as: demo.staff });
    expect(await order([])).toBe('ITEM_UNAVAILABLE');
    await call(face, 'availability', { at, body: { available: true }, as: demo.staff });
    expect(await order([])).toBe('ordered');
    const unknown = { available: false, option_id: randomUUID() };
    expect((await call(face, 'availability', { at, body: unknown, as: demo.staff })).code).toBe('NOT_FOUND');
  });
});

test('changes that meet all happen, each once', async () => {
  const category = await categoryAt('REST');
  const before = await version(api, place.locationId);
  const items = await Promise.all(
    Array.from({ length: 12 }, (_, n) => itemAt('REST', { name: `n${n}` }, category.category_id)),
  );
  await Promise.all(
    items.map(({ menu_item_id: id }, n) =>
      call('REST', 'updateItem', { at: { menu_item_id: id }, body: { position: n } }),
    ),
  );
  expect([...(await itemsOf('REST', category.category_id))].sort()).toEqual(items.map(({ name }) => name).sort());
  expect(await version(api, place.locationId)).toBeGreaterThanOrEqual(before + 12);
  const { data } = await call('REST', 'items', {
    at: { location_id: place.locationId, category_id: category.category_id },
  });
  expect(data.menu_items.map(({ position }: Json) => position)).toEqual(items.map((_, n) => n));
});

/** An option group with options of these names. */
function group(extra: object, names: readonly string[] = ['a', 'b'], id?: string, price = 0): object {
  return {
    name: 'G',
    min: 0,
    max: 1,
    options: names.map((name) => ({ name, price, ...(id && { option_id: id }) })),
    ...extra,
  };
}
