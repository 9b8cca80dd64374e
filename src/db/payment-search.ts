import { and, asc, desc, eq, gte, isNull, lt, ne, type SQL, sql } from 'drizzle-orm';
import type { LocationId, PaymentId, SessionId, TenantId } from '../domain/ids.js';
import type { PaymentMethod, PaymentReason, PaymentState, Resolution } from '../domain/payment.js';
import type { Orm } from './connect.js';
import { isStale, paymentColumns, type PaymentRow } from './payments.js';
import { payments } from './tables/payments.js';

/** Which of a tenant's payments. */
export interface PaymentSearch {
  readonly tenantId: TenantId;
  readonly locationId?: LocationId | undefined;
  readonly sessionId?: SessionId | undefined;
  readonly status?: PaymentState | undefined;
  readonly method?: PaymentMethod | undefined;
  /** Waits for a person's decision for this reason. */
  readonly reason?: PaymentReason | undefined;
  readonly resolution?: Resolution | undefined;
  /** Waits for a person's decision. */
  readonly isOpen?: boolean | undefined;
  /** When its money came, or when it began where none has come: from this moment on, before that one. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** Money is there, given back or not. */
export const hasMoney: SQL<boolean> = sql<boolean>`${payments.status} IN ('succeeded', 'refunded', 'partially_refunded')`;

/** The same money stands in the payment that it settled after all. */
export const isCountedElsewhere: SQL<boolean> = sql<boolean>`${payments.resolution} IS NOT DISTINCT FROM 'adopted'`;

/** Waits for a person's decision. */
export const isOpenItem: SQL<boolean> = sql<boolean>`(${payments.resolution} IS NULL
  AND (${payments.reasons} <> '{}' OR ${isStale}))`;

/** When its money came, or when it began where none has come. */
export const timeOfMoney: SQL<string> = sql<string>`coalesce(${payments.settledAt}, ${payments.createdAt})`;

/** The newest first, from before the given one. */
export function searchPaymentRows(
  orm: Orm,
  search: PaymentSearch,
  { before, limit }: { readonly before: PaymentId | undefined; readonly limit: number },
): Promise<readonly PaymentRow[]> {
  return orm
    .select(paymentColumns)
    .from(payments)
    .where(and(matching(search), before && lt(payments.id, before)))
    .orderBy(desc(payments.id))
    .limit(limit);
}

/** Figures of the payments of one method, in one currency. */
export interface MethodSums {
  readonly currency: string;
  readonly method: PaymentMethod;
  readonly count: number;
  readonly settledCount: number;
  readonly received: number;
  readonly refunded: number;
  readonly openCount: number;
  readonly openAmount: number;
}

const countOf = (which: SQL) => sql`count(*) FILTER (WHERE ${which})`.mapWith(Number);
const sumOf = (what: SQL | (typeof payments)['amount' | 'refundedAmount'], which: SQL) =>
  sql`coalesce(sum(${what}) FILTER (WHERE ${which}), 0)`.mapWith(Number);

/** Adds up a whole search. What is counted elsewhere is left out, also where it was searched for. */
export function sumPayments(orm: Orm, search: PaymentSearch): Promise<readonly MethodSums[]> {
  return orm
    .select({
      ...{ currency: payments.currency, method: payments.method },
      ...{ count: countOf(sql`true`), settledCount: countOf(hasMoney) },
      received: sumOf(payments.amount, hasMoney),
      refunded: sumOf(payments.refundedAmount, hasMoney),
      ...{ openCount: countOf(isOpenItem), openAmount: sumOf(payments.amount, isOpenItem) },
    })
    .from(payments)
    .where(and(matching(search), sql`NOT ${isCountedElsewhere}`))
    .groupBy(payments.currency, payments.method)
    .orderBy(asc(payments.currency), asc(payments.method));
}

function matching(search: PaymentSearch): SQL | undefined {
  const { locationId, sessionId, status, method, reason, resolution, isOpen, from, to } = search;
  return and(
    eq(payments.tenantId, search.tenantId),
    locationId && eq(payments.locationId, locationId),
    sessionId && eq(payments.sessionId, sessionId),
    status && eq(payments.status, status),
    method && eq(payments.method, method),
    reason && isOpenFor(reason),
    resolution ? eq(payments.resolution, resolution) : sql`NOT ${isCountedElsewhere}`,
    isOpen ? isOpenItem : undefined,
    from === undefined ? undefined : gte(timeOfMoney, from),
    to === undefined ? undefined : lt(timeOfMoney, to),
  );
}

function isOpenFor(reason: PaymentReason): SQL | undefined {
  if (reason === 'stale_pending') return and(isNull(payments.resolution), isStale);
  return and(isNull(payments.resolution), ne(payments.reasons, sql`'{}'`), sql`${reason} = ANY (${payments.reasons})`);
}
