import { and, eq, isNull } from 'drizzle-orm';
import type { Orm } from './connect.js';
import { hashSecret } from './secret-hash.js';
import { apiKeys } from './tables/tenants.js';

export type ApiKeyRow = typeof apiKeys.$inferSelect;

/** The key with this hash, unless it was revoked; the tenant is what the key tells. */
export async function findApiKey(orm: Orm, keyHash: Buffer): Promise<ApiKeyRow | undefined> {
  const rows = await orm
    .select()
    .from(apiKeys)
    .where(and(eq(apiKeys.keyHash, keyHash), isNull(apiKeys.revokedAt)));
  return rows[0];
}

/** Makes sure that the operator key of the environment works; a repeat changes nothing. */
export async function ensureOperatorKey(orm: Orm, secret: string, id: string): Promise<void> {
  const key = { id, keyHash: hashSecret(secret), role: 'operator', name: 'Bootstrap operator' } as const;
  await orm.insert(apiKeys).values(key).onConflictDoNothing();
}
