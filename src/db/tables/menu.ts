import { bigint, boolean, integer, jsonb, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import type { LocationId, MenuItemId, TenantId } from '../../domain/ids.js';
import type { OptionGroup } from '../../domain/menu.js';

export const menuItems = pgTable(
  'menu_items',
  {
    tenantId: uuid('tenant_id').$type<TenantId>().notNull(),
    id: uuid('id').$type<MenuItemId>().notNull(),
    locationId: uuid('location_id').$type<LocationId>().notNull(),
    position: integer('position').notNull(),
    category: text('category').notNull(),
    name: text('name').notNull(),
    description: text('description'),
    price: bigint('price', { mode: 'number' }).notNull(),
    taxBps: integer('tax_bps').notNull().default(0),
    available: boolean('available').notNull().default(true),
    optionGroups: jsonb('option_groups').$type<readonly OptionGroup[]>().notNull().default([]),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.id] })],
);
