import { and, asc, eq, getTableColumns, isNull, lte, or, type SQL, sql } from 'drizzle-orm';
import type { Actor } from '../domain/actor.js';
import type { PaymentId, SessionId, TenantId } from '../domain/ids.js';
import type { PaymentReason, Resolution } from '../domain/payment.js';
import type { Orm } from './connect.js';
import { payments } from './tables/payments.js';

/** A payment's row; `reasons` with what the clock says. */
export type PaymentRow = typeof payments.$inferSelect;

/** A pending payment that should have been heard of by now, in a list of reasons that depends on the clock. */
export const isStale: SQL<boolean> = sql<boolean>`(${payments.status} = 'pending'
  AND coalesce(${payments.expiresAt}, ${payments.createdAt} + interval '15 minutes') < session_clock())`;

/** The columns of a row, for every reader the same. */
export const paymentColumns = {
  ...getTableColumns(payments),
  reasons: sql<
    PaymentReason[]
  >`CASE WHEN ${isStale} THEN array_append(${payments.reasons}, 'stale_pending') ELSE ${payments.reasons} END`.mapWith(
    payments.reasons,
  ),
};

const byId = (tenantId: TenantId, id: PaymentId) => and(eq(payments.tenantId, tenantId), eq(payments.id, id));

export async function findPaymentRow(orm: Orm, tenantId: TenantId, id: PaymentId): Promise<PaymentRow | undefined> {
  const rows = await orm.select(paymentColumns).from(payments).where(byId(tenantId, id));
  return rows[0];
}

/** The payment of this reference; money that only claimed it is not meant. */
export async function findPaymentByReference(
  orm: Orm,
  tenantId: TenantId,
  reference: string,
): Promise<PaymentRow | undefined> {
  const rows = await orm
    .select(paymentColumns)
    .from(payments)
    .where(and(eq(payments.tenantId, tenantId), eq(payments.paymentReference, reference)));
  return rows[0];
}

/** A session's payments in the order they were made, with the money that a provider reported beside them. */
export function listSessionPayments(
  orm: Orm,
  tenantId: TenantId,
  sessionId: SessionId,
): Promise<readonly PaymentRow[]> {
  return orm
    .select(paymentColumns)
    .from(payments)
    .where(and(eq(payments.tenantId, tenantId), eq(payments.sessionId, sessionId)))
    .orderBy(asc(payments.id));
}

/** What the provider gave for a guest to pay with. */
export interface PayLinks {
  readonly payUrl: string | null;
  readonly deeplink: string | null;
  readonly qrPayload: string | null;
  readonly providerData: Readonly<Record<string, unknown>>;
}

export async function storePayLinks(
  orm: Orm,
  { tenantId, id }: { tenantId: TenantId; id: PaymentId },
  links: PayLinks,
): Promise<void> {
  await orm.update(payments).set(links).where(byId(tenantId, id));
}

/** A person's decision about a payment. */
export interface NewResolution {
  readonly resolution: Resolution;
  readonly note: string;
  readonly by: Actor;
  /** Where attached money goes. */
  readonly sessionId?: SessionId | undefined;
}

/**
 * Writes the decision, unless there is one; nothing comes back if there was. Nor is money put onto a bill while it is on its
 * way back.
 */
export async function resolveRow(
  orm: Orm,
  { tenantId, id }: { tenantId: TenantId; id: PaymentId },
  { resolution, note, by, sessionId }: NewResolution,
): Promise<PaymentRow | undefined> {
  const rows = await orm
    .update(payments)
    .set({
      ...{ resolution, resolutionNote: note, resolvedBy: by, resolvedAt: sql`session_clock()` },
      ...(sessionId && { sessionId }),
    })
    .where(
      and(
        byId(tenantId, id),
        isNull(payments.resolution),
        resolution === 'attach' ? eq(payments.refundHeld, 0) : undefined,
      ),
    )
    .returning(paymentColumns);
  return rows[0];
}

/** Attached money whose settlement is not in its session's log: whoever attached it was interrupted. */
export function listUnfinishedAttachments(orm: Orm, limit: number): Promise<readonly PaymentRow[]> {
  return orm
    .select(paymentColumns)
    .from(payments)
    .where(
      and(
        eq(payments.resolution, 'attach'),
        isNull(payments.billSeq),
        lte(payments.resolvedAt, sql`session_clock() - interval '10 seconds'`),
      ),
    )
    .orderBy(asc(payments.resolvedAt))
    .limit(limit);
}

/** A payment to ask the provider about; its time to be paid has passed: `isOver`, an hour ago, a day ago. */
export type PolledPayment = PaymentRow & {
  readonly isOver: boolean;
  readonly isLongOver: boolean;
  readonly isGivenUp: boolean;
};

const polled = {
  ...paymentColumns,
  isOver: sql<boolean>`${payments.expiresAt} <= session_clock()`,
  isLongOver: sql<boolean>`${payments.expiresAt} + interval '1 hour' <= session_clock()`,
  isGivenUp: sql<boolean>`${payments.expiresAt} + interval '24 hours' <= session_clock()`,
};

/** Asked again after 1, 2, 4 ... 10 minutes, and at the moment when its time is over. */
const nextPoll = sql`(SELECT CASE WHEN ${payments.expiresAt} > session_clock() THEN least(next, ${payments.expiresAt}) ELSE next END
  FROM (SELECT session_clock() + least(interval '10 minutes', interval '1 minute' * power(2, least(${payments.polls}, 10))) AS next) n)`;

const asked = { polls: sql`${payments.polls} + 1`, polledAt: sql`session_clock()`, nextPollAt: nextPoll };

/** Takes payments whose turn it is, of all tenants; no other node takes the same before their next turn. */
export function takeDuePolls(orm: Orm, limit: number): Promise<readonly PolledPayment[]> {
  const due = orm
    .select({ tenantId: payments.tenantId, id: payments.id })
    .from(payments)
    .where(lte(payments.nextPollAt, sql`session_clock()`))
    .orderBy(asc(payments.nextPollAt))
    .limit(limit)
    .for('update', { skipLocked: true });
  return orm
    .update(payments)
    .set(asked)
    .where(sql`(${payments.tenantId}, ${payments.id}) IN (${due})`)
    .returning(polled);
}

/** Takes one payment to ask about it now, unless it was asked about less than three seconds ago. */
export async function takePollNow(
  orm: Orm,
  { tenantId, id }: { tenantId: TenantId; id: PaymentId },
): Promise<PolledPayment | undefined> {
  const isRested = or(isNull(payments.polledAt), lte(payments.polledAt, sql`session_clock() - interval '3 seconds'`));
  const rows = await orm
    .update(payments)
    .set({ polls: sql`${payments.polls} + 1`, polledAt: sql`session_clock()` })
    .where(and(byId(tenantId, id), eq(payments.status, 'pending'), isRested))
    .returning(polled);
  return rows[0];
}

/** Nobody asks about it any more. */
export async function endPolling(orm: Orm, { tenantId, id }: { tenantId: TenantId; id: PaymentId }): Promise<void> {
  await orm.update(payments).set({ nextPollAt: null }).where(byId(tenantId, id));
}
