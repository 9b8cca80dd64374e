import { integer, jsonb, pgTable, primaryKey, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import type { PaymentId, TenantId } from '../../domain/ids.js';
import { bytea } from './columns.js';

const time = (name: string) => timestamp(name, { withTimezone: true, mode: 'string' });

/** Notices with a valid signature. One that moved a session was written by the same statement as its events. */
export const webhookInbox = pgTable(
  'webhook_inbox',
  {
    tenantId: uuid('tenant_id').$type<TenantId>().notNull(),
    id: uuid('id').notNull(),
    provider: text('provider').notNull(),
    account: text('account').notNull(),
    digest: bytea('digest').notNull(),
    method: text('method').notNull(),
    query: text('query').notNull(),
    headers: jsonb('headers').$type<Readonly<Record<string, string>>>().notNull(),
    body: bytea('body').notNull(),
    verdict: text('verdict').notNull(),
    detail: text('detail'),
    paymentId: uuid('payment_id').$type<PaymentId>(),
    deliveries: integer('deliveries').notNull().default(1),
    receivedAt: time('received_at').notNull(),
    lastReceivedAt: time('last_received_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.id] })],
);

/** A bounded sample of calls that could not be verified. */
export const webhookSamples = pgTable(
  'webhook_samples',
  {
    tenantId: uuid('tenant_id').$type<TenantId>().notNull(),
    id: uuid('id').notNull(),
    provider: text('provider').notNull(),
    account: text('account').notNull(),
    reason: text('reason').notNull(),
    address: text('address').notNull(),
    sample: bytea('sample').notNull(),
    receivedAt: time('received_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.id] })],
);
