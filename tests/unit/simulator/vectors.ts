/** The signature vectors, and simulated providers that live at a moment of them. */
import { readFileSync } from 'node:fs';
import { pino } from 'pino';
import { createGateway, type Gateway } from '../../../src/simulator/gateway.js';
import { type NewOrder, openOrder, type Order } from '../../../src/simulator/order.js';
import type { Pace } from '../../../src/simulator/options.js';

/** Whatever JSON says; the tests say what they expect. */
export type Json = ReturnType<typeof JSON.parse>;

function read(name: string): Json {
  return JSON.parse(readFileSync(new URL(`../../vectors/${name}`, import.meta.url), 'utf8'));
}

const payments: Json = read('payments-dev.json');
export const vietQr: Json = read('vietqr.json');

export const outgoing = (id: string): Json => find(payments.outgoing_request_vectors, id);
export const webhook = (id: string): Json => find(payments.vectors, id);
export const redirect = (id: string): Json => find(payments.redirect_vectors, id);
export const queryResponse = (id: string): Json => find(payments.query_response_vectors, id);

function find(vectors: Json[], id: string): Json {
  const found = vectors.find((vector) => vector.id === id);
  if (!found) throw new Error(`no vector ${id}`);
  return found;
}

export const momo = { partnerCode: 'MOMO', accessKey: 'F8BBA842ECF85', secretKey: 'K951B6PE1waDMi640xX08PD3vg6EkVlz' };
export const vnpay = { tmnCode: 'LAWDEV01', hashSecret: 'MADEUPDEVSECRETVNPAY000000000001' };
export const zalopay = {
  appId: '2553',
  key1: 'PcY4iZIKFCIdgZvA6ueMcMHHUbRLYjPL',
  key2: 'kLtgPl8HHhfvMuDHPwKfgfsY4Ydm9eIz',
};

/** 2026-11-22 14:05:06.123 in Vietnam. */
export const vectorTime = 1795331106123;

export function gatewayAt(now: () => number, pace: Partial<Pace> = {}): Gateway {
  return createGateway({
    publicUrl: () => 'https://restaurant.example',
    address: () => 'http://127.0.0.1:1',
    secrets: {},
    log: pino({ level: 'silent' }),
    now,
    pace,
  });
}

/** An order that the vectors speak of. */
export function orderOf(about: Partial<NewOrder> & Pick<NewOrder, 'provider' | 'reference'>): Order {
  return openOrder({
    merchant: 'Demo',
    amount: 250_000,
    description: '',
    createdAt: vectorTime,
    expiresAt: undefined,
    webhookPath: '/webhooks/demo',
    redirectUrl: undefined,
    given: {},
    ...about,
  });
}

export function markPaid(
  gateway: Gateway,
  order: Order,
  transaction: { id: string; amount: number; at: number },
): void {
  gateway.add(order);
  gateway.notePaid(order, transaction.id);
  order.transactions.push(transaction);
  order.state = 'paid';
  order.endedAt = transaction.at;
}
