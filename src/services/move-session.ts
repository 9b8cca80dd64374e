import { findTable } from '../db/locations.js';
import { findTaken, markExpired } from '../db/sessions.js';
import { isDuplicate } from '../db/sql-errors.js';
import type { SessionId, TableId, TenantId } from '../domain/ids.js';
import { Rejection } from '../domain/rejection.js';
import type { Scope } from '../domain/scope.js';
import { expiryOf } from '../event-log/expiry.js';
import { serverKeys } from '../event-log/server-keys.js';
import { requireKey } from './access.js';
import type { Deps } from './deps.js';
import { seeSession, type SessionState } from './seats.js';
import { serverCommand } from './server-command.js';

/** Moves a visit to a free table of the same location, by staff. Its phones follow; a repeat changes nothing. */
export async function moveSession(
  deps: Deps,
  scope: Scope,
  { sessionId, tableId }: { readonly sessionId: SessionId; readonly tableId: TableId },
): Promise<SessionState> {
  const caller = requireKey(scope, 'staff');
  const { bill } = await seeSession(deps, caller, sessionId);
  const table = await findTable(deps.orm, caller.tenantId, tableId);
  if (table?.locationId !== bill.locationId) {
    throw new Rejection('NOT_FOUND', 'there is no such table at this location');
  }
  if (bill.tableId !== tableId) await refuseOthers(deps, { tenantId: caller.tenantId, sessionId, tableId });
  const command = serverCommand(
    { tenantId: caller.tenantId, sessionId },
    {
      caller,
      key: serverKeys.moved(deps.newId()),
      type: 'session_moved',
      input: { table_id: tableId },
      sameness: { table_id: tableId },
    },
  );
  try {
    return (await deps.log.submit(command)).state;
  } catch (error) {
    // Somebody sat down there at this moment: one open session per table is the database's own rule.
    throw isDuplicate(error) ? occupied() : error;
  }
}

/** Whoever else sits there keeps the table, unless their time is over: then their end is written first. */
async function refuseOthers(
  deps: Deps,
  { tenantId, sessionId, tableId }: { tenantId: TenantId; sessionId: SessionId; tableId: TableId },
): Promise<void> {
  const taken = await findTaken(deps.orm, tenantId, tableId);
  if (!taken || taken.id === sessionId) return;
  if (!taken.isPast) throw occupied();
  if (taken.expiryEvent) await deps.log.submit(expiryOf({ tenantId, sessionId: taken.id }));
  else await markExpired(deps.orm, tenantId, taken.id);
}

function occupied(): Rejection {
  return new Rejection('TABLE_OCCUPIED', 'somebody sits at this table');
}
