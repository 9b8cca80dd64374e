import { bigint, boolean, integer, jsonb, pgTable, primaryKey, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import type { Actor } from '../../domain/actor.js';
import type { DeviceId, LocationId, PaymentId, RefundId, SessionId, TenantId } from '../../domain/ids.js';
import type {
  Mismatch,
  PaymentMethod,
  PaymentReason,
  PaymentState,
  RefundState,
  Resolution,
  Split,
} from '../../domain/payment.js';
import { bytea } from './columns.js';

const time = (name: string) => timestamp(name, { withTimezone: true, mode: 'string' });
const money = (name: string) => bigint(name, { mode: 'number' });

/** Payments. Those of a session are written by the batch statement with their events. */
export const payments = pgTable(
  'payments',
  {
    tenantId: uuid('tenant_id').$type<TenantId>().notNull(),
    id: uuid('id').$type<PaymentId>().notNull(),
    sessionId: uuid('session_id').$type<SessionId>(),
    locationId: uuid('location_id').$type<LocationId>(),
    paymentReference: text('payment_reference'),
    claimedReference: text('claimed_reference'),
    method: text('method').$type<PaymentMethod>().notNull(),
    provider: text('provider'),
    account: text('account'),
    status: text('status').$type<PaymentState>().notNull(),
    amount: money('amount').notNull(),
    currency: text('currency').notNull(),
    providerTransactionId: text('provider_transaction_id'),
    mismatch: text('mismatch').$type<Mismatch>().notNull().default('none'),
    reasons: text('reasons').array().$type<PaymentReason[]>().notNull().default([]),
    billSeq: integer('bill_seq'),
    split: jsonb('split').$type<Split>(),
    deviceId: uuid('device_id').$type<DeviceId>(),
    actor: jsonb('actor').$type<Actor>().notNull(),
    note: text('note'),
    expected: money('expected'),
    tendered: money('tendered'),
    change: money('change'),
    refundedAmount: money('refunded_amount').notNull().default(0),
    refundHeld: money('refund_held').notNull().default(0),
    expiresAt: time('expires_at'),
    payUrl: text('pay_url'),
    deeplink: text('deeplink'),
    qrPayload: text('qr_payload'),
    providerData: jsonb('provider_data').$type<Readonly<Record<string, unknown>>>(),
    polls: integer('polls').notNull().default(0),
    polledAt: time('polled_at'),
    nextPollAt: time('next_poll_at'),
    resolution: text('resolution').$type<Resolution>(),
    resolutionNote: text('resolution_note'),
    resolvedBy: jsonb('resolved_by').$type<Actor>(),
    resolvedAt: time('resolved_at'),
    adoptedBy: uuid('adopted_by').$type<PaymentId>(),
    createdAt: time('created_at').notNull(),
    settledAt: time('settled_at'),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.id] })],
);

export const refunds = pgTable(
  'refunds',
  {
    tenantId: uuid('tenant_id').$type<TenantId>().notNull(),
    id: uuid('id').$type<RefundId>().notNull(),
    paymentId: uuid('payment_id').$type<PaymentId>().notNull(),
    amount: money('amount').notNull(),
    reason: text('reason').notNull(),
    status: text('status').$type<RefundState>().notNull(),
    manual: boolean('manual').notNull(),
    idempotencyKey: text('idempotency_key').notNull(),
    fingerprint: bytea('fingerprint').notNull(),
    providerRefundId: text('provider_refund_id'),
    providerData: jsonb('provider_data').$type<Readonly<Record<string, unknown>>>(),
    actor: jsonb('actor').$type<Actor>().notNull(),
    polls: integer('polls').notNull().default(0),
    nextPollAt: time('next_poll_at'),
    createdAt: time('created_at').notNull(),
    finishedAt: time('finished_at'),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.id] })],
);

/** Accounts of a tenant's own; the default one is made of the environment and has no row. */
export const merchantAccounts = pgTable('merchant_accounts', {
  id: uuid('id').primaryKey(),
  tenantId: uuid('tenant_id').$type<TenantId>().notNull(),
  locationId: uuid('location_id').$type<LocationId>(),
  provider: text('provider').notNull(),
  name: text('name').notNull(),
  settings: jsonb('settings').$type<Readonly<Record<string, unknown>>>().notNull(),
  sealedSecrets: bytea('sealed_secrets').notNull(),
  sealedPrevious: bytea('sealed_previous'),
  previousUntil: time('previous_until'),
  allowedAddresses: text('allowed_addresses').array().notNull().default([]),
  createdAt: time('created_at').notNull(),
  updatedAt: time('updated_at').notNull(),
  disabledAt: time('disabled_at'),
});
