import { z } from 'zod';
import { type Device, findDevice } from '../bill.js';
import type { DeviceId } from '../ids.js';
import { invalid } from '../rejection.js';
import { maxDevices } from '../session.js';
import { defineEvent, unchanged } from './define.js';
import { deviceId, optional, text } from './fields.js';

interface DeviceJoined {
  readonly device_id: DeviceId;
  readonly name: string | null;
  /** `waiting` until somebody approves it, where the location asks for that. */
  readonly state: 'admitted' | 'waiting';
}

/** A phone joins the table. Who was admitted by staff's own hands (`by_staff`) waits for nobody. */
export const deviceJoined = defineEvent({
  type: 'device_joined',
  version: 1,
  summary: 'A phone joins the session and can be named in later events.',
  sender: 'server',
  gate: 'live',
  personal: ['name'],
  input: z.strictObject({ device_id: deviceId, name: optional(text(60)), by_staff: z.boolean().default(false) }),
  decide: (input, { bill }): DeviceJoined | typeof unchanged => {
    if (findDevice(bill, input.device_id)) return unchanged;
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
