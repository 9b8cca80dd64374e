import { sql } from 'drizzle-orm';
import type { LocationId, PaymentId, RefundId, SessionId, TableId, TenantId } from '../domain/ids.js';
import type { PaymentMethod, PaymentReason } from '../domain/payment.js';
import type { Orm } from './connect.js';
import { hasMoney, isCountedElsewhere, isOpenItem, timeOfMoney } from './payment-search.js';
import { isStale } from './payments.js';
import { isUnpaid } from './session-search.js';
import { payments } from './tables/payments.js';

/** Money in and out, in minor units. */
export interface Takings {
  /** Payments whose money came. */
  readonly count: number;
  readonly received: number;
  readonly refunded: number;
  readonly net: number;
}

/** What a location took in on one of its local days. */
export interface DayReportRow {
  readonly currency: string;
  readonly timezone: string;
  readonly from: string;
  readonly to: string;
  readonly total: Takings;
  readonly methods: readonly (Takings & { readonly method: PaymentMethod })[];
  /** Who took or recorded it by hand, or gave it back; `cash`: what should be in the drawer for it. */
  readonly cashiers: readonly (Takings & { readonly name: string | null; readonly cash: number })[];
  readonly hours: readonly (Takings & { readonly hour: number })[];
  readonly refunds: readonly DayRefund[];
  readonly open: OpenItems & { readonly reasons: readonly (OpenItems & { readonly reason: PaymentReason })[] };
  readonly sessions: DaySessions;
  readonly unpaid: readonly UnpaidSession[];
  readonly writeOffs: readonly DayWriteOff[];
}

/** A visit of the day that ended with something due for what the kitchen got. */
export interface UnpaidSession {
  readonly id: SessionId;
  readonly tableId: TableId;
  readonly openedAt: string;
  readonly endedAt: string;
  readonly total: number;
  readonly paid: number;
  readonly due: number;
}

/** What was given up that day, of a visit of whatever day. */
export interface DayWriteOff {
  readonly sessionId: SessionId;
  readonly amount: number;
  readonly reason: string;
  readonly by: string | null;
  readonly createdAt: string;
}

export interface DayRefund {
  readonly id: RefundId;
  readonly paymentId: PaymentId;
  readonly method: PaymentMethod;
  readonly amount: number;
  readonly reason: string;
  readonly manual: boolean;
  readonly by: string | null;
  readonly finishedAt: string;
}

export interface OpenItems {
  readonly count: number;
  readonly amount: number;
}

/** Visits that began that day, as they are now. */
export interface DaySessions {
  readonly opened: number;
  readonly paid: number;
  /** Ended with something due for what the kitchen got, and not given up. */
  readonly unpaid: number;
  readonly unpaidDue: number;
  /** What was given up that day. */
  readonly writtenOff: number;
  readonly writtenOffAmount: number;
}

export interface WantedReport {
  readonly tenantId: TenantId;
  readonly locationId: LocationId;
  readonly date: string;
  /** Open items of no location are told as well: somebody has to look at them. */
  readonly withUnplaced: boolean;
}

/** One statement, so that all figures are of one moment. Undefined when there is no such location. */
export async function readDayReport(
  orm: Orm,
  { tenantId, locationId, date, withUnplaced }: WantedReport,
): Promise<DayReportRow | undefined> {
  const rows = await orm.execute<{ report: DayReportRow }>(sql`
    WITH day AS (
      SELECT tenant_id, id, timezone, currency, ${withUnplaced ? 1 : 0}::int = 1 AS with_unplaced,
        ${date}::date::timestamp AT TIME ZONE timezone AS starts,
        (${date}::date + 1)::timestamp AT TIME ZONE timezone AS ends
      FROM locations WHERE tenant_id = ${tenantId}::uuid AND id = ${locationId}::uuid
    ), ${refundsOfDay}, ${moves}, ${openItems}
    SELECT jsonb_build_object(
      'currency', day.currency, 'timezone', day.timezone, 'from', day.starts, 'to', day.ends,
      'total', (SELECT ${takings} FROM moves),
      'methods', ${listOf('method', sql`jsonb_build_object('method', method)`)},
      'cashiers', ${listOf(
        'cashier',
        sql`jsonb_build_object('name', cashier, 'cash',
        coalesce(sum(received - refunded) FILTER (WHERE method = 'cash'), 0))`,
        sql`WHERE by_hand`,
      )},
      'hours', ${listOf('hour', sql`jsonb_build_object('hour', hour)`)},
      'refunds', (SELECT coalesce(jsonb_agg(jsonb_build_object('id', id, 'paymentId', payment_id, 'method', method,
        'amount', amount, 'reason', reason, 'manual', manual, 'by', by, 'finishedAt', finished_at)
        ORDER BY finished_at, id), '[]') FROM given),
      'open', (SELECT jsonb_build_object('count', count(*), 'amount', coalesce(sum(amount), 0),
        'reasons', ${openByReason}) FROM open_items),
      'sessions', ${sessionsOfDay} || ${writtenOffOfDay}, 'unpaid', ${unpaidOfDay}, 'writeOffs', ${writeOffsOfDay}
    ) AS report
    FROM day`);
  return rows[0]?.report;
}

const refundsOfDay = sql`given AS (
  SELECT r.id, r.payment_id, r.amount, r.reason, r.manual, r.actor->>'name' AS by, r.finished_at, p.method,
    extract(hour FROM r.finished_at AT TIME ZONE day.timezone)::int AS hour
  FROM day JOIN payments p ON p.tenant_id = day.tenant_id AND p.location_id = day.id
    JOIN refunds r ON r.tenant_id = p.tenant_id AND r.payment_id = p.id
  WHERE r.status = 'succeeded' AND r.finished_at >= day.starts AND r.finished_at < day.ends
)`;

/** Every movement of money of the day: in by a payment, out by a refund. */
const moves = sql`moves AS (
  SELECT ${payments.method}, ${payments.amount} AS received, 0::bigint AS refunded, 1 AS arrivals,
    extract(hour FROM ${payments.settledAt} AT TIME ZONE day.timezone)::int AS hour,
    ${payments.actor}->>'name' AS cashier,
    ${payments.account} IS NULL AND ${payments.actor}->>'type' = 'staff' AS by_hand
  FROM day JOIN ${payments} ON ${payments.tenantId} = day.tenant_id AND ${payments.locationId} = day.id
  WHERE ${hasMoney} AND NOT ${isCountedElsewhere}
    AND ${payments.settledAt} >= day.starts AND ${payments.settledAt} < day.ends
  UNION ALL
  SELECT method, 0, amount, 0, hour, by, true FROM given
)`;

const openItems = sql`open_items AS (
  SELECT ${payments.amount},
    CASE WHEN ${isStale} THEN ${payments.reasons} || 'stale_pending'::text ELSE ${payments.reasons} END AS reasons
  FROM day JOIN ${payments} ON ${payments.tenantId} = day.tenant_id
    AND (${payments.locationId} = day.id OR (day.with_unplaced AND ${payments.locationId} IS NULL))
  WHERE ${isOpenItem} AND ${timeOfMoney} >= day.starts AND ${timeOfMoney} < day.ends
)`;

const openByReason = sql`(SELECT coalesce(jsonb_agg(one ORDER BY one->>'reason'), '[]') FROM (
  SELECT jsonb_build_object('reason', reason, 'count', count(*), 'amount', sum(amount)) AS one
  FROM open_items, unnest(reasons) AS reason GROUP BY reason) AS by_reason)`;

/** A visit that was paid stays paid, though money of it was given back. */
const isPaid = sql`(qr_sessions.status = 'paid' OR (qr_sessions.total > 0 AND qr_sessions.due <= 0))`;
const ofDay = sql`FROM qr_sessions WHERE qr_sessions.tenant_id = day.tenant_id AND qr_sessions.location_id = day.id
  AND qr_sessions.opened_at >= day.starts AND qr_sessions.opened_at < day.ends`;

const sessionsOfDay = sql`(SELECT jsonb_build_object('opened', count(*), 'paid', count(*) FILTER (WHERE ${isPaid}),
    'unpaid', count(*) FILTER (WHERE ${isUnpaid}),
    'unpaidDue', coalesce(sum(qr_sessions.due) FILTER (WHERE ${isUnpaid}), 0)) ${ofDay})`;

/** As many as a person can look through; the figures above count all. */
const unpaidOfDay = sql`(SELECT coalesce(jsonb_agg(one ORDER BY one->>'openedAt', one->>'id'), '[]') FROM (
  SELECT jsonb_build_object('id', qr_sessions.id, 'tableId', qr_sessions.table_id, 'openedAt', qr_sessions.opened_at,
    'endedAt', coalesce(qr_sessions.ended_at, qr_sessions.expires_at), 'total', qr_sessions.total,
    'paid', qr_sessions.paid, 'due', qr_sessions.due) AS one
  ${ofDay} AND ${isUnpaid} ORDER BY qr_sessions.id LIMIT 500) AS unpaid)`;

const writeOffsBetween = sql`FROM session_write_offs w
  WHERE w.tenant_id = day.tenant_id AND w.location_id = day.id AND w.created_at >= day.starts AND w.created_at < day.ends`;

const writtenOffOfDay = sql`(SELECT jsonb_build_object('writtenOff', count(*),
  'writtenOffAmount', coalesce(sum(w.amount), 0)) ${writeOffsBetween})`;

const writeOffsOfDay = sql`(SELECT coalesce(jsonb_agg(jsonb_build_object('sessionId', w.session_id, 'amount', w.amount,
  'reason', w.reason, 'by', w.actor->>'name', 'createdAt', w.created_at) ORDER BY w.created_at, w.session_id), '[]')
  ${writeOffsBetween})`;

const takings = sql`jsonb_build_object('count', coalesce(sum(arrivals), 0), 'received', coalesce(sum(received), 0),
  'refunded', coalesce(sum(refunded), 0), 'net', coalesce(sum(received - refunded), 0))`;

/** The day's takings by one column of its movements, in that column's order. */
function listOf(column: 'method' | 'cashier' | 'hour', members: ReturnType<typeof sql>, which = sql``) {
  const name = sql.raw(column);
  return sql`(SELECT coalesce(jsonb_agg(one ORDER BY key), '[]') FROM (
    SELECT ${name} AS key, ${members} || ${takings} AS one FROM moves ${which} GROUP BY ${name}) AS by_${name})`;
}
