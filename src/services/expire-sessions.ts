import { listDueSessions, markExpired } from '../db/sessions.js';
import type { SessionId, TenantId } from '../domain/ids.js';
import { expiryOf } from '../event-log/expiry.js';
import type { Deps } from './deps.js';

/** Sessions that one sweep takes at a time, */
const pieceSize = 500;
/** out of so many that are due: nodes that sweep at the same second seldom take the same ones. */
const viewSize = 5_000;

/**
 * Makes time's end durable for every session whose time is over, of all tenants. Any number of nodes may do this at the
 * same second: the log takes each expiry once. One session that cannot be ended does not
 * hold up the others. It ends early, between two pieces, when the server stops. Gives the number of sessions that this call
 * ended.
 */
export async function expireSessions(
  deps: Pick<Deps, 'orm' | 'log'>,
  onFailure: (error: unknown, sessionId: SessionId) => void,
  stopping?: AbortSignal,
): Promise<number> {
  let expired = 0;
  for (let isLast = false; !isLast && !stopping?.aborted; ) {
    const view = await listDueSessions(deps.orm, viewSize);
    const due = pieceOf(view);
    const results = await Promise.allSettled(due.map((session) => expire(deps, session)));
    results.forEach((result, index) => {
      const session = due[index];
      if (result.status === 'rejected' && session) onFailure(result.reason, session.sessionId);
    });
    const taken = results.filter((result) => result.status === 'fulfilled');
    expired += taken.filter(({ value }) => value).length;
    isLast = due.length === view.length || taken.length === 0;
  }
  return expired;
}

/** A piece from anywhere. */
function pieceOf<T>(view: readonly T[]): readonly T[] {
  const start = Math.floor(Math.random() * (Math.max(0, view.length - pieceSize) + 1));
  return view.slice(start, start + pieceSize);
}

async function expire(
  deps: Pick<Deps, 'orm' | 'log'>,
  { tenantId, sessionId, wantsEvent }: { tenantId: TenantId; sessionId: SessionId; wantsEvent: boolean },
): Promise<boolean> {
  if (!wantsEvent) return markExpired(deps.orm, tenantId, sessionId);
  const { decided } = await deps.log.submit(expiryOf({ tenantId, sessionId }));
  return decided.some(({ replayed }) => !replayed);
}
