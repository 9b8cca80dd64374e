import type { SessionId } from '../domain/ids.js';
import type { Scope } from '../domain/scope.js';
import { serverKeys } from '../event-log/server-keys.js';
import type { SessionState } from '../event-log/session-state.js';
import { requireKey } from './access.js';
import type { Deps } from './deps.js';
import { serverCommand } from './server-command.js';

/** Moves a session's expiry by staff: now plus the TTL, never earlier than it was, at most 24 hours after opening. */
export async function extendSession(
  deps: Deps,
  scope: Scope,
  { sessionId, ttlSeconds }: { readonly sessionId: SessionId; readonly ttlSeconds: number },
): Promise<SessionState> {
  const caller = requireKey(scope, 'staff');
  const { state } = await deps.log.submit(
    serverCommand(
      { tenantId: caller.tenantId, sessionId },
      {
        caller,
        key: serverKeys.extended(deps.newId()),
        type: 'session_extended',
        input: { ttl_seconds: ttlSeconds },
        sameness: { ttl_seconds: ttlSeconds },
      },
    ),
  );
  return state;
}
