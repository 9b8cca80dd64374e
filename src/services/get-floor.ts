import { listTables, type TableRow } from '../db/locations.js';
import { listOpenHeads } from '../db/sessions.js';
import { claimsOf } from '../domain/claims.js';
import type { Bill } from '../domain/bill.js';
import type { LocationId, TableId } from '../domain/ids.js';
import { totalsOf } from '../domain/pricing.js';
import type { Scope } from '../domain/scope.js';
import { isOverdue } from '../domain/ticket.js';
import { noSuchLocation, requireKey, requireLocation } from './access.js';
import type { Deps } from './deps.js';
import type { SessionState } from './seats.js';
import { findLocation } from '../db/locations.js';

/** What goes on at a table, the most pressing first. */
export const floorStates = ['free', 'ordering', 'sent', 'calling', 'paying', 'paid'] as const;
export type FloorState = (typeof floorStates)[number];

/** One table as the staff see it from the door. */
export interface FloorTable {
  readonly table: TableRow;
  readonly state: FloorState;
  readonly session: SessionState | null;
  /** Whole minutes since it was opened. */
  readonly minutesOpen: number | null;
  readonly waitingDevices: number;
  readonly overdueTickets: number;
}

export interface Floor {
  readonly locationId: LocationId;
  readonly tables: readonly FloorTable[];
}

/** All tables of a location with what goes on at them now. For staff. */
export async function getFloor(deps: Deps, scope: Scope, locationId: LocationId): Promise<Floor> {
  const { tenantId } = requireKey(scope, 'staff');
  requireLocation(scope, locationId);
  const [location, tables, heads] = await Promise.all([
    findLocation(deps.orm, tenantId, locationId),
    listTables(deps.orm, tenantId, locationId),
    listOpenHeads(deps.orm, tenantId, locationId),
  ]);
  if (!location) throw noSuchLocation();
  const states = await Promise.all(heads.map(({ id }) => deps.log.current({ tenantId, sessionId: id })));
  // As the log has it now: who moved or left meanwhile sits where the log says.
  const seated = new Map<TableId, SessionState>();
  for (const state of states) if (state?.status === 'open' && !state.isPast) seated.set(state.bill.tableId, state);
  const now = deps.log.now();
  return { locationId, tables: tables.map((table) => floorTable(table, seated.get(table.id), now)) };
}

function floorTable(table: TableRow, session: SessionState | undefined, now: number): FloorTable {
  if (!session) {
    return { table, state: 'free', session: null, minutesOpen: null, waitingDevices: 0, overdueTickets: 0 };
  }
  const { bill } = session;
  return {
    table,
    state: floorStateOf(bill),
    session,
    minutesOpen: Math.max(0, Math.floor((now - bill.openedAt) / 60_000)),
    waitingDevices: bill.devices.filter(({ state }) => state === 'waiting').length,
    overdueTickets: bill.rounds.filter((round) => isOverdue(round, now)).length,
  };
}

/** Somebody waits for staff; somebody pays, or wants to; all is paid; the kitchen has something; they choose. */
export function floorStateOf(bill: Bill): Exclude<FloorState, 'free'> {
  const { total, due } = totalsOf(bill);
  if (bill.calls.some(({ kind }) => kind === 'waiter')) return 'calling';
  if (claimsOf(bill).length > 0 || bill.calls.length > 0) return 'paying';
  if (total > 0 && due <= 0) return 'paid';
  return bill.lines.some(({ state }) => state !== 'draft' && state !== 'cancelled') ? 'sent' : 'ordering';
}
