import { findLocation } from '../db/locations.js';
import { findLocalDay } from '../db/local-day.js';
import { type MethodSums, type PaymentSearch, searchPaymentRows, sumPayments } from '../db/payment-search.js';
import { instantOf, isCalendarDate } from '../domain/calendar.js';
import type { LocationId, PaymentId, SessionId } from '../domain/ids.js';
import { invalid } from '../domain/rejection.js';
import type { KeyScope, Scope } from '../domain/scope.js';
import { noSuchLocation, requireKey, requireLocation } from './access.js';
import type { Deps } from './deps.js';
import { pageBounds } from './list-events.js';
import { type PaymentView, viewPayments } from './payment-views.js';
import { seeSession } from './seats.js';

export type { MethodSums };

export interface SearchPayments extends Pick<PaymentSearch, 'status' | 'method' | 'reason' | 'resolution' | 'isOpen'> {
  readonly locationId: LocationId | undefined;
  readonly sessionId: SessionId | undefined;
  /** RFC 3339, or a local day of the location; `to` is the first moment that is left out, or the last day that is not. */
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly first: number;
  readonly after: PaymentId | undefined;
}

export interface PaymentPage {
  readonly payments: readonly PaymentView[];
  readonly hasMore: boolean;
  /** Of the whole search, by currency and method; asked for only when somebody wants them. */
  readonly sums: () => Promise<readonly MethodSums[]>;
}

/** Payments of all sessions, and money of none, the newest first. For cashiers; a location's key sees that location's. */
export async function searchPayments(deps: Deps, scope: Scope, wanted: SearchPayments): Promise<PaymentPage> {
  const caller = requireKey(scope, 'cashier');
  const { first, after } = wanted;
  if (first < pageBounds.min || first > pageBounds.max) {
    throw invalid([{ path: 'limit', message: `must be ${pageBounds.min} to ${pageBounds.max}` }]);
  }
  const search = await searchOf(deps, caller, wanted);
  const rows = await searchPaymentRows(deps.orm, search, { before: after, limit: first + 1 });
  return {
    payments: await viewPayments(deps, rows.slice(0, first)),
    hasMore: rows.length > first,
    sums: () => sumPayments(deps.orm, search),
  };
}

async function searchOf(deps: Deps, caller: KeyScope, wanted: SearchPayments): Promise<PaymentSearch> {
  const { status, method, reason, resolution, isOpen, sessionId } = wanted;
  if (wanted.locationId) await checkLocation(deps, caller, wanted.locationId);
  const locationId = wanted.locationId ?? caller.locationId ?? undefined;
  if (sessionId) await seeSession(deps, caller, sessionId);
  const place = { deps, caller, locationId };
  const from = await boundOf(place, 'from', wanted.from);
  const to = await boundOf(place, 'to', wanted.to);
  if (from !== undefined && to !== undefined && Date.parse(from) >= Date.parse(to)) {
    throw invalid([{ path: 'to', message: 'must be later than from' }]);
  }
  return { tenantId: caller.tenantId, locationId, sessionId, status, method, reason, resolution, isOpen, from, to };
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
