import { findLocation } from '../db/locations.js';
import { listSessionHeads, type SessionHead, type ShownHead } from '../db/sessions.js';
import type { LocationId, SessionId } from '../domain/ids.js';
import { invalid } from '../domain/rejection.js';
import type { Scope } from '../domain/scope.js';
import type { SessionStatus } from '../domain/session.js';
import { noSuchLocation, requireKey, requireLocation } from './access.js';
import type { Deps } from './deps.js';
import { pageBounds } from './list-events.js';

export type { ShownHead };

export interface ListSessions {
  readonly locationId: LocationId;
  readonly status?: SessionStatus | undefined;
  readonly first: number;
  readonly after?: SessionId | undefined;
}

/** A location's sessions in order of opening, for staff. */
export async function listSessions(
  deps: Deps,
  scope: Scope,
  { locationId, status, first, after }: ListSessions,
): Promise<{ readonly heads: readonly SessionHead[]; readonly hasMore: boolean }> {
  const { tenantId } = requireKey(scope, 'staff');
  requireLocation(scope, locationId);
  if (first < pageBounds.min || first > pageBounds.max) {
    throw invalid([{ path: 'first', message: `must be ${pageBounds.min} to ${pageBounds.max}` }]);
  }
  if (!(await findLocation(deps.orm, tenantId, locationId))) throw noSuchLocation();
  const heads = await listSessionHeads(deps.orm, { tenantId, locationId, status }, { after, limit: first + 1 });
  return { heads: heads.slice(0, first), hasMore: heads.length > first };
}
