import { describe, expect, test } from 'vitest';
import type { Scope } from '../../../src/domain/scope.js';
import { createOpenStreams } from '../../../src/services/open-streams.js';

const scope = (value: object) => value as Scope;
const one = {
  device: (n: number) => scope({ kind: 'device', deviceId: `d${n}` }),
  key: (n: number) => scope({ kind: 'key', keyId: `k${n}` }),
  operator: (n: number) => scope({ kind: 'operator', keyId: `o${n}` }),
  table: (n: number) => scope({ kind: 'table', tableId: `t${n}` }),
};

function newStreams(isLimited: boolean) {
  let open = 0;
  const opened = () => {
    open += 1;
    return () => void (open -= 1);
  };
  return { streams: createOpenStreams({ isLimited, opened }), count: () => open };
}

describe('what one credential may hold open', () => {
  test.each([
    ['a phone', one.device, 20],
    ['a table token', one.table, 20],
    ['a key', one.key, 2_000],
    ['an operator key', one.operator, 2_000],
    ['everybody without a credential, together,', () => scope({ kind: 'nobody' }), 20],
  ])('%s is bounded, whatever the face', (_, of, most) => {
    const { streams } = newStreams(true);
    const leaves = Array.from({ length: most }, (__, n) => streams.enter(n % 2 ? 'sse' : 'websocket', of(1)));
    expect(leaves.every((leave) => leave)).toBe(true);
    expect(streams.enter('websocket', of(1))).toBeUndefined();
    leaves[0]?.();
    leaves[0]?.();
    expect(streams.enter('sse', of(1))).toBeDefined();
    expect(streams.enter('sse', of(1))).toBeUndefined();
  });

  test.each(['device', 'table', 'key', 'operator'] as const)('one %s takes no place from another', (kind) => {
    const { streams } = newStreams(true);
    while (streams.enter('websocket', one[kind](1)));
    expect(streams.enter('websocket', one[kind](2))).toBeDefined();
  });

  test('is counted without limits, too', () => {
    const { streams, count } = newStreams(false);
    const leaves = Array.from({ length: 30 }, () => streams.enter('websocket', one.device(1)));
    expect(count()).toBe(30);
    for (const leave of leaves) leave?.();
    expect(count()).toBe(0);
  });
});
