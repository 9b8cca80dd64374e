import type { SessionId } from '../domain/ids.js';
import type { Scope } from '../domain/scope.js';
import type { SessionState } from '../event-log/session-state.js';
import { requireSession } from './access.js';
import type { Deps } from './deps.js';
import { seeSession } from './seats.js';

/** The session as it is now. */
export async function getSession(deps: Deps, scope: Scope, sessionId: SessionId): Promise<SessionState> {
  return seeSession(deps, requireSession(scope, sessionId), sessionId);
}
