import { expect, test } from 'vitest';
import { withDeadline } from '../../../src/http/deadline.js';

test('an answer that never comes is UNAVAILABLE at its deadline', async () => {
  await expect(withDeadline(new Promise(() => undefined), 5)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
});

test('an answer in time, or a failure, goes through as it is', async () => {
  expect(await withDeadline(Promise.resolve(7), 1_000)).toBe(7);
  await expect(withDeadline(Promise.reject(new Error('no')), 1_000)).rejects.toThrow('no');
});
