import type { Orm } from '../db/connect.js';
import { listSealedAccounts, type MerchantAccountRow, replaceSealedSecrets } from '../db/merchant-accounts.js';
import { listSealedTokens, replaceSealedToken } from '../db/sealed-tokens.js';
import { openAccountSecrets, sealAccountSecrets } from './merchant-account-secrets.js';
import { type SecretBox, UnopenableSecret } from './secret-box.js';
import { sealTableToken, tryTableToken } from './table-codes.js';

export interface Resealed {
  /** Sealed anew under the present key. */
  readonly resealed: number;
  /** Were so already. */
  readonly upToDate: number;
  /** Ids of what none of the keys opens. */
  readonly unopenable: readonly string[];
}

const pageSize = 100;

/**
 * Seals the secrets of all accounts under the present key, so that the one before can go. Safe beside running servers and twins of
 * itself: it replaces only what it has read, and what was rotated meanwhile is under the present key or read again.
 * Secrets before a rotation whose time is over are dropped.
 */
export async function resealSecrets(orm: Orm, box: SecretBox): Promise<Resealed> {
  const counts = { resealed: 0, upToDate: 0 };
  const unopenable: string[] = [];
  let after: string | undefined;
  for (;;) {
    const rows = await listSealedAccounts(orm, { after, limit: pageSize });
    if (rows.length === 0) return { ...counts, unopenable };
    for (const row of rows) {
      const outcome = await resealRow(orm, box, row);
      if (outcome === 'moved') break;
      if (outcome === 'unopenable') unopenable.push(row.id);
      else counts[outcome] += 1;
      after = row.id;
    }
  }
}

async function resealRow(
  orm: Orm,
  box: SecretBox,
  row: MerchantAccountRow,
): Promise<'resealed' | 'upToDate' | 'unopenable' | 'moved'> {
  const { sealedSecrets, sealedPrevious, previousUntil, isPreviousValid } = row;
  const isOver = sealedPrevious !== null && !isPreviousValid;
  const stale = [sealedSecrets, sealedPrevious].some((sealed) => sealed !== null && box.needsResealing(sealed));
  if (!stale && !isOver) return 'upToDate';
  try {
    const isReplaced = await replaceSealedSecrets(orm, row, {
      sealedSecrets: reseal(box, row, sealedSecrets),
      sealedPrevious: isOver || sealedPrevious === null ? null : reseal(box, row, sealedPrevious),
      previousUntil: isOver ? null : previousUntil,
    });
    return isReplaced ? 'resealed' : 'moved';
  } catch (error) {
    if (error instanceof UnopenableSecret) return 'unopenable';
    throw error;
  }
}

function reseal(box: SecretBox, row: MerchantAccountRow, sealed: Buffer): Buffer {
  return box.needsResealing(sealed) ? sealAccountSecrets(box, row, openAccountSecrets(box, row, sealed)) : sealed;
}

/** Does the same for the tokens of all tables' codes. A token never changes while it lives, so nothing is in the way. */
export async function resealTokens(orm: Orm, box: SecretBox): Promise<Resealed> {
  const counts = { resealed: 0, upToDate: 0 };
  const unopenable: string[] = [];
  let after: Buffer | undefined;
  for (;;) {
    const rows = await listSealedTokens(orm, { after, limit: pageSize });
    for (const { tokenHash, tenantId, tableId, sealedToken } of rows) {
      after = tokenHash;
      if (!sealedToken) continue;
      const table = { tenantId, id: tableId };
      const isStale = box.needsResealing(sealedToken);
      const token = isStale ? tryTableToken(box, table, sealedToken) : undefined;
      if (isStale && token === undefined) unopenable.push(tableId);
      else counts[isStale ? 'resealed' : 'upToDate'] += 1;
      if (token !== undefined) await replaceSealedToken(orm, tokenHash, sealTableToken(box, table, token));
    }
    if (rows.length === 0) return { ...counts, unopenable };
  }
}
