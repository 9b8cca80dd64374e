import { findLocation } from '../db/locations.js';
import { findLocalDay } from '../db/local-day.js';
import { instantOf, isCalendarDate } from '../domain/calendar.js';
import type { LocationId } from '../domain/ids.js';
import { invalid } from '../domain/rejection.js';
import type { KeyScope } from '../domain/scope.js';
import { noSuchLocation, requireLocation } from './access.js';
import type { Deps } from './deps.js';

/** A place and a time as a search names them. */
export interface WantedPeriod {
  readonly locationId: LocationId | undefined;
  /** RFC 3339, or a local day of the location; `to` is the first moment that is left out, or the last day that is not. */
  readonly from: string | undefined;
  readonly to: string | undefined;
}

/** The same as moments; a location's key looks at its own location, whether or not it says so. */
export interface Period {
  readonly locationId: LocationId | undefined;
  readonly from: string | undefined;
  readonly to: string | undefined;
}

/** Finds the moments, and refuses a location that the caller may not see, or a time that is none. */
export async function periodOf(deps: Deps, caller: KeyScope, wanted: WantedPeriod): Promise<Period> {
  if (wanted.locationId) await checkLocation(deps, caller, wanted.locationId);
  const locationId = wanted.locationId ?? caller.locationId ?? undefined;
  const place = { deps, caller, locationId };
  const from = await boundOf(place, 'from', wanted.from);
  const to = await boundOf(place, 'to', wanted.to);
  if (from !== undefined && to !== undefined && Date.parse(from) >= Date.parse(to)) {
    throw invalid([{ path: 'to', message: 'must be later than from' }]);
  }
  return { locationId, from, to };
}

async function checkLocation({ orm }: Deps, caller: KeyScope, locationId: LocationId): Promise<void> {
  requireLocation(caller, locationId);
  if (!(await findLocation(orm, caller.tenantId, locationId))) throw noSuchLocation();
}

interface Place {
  readonly deps: Deps;
  readonly caller: KeyScope;
  readonly locationId: LocationId | undefined;
}

/** A moment as it is; a day by its beginning, or by its end where it is the last one. */
async function boundOf(place: Place, path: 'from' | 'to', text: string | undefined): Promise<string | undefined> {
  if (text === undefined) return undefined;
  if (!isCalendarDate(text)) {
    const instant = instantOf(text);
    if (!instant) throw invalid([{ path, message: 'must be a date (2026-01-31) or a time (2026-01-31T12:00:00Z)' }]);
    return instant;
  }
  const { deps, caller, locationId } = place;
  if (!locationId) throw invalid([{ path, message: "a date is a location's local day, so it needs location_id" }]);
  const day = await findLocalDay(deps.orm, { tenantId: caller.tenantId, locationId }, text);
  if (!day) throw noSuchLocation();
  return path === 'from' ? day.from : day.to;
}
