import { and, desc, eq, lt, type SQL, sql } from 'drizzle-orm';
import type { TenantId } from '../domain/ids.js';
import type { KeptNotice } from '../domain/inbox.js';
import type { Orm } from './connect.js';
import { webhookInbox } from './tables/webhooks.js';

/** A notice with a valid signature, as it was kept. */
export type WebhookRow = typeof webhookInbox.$inferSelect;

/** What came of a notice. */
export type WebhookOutcome = Pick<KeptNotice, 'verdict' | 'detail' | 'paymentId'>;

/**
 * Keeps a notice that no statement of the log has kept; when it came before, counts it. A verdict stands once it says what
 * became of the notice; one that only says that nothing did gives way.
 */
export async function storeWebhook(orm: Orm, tenantId: TenantId, kept: KeptNotice): Promise<void> {
  const { digest, body, ...rest } = kept;
  await orm
    .insert(webhookInbox)
    .values({
      ...rest,
      tenantId,
      digest: Buffer.from(digest, 'hex'),
      body: Buffer.from(body, 'base64'),
      receivedAt: sql`session_clock()`,
      lastReceivedAt: sql`session_clock()`,
    })
    .onConflictDoUpdate({
      target: [webhookInbox.tenantId, webhookInbox.provider, webhookInbox.account, webhookInbox.digest],
      set: {
        deliveries: sql`${webhookInbox.deliveries} + 1`,
        // Statements that run at once may be written in another order than they began.
        lastReceivedAt: sql`greatest(${webhookInbox.lastReceivedAt}, session_clock())`,
        verdict: unlessSettled(webhookInbox.verdict, sql`excluded.verdict`),
        detail: unlessSettled(webhookInbox.detail, sql`excluded.detail`),
        paymentId: unlessSettled(webhookInbox.paymentId, sql`excluded.payment_id`),
      },
    });
}

/** Writes what came of a notice when it was gone through once more; nobody delivered it, so nothing is counted. */
export async function storeReplay(
  orm: Orm,
  { tenantId, id }: { readonly tenantId: TenantId; readonly id: string },
  { verdict, detail, paymentId }: WebhookOutcome,
): Promise<void> {
  await orm
    .update(webhookInbox)
    .set({
      verdict: unlessSettled(webhookInbox.verdict, sql`${verdict}`),
      detail: unlessSettled(webhookInbox.detail, sql`${detail}`),
      paymentId: unlessSettled(webhookInbox.paymentId, sql`${paymentId}::uuid`),
    })
    .where(and(eq(webhookInbox.tenantId, tenantId), eq(webhookInbox.id, id)));
}

function unlessSettled(stored: (typeof webhookInbox)[keyof WebhookRow], fresh: SQL): SQL {
  return sql`CASE WHEN ${webhookInbox.verdict} IN ('error', 'unknown_order') THEN ${fresh} ELSE ${stored} END`;
}

export async function findWebhook(orm: Orm, tenantId: TenantId, id: string): Promise<WebhookRow | undefined> {
  const rows = await orm
    .select()
    .from(webhookInbox)
    .where(and(eq(webhookInbox.tenantId, tenantId), eq(webhookInbox.id, id)));
  return rows[0];
}

/** Which of a tenant's rows; `before` is the id behind which to go on. */
export interface NewestFirst {
  readonly tenantId: TenantId;
  readonly provider?: string | undefined;
  readonly before?: string | undefined;
  readonly limit: number;
}

/** A tenant's notices, the newest first. */
export function listWebhookRows(
  orm: Orm,
  { tenantId, provider, before, limit }: NewestFirst,
  verdict?: string,
): Promise<readonly WebhookRow[]> {
  return orm
    .select()
    .from(webhookInbox)
    .where(
      and(
        eq(webhookInbox.tenantId, tenantId),
        provider === undefined ? undefined : eq(webhookInbox.provider, provider),
        verdict === undefined ? undefined : eq(webhookInbox.verdict, verdict),
        before === undefined ? undefined : lt(webhookInbox.id, before),
      ),
    )
    .orderBy(desc(webhookInbox.id))
    .limit(limit);
}
