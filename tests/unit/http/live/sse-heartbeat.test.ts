import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createHeartbeat } from '../../../../src/http/live/sse-heartbeat.js';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('each connection beats every so often, and not all at one instant', () => {
  const heartbeat = createHeartbeat(15_000);
  const beats: [string, number][] = [];
  const start = Date.now();
  const leave = ['a', 'b', 'c'].map((name) => {
    const stop = heartbeat.join(() => beats.push([name, Date.now() - start]));
    vi.advanceTimersByTime(2_000);
    return stop;
  });
  vi.advanceTimersByTime(30_000);
  const of = (name: string) => beats.filter(([who]) => who === name).map(([, at]) => at);
  expect([of('a'), of('b'), of('c')]).toEqual([
    [15_000, 30_000],
    [17_000, 32_000],
    [19_000, 34_000],
  ]);
  for (const stop of leave) stop();
});

test('one clock serves all, and none runs for nobody', () => {
  const heartbeat = createHeartbeat(15_000);
  expect(vi.getTimerCount()).toBe(0);
  const leave = [1, 2, 3].map(() => heartbeat.join(() => undefined));
  expect(vi.getTimerCount()).toBe(1);
  for (const stop of leave) {
    stop();
    stop();
  }
  expect(vi.getTimerCount()).toBe(0);
  heartbeat.join(() => undefined)();
  expect(vi.getTimerCount()).toBe(0);
});
