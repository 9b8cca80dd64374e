import { and, asc, eq, gt, isNull, or, type SQL, sql } from 'drizzle-orm';
import type { LocationId, TenantId } from '../domain/ids.js';
import type { Role } from '../domain/scope.js';
import type { Orm } from './connect.js';
import { hashSecret } from './secret-hash.js';
import { apiKeys, locations } from './tables/tenants.js';

export type ApiKeyRow = typeof apiKeys.$inferSelect;

/** Whose keys: all of a tenant's, or those bound to one location. */
export interface KeyOwner {
  readonly tenantId: TenantId;
  readonly locationId: LocationId | null;
}

export interface NewApiKey extends KeyOwner {
  readonly id: string;
  readonly keyHash: Buffer;
  readonly role: Role;
  readonly name: string;
  readonly shared: boolean;
  /** RFC 3339; null: until it is revoked. */
  readonly expiresAt: string | null;
}

/** The key with this hash, while it counts: not revoked, not over, its location not given up. The tenant is what it tells. */
export async function findApiKey(orm: Orm, keyHash: Buffer): Promise<ApiKeyRow | undefined> {
  const rows = await orm
    .select({ key: apiKeys })
    .from(apiKeys)
    .leftJoin(locations, and(eq(locations.tenantId, apiKeys.tenantId), eq(locations.id, apiKeys.locationId)))
    .where(
      and(
        eq(apiKeys.keyHash, keyHash),
        isNull(apiKeys.revokedAt),
        isNull(locations.removedAt),
        or(isNull(apiKeys.expiresAt), sql`${apiKeys.expiresAt} > session_clock()`),
      ),
    );
  return rows[0]?.key;
}

/** The owner's keys in the order they were made, revoked ones too, from after the given one. */
export function listApiKeys(
  orm: Orm,
  owner: KeyOwner,
  page: { after: string | undefined; limit: number },
): Promise<readonly ApiKeyRow[]> {
  return orm
    .select()
    .from(apiKeys)
    .where(and(ownedBy(owner), page.after ? gt(apiKeys.id, page.after) : undefined))
    .orderBy(asc(apiKeys.id))
    .limit(page.limit);
}

/** Undefined if its time would be over at once. */
export async function insertApiKey(orm: Orm, key: NewApiKey): Promise<ApiKeyRow | undefined> {
  const { id, keyHash, tenantId, locationId, role, name, shared, expiresAt } = key;
  const rows = await orm.execute(sql`
    INSERT INTO api_keys (key_hash, id, tenant_id, location_id, role, name, shared, expires_at)
    SELECT ${keyHash}::bytea, ${id}::uuid, ${tenantId}::uuid, ${locationId}::uuid, ${role}::text, ${name}::text,
      ${shared}::boolean, ${expiresAt}::timestamptz
    WHERE coalesce(${expiresAt}::timestamptz > session_clock(), true) RETURNING id`);
  if (rows.length === 0) return undefined;
  const [made] = await orm
    .select()
    .from(apiKeys)
    .where(and(ownedBy({ tenantId, locationId: null }), eq(apiKeys.id, id)));
  return made;
}

/** Ends a key; one that was revoked before keeps its time. Undefined if the owner has none of this id. */
export async function revokeApiKey(orm: Orm, owner: KeyOwner, id: string): Promise<ApiKeyRow | undefined> {
  const rows = await orm
    .update(apiKeys)
    .set({ revokedAt: sql`coalesce(${apiKeys.revokedAt}, session_clock())` })
    .where(and(ownedBy(owner), eq(apiKeys.id, id)))
    .returning();
  return rows[0];
}

/** Notes that a key is in use, to the minute. */
export async function noteKeyUse(orm: Orm, keyHash: Buffer): Promise<void> {
  const minute = sql`date_trunc('minute', session_clock())`;
  await orm
    .update(apiKeys)
    .set({ lastUsedAt: minute })
    .where(and(eq(apiKeys.keyHash, keyHash), or(isNull(apiKeys.lastUsedAt), sql`${apiKeys.lastUsedAt} < ${minute}`)));
}

/** Makes sure that the operator key of the environment works; a repeat changes nothing. */
export async function ensureOperatorKey(orm: Orm, secret: string, id: string): Promise<void> {
  const key = { id, keyHash: hashSecret(secret), role: 'operator', name: 'Bootstrap operator' } as const;
  await orm.insert(apiKeys).values(key).onConflictDoNothing();
}

function ownedBy({ tenantId, locationId }: KeyOwner): SQL | undefined {
  return and(eq(apiKeys.tenantId, tenantId), locationId === null ? undefined : eq(apiKeys.locationId, locationId));
}
