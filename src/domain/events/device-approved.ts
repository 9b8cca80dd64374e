import { z } from 'zod';
import { findDevice, withDeviceState } from '../bill.js';
import type { DeviceId } from '../ids.js';
import { Rejection } from '../rejection.js';
import { defineEvent, unchanged } from './define.js';
import { deviceId } from './fields.js';

interface DeviceApproved {
  readonly device_id: DeviceId;
}

export const deviceApproved = defineEvent({
  type: 'device_approved',
  version: 1,
  summary: 'A waiting phone is let in by an approved phone of the table or by staff.',
  sender: 'server',
  gate: 'live',
  personal: [],
  input: z.strictObject({ device_id: deviceId }),
  decide: (input, { bill }): DeviceApproved | typeof unchanged => {
    const device = findDevice(bill, input.device_id);
    if (!device || device.state === 'removed') throw new Rejection('NOT_FOUND', 'the session has no such device');
    return device.state === 'admitted' ? unchanged : { device_id: input.device_id };
  },
  apply: (bill, { device_id }) => withDeviceState(bill, device_id, 'admitted'),
  examples: [
    {
      input: { device_id: '01900000-0000-7000-8000-00000000d001' },
      payload: { device_id: '01900000-0000-7000-8000-00000000d001' as DeviceId },
    },
  ],
});
