/** A key that comes again with something else: what is told of its first use, and that nobody gets another's answer. */
import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { demo, useApi } from '../support/api.js';
import { askToPay, dinner, startPaying, typesOf } from '../support/payments.js';

const api = useApi();

test('a key of a payment that replaced another names the start of that payment', async () => {
  const visit = await dinner(api);
  await startPaying(api, visit);
  const key = randomUUID();
  await startPaying(api, visit, { key });
  const again = await askToPay(api, visit, { key, split: { type: 'amount', amount: 5000 } });
  expect(again.status).toBe(409);
  expect(again.body.code).toBe('IDEMPOTENCY_KEY_REUSED');
  expect(again.body.detail).toContain(key);
  const started = (await typesOf(api, visit)).lastIndexOf('payment_started') + 1;
  expect(again.body.event_seq).toBe(started);
});

test('a repeat of a payment that replaced another is that payment still', async () => {
  const visit = await dinner(api);
  await startPaying(api, visit);
  const key = randomUUID();
  const intent = await startPaying(api, visit, { key });
  const again = await askToPay(api, visit, { key });
  expect([again.status, again.body.payment_id]).toEqual([200, intent.payment_id]);
});

test("a refund's key is its caller's own", async () => {
  const visit = await dinner(api);
  const cash = await api.rest('POST /admin/payments/cash', {
    as: demo.cashier,
    body: { session_id: visit.sessionId, idempotency_key: randomUUID() },
  });
  const body = { amount: 1000, reason: 'it was cold', idempotency_key: randomUUID() };
  const ask = (as: string) => api.rest(`POST /admin/payments/${cash.body.payment_id}/refund`, { as, body });
  expect((await ask(demo.cashier)).status).toBe(201);
  expect((await ask(demo.cashier)).status).toBe(200);
  const other = await ask(demo.manager);
  expect([other.status, other.body.code]).toEqual([409, 'IDEMPOTENCY_KEY_REUSED']);
});

test('a reason of blanks is none', async () => {
  const visit = await dinner(api);
  const close = await api.rest(`POST /sessions/${visit.sessionId}/close`, { as: demo.staff, body: { reason: '  ' } });
  expect([close.status, close.body.errors]).toEqual([400, [{ path: 'reason', message: 'must not be empty' }]]);
  const adjust = await api.rest(`POST /sessions/${visit.sessionId}/events`, {
    as: demo.cashier,
    body: {
      idempotency_key: randomUUID(),
      event_type: 'adjust_bill',
      payload: { kind: 'discount', amount: 1000, reason: ' ' },
    },
  });
  expect([adjust.status, adjust.body.errors]).toEqual([
    400,
    [{ path: 'payload.reason', message: 'must not be empty' }],
  ]);
});
