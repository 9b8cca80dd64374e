import { bigint, boolean, integer, jsonb, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import type { LocationId, MenuCategoryId, MenuItemId, TenantId } from '../../domain/ids.js';
import type { Allergen, ItemTranslations, NameTranslations, OptionGroup } from '../../domain/menu.js';

export const menuCategories = pgTable(
  'menu_categories',
  {
    tenantId: uuid('tenant_id').$type<TenantId>().notNull(),
    id: uuid('id').$type<MenuCategoryId>().notNull(),
    locationId: uuid('location_id').$type<LocationId>().notNull(),
    position: integer('position').notNull(),
    name: text('name').notNull(),
    translations: jsonb('translations').$type<NameTranslations>().notNull().default({}),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.id] })],
);

export const menuItems = pgTable(
  'menu_items',
  {
    tenantId: uuid('tenant_id').$type<TenantId>().notNull(),
    id: uuid('id').$type<MenuItemId>().notNull(),
    locationId: uuid('location_id').$type<LocationId>().notNull(),
    position: integer('position').notNull(),
    categoryId: uuid('category_id').$type<MenuCategoryId>().notNull(),
    name: text('name').notNull(),
    description: text('description'),
    price: bigint('price', { mode: 'number' }).notNull(),
    taxBps: integer('tax_bps').notNull().default(0),
    available: boolean('available').notNull().default(true),
    translations: jsonb('translations').$type<ItemTranslations>().notNull().default({}),
    pictureUrl: text('picture_url'),
    allergens: jsonb('allergens').$type<readonly Allergen[]>().notNull().default([]),
    optionGroups: jsonb('option_groups').$type<readonly OptionGroup[]>().notNull().default([]),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.id] })],
);
