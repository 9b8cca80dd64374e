import type { SessionId } from '../domain/ids.js';
import type { Scope } from '../domain/scope.js';
import { serverKeys } from '../event-log/server-keys.js';
import type { SessionState } from '../event-log/session-state.js';
import { requirePerson } from './access.js';
import type { Deps } from './deps.js';
import { serverCommand } from './server-command.js';

/** Ends a visit by staff; a reason is required while something is due. Closing a closed session changes nothing. */
export async function closeSession(
  deps: Deps,
  scope: Scope,
  wanted: { readonly sessionId: SessionId; readonly reason?: string | undefined },
): Promise<SessionState> {
  const caller = requirePerson(scope, 'staff');
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
