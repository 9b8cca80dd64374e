import { sql } from 'drizzle-orm';
import type { LocationId, PaymentId, SessionId, TenantId } from '../domain/ids.js';
import type { KeptNotice } from '../domain/inbox.js';
import type { Mismatch, PaymentMethod, PaymentReason } from '../domain/payment.js';
import type { Orm } from './connect.js';

/** Money that a provider vouches for and that settles nothing by itself. */
export interface StrayMoney {
  readonly tenantId: TenantId;
  readonly id: PaymentId;
  readonly sessionId: SessionId | null;
  readonly locationId: LocationId | null;
  /** What came as the reference; empty when none came. */
  readonly claimedReference: string;
  readonly method: PaymentMethod;
  readonly provider: string;
  readonly account: string;
  readonly amount: number;
  readonly currency: string;
  readonly providerTransactionId: string;
  readonly mismatch: Mismatch;
  readonly reason: PaymentReason;
  readonly note: string;
}

/**
 * Keeps it once, however often it is reported, and the webhook that reported it with it: one statement. Gives the id of
 * the record, which is an earlier one on a repeat.
 */
export async function keepStrayMoney(orm: Orm, money: StrayMoney, inbox: KeptNotice | null): Promise<PaymentId> {
  const actor = JSON.stringify({ type: 'provider', id: money.provider, name: null });
  const rows = await orm.execute<{ id: PaymentId }>(sql`
    WITH kept AS (
      INSERT INTO payments AS t (tenant_id, id, session_id, location_id, claimed_reference, method, provider, account, status,
        amount, currency, provider_transaction_id, mismatch, reasons, actor, note, settled_at)
      VALUES (${money.tenantId}::uuid, ${money.id}::uuid, ${money.sessionId}::uuid, ${money.locationId}::uuid,
        ${money.claimedReference}::text, ${money.method}::text, ${money.provider}::text, ${money.account}::text, 'succeeded',
        ${money.amount}::bigint, ${money.currency}::text, ${money.providerTransactionId}::text, ${money.mismatch}::text,
        ARRAY[${money.reason}::text], ${actor}::jsonb, ${money.note}::text, session_clock())
      ON CONFLICT (tenant_id, provider, claimed_reference, provider_transaction_id, amount)
        WHERE claimed_reference IS NOT NULL
        DO UPDATE SET claimed_reference = excluded.claimed_reference
      RETURNING t.id
    ), noted AS (
      INSERT INTO webhook_inbox AS i (tenant_id, id, provider, account, digest, method, query, headers, body, verdict, detail,
        payment_id)
      SELECT ${money.tenantId}::uuid, ${inbox?.id ?? null}::uuid, ${inbox?.provider ?? null}::text,
        ${inbox?.account ?? null}::text, decode(${inbox?.digest ?? null}::text, 'hex'), ${inbox?.method ?? null}::text,
        ${inbox?.query ?? null}::text, ${inbox ? JSON.stringify(inbox.headers) : null}::jsonb,
        decode(${inbox?.body ?? null}::text, 'base64'), ${inbox?.verdict ?? null}::text, ${inbox?.detail ?? null}::text, k.id
      FROM kept k WHERE ${inbox === null ? 0 : 1}::int = 1
      ON CONFLICT (tenant_id, provider, account, digest) DO UPDATE SET verdict = excluded.verdict,
        detail = excluded.detail, payment_id = excluded.payment_id, deliveries = i.deliveries + CASE WHEN i.id = excluded.id THEN 0 ELSE 1 END,
        last_received_at = greatest(i.last_received_at, excluded.last_received_at)
    )
    SELECT id FROM kept`);
  const [row] = rows;
  if (!row) throw new Error('stray money was not kept');
  return row.id;
}
