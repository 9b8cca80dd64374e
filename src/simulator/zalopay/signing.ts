import { createHmac } from 'node:crypto';

/** Values between bars, as ZaloPay signs all but its callbacks. */
export function zalopayMac(values: readonly (string | number)[], key: string): string {
  return zalopayDataMac(values.join('|'), key);
}

/** A callback's data text as it is. */
export function zalopayDataMac(data: string, key: string): string {
  return createHmac('sha256', key).update(data, 'utf8').digest('hex');
}
