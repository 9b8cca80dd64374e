import { type CodedTable, renameTable } from '../db/dining-tables.js';
import type { TableId } from '../domain/ids.js';
import type { Scope } from '../domain/scope.js';
import { noSuchTable } from './access.js';
import { refuseTakenName, tableFields } from './create-table.js';
import type { Deps } from './deps.js';
import { ownTable } from './get-table.js';
import { readFields } from './read-fields.js';

/** Renames a table, by a manager of its location. */
export async function updateTable(
  deps: Deps,
  scope: Scope,
  { tableId, ...change }: { readonly tableId: TableId; readonly name?: string | undefined },
): Promise<CodedTable> {
  const table = await ownTable(deps, scope, { tableId, role: 'manager' });
  const { name = table.name } = readFields(tableFields.partial(), change);
  if (!(await renameTable(deps.orm, table, name).catch(refuseTakenName))) throw noSuchTable();
  return { ...table, name };
}
