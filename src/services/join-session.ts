import { giveDevice } from '../db/devices.js';
import { noSuchSession } from '../domain/decide.js';
import { asId, type DeviceId, type SessionId, type TenantId } from '../domain/ids.js';
import { Rejection } from '../domain/rejection.js';
import type { Scope } from '../domain/scope.js';
import { requireKey, unauthenticated } from './access.js';
import type { Deps } from './deps.js';
import { checkDeviceName, returningDevice, type SeatedDevice, seatDevice, seeSession } from './seats.js';

export interface JoinSession {
  readonly sessionId: SessionId;
  readonly joinToken?: string | undefined;
  readonly deviceName?: string | undefined;
  /** An earlier token of this phone, which then comes back as itself. */
  readonly deviceToken?: string | undefined;
}

/** Lets one more phone into a session: with the session's join token, or by staff. */
export async function joinSession(deps: Deps, scope: Scope, wanted: JoinSession): Promise<SeatedDevice> {
  const { sessionId } = wanted;
  const tenantId = await whichTenant(deps, scope, wanted);
  checkDeviceName(wanted.deviceName);
  const state = await deps.log.current({ tenantId, sessionId });
  if (!state) throw noSuchSession();
  const back = await returningDevice(deps, wanted.deviceToken, { tenantId, sessionId });
  if (back) return back;
  const { locationId, tableId } = state.bill;
  const deviceId = asId<DeviceId>(deps.newId());
  const given = await giveDevice(deps.orm, { tenantId, deviceId, sessionId, tableId, requestKey: null });
  const device = { kind: 'device', tenantId, locationId, ...given } as const;
  return seatDevice(deps, device, { name: wanted.deviceName, byStaff: isStaff(scope, wanted) });
}

/** Staff are asked for their key only where no join token is given, so a guest's own bearer does not get in the way. */
async function whichTenant(deps: Deps, scope: Scope, { joinToken, sessionId }: JoinSession): Promise<TenantId> {
  if (joinToken !== undefined) {
    const tenantId = deps.tokens.readJoinToken(joinToken, sessionId);
    if (!tenantId) throw unauthenticated();
    return tenantId;
  }
  if (scope.kind === 'device') throw new Rejection('FORBIDDEN', "this takes the session's join token or a staff key");
  const key = requireKey(scope, 'staff');
  await seeSession(deps, key, sessionId);
  return key.tenantId;
}

function isStaff(scope: Scope, { joinToken }: JoinSession): boolean {
  return joinToken === undefined && scope.kind === 'key';
}
