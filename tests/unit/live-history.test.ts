import { describe, expect, test } from 'vitest';
import { type Entry, faultsOf, noFaults, sumOf } from '../support/live-history.js';

const log: readonly Entry[] = Array.from({ length: 6 }, (_, at) => ({ seq: at + 1, id: `event ${at + 1}` }));
const [first, second, third, fourth, fifth, sixth] = log as [Entry, Entry, Entry, Entry, Entry, Entry];

describe('the check of what a subscriber received', () => {
  test('finds nothing wrong with the whole log in order', () => {
    expect(faultsOf(log, [...log])).toEqual(noFaults);
  });

  test('takes nothing received for all of it lost, and nothing written for nothing wrong', () => {
    expect(faultsOf(log, [])).toEqual({ ...noFaults, lost: 6 });
    expect(faultsOf([], [])).toEqual(noFaults);
  });

  test.each([
    ['one lost in the middle', [first, second, fourth, fifth, sixth], { lost: 1 }],
    ['the first lost', [second, third, fourth, fifth, sixth], { lost: 1 }],
    ['the last two lost', [first, second, third, fourth], { lost: 2 }],
    ['one doubled at once', [first, second, second, third, fourth, fifth, sixth], { doubled: 1 }],
    [
      'one doubled by a resume too far behind',
      [first, second, third, second, third, fourth, fifth, sixth],
      { doubled: 2 },
    ],
    ['two swapped', [first, third, second, fourth, fifth, sixth], { outOfOrder: 1 }],
    ['all backwards', [...log].reverse(), { outOfOrder: 5 }],
    ['one that came late', [first, third, fourth, fifth, sixth, second], { outOfOrder: 1 }],
    ["another session's event in between", [...log, { seq: 7, id: 'event of another' }], { foreign: 1 }],
    [
      "another session's event in the place of its own",
      [first, second, { seq: 3, id: 'event of another' }, fourth, fifth, sixth],
      { foreign: 1, lost: 1 },
    ],
    [
      'its own event under a wrong seq',
      [first, second, { ...third, seq: 4 }, fourth, fifth, sixth],
      { foreign: 1, lost: 1 },
    ],
    [
      'everything at once',
      [second, first, first, { seq: 3, id: 'x' }, fourth, fifth],
      { lost: 2, doubled: 1, outOfOrder: 1, foreign: 1 },
    ],
  ])('finds %s', (_name, received, faults) => {
    expect(faultsOf(log, received)).toEqual({ ...noFaults, ...faults });
  });

  test('adds up over subscribers', () => {
    expect(sumOf([faultsOf(log, [first, first]), faultsOf(log, [second, first, third, fourth, fifth, sixth])])).toEqual(
      {
        lost: 5,
        doubled: 1,
        outOfOrder: 1,
        foreign: 0,
      },
    );
  });
});
