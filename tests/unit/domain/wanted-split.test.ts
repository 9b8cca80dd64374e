import { v7 } from 'uuid';
import { describe, expect, test } from 'vitest';
import { type SplitWish, wantedSplit } from '../../../src/domain/wanted-split.js';
import { Rejection } from '../../../src/domain/rejection.js';

function pathsOf(wish: SplitWish): readonly string[] {
  try {
    wantedSplit(wish);
    return [];
  } catch (error) {
    if (!(error instanceof Rejection) || error.code !== 'VALIDATION_FAILED') throw error;
    return (error.extra['errors'] as readonly { path: string }[]).map(({ path }) => path);
  }
}

const [first, second] = [v7(), v7()];

describe('a wanted split', () => {
  test('is everything that is free when none is given', () => {
    expect(wantedSplit(undefined)).toEqual({ type: 'all' });
    expect(wantedSplit({ type: 'all' })).toEqual({ type: 'all' });
  });

  test('carries what belongs to its type', () => {
    expect(wantedSplit({ type: 'amount', amount: 1 })).toEqual({ type: 'amount', amount: 1 });
    expect(wantedSplit({ type: 'lines' })).toEqual({ type: 'lines', line_ids: undefined });
    expect(wantedSplit({ type: 'lines', lineIds: [first.toUpperCase(), second] })).toEqual({
      ...{ type: 'lines', line_ids: [first, second] },
    });
    expect(wantedSplit({ type: 'share' })).toEqual({ type: 'share', parts: undefined });
    expect(wantedSplit({ type: 'share', parts: 20 })).toEqual({ type: 'share', parts: 20 });
  });

  test.each([
    [{ type: 'amount' }, ['split.amount']],
    [{ type: 'amount', amount: 0 }, ['split.amount']],
    [{ type: 'amount', amount: -5 }, ['split.amount']],
    [{ type: 'amount', amount: 1.5 }, ['split.amount']],
    [{ type: 'amount', amount: 1e15 + 1 }, ['split.amount']],
    [{ type: 'share', parts: 1 }, ['split.parts']],
    [{ type: 'share', parts: 21 }, ['split.parts']],
    [{ type: 'lines', lineIds: [] }, ['split.line_ids']],
    [{ type: 'lines', lineIds: [first, first.toUpperCase()] }, ['split.line_ids']],
    [{ type: 'lines', lineIds: ['one'] }, ['split.line_ids']],
    [{ type: 'lines', lineIds: Array.from({ length: 501 }, () => v7()) }, ['split.line_ids']],
    [{ type: 'all', amount: 5 }, ['split.amount']],
    [{ type: 'lines', parts: 2 }, ['split.parts']],
    [{ type: 'share', lineIds: [first], amount: 5 }, ['split.amount', 'split.line_ids']],
    [{ type: 'amount', parts: 3 }, ['split.parts', 'split.amount']],
  ] as const)('%j is refused, naming %j', (wish, paths) => {
    expect(pathsOf(wish as SplitWish)).toEqual(paths);
  });

  test('takes 500 lines', () => {
    expect(pathsOf({ type: 'lines', lineIds: Array.from({ length: 500 }, () => v7()) })).toEqual([]);
  });
});
