import type { LocationId, MenuCategoryId, MenuItemId, OptionId, TableId, TenantId } from '../domain/ids.js';
import type { OptionGroup } from '../domain/menu.js';

/** The demo restaurant of the public contract: ids, tokens, keys and prices are binding. */

const id = <T>(suffix: string) => `01900000-0000-7000-8000-${suffix.padStart(12, '0')}` as T;

const phoMai = id<TenantId>('1');
const phoMaiLocation = id<LocationId>('10');
const other = id<TenantId>('2');
const otherLocation = id<LocationId>('20');

export const demoTenants = [
  { id: phoMai, name: 'Phở Mai' },
  { id: other, name: 'Quán Khác' },
];

const inHoChiMinh = { currency: 'VND', timezone: 'Asia/Ho_Chi_Minh', admission: 'open', cashRounding: 1000 } as const;

export const demoLocations = [
  { tenantId: phoMai, id: phoMaiLocation, name: 'Phở Mai', ...inHoChiMinh },
  { tenantId: other, id: otherLocation, name: 'Quán Khác', ...inHoChiMinh },
];

export const demoTables = [
  ...[1, 2, 3, 4, 5, 6, 7, 8].map((n) => ({
    tenantId: phoMai,
    locationId: phoMaiLocation,
    id: id<TableId>(`10${n}`),
    name: `T${n}`,
    token: `demo-table-${n}`,
  })),
  { tenantId: other, locationId: otherLocation, id: id<TableId>('121'), name: 'T1', token: 'demo-other-table-1' },
];

const size: OptionGroup = {
  name: 'Cỡ',
  min: 1,
  max: 1,
  options: [
    { option_id: id<OptionId>('301'), name: 'Tô thường', price: 0, available: true },
    { option_id: id<OptionId>('302'), name: 'Tô lớn', price: 15_000, available: true },
  ],
};

const extras: OptionGroup = {
  name: 'Thêm',
  min: 0,
  max: 3,
  options: [
    { option_id: id<OptionId>('303'), name: 'Trứng', price: 10_000, available: true },
    { option_id: id<OptionId>('304'), name: 'Quẩy', price: 8_000, available: true },
  ],
};

const headings = ['Phở', 'Bún', 'Khai vị', 'Món chính', 'Đồ uống', 'Tráng miệng'] as const;
type Heading = (typeof headings)[number];

const headingId = (name: Heading) => id<MenuCategoryId>(`50${headings.indexOf(name) + 1}`);

export const demoMenuCategories = [
  ...headings.map((name, position) => ({
    tenantId: phoMai,
    locationId: phoMaiLocation,
    id: headingId(name),
    position,
    name,
  })),
  { tenantId: other, locationId: otherLocation, id: id<MenuCategoryId>('521'), position: 0, name: 'Món chính' },
];

interface Dish {
  readonly suffix: string;
  readonly category: Heading;
  readonly name: string;
  readonly description: string;
  readonly price: number;
  readonly optionGroups?: readonly OptionGroup[];
  readonly available?: boolean;
}

const dishes: readonly Dish[] = [
  {
    suffix: '201',
    category: 'Phở',
    name: 'Phở bò tái',
    description: 'Rare beef noodle soup',
    price: 75_000,
    optionGroups: [size, extras],
  },
  { suffix: '205', category: 'Phở', name: 'Phở gà', description: 'Chicken noodle soup', price: 70_000 },
  {
    suffix: '206',
    category: 'Bún',
    name: 'Bún chả Hà Nội',
    description: 'Grilled pork, noodles, herbs',
    price: 80_000,
  },
  { suffix: '207', category: 'Bún', name: 'Bún bò Huế', description: 'Spicy beef noodle soup', price: 78_000 },
  {
    suffix: '202',
    category: 'Khai vị',
    name: 'Gỏi cuốn',
    description: 'Fresh rolls with shrimp and pork',
    price: 55_000,
  },
  { suffix: '208', category: 'Khai vị', name: 'Chả giò', description: 'Crisp fried rolls', price: 60_000 },
  {
    suffix: '204',
    category: 'Món chính',
    name: 'Chả cá',
    description: 'Turmeric fish with dill',
    price: 185_000,
    available: false,
  },
  {
    suffix: '209',
    category: 'Món chính',
    name: 'Cơm tấm sườn',
    description: 'Broken rice with grilled pork',
    price: 85_000,
  },
  { suffix: '210', category: 'Món chính', name: 'Bánh xèo', description: 'Crisp rice pancake', price: 90_000 },
  {
    suffix: '203',
    category: 'Đồ uống',
    name: 'Cà phê sữa đá',
    description: 'Iced coffee with condensed milk',
    price: 35_000,
  },
  { suffix: '211', category: 'Đồ uống', name: 'Trà đá', description: 'Iced tea', price: 5_000 },
  { suffix: '212', category: 'Đồ uống', name: 'Nước mía', description: 'Sugar cane juice', price: 25_000 },
  { suffix: '213', category: 'Tráng miệng', name: 'Chè ba màu', description: 'Three-colour sweet', price: 30_000 },
];

export const demoMenuItems = [
  ...dishes.map(({ suffix, category, ...dish }, position) => ({
    tenantId: phoMai,
    locationId: phoMaiLocation,
    id: id<MenuItemId>(suffix),
    categoryId: headingId(category),
    position,
    ...dish,
  })),
  {
    tenantId: other,
    locationId: otherLocation,
    id: id<MenuItemId>('221'),
    position: 0,
    categoryId: id<MenuCategoryId>('521'),
    name: 'Cơm gà',
    description: 'Chicken rice',
    price: 50_000,
  },
];

const keysOf = (tenantId: TenantId, prefix: string, firstId: number) =>
  (['staff', 'cashier', 'manager'] as const).map((role, index) => ({
    tenantId,
    id: id<string>(String(firstId + index)),
    role,
    name: `Demo ${role}`,
    secret: `${prefix}-${role}-key`,
  }));

export const demoKeys = [
  ...keysOf(phoMai, 'demo', 401),
  ...keysOf(other, 'demo-other', 421),
  {
    tenantId: null,
    id: id<string>('499'),
    role: 'operator' as const,
    name: 'Demo operator',
    secret: 'demo-operator-key',
  },
];
