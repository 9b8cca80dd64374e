import { z } from 'zod';
import { findDevice, withDeviceState } from '../bill.js';
import type { DeviceId } from '../ids.js';
import { Rejection } from '../rejection.js';
import { defineEvent, unchanged } from './define.js';
import { deviceId } from './fields.js';

interface DeviceRemoved {
  readonly device_id: DeviceId;
}

/** From here on the session admits new phones only by approval, or the removed guest would simply scan again. */
export const deviceRemoved = defineEvent({
  type: 'device_removed',
  version: 1,
  summary: 'Staff take a phone out; its token is dead at once, and later phones need approval.',
  sender: 'server',
  gate: 'live',
  personal: [],
  input: z.strictObject({ device_id: deviceId }),
  decide: (input, { bill }): DeviceRemoved | typeof unchanged => {
    const device = findDevice(bill, input.device_id);
    if (!device) throw new Rejection('NOT_FOUND', 'the session has no such device');
    return device.state === 'removed' ? unchanged : { device_id: input.device_id };
  },
  apply: (bill, { device_id }) => ({ ...withDeviceState(bill, device_id, 'removed'), admission: 'approve' }),
  examples: [
    {
      input: { device_id: '01900000-0000-7000-8000-00000000d001' },
      payload: { device_id: '01900000-0000-7000-8000-00000000d001' as DeviceId },
    },
  ],
});
