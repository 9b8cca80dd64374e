/** Payments that together come to more than an amount can say: the bill and the lists stay readable. */
import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { type Answer, demo, type Json, useApi, type Visit } from '../support/api.js';
import { atProvider, dinner, paymentsOf, snapshotOf, startPaying } from '../support/payments.js';

const api = useApi();

const largest = 10 ** 15;
const tooMuch: Json = [400, [{ path: 'amount', message: `the payments of a session come to at most ${largest}` }]];
const told = ({ status, body }: Answer): Json => [status, body.errors];

const record = (visit: Visit, amount: number, status = 'succeeded'): Promise<Answer> =>
  api.rest(`POST /sessions/${visit.sessionId}/payments`, {
    as: demo.cashier,
    body: { payment_reference: randomUUID(), amount, method: 'other', status },
  });
const takeCash = (visit: Visit, amount: number): Promise<Answer> =>
  api.rest('POST /admin/payments/cash', {
    as: demo.cashier,
    body: { session_id: visit.sessionId, amount, idempotency_key: randomUUID() },
  });

test('the largest amount can be paid, and nothing beyond it', async () => {
  const visit = await dinner(api);
  const first = await record(visit, largest - 1);
  expect(first.status, first.text).toBe(201);
  expect(told(await record(visit, 2))).toEqual(tooMuch);
  expect(told(await takeCash(visit, 2))).toEqual(tooMuch);
  expect((await takeCash(visit, 1)).status).toBe(201);
  expect((await snapshotOf(api, visit)).paid).toBe(largest);
});

test('what may still come counts, and what was given back does not', async () => {
  const visit = await dinner(api);
  const typo = await record(visit, largest);
  const back = { reason: 'one key too often', idempotency_key: randomUUID() };
  await api.rest(`POST /admin/payments/${typo.body.payment_id}/refund`, { as: demo.cashier, body: back });
  expect((await record(visit, largest, 'pending')).status).toBe(201);
  expect(told(await record(visit, 1, 'pending'))).toEqual(tooMuch);
  expect((await snapshotOf(api, visit)).paid).toBe(0);
});

test('money is attached to a bill that can carry it only, and waits otherwise', async () => {
  const visit = await dinner(api);
  await atProvider(api, await startPaying(api, visit), 'pay_short');
  const stray = (await paymentsOf(api, visit)).find(({ claimed_reference: claimed }) => claimed !== null);
  const full = await dinner(api);
  await record(full, largest);
  const attach = ({ sessionId }: Visit) =>
    api.rest(`POST /admin/payments/${stray.payment_id}/resolve`, {
      as: demo.cashier,
      body: { resolution: 'attach', note: 'theirs', session_id: sessionId },
    });
  const refused = await attach(full);
  expect([refused.status, refused.body.errors[0].path]).toEqual([400, 'session_id']);
  expect((await attach(visit)).status).toBe(200);
});
