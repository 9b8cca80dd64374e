import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import { contextOf } from '../../../src/http/context.js';

function requestOn(socket: EventEmitter) {
  return { headers: {}, raw: { socket }, id: 'r', ip: '::1', log: undefined } as never;
}

test('many requests on one connection listen once for its end, and all hear of it', async () => {
  const socket = new EventEmitter();
  const contexts = await Promise.all(Array.from({ length: 50 }, () => contextOf({} as never, requestOn(socket))));
  const signals = contexts.map(({ gone }) => gone);
  expect(socket.listenerCount('close')).toBe(1);
  expect(signals.every(({ aborted }) => aborted)).toBe(false);
  socket.emit('close');
  expect(signals.every(({ aborted }) => aborted)).toBe(true);
});

test('a caller who is gone already is known to be', async () => {
  const { gone } = await contextOf({} as never, requestOn(Object.assign(new EventEmitter(), { destroyed: true })));
  expect(gone.aborted).toBe(true);
});
