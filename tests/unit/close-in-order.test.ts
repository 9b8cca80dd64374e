import { pino } from 'pino';
import { expect, it } from 'vitest';
import { closeInOrder } from '../../src/close-in-order.js';

const lines: { part?: string; msg: string }[] = [];
const log = pino({ base: null }, { write: (line: string) => void lines.push(JSON.parse(line)) });

it('ends one part after the other', async () => {
  const seen: string[] = [];
  const part = (name: string) => ({
    name,
    by: 1_000,
    end: async () => {
      seen.push(`${name} begins`);
      await new Promise((resolve) => setImmediate(resolve));
      seen.push(`${name} is over`);
    },
  });
  await closeInOrder([part('first'), part('second')], log);
  expect(seen).toEqual(['first begins', 'first is over', 'second begins', 'second is over']);
});

it('leaves a part behind that hangs, names it, and is held up by no failure', async () => {
  const ended: string[] = [];
  await closeInOrder(
    [
      { name: 'hangs', by: 30, end: () => new Promise(() => undefined) },
      { name: 'breaks', by: 60, end: () => Promise.reject(new Error('no')) },
      {
        name: 'comes too late',
        by: 0,
        end: () => new Promise((resolve) => setTimeout(resolve, 20, ended.push('late'))),
      },
      { name: 'ends', by: 500, end: async () => ended.push('ends') },
    ],
    log,
  );
  expect(ended).toEqual(['late', 'ends']);
  expect(lines.map(({ part, msg }) => [part, msg])).toEqual([
    ['hangs', 'a part of the server did not end in time and is left behind'],
    ['breaks', 'a part of the server could not be ended'],
    ['comes too late', 'a part of the server did not end in time and is left behind'],
  ]);
});
