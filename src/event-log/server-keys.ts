import type { DeviceId } from '../domain/ids.js';

/**
 * Idempotency keys of the server's own acts. They begin with a sign that callers' keys (printable ASCII) cannot have, so
 * that nobody can take them away or use them up.
 */
export const serverKeys = {
  opened: '§opened',
  expired: '§expired',
  closed: '§closed',
  joined: (deviceId: DeviceId) => `§joined:${deviceId}`,
  approved: (deviceId: DeviceId) => `§approved:${deviceId}`,
  removed: (deviceId: DeviceId) => `§removed:${deviceId}`,
  extended: (id: string) => `§extended:${id}`,
} as const;
