import {
  bigint,
  boolean,
  customType,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  smallint,
  text,
  timestamp,
  uuid,
} from 'drizzle-orm/pg-core';
import type { Actor } from '../../domain/actor.js';
import type { Bill } from '../../domain/bill.js';
import type { DeviceId, EventId, LocationId, SessionId, TableId, TenantId } from '../../domain/ids.js';
import type { SessionStatus } from '../../domain/session.js';
import { bytea } from './columns.js';

const time = (name: string) => timestamp(name, { withTimezone: true, mode: 'string' });
const xid8 = customType<{ data: string }>({ dataType: () => 'xid8' });

/** Heads of sessions. Written by the batch statement and by open-or-join only. */
export const qrSessions = pgTable(
  'qr_sessions',
  {
    tenantId: uuid('tenant_id').$type<TenantId>().notNull(),
    id: uuid('id').$type<SessionId>().notNull(),
    locationId: uuid('location_id').$type<LocationId>().notNull(),
    tableId: uuid('table_id').$type<TableId>().notNull(),
    status: text('status').$type<SessionStatus>().notNull(),
    lastEventSeq: integer('last_event_seq').notNull(),
    expiresAt: time('expires_at').notNull(),
    slidAt: time('slid_at').notNull(),
    openedAt: time('opened_at').notNull(),
    endedAt: time('ended_at'),
    ttlSeconds: integer('ttl_seconds').notNull(),
    sliding: boolean('sliding').notNull(),
    expiryEvent: boolean('expiry_event').notNull(),
    currency: text('currency').notNull(),
    total: bigint('total', { mode: 'number' }).notNull(),
    paid: bigint('paid', { mode: 'number' }).notNull(),
    due: bigint('due', { mode: 'number' }).notNull(),
    draftLines: integer('draft_lines').notNull(),
    sentLines: integer('sent_lines').notNull(),
    claimBy: text('claim_by'),
    claimUntil: time('claim_until'),
    updatedAt: time('updated_at').notNull(),
    anonymisedAt: time('anonymised_at'),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.id] })],
);

/** The log. Written by the batch statement and by open-or-join only; never updated, but for erasing personal fields. */
export const sessionEvents = pgTable(
  'session_events',
  {
    tenantId: uuid('tenant_id').$type<TenantId>().notNull(),
    sessionId: uuid('session_id').$type<SessionId>().notNull(),
    eventSeq: integer('event_seq').notNull(),
    eventId: uuid('event_id').$type<EventId>().notNull(),
    idempotencyKey: text('idempotency_key').notNull(),
    fingerprint: bytea('fingerprint').notNull(),
    eventType: text('event_type').notNull(),
    version: smallint('version').notNull(),
    payload: jsonb('payload').$type<Record<string, unknown>>().notNull(),
    actor: jsonb('actor').$type<Actor>().notNull(),
    salt: bytea('salt'),
    personalDigest: bytea('personal_digest'),
    prevHash: bytea('prev_hash').notNull(),
    hash: bytea('hash').notNull(),
    tx: xid8('tx').notNull(),
    createdAt: time('created_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.sessionId, t.eventSeq] })],
);

export const sessionCheckpoints = pgTable(
  'session_checkpoints',
  {
    tenantId: uuid('tenant_id').$type<TenantId>().notNull(),
    sessionId: uuid('session_id').$type<SessionId>().notNull(),
    eventSeq: integer('event_seq').notNull(),
    foldVersion: integer('fold_version').notNull(),
    bill: jsonb('bill').$type<Bill>().notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.sessionId, t.eventSeq] })],
);

/** Device ids as they are given out. What a device may do is in the log. */
export const devices = pgTable(
  'devices',
  {
    tenantId: uuid('tenant_id').$type<TenantId>().notNull(),
    id: uuid('id').$type<DeviceId>().notNull(),
    sessionId: uuid('session_id').$type<SessionId>().notNull(),
    tableId: uuid('table_id').$type<TableId>().notNull(),
    requestKey: bytea('request_key'),
    createdAt: time('created_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.id] })],
);

/** One per round, written by the statement that sends it. */
export const kitchenTickets = pgTable(
  'kitchen_tickets',
  {
    tenantId: uuid('tenant_id').$type<TenantId>().notNull(),
    sessionId: uuid('session_id').$type<SessionId>().notNull(),
    round: integer('round').notNull(),
    locationId: uuid('location_id').$type<LocationId>().notNull(),
    sentAt: time('sent_at').notNull(),
    releasedAt: time('released_at'),
    acknowledgedAt: time('acknowledged_at'),
    overdueAt: time('overdue_at'),
    openLines: integer('open_lines').notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.sessionId, t.round] })],
);
