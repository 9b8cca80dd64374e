import { sql } from 'drizzle-orm';
import { boolean, integer, pgTable, primaryKey, text, timestamp, uuid, bigint } from 'drizzle-orm/pg-core';
import type { LocationId, TableId, TenantId } from '../../domain/ids.js';
import type { Admission } from '../../domain/session.js';
import { bytea } from './columns.js';

const time = (name: string) => timestamp(name, { withTimezone: true, mode: 'string' });
const createdAt = () => time('created_at').notNull().default(sql`session_clock()`);

export const tenants = pgTable('tenants', {
  id: uuid('id').$type<TenantId>().primaryKey(),
  name: text('name').notNull(),
  createdAt: createdAt(),
});

export const locations = pgTable(
  'locations',
  {
    tenantId: uuid('tenant_id').$type<TenantId>().notNull(),
    id: uuid('id').$type<LocationId>().notNull(),
    name: text('name').notNull(),
    currency: text('currency').notNull(),
    timezone: text('timezone').notNull(),
    guestUrl: text('guest_url'),
    admission: text('admission').$type<Admission>().notNull().default('approve'),
    taxInclusive: boolean('tax_inclusive').notNull().default(true),
    serviceBps: integer('service_bps').notNull().default(0),
    sliding: boolean('sliding').notNull().default(false),
    ttlSeconds: integer('ttl_seconds'),
    onPaid: text('on_paid').$type<'end' | 'stay'>().notNull().default('end'),
    payFirst: boolean('pay_first').notNull().default(false),
    cashRounding: integer('cash_rounding').notNull().default(1),
    expiryEvent: boolean('expiry_event').notNull().default(true),
    ordering: text('ordering').$type<'open' | 'paused'>().notNull().default('open'),
    menuVersion: bigint('menu_version', { mode: 'number' }).notNull().default(1),
    removedAt: time('removed_at'),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.id] })],
);

export const diningTables = pgTable(
  'dining_tables',
  {
    tenantId: uuid('tenant_id').$type<TenantId>().notNull(),
    id: uuid('id').$type<TableId>().notNull(),
    locationId: uuid('location_id').$type<LocationId>().notNull(),
    name: text('name').notNull(),
    removedAt: time('removed_at'),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.id] })],
);

export const tableTokens = pgTable('table_tokens', {
  tokenHash: bytea('token_hash').primaryKey(),
  tenantId: uuid('tenant_id').$type<TenantId>().notNull(),
  tableId: uuid('table_id').$type<TableId>().notNull(),
  sealedToken: bytea('sealed_token'),
  revokedAt: time('revoked_at'),
});

export const apiKeys = pgTable('api_keys', {
  keyHash: bytea('key_hash').primaryKey(),
  id: uuid('id').notNull(),
  tenantId: uuid('tenant_id').$type<TenantId>(),
  locationId: uuid('location_id').$type<LocationId>(),
  role: text('role').$type<'staff' | 'cashier' | 'manager' | 'operator'>().notNull(),
  name: text('name').notNull(),
  shared: boolean('shared').notNull().default(false),
  createdAt: createdAt(),
  lastUsedAt: time('last_used_at'),
  expiresAt: time('expires_at'),
  revokedAt: time('revoked_at'),
});
