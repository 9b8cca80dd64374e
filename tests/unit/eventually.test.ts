import { expect, test } from 'vitest';
import { eventually } from '../support/eventually.js';

test('gives the first answer that is neither false nor undefined', async () => {
  const answers = [undefined, false, 0];
  expect(await eventually(() => answers.shift(), { every: 1 })).toBe(0);
});

test('keeps the last failure as the cause when the deadline passes', async () => {
  const failing = eventually(() => Promise.reject(new Error('still closed')), { within: 10, every: 1 });
  await expect(failing).rejects.toMatchObject({ cause: { message: 'still closed' } });
});
