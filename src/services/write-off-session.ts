import type { SessionId } from '../domain/ids.js';
import type { Scope } from '../domain/scope.js';
import { serverKeys } from '../event-log/server-keys.js';
import type { SessionState } from '../event-log/session-state.js';
import { requirePerson } from './access.js';
import type { Deps } from './deps.js';
import { serverCommand } from './server-command.js';

/**
 * Gives up what is due on a visit that has ended, by a cashier who is known by name. Once: a repeat changes nothing, whoever
 * makes it. Money that comes after all is still taken.
 */
export async function writeOffSession(
  deps: Deps,
  scope: Scope,
  { sessionId, reason }: { readonly sessionId: SessionId; readonly reason: string },
): Promise<SessionState> {
  const caller = requirePerson(scope, 'cashier');
  const { state } = await deps.log.submit(
    serverCommand(
      { tenantId: caller.tenantId, sessionId },
      { caller, key: serverKeys.writtenOff, type: 'session_written_off', input: { reason }, sameness: {} },
    ),
  );
  return state;
}
