import { findCodedTable, removeTable as removeRow } from '../db/dining-tables.js';
import type { TableId } from '../domain/ids.js';
import { Rejection } from '../domain/rejection.js';
import type { Scope } from '../domain/scope.js';
import { noSuchTable } from './access.js';
import type { Credentials } from './credentials.js';
import type { Deps } from './deps.js';
import { ownTable } from './get-table.js';

/** Takes a table away, by a manager of its location: its code is dead, its past stays. */
export async function removeTable(
  deps: Deps & { readonly credentials: Credentials },
  scope: Scope,
  tableId: TableId,
): Promise<TableId> {
  const table = await ownTable(deps, scope, { tableId, role: 'manager' });
  const isGone = await removeRow(deps.orm, table);
  deps.credentials.forget();
  if (isGone) return tableId;
  if (!(await findCodedTable(deps.orm, table))) throw noSuchTable();
  throw new Rejection('TABLE_OCCUPIED', 'somebody sits at this table: close or move the session first');
}
