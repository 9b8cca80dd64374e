import { and, asc, eq, gt, isNotNull, isNull } from 'drizzle-orm';
import type { TableId, TenantId } from '../domain/ids.js';
import type { Orm } from './connect.js';
import { tableTokens } from './tables/tenants.js';

/** A table's token as it is kept, for those who seal it anew. */
export interface SealedToken {
  readonly tokenHash: Buffer;
  readonly tenantId: TenantId;
  readonly tableId: TableId;
  readonly sealedToken: Buffer | null;
}

const columns = {
  tokenHash: tableTokens.tokenHash,
  tenantId: tableTokens.tenantId,
  tableId: tableTokens.tableId,
  sealedToken: tableTokens.sealedToken,
};

/** The token with this hash, unless it is dead. */
export async function findSealedToken(orm: Orm, tokenHash: Buffer): Promise<SealedToken | undefined> {
  const rows = await orm
    .select(columns)
    .from(tableTokens)
    .where(and(eq(tableTokens.tokenHash, tokenHash), isNull(tableTokens.revokedAt)));
  return rows[0];
}

/** Sealed tokens of all tenants by their hash, from after the given one. */
export function listSealedTokens(
  orm: Orm,
  page: { after: Buffer | undefined; limit: number },
): Promise<readonly SealedToken[]> {
  return orm
    .select(columns)
    .from(tableTokens)
    .where(and(isNotNull(tableTokens.sealedToken), page.after ? gt(tableTokens.tokenHash, page.after) : undefined))
    .orderBy(asc(tableTokens.tokenHash))
    .limit(page.limit);
}

/** Puts other bytes in the place of a sealed token. A token never changes, so neither may what it is found by. */
export async function replaceSealedToken(orm: Orm, tokenHash: Buffer, sealedToken: Buffer): Promise<void> {
  await orm
    .update(tableTokens)
    .set({ sealedToken })
    .where(and(eq(tableTokens.tokenHash, tokenHash), isNull(tableTokens.revokedAt)));
}
