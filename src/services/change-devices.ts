import type { DeviceId, SessionId } from '../domain/ids.js';
import type { Scope } from '../domain/scope.js';
import { serverKeys } from '../event-log/server-keys.js';
import type { SessionState } from '../event-log/session-state.js';
import { requireKey, requireSession } from './access.js';
import type { Deps } from './deps.js';
import { serverCommand } from './server-command.js';

/** Which phone of which session. */
export interface DeviceName {
  readonly sessionId: SessionId;
  readonly deviceId: DeviceId;
}

/** Lets a waiting phone in: by an approved phone of the table, or by staff. A repeat changes nothing. */
export async function approveDevice(
  deps: Deps,
  scope: Scope,
  { sessionId, deviceId }: DeviceName,
): Promise<SessionState> {
  const caller = requireSession(scope, sessionId);
  const { state } = await deps.log.submit(
    serverCommand(
      { tenantId: caller.tenantId, sessionId },
      {
        caller,
        key: serverKeys.approved(deviceId),
        type: 'device_approved',
        input: { device_id: deviceId },
        sameness: { device_id: deviceId },
      },
    ),
  );
  return state;
}

/** Takes a phone out: by staff. Its token is dead at once. A repeat changes nothing. */
export async function removeDevice(
  deps: Deps,
  scope: Scope,
  { sessionId, deviceId }: DeviceName,
): Promise<SessionState> {
  const caller = requireKey(scope, 'staff');
  const { state } = await deps.log.submit(
    serverCommand(
      { tenantId: caller.tenantId, sessionId },
      {
        caller,
        key: serverKeys.removed(deviceId),
        type: 'device_removed',
        input: { device_id: deviceId },
        sameness: { device_id: deviceId },
      },
    ),
  );
  return state;
}
