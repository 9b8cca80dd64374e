import { type FoundSession, searchSessionHeads, type SessionSums, sumSessions } from '../db/session-search.js';
import type { SessionId } from '../domain/ids.js';
import { invalid } from '../domain/rejection.js';
import type { Scope } from '../domain/scope.js';
import type { SessionStatus } from '../domain/session.js';
import { requireKey } from './access.js';
import type { Deps } from './deps.js';
import { pageBounds } from './list-events.js';
import { periodOf, type WantedPeriod } from './period.js';

export type { FoundSession, SessionSums };

export interface SearchSessions extends WantedPeriod {
  readonly status: SessionStatus | undefined;
  /** Only those that ended with something due for what the kitchen got, and that nobody has given up. */
  readonly isUnpaid: boolean;
  readonly first: number;
  readonly after: SessionId | undefined;
}

export interface SessionPage {
  readonly sessions: readonly FoundSession[];
  readonly hasMore: boolean;
  /** Of the whole search, by currency; asked for only when somebody wants them. */
  readonly sums: () => Promise<readonly SessionSums[]>;
}

/** Sessions of all locations, the newest first. For cashiers; a location's key sees that location's. */
export async function searchSessions(deps: Deps, scope: Scope, wanted: SearchSessions): Promise<SessionPage> {
  const caller = requireKey(scope, 'cashier');
  const { first, after, status, isUnpaid } = wanted;
  if (first < pageBounds.min || first > pageBounds.max) {
    throw invalid([{ path: 'limit', message: `must be ${pageBounds.min} to ${pageBounds.max}` }]);
  }
  const search = { tenantId: caller.tenantId, status, isUnpaid, ...(await periodOf(deps, caller, wanted)) };
  const heads = await searchSessionHeads(deps.orm, search, { order: 'newest', after, limit: first + 1 });
  return {
    sessions: heads.slice(0, first),
    hasMore: heads.length > first,
    sums: () => sumSessions(deps.orm, search),
  };
}
