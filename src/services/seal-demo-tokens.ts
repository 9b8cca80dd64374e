import { demoTables } from '../db/demo-restaurant.js';
import { findSealedToken, replaceSealedToken } from '../db/sealed-tokens.js';
import { hashSecret } from '../db/secret-hash.js';
import type { Deps } from './deps.js';
import { sealTableToken, tryTableToken } from './table-codes.js';

/**
 * Makes the demo's codes printable, whose tokens everybody knows: also those of a database that is older than the sealing,
 * and after the key that had sealed them is gone.
 */
export async function sealDemoTokens({ orm, box }: Pick<Deps, 'orm' | 'box'>): Promise<void> {
  for (const { token, ...table } of demoTables) {
    const tokenHash = hashSecret(token);
    const known = await findSealedToken(orm, tokenHash);
    if (!known || (known.sealedToken && tryTableToken(box, table, known.sealedToken) !== undefined)) continue;
    await replaceSealedToken(orm, tokenHash, sealTableToken(box, table, token));
  }
}
