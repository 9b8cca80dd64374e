/** What REST says of values that are none: in its own words, at the place where they stand. */
import { randomUUID } from 'node:crypto';
import { beforeAll, expect, test } from 'vitest';
import { demo, type Json, useApi } from '../support/api.js';
import { dinner } from '../support/payments.js';

const api = useApi();

const good = { amount: 1000, method: 'other', status: 'succeeded' };
const oneOfMethods = 'must be one of cash, momo, vnpay, zalopay, bank_transfer, other';

let sessionId: string;
let phone: string;

beforeAll(async () => {
  ({ sessionId, phone } = await dinner(api));
});

/** The errors of recording a payment, a good one but for what is said. */
async function errorsOf(differently: object): Promise<Json> {
  const body = { payment_reference: randomUUID(), ...good, ...differently };
  const answer = await api.rest(`POST /sessions/${sessionId}/payments`, { as: demo.cashier, body });
  expect(answer.status, answer.text).toBe(400);
  return answer.body.errors;
}

test.each(['CASH', 'card', 'bankTransfer', '', 5, ['cash'], true])('%j is no method of payment', async (method) => {
  expect(await errorsOf({ method })).toEqual([{ path: 'method', message: oneOfMethods }]);
});

test('a word of GraphQL is none in a query either', async () => {
  const answer = await api.rest('GET /admin/payments?reason=SHORT', { as: demo.cashier });
  expect(answer.status).toBe(400);
  const words = 'unmatched, short, over, late, duplicate, stale_pending';
  expect(answer.body.errors).toEqual([{ path: 'reason', message: `must be one of ${words}` }]);
});

test('a word deep inside is told with its place', async () => {
  const answer = await api.rest(`POST /sessions/${sessionId}/payment-intents`, {
    as: phone,
    body: { idempotency_key: randomUUID(), method: 'momo', split: { type: 'ALL' } },
  });
  expect(answer.status).toBe(400);
  expect(answer.body.errors).toEqual([{ path: 'split.type', message: 'must be one of all, amount, lines, share' }]);
});

test('one line is no list of lines', async () => {
  const answer = await api.rest(`POST /sessions/${sessionId}/payment-intents`, {
    as: phone,
    body: { idempotency_key: randomUUID(), method: 'momo', split: { type: 'lines', line_ids: randomUUID() } },
  });
  expect(answer.status).toBe(400);
  expect(answer.body.errors).toEqual([{ path: 'split.line_ids', message: 'must be a list' }]);
});

test('what is missing or null is named itself', async () => {
  expect(await errorsOf({ payment_reference: undefined, amount: undefined, method: null })).toEqual([
    { path: 'payment_reference', message: 'is required' },
    { path: 'amount', message: 'is required' },
    { path: 'method', message: 'must not be null' },
  ]);
});

test('a parameter that is missing is named itself', async () => {
  const answer = await api.rest('GET /admin/reports/day', { as: demo.cashier });
  expect(answer.body.errors).toEqual([
    { path: 'location_id', message: 'is required' },
    { path: 'date', message: 'is required' },
  ]);
});
