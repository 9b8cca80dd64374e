import type { SessionId } from '../domain/ids.js';
import { invalid } from '../domain/rejection.js';
import type { Scope } from '../domain/scope.js';
import { serverKeys } from '../event-log/server-keys.js';
import type { SessionState } from '../event-log/session-state.js';
import { requireKey } from './access.js';
import type { Deps } from './deps.js';
import { serverCommand } from './server-command.js';

/** Ends a visit by staff; a reason is required while something is due. Closing a closed session changes nothing. */
export async function closeSession(
  deps: Deps,
  scope: Scope,
  wanted: { readonly sessionId: SessionId; readonly reason?: string | undefined },
): Promise<SessionState> {
  const caller = requireKey(scope, 'staff');
  if (caller.isShared && !caller.isNamed) {
    throw invalid([{ path: 'X-Actor-Name', message: 'is required, because several people use this key' }]);
  }
  const { state } = await deps.log.submit(
    serverCommand(
      { tenantId: caller.tenantId, sessionId: wanted.sessionId },
      {
        caller,
        key: serverKeys.closed,
        type: 'session_closed',
        input: { reason: wanted.reason },
        sameness: {},
      },
    ),
  );
  return state;
}
