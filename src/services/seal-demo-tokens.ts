import { demoTables } from '../db/demo-restaurant.js';
import { findSealedToken, replaceSealedToken } from '../db/sealed-tokens.js';
import { hashSecret } from '../db/secret-hash.js';
import type { Deps } from './deps.js';
import { UnopenableSecret } from './secret-box.js';
import { openTableToken, sealTableToken } from './table-codes.js';

/**
 * Makes the demo's codes printable, whose tokens everybody knows: also those of a database that is older than the sealing,
 * and after the key that had sealed them is gone.
 */
export async function sealDemoTokens({ orm, box }: Pick<Deps, 'orm' | 'box'>): Promise<void> {
  for (const { token, ...table } of demoTables) {
    const tokenHash = hashSecret(token);
    const known = await findSealedToken(orm, tokenHash);
    if (!known || (known.sealedToken && opens(box, table, known.sealedToken))) continue;
    await replaceSealedToken(orm, tokenHash, sealTableToken(box, table, token));
  }
}

type TablePlace = Parameters<typeof openTableToken>[1];

function opens(box: Deps['box'], table: TablePlace, sealed: Buffer): boolean {
  try {
    openTableToken(box, table, sealed);
    return true;
  } catch (error) {
    if (error instanceof UnopenableSecret) return false;
    throw error;
  }
}
