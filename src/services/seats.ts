import { checkAccess, type Command, noSuchSession } from '../domain/decide.js';
import { optional, text } from '../domain/events/fields.js';
import type { DeviceId, SessionId, TableId, TenantId } from '../domain/ids.js';
import { invalid, Rejection } from '../domain/rejection.js';
import type { DeviceScope, SessionScope } from '../domain/scope.js';
import { serverKeys } from '../event-log/server-keys.js';
import type { SessionState } from '../event-log/session-state.js';
import type { Deps } from './deps.js';
import { serverCommand } from './server-command.js';

export type { SessionState };

/** A phone that is in a session, with the token that proves it. */
export interface SeatedDevice {
  readonly deviceId: DeviceId;
  readonly deviceToken: string;
  /** False when the phone was there before. */
  readonly isNew: boolean;
  readonly state: SessionState;
}

/** The session as this caller may see it now; NOT_FOUND or UNAUTHENTICATED otherwise. */
export async function seeSession(deps: Deps, scope: SessionScope, sessionId: SessionId): Promise<SessionState> {
  const state = await deps.log.current({ tenantId: scope.tenantId, sessionId });
  if (!state) throw noSuchSession();
  checkAccess(scope, state);
  return state;
}

/** The phone of an earlier token, if it is of this session and was not removed: it comes back as itself. */
export async function returningDevice(
  deps: Deps,
  deviceToken: string | undefined,
  session: { tenantId: TenantId; sessionId: SessionId },
): Promise<SeatedDevice | undefined> {
  const scope = deviceToken ? await deps.tokens.readDeviceToken(deviceToken) : undefined;
  if (!deviceToken || scope?.tenantId !== session.tenantId || scope.sessionId !== session.sessionId) return undefined;
  const state = await seeSession(deps, scope, session.sessionId).catch(ignoreRefusal);
  return state && { deviceId: scope.deviceId, deviceToken, isNew: false, state };
}

const storableName = optional(text(60));

/** What a phone wants to be called, looked at before anything is written for it. */
export function checkDeviceName(name: string | undefined): void {
  const { error } = storableName.safeParse(name);
  if (error) throw invalid(error.issues.map(({ message }) => ({ path: 'device_name', message })));
}

interface Entry {
  readonly name: string | undefined;
  readonly byStaff: boolean;
  /** Whose code was scanned: they must still sit there. */
  readonly atTable?: TableId;
}

/** Appends `device_joined` once for the device, and mints its token. */
export async function seatDevice(deps: Deps, device: DeviceScope, entry: Entry): Promise<SeatedDevice> {
  const { decided, state } = await deps.log.submit(joinCommand(device, entry));
  const deviceToken = await deps.tokens.mintDeviceToken(device);
  return { deviceId: device.deviceId, deviceToken, isNew: decided.some(({ replayed }) => !replayed), state };
}

function ignoreRefusal(error: unknown): undefined {
  if (error instanceof Rejection) return undefined;
  throw error;
}

/** A phone is seated once; a repeat under another name is still the same phone. */
function joinCommand(device: DeviceScope, { name, byStaff, atTable }: Entry): Command {
  const { deviceId, locationId } = device;
  return serverCommand(device, {
    caller: { kind: 'joining', deviceId, name: name ?? null, locationId },
    key: serverKeys.joined(deviceId),
    type: 'device_joined',
    input: { device_id: deviceId, name, by_staff: byStaff, at_table: atTable },
    sameness: { device_id: deviceId },
  });
}
