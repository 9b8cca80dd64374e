/** Paying, as guests and providers do it: over HTTP, through the simulator in the server. */
import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { add, type Api, append, demo, type Json, type Place, sitDown, type Visit } from './api.js';

/** A phone at a table that owes 100,000: two coffees and 30,000 of something else would not be a round sum, so 20 teas. */
export const owed = 100_000;

/** Iced tea, 5,000 the glass. */
const tea = '01900000-0000-7000-8000-000000000211';

/** Sits down and orders for 100,000. */
export async function dinner(api: Api, place?: Place): Promise<Visit> {
  const visit = await sitDown(api, place);
  await order(api, visit, 20);
  return visit;
}

/** So many glasses of tea, 5,000 each. */
export async function order(api: Api, visit: Pick<Visit, 'sessionId' | 'phone'>, glasses: number): Promise<Json> {
  return append(api, visit, add({ menu_item_id: tea, quantity: glasses }));
}

/** One more phone at the table. */
export async function joinTable(api: Api, visit: Visit, name: string): Promise<Visit> {
  const answer = await api.rest(`POST /locations/${visit.locationId}/qr-sessions`, {
    as: visit.token,
    body: { device_name: name },
  });
  expect(answer.status, answer.text).toBe(200);
  return { ...visit, deviceId: answer.body.device_id, phone: answer.body.device_token };
}

export type Method = 'momo' | 'vnpay' | 'zalopay' | 'bank_transfer';

/** Starts a payment; its body, whatever its status, is given back with the status. */
export function askToPay(
  api: Api,
  visit: Pick<Visit, 'sessionId' | 'phone'>,
  {
    method = 'momo',
    split = { type: 'all' },
    key = randomUUID(),
  }: { method?: Method; split?: object; key?: string } = {},
) {
  return api.rest(`POST /sessions/${visit.sessionId}/payment-intents`, {
    as: visit.phone,
    body: { idempotency_key: key, method, split },
  });
}

/** Starts a payment that must start. */
export async function startPaying(
  api: Api,
  visit: Pick<Visit, 'sessionId' | 'phone'>,
  wanted: Parameters<typeof askToPay>[2] = {},
): Promise<Json> {
  const answer = await askToPay(api, visit, wanted);
  expect(answer.status, answer.text).toBe(201);
  return { ...answer.body, method: wanted.method ?? 'momo' };
}

export type Act =
  | 'pay'
  | 'fail'
  | 'pay_late'
  | 'pay_twice'
  | 'pay_twice_other_transaction'
  | 'pay_short'
  | 'forged'
  | 'never_answer';

/** What a guest does on the provider's side; the simulator's record of the order comes back, with what it told us. */
export async function atProvider(api: Api, intent: Json, act: Act): Promise<Json> {
  const [provider, reference] = await orderAtProvider(api, intent);
  const answer = await api.http('POST', `/demo/gateway/orders/${provider}/${reference}/act`, { body: { act } });
  expect(answer.status, answer.text).toBe(200);
  return answer.body.order;
}

/** Opens what the guest was given: VNPay and a bank know of the order only then. */
async function orderAtProvider(api: Api, intent: Json): Promise<readonly [string, string]> {
  if (intent.method === 'vnpay') {
    const page = new URL(intent.pay_url);
    const opened = await api.http('GET', page.pathname + page.search);
    expect([200, 302, 303]).toContain(opened.status);
  }
  if (intent.method !== 'bank_transfer') return [intent.method, intent.payment_reference];
  const scanned = await api.http('POST', '/demo/gateway/bank/scan', { body: { qr: intent.qr_payload } });
  expect(scanned.status, scanned.text).toBe(200);
  return ['sepay', scanned.body.order.reference];
}

export async function paymentsOf(api: Api, visit: Pick<Visit, 'sessionId'>): Promise<Json[]> {
  const answer = await api.rest(`GET /sessions/${visit.sessionId}/payments`, { as: demo.cashier });
  expect(answer.status, answer.text).toBe(200);
  return answer.body.payments;
}

export async function snapshotOf(api: Api, visit: Pick<Visit, 'sessionId'>): Promise<Json> {
  return (await api.rest(`GET /sessions/${visit.sessionId}/snapshot`, { as: demo.staff })).body;
}

/** Types of the session's events, in order. */
export async function typesOf(api: Api, visit: Pick<Visit, 'sessionId'>): Promise<string[]> {
  const answer = await api.rest(`GET /sessions/${visit.sessionId}/events?limit=500`, { as: demo.staff });
  return answer.body.events.map(({ event_type }: Json) => event_type);
}
