import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pollPayments } from '../../src/services/poll-payments.js';
import { demo, type Json, sitDown, useApi, type Visit } from '../support/api.js';
import { useOtherNode } from '../support/other-node.js';
import {
  askToPay,
  atProvider,
  dinner,
  order,
  owed,
  paymentsOf,
  snapshotOf,
  startPaying,
  typesOf,
} from '../support/payments.js';
import { momoWebhook, zalopayWebhook } from '../support/provider-signers.js';
import { rawRequest } from '../support/raw-request.js';

/** A provider that does as the test says; it counts how often it was asked. */
const provider = { asked: 0, answer: (_body: Json): { status: number; text: string } => ({ status: 500, text: 'no' }) };
const server: Server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    provider.asked += 1;
    const { status, text } = provider.answer(JSON.parse(Buffer.concat(chunks).toString('utf8')));
    response.writeHead(status, { 'content-type': 'application/json' }).end(text);
  });
});
/** Before the server of the file starts: its environment names the provider. */
const listening = new Promise<string>((resolve) => {
  server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
});
const api = useApi({ env: { MOMO_API_URL: await listening } });
const other = useOtherNode(api);

beforeAll(() => {
  server.unref();
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const made = ({ partnerCode, orderId, requestId, amount }: Json) => ({
  status: 200,
  text: JSON.stringify({
    ...{ partnerCode, orderId, requestId, amount, resultCode: 0, message: 'ok', responseTime: Date.now() },
    ...{ payUrl: 'https://pay.example.test/1', deeplink: 'momo://1', qrCodeUrl: 'qr' },
  }),
});

const fail = (error: unknown): never => {
  throw error;
};

describe('a provider that cannot make the order', () => {
  test.each([
    ['is broken', { status: 500, text: 'no' }],
    ['says no', { status: 200, text: '{"resultCode": 11, "message": "denied"}' }],
    ['talks nonsense', { status: 200, text: '<html>' }],
  ])('because it %s fails the payment, lets go of the claim, and says 503', async (_why, answer) => {
    provider.answer = () => answer;
    const visit = await dinner(api);
    const asked = await askToPay(api, visit, { method: 'momo' });
    expect(asked.status).toBe(503);
    expect(asked.body).toMatchObject({ code: 'PROVIDER_UNAVAILABLE', retryable: true });
    expect(asked.headers.get('retry-after')).toMatch(/^\d+$/);
    expect(await typesOf(api, visit)).toEqual(expect.arrayContaining(['payment_started', 'payment_ended']));
    expect((await snapshotOf(api, visit)).claims).toEqual([]);
    provider.answer = made;
    expect((await askToPay(api, visit, { method: 'momo' })).status).toBe(201);
  });

  test('says so again under the same key, without asking the provider again', async () => {
    provider.answer = () => ({ status: 200, text: '{"resultCode": 11}' });
    const visit = await dinner(api);
    const key = randomUUID();
    await askToPay(api, visit, { key });
    const before = provider.asked;
    provider.answer = made;
    expect((await askToPay(api, visit, { key })).body).toMatchObject({ code: 'PROVIDER_UNAVAILABLE' });
    expect(provider.asked).toBe(before);
  });
});

test('one key, sent ten times at once, is one payment and one order at the provider', async () => {
  provider.answer = made;
  const visit = await dinner(api);
  const key = randomUUID();
  const before = provider.asked;
  const answers = await Promise.all(Array.from({ length: 10 }, () => askToPay(api, visit, { key })));
  expect(answers.map(({ status }) => status).sort()).toEqual([...Array.from({ length: 9 }, () => 200), 201]);
  expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
  expect(provider.asked).toBe(before + 1);
  expect((await typesOf(api, visit)).filter((type) => type === 'payment_started')).toHaveLength(1);
});

test('a server that died before it had called the provider calls it when the phone asks again', async () => {
  provider.answer = made;
  const visit = await dinner(api);
  const key = randomUUID();
  const first = await askToPay(api, visit, { key });
  // As if it had died right after the commit.
  await api.sql`UPDATE payments SET pay_url = NULL, deeplink = NULL, qr_payload = NULL WHERE id = ${first.body.payment_id}`;
  const again = await askToPay(api, visit, { key });
  expect(again.status).toBe(200);
  expect(again.body).toEqual(first.body);
});

test('one key for another wish is refused, and writes nothing', async () => {
  provider.answer = made;
  const visit = await dinner(api);
  const key = randomUUID();
  await askToPay(api, visit, { key });
  const before = await typesOf(api, visit);
  expect((await askToPay(api, visit, { key, split: { type: 'amount', amount: 1_000 } })).body.code).toBe(
    'IDEMPOTENCY_KEY_REUSED',
  );
  expect(await typesOf(api, visit)).toEqual(before);
});

async function cashPayment(visit: Pick<Visit, 'sessionId'>): Promise<string> {
  const answer = await api.rest('POST /admin/payments/cash', {
    as: demo.cashier,
    body: { session_id: visit.sessionId, idempotency_key: randomUUID() },
  });
  expect(answer.status, answer.text).toBe(201);
  return answer.body.payment_id;
}

const refund = (paymentId: string, body: object = {}) =>
  api.rest(`POST /admin/payments/${paymentId}/refund`, {
    as: demo.cashier,
    body: { reason: 'cold', idempotency_key: randomUUID(), ...body },
  });

describe('refunds', () => {
  test('at the same moment never come to more than was paid', async () => {
    const visit = await dinner(api);
    const paymentId = await cashPayment(visit);
    const answers = await Promise.all(Array.from({ length: 8 }, () => refund(paymentId, { amount: 30_000 })));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(3);
    for (const { status, body } of answers) if (status !== 201) expect(body.code).toBe('REFUND_TOO_LARGE');
    expect(await snapshotOf(api, visit)).toMatchObject({ status: 'paid', paid: 10_000, due: 90_000 });
    expect(await paymentsOf(api, visit)).toMatchObject([{ status: 'partially_refunded', refunded_amount: 90_000 }]);
  });

  test('under one key, sent five times at once, are one refund', async () => {
    const visit = await dinner(api);
    const paymentId = await cashPayment(visit);
    const key = { amount: 10_000, idempotency_key: randomUUID() };
    const answers = await Promise.all(Array.from({ length: 5 }, () => refund(paymentId, key)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 200, 201]);
    expect(new Set(answers.map(({ body }) => body.refund_id)).size).toBe(1);
    expect((await snapshotOf(api, visit)).paid).toBe(90_000);
  });

  test('that were held when the server died are finished by any node, once', async () => {
    const visit = await dinner(api);
    const paymentId = await cashPayment(visit);
    await api.sql`
      WITH held AS (UPDATE payments SET refund_held = refund_held + 40000 WHERE id = ${paymentId} RETURNING tenant_id)
      INSERT INTO refunds (tenant_id, id, payment_id, amount, reason, status, manual, idempotency_key, fingerprint, actor, next_poll_at)
      SELECT tenant_id, ${randomUUID()}, ${paymentId}, 40000, 'cold', 'pending', true, 'interrupted', '\\x00',
        '{"type": "staff", "id": "k", "name": "Mai"}', session_clock() FROM held`;
    await Promise.all([pollPayments(other.deps, fail), pollPayments(other.deps, fail)]);
    expect(await snapshotOf(api, visit)).toMatchObject({ paid: 60_000 });
    expect((await typesOf(api, visit)).filter((type) => type === 'payment_refunded')).toHaveLength(1);
    const [row] = await api.sql`SELECT status FROM refunds WHERE payment_id = ${paymentId}`;
    expect(row?.status).toBe('succeeded');
  });

  test('that the provider refuses leave the bill as it was, and the amount can be asked for again', async () => {
    provider.answer = made;
    const visit = await dinner(api);
    const intent = await startPaying(api, visit);
    const [row] = await api.sql`SELECT provider_data AS sent FROM payments WHERE id = ${intent.payment_id}`;
    const echo = { requestId: row?.sent.request_id, orderInfo: row?.sent.order_info, extraData: '' };
    const notice = momoWebhook({
      reference: intent.payment_reference,
      amount: owed,
      transaction: '41',
      isPaid: true,
      echo,
    });
    expect((await rawRequest(api.address, notice.target, notice)).status).toBe(204);
    provider.answer = () => ({ status: 200, text: '{"resultCode": 1080, "message": "refused"}' });
    const refused = await refund(intent.payment_id);
    expect(refused.body).toMatchObject({ status: 'failed', payment_status: 'succeeded' });
    expect((await snapshotOf(api, visit)).paid).toBe(owed);
    provider.answer = ({ partnerCode, orderId, requestId, amount }: Json) => ({
      status: 200,
      text: JSON.stringify({ partnerCode, orderId, requestId, amount, transId: 42, resultCode: 0, message: 'ok' }),
    });
    expect((await refund(intent.payment_id)).body).toMatchObject({ status: 'succeeded', payment_status: 'refunded' });
    expect(await snapshotOf(api, visit)).toMatchObject({ status: 'paid', paid: 0, due: owed });
  });
});

describe('a refund whose end the provider never tells', () => {
  test('is put right by a person who has looked in its portal, and counts once', async () => {
    const visit = await dinner(api);
    const paymentId = await cashPayment(visit);
    // As if it had gone through VNPay, whose answer was lost long ago.
    await api.sql`UPDATE payments SET provider = 'vnpay', account = 'default', refund_held = amount WHERE id = ${paymentId}`;
    await api.sql`
      INSERT INTO refunds (tenant_id, id, payment_id, amount, reason, status, manual, idempotency_key, fingerprint, actor, created_at)
      SELECT tenant_id, ${randomUUID()}, id, amount, 'cold', 'pending', false, 'lost-answer', '\\x00',
        '{"type": "staff", "id": "k", "name": "Mai"}', session_clock() - interval '3 minutes'
      FROM payments WHERE id = ${paymentId}`;
    expect((await refund(paymentId)).body.code).toBe('REFUND_TOO_LARGE');
    const byHand = { manual: true, amount: owed, idempotency_key: randomUUID() };
    expect((await refund(paymentId, byHand)).body).toMatchObject({ status: 'succeeded', payment_status: 'refunded' });
    expect((await refund(paymentId, byHand)).status).toBe(200);
    expect(await snapshotOf(api, visit)).toMatchObject({ paid: 0 });
    const rows = await api.sql`SELECT status, manual FROM refunds WHERE payment_id = ${paymentId} ORDER BY manual`;
    expect(rows).toMatchObject([
      { status: 'failed', manual: false },
      { status: 'succeeded', manual: true },
    ]);
    const [held] = await api.sql`SELECT refund_held::int AS held FROM payments WHERE id = ${paymentId}`;
    expect(held?.held).toBe(owed);
  });
});

describe('a decision about stray money', () => {
  const lost = async (reference: string): Promise<string> => {
    const notice = zalopayWebhook({ reference, amount: owed, transaction: String(Date.now()) });
    await rawRequest(api.address, notice.target, notice);
    const [row] = await api.sql`SELECT id FROM payments WHERE claimed_reference = ${reference}`;
    return row?.id;
  };
  const attach = (paymentId: string, { sessionId }: Visit) =>
    api.rest(`POST /admin/payments/${paymentId}/resolve`, {
      as: demo.cashier,
      body: { resolution: 'attach', note: 'table said so', session_id: sessionId },
    });

  test('is made once, of ten at the same moment for two tables, and the money is on one bill', async () => {
    const tables = [await dinner(api), await dinner(api)] as const;
    const paymentId = await lost('261122_TWICE');
    const answers = await Promise.all(Array.from({ length: 10 }, (_, n) => attach(paymentId, tables[n % 2]!)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    for (const { status, body } of answers) if (status !== 200) expect(body.code).toBe('ALREADY_RESOLVED');
    const paid = await Promise.all(tables.map(async (table) => (await snapshotOf(api, table)).paid));
    expect(paid.sort()).toEqual([0, owed]);
  });

  test('tells the table nothing of what the payer wrote to the bank', async () => {
    const visit = await dinner(api);
    const intent = await startPaying(api, visit, { method: 'bank_transfer' });
    await atProvider(api, intent, 'pay_short');
    const [, stray] = await paymentsOf(api, visit);
    expect(stray.note).toEqual(expect.stringMatching(/./));
    const listed = async () =>
      (await api.rest(`GET /sessions/${visit.sessionId}/payments`, { as: visit.phone })).body.payments;
    expect((await listed())[1].note).toBeNull();
    expect((await attach(stray.payment_id, visit)).status).toBe(200);
    expect((await listed())[1].note).toBeNull();
    const [event] = await api.sql`
      SELECT payload FROM session_events WHERE session_id = ${visit.sessionId} AND event_type = 'payment_settled'`;
    expect(event?.payload.note).toBeNull();
    expect((await paymentsOf(api, visit))[1].note).toBe(stray.note);
  });

  test('that was interrupted before the settlement is finished by any node, once', async () => {
    const visit = await dinner(api);
    const paymentId = await lost('261122_INTERRUPTED');
    await api.sql`
      UPDATE payments SET resolution = 'attach', session_id = ${visit.sessionId}, resolution_note = 'x',
        resolved_by = '{"type": "staff", "id": "k", "name": "Mai"}', resolved_at = session_clock() - interval '1 minute'
      WHERE id = ${paymentId}`;
    await Promise.all([pollPayments(other.deps, fail), pollPayments(other.deps, fail)]);
    expect(await snapshotOf(api, visit)).toMatchObject({ status: 'paid', paid: owed });
    expect((await typesOf(api, visit)).filter((type) => type === 'payment_settled')).toHaveLength(1);
    expect(await pollPayments(other.deps, fail)).toBe(0);
  });

  test('stands, should the payment turn up for which the money was: it is not counted twice', async () => {
    const [mine, theirs] = [await dinner(api), await dinner(api)];
    const notice = zalopayWebhook({ reference: '261122_BELATED', amount: owed, transaction: '771' });
    await rawRequest(api.address, notice.target, notice);
    const [row] = await api.sql`SELECT id FROM payments WHERE claimed_reference = '261122_BELATED'`;
    expect((await attach(row?.id, mine)).status).toBe(200);
    await api.rest(`POST /sessions/${theirs.sessionId}/payments`, {
      as: demo.cashier,
      body: { payment_reference: '261122_BELATED', amount: owed, method: 'zalopay', status: 'pending' },
    });
    const answer = await rawRequest(api.address, notice.target, notice);
    expect(JSON.parse(answer.text).return_code).toBe(2);
    expect((await snapshotOf(api, theirs)).paid).toBe(0);
  });
});

test('money that comes after somebody has decided that it never would goes to a person, and onto no bill by itself', async () => {
  provider.answer = made;
  const visit = await dinner(api);
  const intent = await startPaying(api, visit, { method: 'vnpay' });
  await api.sql`UPDATE payments SET expires_at = session_clock() - interval '1 hour' WHERE id = ${intent.payment_id}`;
  const decided = await api.rest(`POST /admin/payments/${intent.payment_id}/resolve`, {
    as: demo.cashier,
    body: { resolution: 'write_off', note: 'paid in cash instead' },
  });
  expect(decided.status, decided.text).toBe(200);
  await cashPayment(visit);
  await atProvider(api, intent, 'pay');
  await atProvider(api, intent, 'pay_twice');
  expect(await snapshotOf(api, visit)).toMatchObject({ status: 'paid', paid: owed, due: 0 });
  const queue = await api.rest(`GET /admin/payments?unresolved=true&session_id=${visit.sessionId}`, {
    as: demo.cashier,
  });
  expect(queue.body.payments).toMatchObject([
    { reasons: ['late'], amount: owed, claimed_reference: intent.payment_reference, resolution: null },
  ]);
});

test('one reference, recorded for two tables at the same moment, is one payment', async () => {
  const tables = await Promise.all([dinner(api), dinner(api), dinner(api), dinner(api)]);
  const reference = `RACE-${randomUUID()}`;
  const answers = await Promise.all(
    tables.map(({ sessionId }) =>
      api.rest(`POST /sessions/${sessionId}/payments`, {
        as: demo.cashier,
        body: { payment_reference: reference, amount: owed, method: 'other', status: 'succeeded' },
      }),
    ),
  );
  expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409]);
  for (const { status, body } of answers) if (status !== 201) expect(body.code).toBe('PAYMENT_REFERENCE_REUSED');
  const paid = await Promise.all(tables.map(async (table) => (await snapshotOf(api, table)).paid));
  expect(paid.sort((a, b) => a - b)).toEqual([0, 0, 0, owed]);
});

test('twenty phones that want the whole bill at the same moment: one gets it', async () => {
  provider.answer = made;
  const visit = await sitDown(api);
  await order(api, visit, 20);
  const phones = await Promise.all(
    Array.from({ length: 20 }, async (_, n) => {
      const joined = await api.rest(`POST /locations/${visit.locationId}/qr-sessions`, {
        as: visit.token,
        body: { device_name: `P${n}` },
      });
      return { sessionId: visit.sessionId, phone: joined.body.device_token };
    }),
  );
  const answers = await Promise.all(phones.map((phone) => askToPay(api, phone, { method: 'vnpay' })));
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
  for (const { status, body } of answers)
    if (status !== 201) expect(body).toMatchObject({ code: 'BILL_CLAIMED', available: 0 });
  const winner = answers.find(({ status }) => status === 201);
  await atProvider(api, { ...winner?.body, method: 'vnpay' }, 'pay');
  expect(await snapshotOf(api, visit)).toMatchObject({ status: 'paid', paid: owed });
});
