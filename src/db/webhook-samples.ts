import { and, desc, eq, lt, sql } from 'drizzle-orm';
import type { Orm } from './connect.js';
import { webhookSamples } from './tables/webhooks.js';
import type { NewestFirst } from './webhook-inbox.js';

/** The beginning of a call that no provider signed. */
export type WebhookSampleRow = typeof webhookSamples.$inferSelect;

export async function insertWebhookSample(orm: Orm, sample: Omit<WebhookSampleRow, 'receivedAt'>): Promise<void> {
  await orm.insert(webhookSamples).values({ ...sample, receivedAt: sql`session_clock()` });
}

/** A tenant's samples, the newest first. */
export function listWebhookSampleRows(
  orm: Orm,
  { tenantId, provider, before, limit }: NewestFirst,
): Promise<readonly WebhookSampleRow[]> {
  return orm
    .select()
    .from(webhookSamples)
    .where(
      and(
        eq(webhookSamples.tenantId, tenantId),
        provider === undefined ? undefined : eq(webhookSamples.provider, provider),
        before === undefined ? undefined : lt(webhookSamples.id, before),
      ),
    )
    .orderBy(desc(webhookSamples.id))
    .limit(limit);
}

/** Removes samples that are older than so many days, and all but so many of each tenant. Gives how many went. */
export async function purgeWebhookSampleRows(
  orm: Orm,
  { keepDays, keepRows }: { readonly keepDays: number; readonly keepRows: number },
): Promise<number> {
  const gone = await orm.execute(sql`
    DELETE FROM webhook_samples WHERE (tenant_id, id) IN (
      SELECT tenant_id, id FROM (
        SELECT tenant_id, id, received_at, row_number() OVER (PARTITION BY tenant_id ORDER BY id DESC) AS place
        FROM webhook_samples
      ) s
      WHERE place > ${keepRows}::int OR received_at < session_clock() - make_interval(days => ${keepDays}::int)
      LIMIT 20000
    ) RETURNING 1`);
  return gone.length;
}
