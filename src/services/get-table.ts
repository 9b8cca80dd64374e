import { type CodedTable, findCodedTable } from '../db/dining-tables.js';
import type { TableId } from '../domain/ids.js';
import { Rejection } from '../domain/rejection.js';
import type { Role, Scope } from '../domain/scope.js';
import { noSuchTable, requireKey } from './access.js';
import type { Deps } from './deps.js';
import { tableQrUrl } from './table-codes.js';

export type { CodedTable };

/** A table, for staff of its location. */
export function getTable(deps: Deps, scope: Scope, tableId: TableId): Promise<CodedTable> {
  return ownTable(deps, scope, { tableId, role: 'staff' });
}

/** A table that a key of this role reaches. Any other looks like none. */
export async function ownTable(
  deps: Deps,
  scope: Scope,
  { tableId, role }: { readonly tableId: TableId; readonly role: Role },
): Promise<CodedTable> {
  const { tenantId, locationId } = requireKey(scope, role);
  const table = await findCodedTable(deps.orm, { tenantId, id: tableId });
  if (!table || (locationId !== null && table.locationId !== locationId)) throw noSuchTable();
  return table;
}

/** What a table's code says, for managers, who print it; null where it has to be made anew first. */
export function getTableQrUrl(deps: Deps, scope: Scope, table: CodedTable): string | null {
  requireKey(scope, 'manager');
  return tableQrUrl(deps, table);
}

/** For pictures of a code, which cannot be empty. */
export function unprintable(): Rejection {
  return new Rejection('NOT_FOUND', 'the code of this table cannot be printed again: rotate its token');
}
