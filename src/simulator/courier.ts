import type { FastifyBaseLogger } from 'fastify';
import { callMerchant } from './call-merchant.js';
import type { Desk, OutgoingCall } from './desk.js';
import type { Gateway } from './gateway.js';
import type { Order } from './order.js';
import type { Timers } from './timers.js';

/** Brings notices to the merchant, and again as the provider would. */
export interface Courier {
  /** Resolves after the first call; further ones follow by themselves. */
  readonly deliver: (order: Order, call: OutgoingCall, how: DeliveryKind) => Promise<void>;
  readonly close: () => void;
}

export interface DeliveryKind {
  readonly callAgain: Desk['callAgain'];
  readonly isForged: boolean;
}

interface CourierOptions {
  readonly gateway: Gateway;
  readonly timers: Timers;
  readonly address: () => string;
  readonly log: FastifyBaseLogger;
}

const DELIVERIES_KEPT = 12;

export function createCourier({ gateway, timers, address, log }: CourierOptions): Courier {
  const closing = new AbortController();

  async function attempt(order: Order, call: OutgoingCall, how: DeliveryKind & { calls: number }): Promise<void> {
    const at = gateway.now();
    const options = { address: address(), timeoutMs: gateway.pace.timeoutMs, signal: closing.signal };
    const answer = await callMerchant(call, options);
    if (closing.signal.aborted) return;
    const { method, headers } = call;
    const path = call.query === '' ? call.path : `${call.path}?${call.query}`;
    order.deliveries.push({ at, method, path, headers, body: call.body, isForged: how.isForged, answer });
    if (order.deliveries.length > DELIVERIES_KEPT) order.deliveries.shift();
    const { provider, reference } = order;
    log.debug({ provider, reference, status: answer.status, calls: how.calls }, 'simulated notice');
    const pause = how.isForged ? undefined : how.callAgain(answer, how.calls);
    order.callsAgainAt = pause === undefined ? undefined : gateway.now() + pause;
    if (pause === undefined) return;
    timers.after(pause, () => void attempt(order, call, { ...how, calls: how.calls + 1 }));
  }

  return {
    deliver: (order, call, how) => attempt(order, call, { ...how, calls: 1 }),
    close: () => closing.abort(),
  };
}
