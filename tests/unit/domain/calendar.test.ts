import { describe, expect, test } from 'vitest';
import { instantOf, isCalendarDate } from '../../../src/domain/calendar.js';

describe('a day of the calendar', () => {
  test.each(['2026-01-31', '2024-02-29', '1970-01-01', '9998-12-31'])('%s is one', (text) => {
    expect(isCalendarDate(text)).toBe(true);
  });
  test.each([
    '2026-02-30',
    '2025-02-29',
    '2026-13-01',
    '2026-1-1',
    '1969-12-31',
    '9999-01-01',
    '2026-01-31 ',
    '',
    'today',
  ])('"%s" is none', (text) => {
    expect(isCalendarDate(text)).toBe(false);
  });
});

describe('a moment', () => {
  test.each([
    ['2026-01-31T12:00:00Z', '2026-01-31T12:00:00.000Z'],
    ['2026-01-31T00:00:00+07:00', '2026-01-30T17:00:00.000Z'],
    ['2026-01-31T00:00:00.25-05:00', '2026-01-31T05:00:00.250Z'],
    ['2026-01-31T00:00:00 07:00', '2026-01-30T17:00:00.000Z'],
  ])('%s is %s', (text, instant) => {
    expect(instantOf(text)).toBe(instant);
  });
  test.each([
    '2026-01-31',
    '2026-02-30T00:00:00Z',
    '2026-01-31T25:00:00Z',
    '2026-01-31T12:00Z',
    '2026-01-31T12:00:00',
    'now',
  ])('"%s" is none', (text) => {
    expect(instantOf(text)).toBeUndefined();
  });
});
