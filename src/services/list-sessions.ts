import { type FoundSession, searchSessionHeads } from '../db/session-search.js';
import type { ShownHead } from '../db/sessions.js';
import type { LocationId, SessionId } from '../domain/ids.js';
import { invalid } from '../domain/rejection.js';
import type { Scope } from '../domain/scope.js';
import type { SessionStatus } from '../domain/session.js';
import { requireKey, requireLocation } from './access.js';
import type { Deps } from './deps.js';
import { pageBounds } from './list-events.js';
import { periodOf } from './period.js';

export type { ShownHead };

export interface ListSessions {
  readonly locationId: LocationId;
  readonly status?: SessionStatus | undefined;
  /** Only those that ended with something due for what the kitchen got, and that nobody has given up. */
  readonly isUnpaid?: boolean;
  /** Opened from then on, before then; moments, or days of the location. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly first: number;
  readonly after?: SessionId | undefined;
}

/** A location's sessions in order of opening, for staff. */
export async function listSessions(
  deps: Deps,
  scope: Scope,
  { locationId, status, isUnpaid, first, after, ...period }: ListSessions,
): Promise<{ readonly heads: readonly FoundSession[]; readonly hasMore: boolean }> {
  const caller = requireKey(scope, 'staff');
  requireLocation(scope, locationId);
  if (first < pageBounds.min || first > pageBounds.max) {
    throw invalid([{ path: 'first', message: `must be ${pageBounds.min} to ${pageBounds.max}` }]);
  }
  const { from, to } = await periodOf(deps, caller, { locationId, from: period.from, to: period.to });
  const search = { tenantId: caller.tenantId, locationId, status, isUnpaid, from, to };
  const heads = await searchSessionHeads(deps.orm, search, { order: 'oldest', after, limit: first + 1 });
  return { heads: heads.slice(0, first), hasMore: heads.length > first };
}
