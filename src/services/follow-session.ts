import type { StoredEvent } from '../domain/events/define.js';
import type { Seq, SessionId } from '../domain/ids.js';
import { invalid } from '../domain/rejection.js';
import type { Scope, SessionScope } from '../domain/scope.js';
import type { Feed } from '../event-log/feed.js';
import { requireSession } from './access.js';
import type { Deps } from './deps.js';
import { seeSession } from './seats.js';

export type { Feed, FeedEnd } from '../event-log/feed.js';

/** Which session, and behind which seq. */
interface FollowFrom {
  readonly sessionId: SessionId;
  readonly after: Seq;
}

/**
 * The events of a session behind a seq, first those of the past, then each as it is written, on whatever node. The feed is
 * over when the session has ended and everything is read, and right behind the removal of the phone that follows it.
 */
export async function followSession(deps: Deps, scope: Scope, from: FollowFrom): Promise<Feed<StoredEvent>> {
  const caller = requireSession(scope, from.sessionId);
  if (from.after < 0) throw invalid([{ path: 'cursor', message: 'must be a seq, 0 or more' }]);
  // It listens before the session is read, so that nothing falls between the two.
  const feed = listenAs(deps, caller, from);
  try {
    await seeSession(deps, caller, from.sessionId);
    return feed;
  } catch (error) {
    feed.close();
    throw error;
  }
}

/** Begins to listen before the caller's right to do so is known: nothing of it may be given out until then. */
export function listenAs(deps: Deps, caller: SessionScope, { sessionId, after }: FollowFrom): Feed<StoredEvent> {
  return deps.log.follow({ tenantId: caller.tenantId, sessionId }, { after, isLast: isRemovalOf(caller) });
}

/** A phone sees its own removal, and nothing behind it. */
function isRemovalOf(caller: SessionScope): (event: StoredEvent) => boolean {
  if (caller.kind === 'key') return () => false;
  return ({ type, payload }) => type === 'device_removed' && payload.device_id === caller.deviceId;
}
