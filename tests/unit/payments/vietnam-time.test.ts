import { afterEach, describe, expect, test } from 'vitest';
import { vietnamDay, vietnamTimestamp } from '../../../src/payments/vietnam-time.js';
import { providerNamed } from './vectors.js';

const before = process.env['TZ'];

afterEach(() => {
  if (before === undefined) delete process.env['TZ'];
  else process.env['TZ'] = before;
});

describe.each([
  { zone: 'UTC', hours: 0 },
  { zone: 'Asia/Ho_Chi_Minh', hours: 7 },
  { zone: 'America/Los_Angeles', hours: -8 },
])('on a server in $zone', ({ zone, hours }) => {
  test('the switch of the zone is felt by what uses local time', () => {
    process.env['TZ'] = zone;
    expect(new Date(Date.UTC(2026, 10, 22, 12)).getTimezoneOffset()).toBe(0 - hours * 60);
  });

  test('23:59 in Vietnam is still the same day', () => {
    process.env['TZ'] = zone;
    const at = Date.UTC(2026, 10, 22, 16, 59, 59);
    expect(vietnamDay(at)).toBe('261122');
    expect(vietnamTimestamp(at)).toBe('20261122235959');
  });

  test('00:01 in Vietnam is the next day, while it is still the day before in UTC', () => {
    process.env['TZ'] = zone;
    const at = Date.UTC(2026, 10, 22, 17, 1, 0);
    expect(vietnamDay(at)).toBe('261123');
    expect(vietnamTimestamp(at)).toBe('20261123000100');
  });

  test('the year turns in Vietnam, not in UTC', () => {
    process.env['TZ'] = zone;
    expect(vietnamTimestamp(Date.UTC(2026, 11, 31, 17, 0, 0))).toBe('20270101000000');
    expect(vietnamDay(Date.UTC(2026, 11, 31, 16, 59, 59, 999))).toBe('261231');
  });

  test("ZaloPay's reference begins with the day in Vietnam", () => {
    process.env['TZ'] = zone;
    const { referenceFor } = providerNamed('zalopay');
    expect(referenceFor('QR0000000000000X', Date.UTC(2026, 10, 22, 16, 59))).toBe('261122_QR0000000000000X');
    expect(referenceFor('QR0000000000000X', Date.UTC(2026, 10, 22, 17, 1))).toBe('261123_QR0000000000000X');
  });
});
