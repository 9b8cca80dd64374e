/** What managers do with a menu, so that one test can ask for the same thing over REST and over GraphQL. */
import { type Api, demo, type Json, toInput } from './api.js';
import type { Face } from './faces.js';

const itemFields = `menuItemId locationId name description category categoryId position price taxBps available pictureUrl
  allergens translations optionGroups { name min max translations options { optionId name price available translations } }`;
const fileFields = itemFields.replace(/ (locationId|categoryId|position)/g, '');
const categoryFields = 'categoryId locationId name position translations';
const mutation = (name: string, type: string, fields: string) =>
  `mutation ($input: ${type}!) { answer: ${name}(input: $input) { ${fields} } }`;

/** What both faces can do; path and query parameters of REST are members of GraphQL's input, or arguments. */
const operations = {
  categories: {
    rest: 'GET /admin/menu-categories',
    document: `query ($locationId: UUID!) { answer: menuCategories(locationId: $locationId) { menuCategories: nodes { ${categoryFields} } } }`,
  },
  createCategory: {
    rest: 'POST /admin/menu-categories',
    document: mutation('createMenuCategory', 'CreateMenuCategoryInput', `menuCategory { ${categoryFields} }`),
  },
  updateCategory: {
    rest: 'PATCH /admin/menu-categories/{category_id}',
    document: mutation('updateMenuCategory', 'UpdateMenuCategoryInput', `menuCategory { ${categoryFields} }`),
  },
  deleteCategory: {
    rest: 'DELETE /admin/menu-categories/{category_id}',
    document: mutation('deleteMenuCategory', 'DeleteMenuCategoryInput', 'id'),
  },
  items: {
    rest: 'GET /admin/menu-items',
    document: `query ($locationId: UUID!, $categoryId: UUID) {
      answer: menuItems(locationId: $locationId, categoryId: $categoryId) { menuItems: nodes { ${itemFields} } } }`,
  },
  createItem: {
    rest: 'POST /admin/menu-items',
    document: mutation('createMenuItem', 'CreateMenuItemInput', `menuItem { ${itemFields} }`),
  },
  item: {
    rest: 'GET /admin/menu-items/{menu_item_id}',
    document: `query ($menuItemId: UUID!) { answer: menuItem(id: $menuItemId) { ${itemFields} } }`,
  },
  updateItem: {
    rest: 'PATCH /admin/menu-items/{menu_item_id}',
    document: mutation('updateMenuItem', 'UpdateMenuItemInput', `menuItem { ${itemFields} }`),
  },
  deleteItem: {
    rest: 'DELETE /admin/menu-items/{menu_item_id}',
    document: mutation('deleteMenuItem', 'DeleteMenuItemInput', 'id'),
  },
  availability: {
    rest: 'POST /admin/menu-items/{menu_item_id}/availability',
    document: mutation('setAvailability', 'SetAvailabilityInput', `menuItem { ${itemFields} }`),
  },
  export: {
    rest: 'GET /admin/locations/{location_id}/menu-export',
    document: `query ($locationId: UUID!) { answer: exportMenu(locationId: $locationId) {
      categories { name translations } items { ${fileFields} } } }`,
  },
  import: {
    rest: 'POST /admin/locations/{location_id}/menu-import',
    document: mutation(
      'importMenu',
      'ImportMenuInput',
      'created updated removed unchanged categories { created updated removed unchanged } errors { line path message }',
    ),
  },
} as const;

export type MenuOperation = keyof typeof operations;

export interface MenuCall {
  readonly operation: MenuOperation;
  /** Path and query parameters by their names in REST. */
  readonly at?: Readonly<Record<string, string>>;
  readonly body?: Json;
  readonly as?: string | null;
}

export interface MenuOutcome {
  readonly code: string | undefined;
  /** In the words of REST, whichever face was asked. */
  readonly data: Json;
  readonly errors: readonly Json[];
  /** Of the errors. */
  readonly paths: readonly string[];
}

type Asked = Required<Pick<MenuCall, 'operation' | 'at'>> & Pick<MenuCall, 'body'> & { readonly as: string | null };

export function callMenu(
  api: Api,
  face: Face,
  { at = {}, as = demo.manager, ...call }: MenuCall,
): Promise<MenuOutcome> {
  const asked = { ...call, at, as };
  return face === 'REST' ? overRest(api, asked) : overGraphql(api, asked);
}

async function overRest(api: Api, { operation, at, body, as }: Asked): Promise<MenuOutcome> {
  const used = new Set<string>();
  const path = operations[operation].rest.replace(/\{(\w+)\}/g, (_, one: string) => {
    used.add(one);
    return at[one] ?? '';
  });
  const query = new URLSearchParams(Object.entries(at).filter(([one]) => !used.has(one)));
  const answer = await api.rest(`${path}${query.size > 0 ? `?${query}` : ''}`, {
    ...{ as, ...(body !== undefined && { body }) },
  });
  const { code, errors = [] } = answer.status >= 400 ? answer.body : {};
  return { code, data: answer.body, errors, paths: errors.map((one: Json) => one.path) };
}

async function overGraphql(api: Api, { operation, at, body, as }: Asked): Promise<MenuOutcome> {
  const { document } = operations[operation];
  const given = { ...toInput(at), ...inputOf(body) };
  const variables = document.startsWith('mutation') ? { input: given } : given;
  const { body: json } = await api.graphql(document, variables, { as });
  const [error] = json.errors ?? [];
  const answer = json.data?.answer;
  const errors = error?.extensions.errors ?? [];
  const data = snake(answer?.menuItem ?? answer?.menuCategory ?? answer);
  return { code: error?.extensions.code, data, errors, paths: errors.map((one: Json) => one.path) };
}

/** Words by language keep their names, and enum words are in upper case. */
function inputOf(body: Json): Json {
  const { allergens, format, ...rest } = body ?? {};
  const upper = format && { format: format.toUpperCase() };
  return {
    ...toInput(rest),
    ...upper,
    ...(allergens && { allergens: allergens.map((one: string) => one.toUpperCase()) }),
  };
}

function snake(value: Json): Json {
  if (Array.isArray(value)) return value.map(snake);
  if (value === null || typeof value !== 'object') return value;
  const word = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [
      name === 'translations' ? name : word(name),
      name === 'translations' ? one : name === 'allergens' ? (one as string[]).map((a) => a.toLowerCase()) : snake(one),
    ]),
  );
}
