import { listTables, type TableRow } from '../db/locations.js';
import { type FoundSession, searchSessionHeads } from '../db/session-search.js';
import { listOpenHeads } from '../db/sessions.js';
import { claimsOf } from '../domain/claims.js';
import type { Bill } from '../domain/bill.js';
import { asId, type LocationId, type SessionId, type TableId, type TenantId } from '../domain/ids.js';
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
  /** Visits of the last two days that ended with something due. Older ones are in the cashier's list. */
  readonly unpaid: readonly FoundSession[];
}

const unpaidMs = 2 * 24 * 3_600_000;
const maxUnpaid = 100;

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
  const [states, unpaid] = await Promise.all([
    Promise.all(heads.map(({ id }) => deps.log.current({ tenantId, sessionId: id }))),
    listUnpaid(deps, { tenantId, locationId }),
  ]);
  // As the log has it now: who moved or left meanwhile sits where the log says.
  const seated = new Map<TableId, SessionState>();
  for (const state of states) if (state?.status === 'open' && !state.isPast) seated.set(state.bill.tableId, state);
  // A node that has read no session yet knows no time, and an empty floor needs none.
  const now = seated.size === 0 ? 0 : deps.log.now();
  return { locationId, unpaid, tables: tables.map((table) => floorTable(table, seated.get(table.id), now)) };
}

/** By their ids, which begin with the time of opening: so that a place with many years of visits is not read through. */
function listUnpaid(
  { orm, now }: Deps,
  at: { readonly tenantId: TenantId; readonly locationId: LocationId },
): Promise<readonly FoundSession[]> {
  const since = (now() - unpaidMs).toString(16).padStart(12, '0');
  const after = asId<SessionId>(`${since.slice(0, 8)}-${since.slice(8)}-7000-8000-000000000000`);
  return searchSessionHeads(orm, { ...at, isUnpaid: true }, { order: 'oldest', after, limit: maxUnpaid });
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
function floorStateOf(bill: Bill): Exclude<FloorState, 'free'> {
  const { total, due } = totalsOf(bill);
  if (bill.calls.some(({ kind }) => kind === 'waiter')) return 'calling';
  if (claimsOf(bill).length > 0 || bill.calls.length > 0) return 'paying';
  if (total > 0 && due <= 0) return 'paid';
  return bill.lines.some(({ state }) => state !== 'draft' && state !== 'cancelled') ? 'sent' : 'ordering';
}
