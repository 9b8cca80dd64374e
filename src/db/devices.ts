import { and, eq, lte, sql } from 'drizzle-orm';
import type { DeviceId, SessionId, TableId, TenantId } from '../domain/ids.js';
import type { Orm } from './connect.js';
import { devices } from './tables/sessions.js';

/** A device as it was given out. */
export interface GivenDevice {
  readonly deviceId: DeviceId;
  readonly sessionId: SessionId;
}

interface NewDevice extends GivenDevice {
  readonly tenantId: TenantId;
  readonly tableId: TableId;
  /** Hash of credential and `Idempotency-Key`; null when the request carried none. */
  readonly requestKey: Buffer | null;
}

/** How long a request's key is remembered. */
const keptFor = sql`interval '24 hours'`;

const givenColumns = { deviceId: devices.id, sessionId: devices.sessionId };

/** The device that an earlier request with this key got, if that was less than 24 hours ago. */
export async function findGivenDevice(
  orm: Orm,
  tenantId: TenantId,
  request: { tableId: TableId; requestKey: Buffer },
): Promise<GivenDevice | undefined> {
  const sameRequest = and(
    eq(devices.tenantId, tenantId),
    eq(devices.tableId, request.tableId),
    eq(devices.requestKey, request.requestKey),
  );
  const rows = await orm
    .select({ ...givenColumns, isOld: sql<boolean>`${devices.createdAt} <= session_clock() - ${keptFor}` })
    .from(devices)
    .where(sameRequest);
  const [row] = rows;
  if (!row?.isOld) return row;
  await orm
    .update(devices)
    .set({ requestKey: null })
    .where(and(sameRequest, lte(devices.createdAt, sql`session_clock() - ${keptFor}`)));
  return undefined;
}

/** Gives the device out. Of two requests with one key the first wins, and the other gets the winner's device. */
export async function giveDevice(orm: Orm, device: NewDevice): Promise<GivenDevice> {
  const { deviceId, ...rest } = device;
  const inserted = await orm
    .insert(devices)
    .values({ ...rest, id: deviceId, createdAt: sql`session_clock()` })
    .onConflictDoNothing()
    .returning(givenColumns);
  if (inserted[0]) return inserted[0];
  const winner =
    device.requestKey && (await findGivenDevice(orm, device.tenantId, { ...device, requestKey: device.requestKey }));
  if (!winner) throw new Error('a device could not be given out');
  return winner;
}

/** Forgets a request's key, when its device never got into its session. */
export async function forgetRequest(orm: Orm, tenantId: TenantId, deviceId: DeviceId): Promise<void> {
  await orm
    .update(devices)
    .set({ requestKey: null })
    .where(and(eq(devices.tenantId, tenantId), eq(devices.id, deviceId)));
}
