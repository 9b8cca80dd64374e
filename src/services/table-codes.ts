import { randomBytes } from 'node:crypto';
import type { CodedTable, NewToken } from '../db/dining-tables.js';
import { hashSecret } from '../db/secret-hash.js';
import type { Deps } from './deps.js';
import { guestPageOf } from './session-links.js';
import { type SealedPlace, type SecretBox, UnopenableSecret } from './secret-box.js';

/** The codes on the tables: `{guest_url}#t={token}`. A token is found by its hash, and sealed so that it can be printed again. */

type TablePlace = Pick<CodedTable, 'tenantId' | 'id'>;

const tokenBytes = 24;

/** A fresh token for a table: 192 random bits that are safe in an address. */
export function newTableToken(box: SecretBox, table: TablePlace): NewToken {
  const token = randomBytes(tokenBytes).toString('base64url');
  return { tokenHash: hashSecret(token), sealedToken: sealTableToken(box, table, token) };
}

export function sealTableToken(box: SecretBox, table: TablePlace, token: string): Buffer {
  return box.sealSecret(token, placeOf(table));
}

/** Undefined where the key is gone. */
export function tryTableToken(box: SecretBox, table: TablePlace, sealed: Buffer): string | undefined {
  try {
    return box.openSecret(sealed, placeOf(table));
  } catch (error) {
    if (error instanceof UnopenableSecret) return undefined;
    throw error;
  }
}

/** What a table's code says; null where its token is not kept, or does not open any more: then only another one helps. */
export function tableQrUrl(deps: Pick<Deps, 'box' | 'publicUrl'>, table: CodedTable): string | null {
  const token = table.sealedToken && tryTableToken(deps.box, table, table.sealedToken);
  return token ? `${guestPageOf(deps, table.guestUrl)}#t=${token}` : null;
}

function placeOf({ tenantId, id }: TablePlace): SealedPlace {
  return { tenantId, id, purpose: 'table token' };
}
