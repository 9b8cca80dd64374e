import { demoIds } from './example-ids.js';
import { menuCsv } from './menu-csv.js';
import type { RestParameter, RestRoute } from './route.js';

const locationInQuery: RestParameter = {
  in: 'query',
  name: 'location_id',
  to: 'locationId',
  description: 'The location.',
};
const locationOfInput: RestParameter = { ...locationInQuery, to: 'input.locationId' };
const categoryInPath: RestParameter = {
  in: 'path',
  name: 'category_id',
  to: 'input.categoryId',
  description: 'The heading.',
};
const itemInPath: RestParameter = {
  in: 'path',
  name: 'menu_item_id',
  to: 'input.menuItemId',
  description: 'The item.',
};

const atDemo = { location_id: demoIds.location };
const translations = { en: { name: 'Grill' } };

const categoryRoutes: readonly RestRoute[] = [
  {
    method: 'GET',
    path: '/api/v1/admin/menu-categories',
    operation: 'MenuCategories',
    summary: "A menu's headings",
    example: { as: 'manager', query: atDemo },
    parameters: [locationInQuery],
    statuses: [{ status: 200, description: 'All headings in their order.' }],
  },
  {
    method: 'POST',
    path: '/api/v1/admin/menu-categories',
    operation: 'CreateMenuCategory',
    summary: 'Add a heading to a menu',
    example: { as: 'manager', query: atDemo, body: { name: 'Món nướng', position: 3, translations } },
    parameters: [locationOfInput],
    body: { to: 'input', description: 'The heading.', without: ['locationId'] },
    flatten: ['category'],
    statuses: [{ status: 201, description: 'The heading.' }],
  },
  {
    method: 'PATCH',
    path: '/api/v1/admin/menu-categories/{category_id}',
    operation: 'UpdateMenuCategory',
    summary: 'Rename, translate or move a heading',
    example: { as: 'manager', body: { position: 0, translations } },
    parameters: [categoryInPath],
    body: { to: 'input', description: 'What to change.', without: ['categoryId'] },
    flatten: ['category'],
    statuses: [{ status: 200, description: 'The heading as it now is.' }],
  },
  {
    method: 'DELETE',
    path: '/api/v1/admin/menu-categories/{category_id}',
    operation: 'DeleteMenuCategory',
    summary: 'Take a heading without items out of a menu',
    example: { as: 'manager' },
    parameters: [categoryInPath],
    statuses: [{ status: 204, description: 'It is gone.' }],
  },
];

const itemRoutes: readonly RestRoute[] = [
  {
    method: 'GET',
    path: '/api/v1/admin/menu-items',
    operation: 'MenuItems',
    summary: "A menu's items, in the restaurant's own words",
    example: { as: 'manager', query: atDemo },
    parameters: [
      locationInQuery,
      { in: 'query', name: 'category_id', to: 'categoryId', description: 'Only those under this heading.' },
    ],
    statuses: [{ status: 200, description: 'All items in their order.' }],
  },
  {
    method: 'POST',
    path: '/api/v1/admin/menu-items',
    operation: 'CreateMenuItem',
    summary: 'Add an item to a menu',
    example: {
      as: 'manager',
      query: atDemo,
      body: {
        category_id: demoIds.category,
        name: 'Phở đặc biệt',
        description: 'Tái, nạm, gầu, gân',
        price: 95_000,
        option_groups: [
          {
            name: 'Cỡ',
            min: 1,
            max: 1,
            options: [
              { name: 'Thường', price: 0 },
              { name: 'Lớn', price: 15_000 },
            ],
          },
        ],
        translations: { en: { name: 'Special phở', description: 'Four cuts of beef' } },
        picture_url: 'https://pictures.example/pho.jpg',
        allergens: ['fish'],
      },
    },
    parameters: [locationOfInput],
    body: { to: 'input', description: 'The item.', without: ['locationId'] },
    flatten: ['item'],
    statuses: [{ status: 201, description: 'The item.' }],
  },
  {
    method: 'GET',
    path: '/api/v1/admin/menu-items/{menu_item_id}',
    operation: 'MenuItem',
    summary: "An item in the restaurant's own words",
    example: { as: 'manager', path: { menu_item_id: demoIds.dish } },
    parameters: [{ ...itemInPath, to: 'id' }],
    statuses: [{ status: 200, description: 'The item.' }],
  },
  {
    method: 'PATCH',
    path: '/api/v1/admin/menu-items/{menu_item_id}',
    operation: 'UpdateMenuItem',
    summary: 'Change or move an item',
    example: { as: 'manager', body: { price: 58_000, position: 0, description: null } },
    parameters: [itemInPath],
    body: { to: 'input', description: 'What to change.', without: ['menuItemId'] },
    flatten: ['item'],
    statuses: [{ status: 200, description: 'The item as it now is.' }],
  },
  {
    method: 'DELETE',
    path: '/api/v1/admin/menu-items/{menu_item_id}',
    operation: 'DeleteMenuItem',
    summary: 'Take an item out of a menu',
    example: { as: 'manager' },
    parameters: [itemInPath],
    statuses: [{ status: 204, description: 'It is gone; bills that have it stay as they are.' }],
  },
  {
    method: 'POST',
    path: '/api/v1/admin/menu-items/{menu_item_id}/availability',
    operation: 'SetAvailability',
    summary: 'Say that an item or one of its options is sold out, or to be had again',
    example: { as: 'staff', body: { available: false } },
    parameters: [itemInPath],
    body: { to: 'input', description: 'Whether it is to be had.', without: ['menuItemId'] },
    flatten: ['item'],
    statuses: [{ status: 200, description: 'The item as it now is.' }],
  },
];

/** As the example of `docs/api.md` has it. */
const exampleFile = `category,name,price,group,min,max,name:en
Phở,Phở chín,72000,,,,Well-done beef phở
,Thường,0,Cỡ,1,1,Regular
,Lớn,15000,Cỡ,,,Large
`;

const locationInPath = (to: string): RestParameter => ({ ...locationInQuery, in: 'path', to });

const fileRoutes: readonly RestRoute[] = [
  {
    method: 'GET',
    path: '/api/v1/admin/locations/{location_id}/menu-export',
    operation: 'ExportMenu',
    summary: 'A whole menu as a file',
    example: { as: 'manager', path: atDemo },
    parameters: [locationInPath('locationId')],
    statuses: [{ status: 200, description: 'The file: JSON, or a table. Imported again it changes nothing.' }],
    headers: [{ name: 'Vary', description: '`Accept`: JSON, or `text/csv`.', valueOf: () => 'Accept' }],
    csv: menuCsv,
  },
  {
    method: 'POST',
    path: '/api/v1/admin/locations/{location_id}/menu-import',
    operation: 'ImportMenu',
    summary: 'Make of a menu what a file says',
    example: { as: 'manager', path: atDemo, body: { format: 'csv', content: exampleFile, dry_run: true } },
    parameters: [locationInPath('input.locationId')],
    body: { to: 'input', description: 'The file, and what to do with it: up to 1 MB.', without: ['locationId'] },
    bodyLimit: 1_000_000,
    statuses: [{ status: 200, description: 'What was done, or would be.' }],
  },
];

/** The menu as managers keep it; staff say what is sold out. */
export const menuAdminRoutes: readonly RestRoute[] = [...categoryRoutes, ...itemRoutes, ...fileRoutes];
