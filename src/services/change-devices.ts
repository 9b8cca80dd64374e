import type { DeviceId, SessionId } from '../domain/ids.js';
import type { Scope, SessionScope } from '../domain/scope.js';
import { serverKeys } from '../event-log/server-keys.js';
import type { SessionState } from '../event-log/session-state.js';
import { requireKey, requireSession } from './access.js';
import type { Deps } from './deps.js';
import { type ServerAct, serverCommand } from './server-command.js';

/** Which phone of which session. */
export interface DeviceName {
  readonly sessionId: SessionId;
  readonly deviceId: DeviceId;
}

/** Lets a waiting phone in: by an approved phone of the table, or by staff. A repeat changes nothing. */
export async function approveDevice(deps: Deps, scope: Scope, device: DeviceName): Promise<SessionState> {
  const caller = requireSession(scope, device.sessionId);
  return change(deps, device, { caller, type: 'device_approved', key: serverKeys.approved(device.deviceId) });
}

/** Takes a phone out: by staff. Its token is dead at once. A repeat changes nothing. */
export async function removeDevice(deps: Deps, scope: Scope, device: DeviceName): Promise<SessionState> {
  const caller = requireKey(scope, 'staff');
  return change(deps, device, { caller, type: 'device_removed', key: serverKeys.removed(device.deviceId) });
}

async function change(
  deps: Deps,
  { sessionId, deviceId }: DeviceName,
  act: Pick<ServerAct, 'type' | 'key'> & { readonly caller: SessionScope },
): Promise<SessionState> {
  const input = { device_id: deviceId };
  const session = { tenantId: act.caller.tenantId, sessionId };
  const { state } = await deps.log.submit(serverCommand(session, { ...act, input, sameness: input }));
  return state;
}
