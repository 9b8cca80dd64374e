import { describe, expect, test } from 'vitest';
import { pollHint } from '../../../src/services/poll-hint.js';

const hint = (quietMs: number | undefined) => pollHint({ hasMore: false, isOver: false, quietMs });

describe('a polling client is told to come back', () => {
  test.each([
    [0, 1_000],
    [29_999, 1_000],
    [30_000, 2_000],
    [119_999, 2_000],
    [120_000, 4_000],
    [599_999, 4_000],
    [600_000, 8_000],
    [Number.MAX_SAFE_INTEGER, 8_000],
  ])('%i ms after the last event in %i ms', (quietMs, wait) => {
    expect(hint(quietMs)).toBe(wait);
  });

  test('soon where nobody knows when the last event was', () => {
    expect(hint(undefined)).toBe(2_000);
  });

  test('seldom after the end, and at once whenever there is more', () => {
    expect(pollHint({ hasMore: false, isOver: true, quietMs: 0 })).toBe(15_000);
    expect(pollHint({ hasMore: true, isOver: true, quietMs: 0 })).toBe(0);
    expect(pollHint({ hasMore: true, isOver: false, quietMs: 1_000_000 })).toBe(0);
  });
});
