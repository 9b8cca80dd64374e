import { describe, expect, it } from 'vitest';
import { createBoundedMap } from '../../../src/simulator/bounded-map.js';
import { gatewayAt, orderOf } from './vectors.js';

describe('what the simulated providers share', () => {
  it('forgets the oldest orders beyond ten thousand', () => {
    const gateway = gatewayAt(() => 0);
    for (let number = 0; number <= 10_000; number += 1) {
      gateway.add(orderOf({ provider: 'momo', reference: `R${number}` }));
    }
    expect(gateway.find('momo', 'R0')).toBeUndefined();
    expect(gateway.find('momo', 'R1')).toBeDefined();
    expect(gateway.latest(2).map(({ reference }) => reference)).toEqual(['R10000', 'R9999']);
  });

  it('keeps what is set again under its old name', () => {
    const map = createBoundedMap<number>(2);
    map.set('a', 1);
    map.set('a', 2);
    map.set('b', 3);
    expect([map.get('a'), map.get('b')]).toEqual([2, 3]);
  });

  it('never gives a number twice, however fast it is asked', () => {
    const gateway = gatewayAt(() => 1_000);
    expect([gateway.newNumber(), gateway.newNumber(), gateway.newNumber()]).toEqual([1_000, 1_001, 1_002]);
  });

  it.each([
    ['https://anything.example/webhooks/momo', '/webhooks/momo'],
    ['http://10.0.0.1:9/webhooks/momo/0199aa', '/webhooks/momo/0199aa'],
    ['https://restaurant.example/webhooks/momo/../../graphql', undefined],
    ['https://restaurant.example/webhooks/%2e%2e/graphql', undefined],
    ['https://restaurant.example/webhooks/momo/..%2fgraphql', undefined],
    ['https://restaurant.example/webhooks/', undefined],
    ['https://restaurant.example/webhooks/momo?x=1', undefined],
    ['https://restaurant.example/api/v1/sessions', undefined],
    ['ftp://restaurant.example/webhooks/momo', undefined],
    ['/webhooks/momo', undefined],
  ])('takes %s for %s of this server', (address, path) => {
    expect(gatewayAt(() => 0).webhookPath(address)).toBe(path);
  });
});
