import { z } from 'zod';
import { type Device, findDevice } from '../bill.js';
import type { DeviceId } from '../ids.js';
import { invalid, Rejection } from '../rejection.js';
import { maxDevices } from '../session.js';
import { defineEvent, unchanged } from './define.js';
import { deviceId, optional, tableId, text } from './fields.js';

interface DeviceJoined {
  readonly device_id: DeviceId;
  readonly name: string | null;
  /** `waiting` until somebody approves it, where the location asks for that. */
  readonly state: 'admitted' | 'waiting';
}

/**
 * A phone joins the table. Who was admitted by staff's own hands (`by_staff`) waits for nobody; who has scanned a table's
 * code (`at_table`) gets in only while they sit there.
 */
export const deviceJoined = defineEvent({
  type: 'device_joined',
  version: 1,
  summary: 'A phone joins the session and can be named in later events.',
  sender: 'server',
  gate: 'live',
  personal: ['name'],
  input: z.strictObject({
    device_id: deviceId,
    name: optional(text(60)),
    by_staff: z.boolean().default(false),
    at_table: optional(tableId),
  }),
  decide: (input, { bill }): DeviceJoined | typeof unchanged => {
    if (findDevice(bill, input.device_id)) return unchanged;
    if (input.at_table && input.at_table !== bill.tableId) {
      throw new Rejection('SESSION_NOT_OPEN', 'they have just moved to another table', { session_status: bill.status });
    }
    if (bill.devices.length >= maxDevices) {
      throw invalid([{ path: '', message: `a session takes at most ${maxDevices} devices` }]);
    }
    const waits = bill.admission === 'approve' && !input.by_staff;
    return { device_id: input.device_id, name: input.name ?? null, state: waits ? 'waiting' : 'admitted' };
  },
  apply: (bill, { device_id, name, state }) => {
    const device: Device = { deviceId: device_id, name, state };
    return { ...bill, devices: [...bill.devices, device] };
  },
  examples: [
    {
      input: { device_id: '01900000-0000-7000-8000-00000000d001', name: 'Lan' },
      payload: { device_id: '01900000-0000-7000-8000-00000000d001' as DeviceId, name: 'Lan', state: 'admitted' },
    },
  ],
});
