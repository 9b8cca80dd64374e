import { and, asc, eq, lte, sql } from 'drizzle-orm';
import type { Actor } from '../domain/actor.js';
import type { PaymentId, RefundId, TenantId } from '../domain/ids.js';
import type { Orm } from './connect.js';
import { refunds } from './tables/payments.js';

export type RefundRow = typeof refunds.$inferSelect;

export interface NewRefund {
  readonly tenantId: TenantId;
  readonly id: RefundId;
  readonly paymentId: PaymentId;
  readonly amount: number;
  readonly reason: string;
  readonly manual: boolean;
  readonly idempotencyKey: string;
  readonly fingerprint: Buffer;
  readonly actor: Actor;
}

/** The refund of an earlier request with this key. */
export async function findRefundByKey(
  orm: Orm,
  { tenantId, paymentId, key }: { tenantId: TenantId; paymentId: PaymentId; key: string },
): Promise<RefundRow | undefined> {
  const rows = await orm
    .select()
    .from(refunds)
    .where(and(eq(refunds.tenantId, tenantId), eq(refunds.paymentId, paymentId), eq(refunds.idempotencyKey, key)));
  return rows[0];
}

/** Refunds of these payments in the order they were asked for. */
export function listRefunds(
  orm: Orm,
  tenantId: TenantId,
  paymentIds: readonly PaymentId[],
): Promise<readonly RefundRow[]> {
  return orm
    .select()
    .from(refunds)
    .where(and(eq(refunds.tenantId, tenantId), sql`${refunds.paymentId} = ANY (${sql.param(paymentIds)}::uuid[])`))
    .orderBy(asc(refunds.id));
}

/**
 * Holds the amount and writes the pending refund, in one statement: refunds at the same moment never come to more than was
 * paid, and money that is just being put onto a bill waits until it is there. False: there is not so much left. A key that was
 * used throws the database's duplicate.
 */
export async function holdRefund(orm: Orm, refund: NewRefund): Promise<boolean> {
  const rows = await orm.execute(sql`
    WITH held AS (
      UPDATE payments SET refund_held = refund_held + ${refund.amount}::bigint
      WHERE tenant_id = ${refund.tenantId}::uuid AND id = ${refund.paymentId}::uuid
        AND status IN ('succeeded', 'partially_refunded') AND refund_held + ${refund.amount}::bigint <= amount
        AND (resolution IS DISTINCT FROM 'attach' OR bill_seq IS NOT NULL)
      RETURNING tenant_id, id
    ), made AS (
      INSERT INTO refunds (tenant_id, id, payment_id, amount, reason, status, manual, idempotency_key, fingerprint, actor,
        next_poll_at)
      SELECT h.tenant_id, ${refund.id}::uuid, h.id, ${refund.amount}::bigint, ${refund.reason}::text, 'pending',
        ${refund.manual ? 1 : 0}::int = 1, ${refund.idempotencyKey}::text,
        decode(${refund.fingerprint.toString('hex')}::text, 'hex'), ${JSON.stringify(refund.actor)}::jsonb,
        session_clock() + interval '30 seconds'
      FROM held h
      RETURNING id
    )
    SELECT id FROM made`);
  return rows.length > 0;
}

/**
 * Puts a refund made by hand in the place of one of the same amount that the provider never told the end of: the amount stays
 * held. False: there is none such. Only after two minutes, when nobody is waiting for the provider's answer any more.
 */
export async function takeOverRefund(orm: Orm, refund: NewRefund): Promise<boolean> {
  const rows = await orm.execute(sql`
    WITH replaced AS (
      UPDATE refunds SET status = 'failed', finished_at = session_clock(), next_poll_at = NULL
      WHERE tenant_id = ${refund.tenantId}::uuid AND status = 'pending' AND id = (
        SELECT o.id FROM refunds o WHERE o.tenant_id = ${refund.tenantId}::uuid AND o.payment_id = ${refund.paymentId}::uuid
          AND o.status = 'pending' AND NOT o.manual AND o.amount = ${refund.amount}::bigint
          AND o.created_at <= session_clock() - interval '2 minutes'
        ORDER BY o.id LIMIT 1)
      RETURNING payment_id
    ), made AS (
      INSERT INTO refunds (tenant_id, id, payment_id, amount, reason, status, manual, idempotency_key, fingerprint, actor,
        next_poll_at)
      SELECT ${refund.tenantId}::uuid, ${refund.id}::uuid, r.payment_id, ${refund.amount}::bigint, ${refund.reason}::text,
        'pending', true, ${refund.idempotencyKey}::text, decode(${refund.fingerprint.toString('hex')}::text, 'hex'),
        ${JSON.stringify(refund.actor)}::jsonb, session_clock() + interval '30 seconds'
      FROM replaced r
      RETURNING id
    )
    SELECT id FROM made`);
  return rows.length > 0;
}

type RefundName = Pick<RefundRow, 'tenantId' | 'id'>;

const byId = ({ tenantId, id }: RefundName) => and(eq(refunds.tenantId, tenantId), eq(refunds.id, id));

export async function findRefund(orm: Orm, refund: RefundName): Promise<RefundRow | undefined> {
  const rows = await orm.select().from(refunds).where(byId(refund));
  return rows[0];
}

/** What the provider needs to be asked about it. */
export async function storeRefundData(
  orm: Orm,
  refund: RefundName,
  data: { providerRefundId: string | null; providerData: Readonly<Record<string, unknown>> },
): Promise<void> {
  await orm.update(refunds).set(data).where(byId(refund));
}

/** The money stays where it is: what was held is free again. Only a pending refund can fail. */
export async function failRefund(orm: Orm, refund: RefundName): Promise<void> {
  await orm.execute(sql`
    WITH failed AS (
      UPDATE refunds SET status = 'failed', finished_at = session_clock(), next_poll_at = NULL
      WHERE tenant_id = ${refund.tenantId}::uuid AND id = ${refund.id}::uuid AND status = 'pending'
      RETURNING tenant_id, payment_id, amount
    )
    UPDATE payments p SET refund_held = p.refund_held - f.amount
    FROM failed f WHERE p.tenant_id = f.tenant_id AND p.id = f.payment_id`);
}

/** A refund of money that is on no bill: no log tells of it, so its row does, once. */
export async function finishStrayRefund(orm: Orm, refund: RefundName, providerRefundId: string | null): Promise<void> {
  await orm.execute(sql`
    WITH done AS (
      UPDATE refunds SET status = 'succeeded', finished_at = session_clock(), next_poll_at = NULL,
        provider_refund_id = coalesce(${providerRefundId}::text, provider_refund_id)
      WHERE tenant_id = ${refund.tenantId}::uuid AND id = ${refund.id}::uuid AND status = 'pending'
      RETURNING tenant_id, payment_id, amount
    )
    UPDATE payments p SET refunded_amount = p.refunded_amount + d.amount,
      status = CASE WHEN p.refunded_amount + d.amount >= p.amount THEN 'refunded' ELSE 'partially_refunded' END
    FROM done d WHERE p.tenant_id = d.tenant_id AND p.id = d.payment_id`);
}

/** Takes pending refunds whose turn it is to be asked about. */
export function takeDueRefunds(orm: Orm, limit: number): Promise<readonly RefundRow[]> {
  const due = orm
    .select({ tenantId: refunds.tenantId, id: refunds.id })
    .from(refunds)
    .where(and(eq(refunds.status, 'pending'), lte(refunds.nextPollAt, sql`session_clock()`)))
    .orderBy(asc(refunds.nextPollAt))
    .limit(limit)
    .for('update', { skipLocked: true });
  return orm
    .update(refunds)
    .set({
      polls: sql`${refunds.polls} + 1`,
      nextPollAt: sql`session_clock() + least(interval '30 minutes', interval '1 minute' * power(2, least(${refunds.polls}, 10)))`,
    })
    .where(sql`(${refunds.tenantId}, ${refunds.id}) IN (${due})`)
    .returning();
}
