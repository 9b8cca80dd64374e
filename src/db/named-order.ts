import { and, eq, sql } from 'drizzle-orm';
import type { TenantId } from '../domain/ids.js';
import type { Orm } from './connect.js';
import { preparedFor } from './prepared.js';
import { LostAnswer } from './lost-answer.js';
import { payments } from './tables/payments.js';

/** The payment that a provider's notice names, with no more of it than settling needs. */
export interface NamedOrder
  extends Pick<
    typeof payments.$inferSelect,
    | 'id'
    | 'tenantId'
    | 'sessionId'
    | 'locationId'
    | 'provider'
    | 'account'
    | 'status'
    | 'amount'
    | 'providerData'
    | 'resolution'
  > {
  readonly isDealtWith: boolean;
}

/** Finds the payment of a reference, for money that moved under this transaction of the provider's. */
export async function findNamedOrder(
  orm: Orm,
  tenantId: TenantId,
  order: { readonly reference: string; readonly transactionId: string | null },
): Promise<NamedOrder | undefined> {
  const [found] = await byReference(orm).execute({ tenantId, ...order });
  if (!found) throw new LostAnswer();
  return isThere(found) ? found : undefined;
}

type FoundOrder = Awaited<ReturnType<ReturnType<typeof byReference>['execute']>>[number];

function isThere(found: FoundOrder): found is NamedOrder {
  return found.id !== null;
}

/**
 * `isDealtWith`: this very money was stray once, and somebody has put it somewhere, so that it must not be counted again.
 * Stray money without a transaction has an empty one.
 * Drizzle names columns without their table, which inside the subquery would be the other row's.
 */
const isDealtWith = sql<boolean>`EXISTS (SELECT 1 FROM payments s WHERE s.tenant_id = payments.tenant_id
  AND s.provider = payments.provider AND s.claimed_reference = payments.payment_reference
  AND s.provider_transaction_id = coalesce(${sql.placeholder('transactionId')}::text, '') AND s.amount = payments.amount
  AND (s.resolution <> 'adopted' OR s.refund_held > 0))`;

/** Gives a row whether or not there is such a payment: a lost answer must not make stray money of a payment's own. */
const byReference = preparedFor((orm) =>
  orm
    .select({
      id: payments.id,
      tenantId: payments.tenantId,
      sessionId: payments.sessionId,
      locationId: payments.locationId,
      provider: payments.provider,
      account: payments.account,
      status: payments.status,
      amount: payments.amount,
      providerData: payments.providerData,
      resolution: payments.resolution,
      isDealtWith,
    })
    .from(sql`(SELECT 1) AS asked`)
    .leftJoin(
      payments,
      and(
        eq(payments.tenantId, sql.placeholder('tenantId')),
        eq(payments.paymentReference, sql.placeholder('reference')),
      ),
    )
    .prepare('named_order'),
);
