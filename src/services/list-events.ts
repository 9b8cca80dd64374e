import type { StoredEvent } from '../domain/events/define.js';
import type { Seq, SessionId } from '../domain/ids.js';
import { invalid } from '../domain/rejection.js';
import type { Scope } from '../domain/scope.js';
import { statusNow } from '../domain/snapshot.js';
import { requireSession } from './access.js';
import type { Deps } from './deps.js';
import { seeSession } from './seats.js';

/** A stretch of a session's log. */
export interface EventList {
  readonly events: readonly StoredEvent[];
  /** Where the next read starts: the last seq given, or the cursor itself when nothing is new. */
  readonly nextCursor: Seq;
  readonly hasMore: boolean;
  readonly lastSeq: Seq;
  /** A hint for polling clients, in milliseconds. */
  readonly pollAfterMs: number;
}

export const pageBounds = { min: 1, max: 500, default: 100 } as const;

/** Events after the cursor, in order. A cursor at or beyond the end gives none and comes back unchanged. */
export async function listEvents(
  deps: Deps,
  scope: Scope,
  { sessionId, after, limit }: { readonly sessionId: SessionId; readonly after: Seq; readonly limit: number },
): Promise<EventList> {
  const caller = requireSession(scope, sessionId);
  if (limit < pageBounds.min || limit > pageBounds.max) {
    throw invalid([{ path: 'limit', message: `must be ${pageBounds.min} to ${pageBounds.max}` }]);
  }
  if (after < 0) throw invalid([{ path: 'cursor', message: 'must be a seq, 0 or more' }]);
  const [state, page] = await Promise.all([
    seeSession(deps, caller, sessionId),
    after > maxSeq ? nothing : deps.log.page({ tenantId: caller.tenantId, sessionId }, { after, limit }),
  ]);
  const { events, hasMore } = page;
  const nextCursor = events.at(-1)?.seq ?? after;
  const isOver = statusNow(state) !== 'open';
  const pollAfterMs = pollHint({ hasMore, isOver, hasNews: events.length > 0 });
  const lastSeq = Math.max(state.bill.lastSeq, events.at(-1)?.seq ?? 0);
  return { ...page, nextCursor, lastSeq, pollAfterMs };
}

/** Seqs are 32-bit in the database: behind this cursor there is nothing to ask for. */
const maxSeq = 2 ** 31 - 2;
const nothing = { events: [], hasMore: false } as const;

function pollHint({ hasMore, isOver, hasNews }: { hasMore: boolean; isOver: boolean; hasNews: boolean }): number {
  if (hasMore) return 0;
  if (isOver) return 15_000;
  return hasNews ? 1_000 : 2_500;
}
