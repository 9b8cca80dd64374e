import { type CodedTable, replaceToken } from '../db/dining-tables.js';
import { isDuplicate } from '../db/sql-errors.js';
import type { TableId } from '../domain/ids.js';
import type { Scope } from '../domain/scope.js';
import { noSuchTable } from './access.js';
import type { Credentials } from './credentials.js';
import type { Deps } from './deps.js';
import { ownTable } from './get-table.js';
import { newTableToken } from './table-codes.js';

/** Somebody else who rotates at the same instant is in the way once. */
const attempts = 5;

/**
 * Gives a table another code, by a manager of its location. The printed one opens nothing any more: here at once, on other
 * nodes within two seconds. Who sits there already is not disturbed.
 */
export async function rotateTableToken(
  deps: Deps & { readonly credentials: Credentials },
  scope: Scope,
  tableId: TableId,
): Promise<CodedTable> {
  const table = await ownTable(deps, scope, { tableId, role: 'manager' });
  for (let attempt = 1; ; attempt += 1) {
    const token = newTableToken(deps.box, table);
    const isReplaced = await replaceToken(deps.orm, table, token).catch((error: unknown) => {
      if (attempt < attempts && isDuplicate(error)) return undefined;
      throw error;
    });
    deps.credentials.forget();
    if (isReplaced === false) throw noSuchTable();
    if (isReplaced) return { ...table, sealedToken: token.sealedToken };
  }
}
