import { createHash } from 'node:crypto';
import { findGivenDevice, forgetRequest, giveDevice } from '../db/devices.js';
import { findLocation, findTable, type LocationRow, type TableRow } from '../db/locations.js';
import { findOpenSession } from '../db/sessions.js';
import { server } from '../domain/actor.js';
import { asId, type DeviceId, isUuid, type LocationId, type SessionId, type TableId } from '../domain/ids.js';
import { invalid, Rejection } from '../domain/rejection.js';
import type { KeyScope, Scope, TableScope } from '../domain/scope.js';
import { type SessionSettings, ttlBounds } from '../domain/session.js';
import { isDuplicate } from '../db/sql-errors.js';
import { noSuchLocation, requireLocation, unauthenticated } from './access.js';
import type { Credentials } from './credentials.js';
import type { Deps } from './deps.js';
import { checkDeviceName, returningDevice, type SeatedDevice, seatDevice } from './seats.js';

/** A scan of a table's code, or staff opening a table. */
export interface CreateSession {
  readonly locationId: LocationId;
  readonly tableId?: TableId | undefined;
  readonly tableToken?: string | undefined;
  /** Staff only; 1..86400. */
  readonly ttlSeconds?: number | undefined;
  readonly deviceName?: string | undefined;
  /** An earlier token of this phone. */
  readonly deviceToken?: string | undefined;
  /** A UUID; within 24 hours its repeat gives the same session and the same device. */
  readonly idempotencyKey?: string | undefined;
}

export interface CreatedSession extends SeatedDevice {
  /** This call opened the session; otherwise it was open before. */
  readonly isOpened: boolean;
}

/** A race that a repeat of the whole settles: the session ended or moved between finding and joining it, or a twin was faster. */
const attempts = 5;

/** Opens the table's session, or joins the one that is open there, with one phone. */
export async function createSession(
  deps: Deps & { credentials: Credentials },
  scope: Scope,
  wanted: CreateSession,
): Promise<CreatedSession> {
  const host = await whoOpens(deps, scope, wanted);
  checkDeviceName(wanted.deviceName);
  const { table, location } = await findPlace(deps, host, wanted);
  const settings = settingsOf(location, ttlOf(deps, host, { location, wanted }));
  const requestKey = requestKeyOf(host, wanted.idempotencyKey);
  for (let attempt = 1; ; attempt += 1) {
    const answer = await openAndSeat(deps, { host, table, location, settings, requestKey, wanted }).catch(
      (error: unknown) => {
        if (attempt < attempts && isRace(error)) return undefined;
        throw error;
      },
    );
    if (answer) return answer;
  }
}

type Host = KeyScope | TableScope;

interface Visit {
  readonly host: Host;
  readonly table: TableRow;
  readonly location: LocationRow;
  readonly settings: SessionSettings;
  readonly requestKey: Buffer | null;
  readonly wanted: CreateSession;
}

async function openAndSeat(deps: Deps, visit: Visit): Promise<CreatedSession | undefined> {
  const { host, table, location, settings, requestKey, wanted } = visit;
  const { tenantId } = table;
  const before = requestKey && (await findGivenDevice(deps.orm, tenantId, { tableId: table.id, requestKey }));
  const opened = before
    ? { sessionId: before.sessionId, isOpened: false }
    : await findOrOpen(deps, { table, location, settings, host });
  if (!opened) return undefined;
  const { sessionId, isOpened } = opened;
  const back = before ? undefined : await returningDevice(deps, wanted.deviceToken, { tenantId, sessionId });
  if (back) return { ...back, isOpened };
  const deviceId = asId<DeviceId>(deps.newId());
  const given =
    before ?? (await giveDevice(deps.orm, { tenantId, deviceId, sessionId, tableId: table.id, requestKey }));
  const device = { kind: 'device', tenantId, locationId: location.id, ...given } as const;
  try {
    const entry = { name: wanted.deviceName, byStaff: host.kind === 'key', atTable: table.id };
    const seated = await seatDevice(deps, device, entry);
    return { ...seated, isOpened };
  } catch (error) {
    if (isRace(error)) await forgetRequest(deps.orm, tenantId, given.deviceId);
    throw error;
  }
}

async function findOrOpen(
  deps: Deps,
  { table, location, settings, host }: Pick<Visit, 'table' | 'location' | 'settings' | 'host'>,
): Promise<{ sessionId: SessionId; isOpened: boolean } | undefined> {
  const found = await findOpenSession(deps.orm, table.tenantId, table.id);
  if (found) return { sessionId: found, isOpened: false };
  const actor = host.kind === 'key' ? ({ type: 'staff', id: host.keyId, name: host.name } as const) : server;
  const opened = await deps.log.open({
    tenantId: table.tenantId,
    locationId: location.id,
    tableId: table.id,
    currency: location.currency,
    settings,
    actor,
  });
  return opened.isPast ? undefined : { sessionId: opened.sessionId, isOpened: opened.isFresh };
}

/** A key opens for its guests; anybody else needs the table's token, as bearer or in the body. */
async function whoOpens(deps: { credentials: Credentials }, scope: Scope, wanted: CreateSession): Promise<Host> {
  if (scope.kind === 'key') return scope;
  if (wanted.tableToken !== undefined) {
    const table = await deps.credentials.ofTableToken(wanted.tableToken);
    if (!table) throw unauthenticated();
    return table;
  }
  if (scope.kind === 'table') return scope;
  if (scope.kind === 'nobody') throw unauthenticated();
  throw new Rejection('FORBIDDEN', "this takes the table's token or a staff key");
}

async function findPlace(deps: Deps & { credentials: Credentials }, host: Host, wanted: CreateSession) {
  requireLocation(host, wanted.locationId);
  const tableId = await tableIdOf(deps, host, wanted);
  const [table, location] = await Promise.all([
    findTable(deps.orm, host.tenantId, tableId),
    findLocation(deps.orm, host.tenantId, wanted.locationId),
  ]);
  if (!location) throw noSuchLocation();
  if (table?.locationId !== location.id) throw noSuchTable();
  if (host.kind === 'table' && location.admission === 'per_visit') {
    throw new Rejection('FORBIDDEN', 'here every visit has a code of its own; ask the staff for it');
  }
  return { table, location };
}

async function tableIdOf(deps: { credentials: Credentials }, host: Host, wanted: CreateSession): Promise<TableId> {
  const byToken =
    host.kind === 'table' ? host : wanted.tableToken && (await deps.credentials.ofTableToken(wanted.tableToken));
  if (byToken) {
    if (byToken.tenantId !== host.tenantId || (wanted.tableId && wanted.tableId !== byToken.tableId))
      throw noSuchTable();
    return byToken.tableId;
  }
  if (!wanted.tableId) throw invalid([{ path: 'table_id', message: 'is required with a staff key' }]);
  return wanted.tableId;
}

function ttlOf(deps: Deps, host: Host, { location, wanted }: { location: LocationRow; wanted: CreateSession }): number {
  const { ttlSeconds } = wanted;
  if (ttlSeconds === undefined) return location.ttlSeconds ?? deps.defaultTtlSeconds;
  if (host.kind !== 'key') throw new Rejection('FORBIDDEN', 'only staff choose how long a session lasts');
  if (ttlSeconds < ttlBounds.min || ttlSeconds > ttlBounds.max) {
    throw invalid([{ path: 'ttl_seconds', message: `must be ${ttlBounds.min} to ${ttlBounds.max}` }]);
  }
  return ttlSeconds;
}

/** The location's settings as the session will keep them. */
function settingsOf(location: LocationRow, ttlSeconds: number): SessionSettings {
  return {
    admission: location.admission,
    tax_inclusive: location.taxInclusive,
    service_bps: location.serviceBps,
    sliding: location.sliding,
    ttl_seconds: ttlSeconds,
    on_paid: location.payFirst ? 'stay' : location.onPaid,
    pay_first: location.payFirst,
    cash_rounding: location.cashRounding,
    expiry_event: location.expiryEvent,
    timezone: location.timezone,
  };
}

function requestKeyOf(host: Host, key: string | undefined): Buffer | null {
  if (key === undefined) return null;
  if (!isUuid(key)) throw invalid([{ path: 'Idempotency-Key', message: 'must be a UUID' }]);
  const credential = host.kind === 'key' ? `key ${host.keyId}` : 'table';
  return createHash('sha256').update(`${credential}\n${key.toLowerCase()}`).digest();
}

function isRace(error: unknown): boolean {
  if (error instanceof Rejection) return error.code === 'SESSION_EXPIRED' || error.code === 'SESSION_NOT_OPEN';
  return isDuplicate(error);
}

function noSuchTable(): Rejection {
  return new Rejection('NOT_FOUND', 'there is no such table at this location');
}
