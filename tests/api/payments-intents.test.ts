/** Payments that guests start: what the routes take, what they answer, what they refuse; and what the bill shows of them. */
import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { asId, type SessionId } from '../../src/domain/ids.js';
import {
  add,
  type Answer,
  append,
  demo,
  type Json,
  newLocation,
  sitDown,
  startApi,
  useApi,
  type Visit,
} from '../support/api.js';
import { createTestDatabase } from '../support/database.js';
import {
  askToPay,
  atProvider,
  dinner,
  joinTable,
  owed,
  paymentsOf,
  snapshotOf,
  startPaying,
} from '../support/payments.js';
import { endTime } from '../support/session-time.js';

const api = useApi();

const cancel = (visit: Pick<Visit, 'sessionId'>, paymentId: string, as: string) =>
  api.rest(`DELETE /sessions/${visit.sessionId}/payment-intents/${paymentId}`, { as });
const pathsOf = ({ body }: Answer): readonly string[] => body.errors.map(({ path }: Json) => path);

/** What an answer has whatever the provider. */
const anIntent = {
  payment_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
  payment_reference: expect.stringMatching(/^[A-Z0-9]{16}$/),
  amount: owed,
  bill_seq: 3,
  status: 'pending',
  bank: null,
  expires_at: expect.stringMatching(/Z$/),
};

describe('a payment that a phone starts', () => {
  test('through MoMo answers with its page, its app and a code to scan', async () => {
    const answer = await askToPay(api, await dinner(api), { method: 'momo' });
    expect(answer.status, answer.text).toBe(201);
    expect(answer.body).toEqual({
      ...{ ...anIntent, pay_url: expect.stringMatching(/^http/) },
      ...{ deeplink: expect.any(String), qr_payload: expect.any(String) },
    });
    expect(answer.headers.get('idempotency-replayed')).toBeNull();
    expect(Date.parse(answer.body.expires_at)).toBeGreaterThan(Date.now() + 5 * 60_000);
  });

  test('through VNPay answers with its page, which is told the address that the guest comes from', async () => {
    const { body } = await askToPay(api, await dinner(api), { method: 'vnpay' });
    expect(body).toEqual({ ...anIntent, pay_url: expect.stringMatching(/^http/), deeplink: null, qr_payload: null });
    expect(new URL(body.pay_url).searchParams.get('vnp_IpAddr')).toBe('127.0.0.1');
  });

  test('through ZaloPay has the day before its reference, as ZaloPay wants it', async () => {
    const { body } = await askToPay(api, await dinner(api), { method: 'zalopay' });
    expect(body).toMatchObject({ payment_reference: expect.stringMatching(/^\d{6}_[A-Z0-9]{16}$/), amount: owed });
    expect(body.pay_url).toMatch(/^http/);
  });

  test('through a bank answers with a code to scan, and with the account as text for those who cannot', async () => {
    const { body } = await askToPay(api, await dinner(api), { method: 'bank_transfer' });
    expect(body).toEqual({
      ...{ ...anIntent, pay_url: null, deeplink: null, qr_payload: expect.stringMatching(/^000201/) },
      bank: {
        bin: expect.stringMatching(/^\d{6}$/),
        account_number: expect.any(String),
        account_name: expect.toSatisfy((name) => name === null || typeof name === 'string'),
        message: body.payment_reference,
      },
    });
    expect(body.qr_payload).toContain(body.bank.account_number);
    expect(body.qr_payload).toContain(body.bank.bin);
  });

  test('is for all that is free when no split is said', async () => {
    const visit = await dinner(api);
    const answer = await api.rest(`POST /sessions/${visit.sessionId}/payment-intents`, {
      ...{ as: visit.phone, body: { idempotency_key: randomUUID(), method: 'momo' } },
    });
    expect(answer.body.amount).toBe(owed);
    expect((await paymentsOf(api, visit))[0].split).toEqual({ type: 'all' });
  });

  test('again with the same key is the same payment; with another split it is refused', async () => {
    const visit = await dinner(api);
    const key = randomUUID();
    const first = await askToPay(api, visit, { key });
    const again = await askToPay(api, visit, { key });
    expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([200, 'true']);
    expect(again.body).toEqual(first.body);
    const other = await askToPay(api, visit, { key, split: { type: 'amount', amount: 50_000 } });
    expect([other.status, other.body.code]).toEqual([409, 'IDEMPOTENCY_KEY_REUSED']);
    await cancel(visit, first.body.payment_id, visit.phone);
    const after = await askToPay(api, visit, { key });
    expect([after.status, after.body.status]).toEqual([200, 'failed']);
    expect(await paymentsOf(api, visit)).toHaveLength(1);
  });

  test('by staff holds its part of the bill, and belongs to no phone', async () => {
    const visit = await dinner(api);
    const { body } = await askToPay(api, { ...visit, phone: demo.staff });
    expect((await snapshotOf(api, visit)).claims).toEqual([
      { payment_id: body.payment_id, device_id: null, amount: owed, expires_at: body.expires_at },
    ]);
  });
});

describe('its split', () => {
  test.each<[object, readonly string[]]>([
    [{ type: 'amount' }, ['split.amount']],
    [{ type: 'amount', amount: 0 }, ['split.amount']],
    [{ type: 'amount', amount: '5' }, ['split.amount']],
    [{ type: 'all', amount: 5 }, ['split.amount']],
    [{ type: 'share', parts: 1 }, ['split.parts']],
    [{ type: 'share', parts: 21 }, ['split.parts']],
    [{ type: 'share' }, ['split.parts']],
    [{ type: 'lines', line_ids: [] }, ['split.line_ids']],
    [{ type: 'lines', parts: 2 }, ['split.parts']],
    [{ type: 'lines', line_ids: ['x'] }, ['split.line_ids.0']],
    [{ type: 'half' }, ['split.type']],
    [{}, ['split.type']],
    [{ type: 'all', tip: 1 }, ['split.tip']],
  ])('%j is refused, naming the field', async (split, paths) => {
    const visit = await dinner(api);
    const answer = await askToPay(api, visit, { split });
    expect([answer.status, pathsOf(answer)]).toEqual([400, paths]);
    expect(await paymentsOf(api, visit)).toEqual([]);
  });

  test('by lines names each once, and lines of this bill only', async () => {
    const visit = await dinner(api);
    const [line] = (await snapshotOf(api, visit)).items;
    const twice = await askToPay(api, visit, { split: { type: 'lines', line_ids: [line.line_id, line.line_id] } });
    expect([twice.status, pathsOf(twice)]).toEqual([400, ['split.line_ids']]);
    const strange = await askToPay(api, visit, { split: { type: 'lines', line_ids: [randomUUID()] } });
    expect([strange.status, strange.body.code]).toEqual([409, 'LINE_NOT_FOUND']);
    const { body } = await askToPay(api, visit, { split: { type: 'lines', line_ids: [line.line_id] } });
    expect(body.amount).toBe(owed);
    expect((await paymentsOf(api, visit))[0].split).toEqual({ type: 'lines', line_ids: [line.line_id] });
  });

  test('into shares gives each phone the next part, and the parts make up the bill', async () => {
    const visit = await dinner(api);
    await append(api, visit, add());
    const phones = [visit, await joinTable(api, visit, 'Minh'), await joinTable(api, visit, 'An')];
    const amounts = [];
    for (const phone of phones) {
      amounts.push((await startPaying(api, phone, { split: { type: 'share', parts: 3 } })).amount);
    }
    expect(amounts.reduce((sum, amount) => sum + amount, 0)).toBe(owed + 35_000);
    expect(Math.max(...amounts) - Math.min(...amounts)).toBeLessThanOrEqual(1);
  });
});

describe('a payment is not started', () => {
  test('where nothing is due', async () => {
    const answer = await askToPay(api, await sitDown(api));
    expect([answer.status, answer.body.code]).toEqual([409, 'NOTHING_DUE']);
  });

  test('for what somebody else is paying; the refusal says who, how long, and what is left', async () => {
    const visit = await dinner(api);
    const intent = await startPaying(api, visit, { split: { type: 'amount', amount: 70_000 } });
    const friend = await joinTable(api, visit, 'Minh');
    const answer = await askToPay(api, friend, { split: { type: 'amount', amount: 40_000 } });
    expect(answer.status).toBe(409);
    expect(answer.body).toMatchObject({
      ...{ code: 'BILL_CLAIMED', payment_id: intent.payment_id, available: 30_000, expires_at: intent.expires_at },
    });
    expect((await askToPay(api, friend)).body.amount).toBe(30_000);
  });

  test('for more than is due, or more or less than the provider carries', async () => {
    const tooMuch = await askToPay(api, await dinner(api), { split: { type: 'amount', amount: owed + 1 } });
    expect(tooMuch.status).toBe(422);
    expect(tooMuch.body).toMatchObject({ code: 'AMOUNT_NOT_PAYABLE', min: 1, max: owed });
    const tooLittle = await askToPay(api, await dinner(api), { split: { type: 'amount', amount: 500 } });
    expect(tooLittle.body).toMatchObject({ code: 'AMOUNT_NOT_PAYABLE', min: 1_000, max: 50_000_000 });
  });

  test.each(['cash', 'other', 'card'])('by %s', async (method) => {
    const answer = await askToPay(api, await dinner(api), { method: method as 'momo' });
    expect([answer.status, pathsOf(answer)]).toEqual([400, ['method']]);
  });

  test('in another currency than the providers carry', async () => {
    const place = await newLocation(api, { currency: 'USD' });
    const visit = await sitDown(api, place);
    await append(api, visit, add({ menu_item_id: place.itemId }));
    for (const method of ['momo', 'vnpay', 'zalopay', 'bank_transfer'] as const) {
      const answer = await askToPay(api, visit, { method });
      expect([answer.status, answer.body.code, answer.body.currency]).toEqual([422, 'CURRENCY_NOT_SUPPORTED', 'USD']);
    }
    expect((await snapshotOf(api, visit)).claims).toEqual([]);
  });

  test('by a restaurant that has no account with the provider', async () => {
    const other = await sitDown(api, {
      ...{ locationId: demo.otherLocation, tableId: demo.otherTable, token: 'demo-other-table-1' },
    });
    await append(api, other, add({ menu_item_id: demo.otherItem }));
    const answer = await askToPay(api, other);
    expect([answer.status, pathsOf(answer)]).toEqual([400, ['method']]);
  });

  test('by a phone that has not been let in, or was taken out', async () => {
    const place = await newLocation(api, { admission: 'approve' });
    const waiting = await sitDown(api, place);
    await append(api, { ...waiting, phone: demo.staff }, add({ menu_item_id: place.itemId }));
    const answer = await askToPay(api, waiting);
    expect([answer.status, answer.body.code]).toEqual([409, 'NOT_ADMITTED']);
    await api.rest(`DELETE /sessions/${waiting.sessionId}/devices/${waiting.deviceId}`, { as: demo.staff });
    expect((await askToPay(api, waiting)).status).toBe(401);
  });

  test('with a key that is too short', async () => {
    const answer = await askToPay(api, await dinner(api), { key: 'short' });
    expect([answer.status, pathsOf(answer)]).toEqual([400, ['idempotency_key']]);
  });

  test('when its provider cannot be reached: 503, the claim is free, and a new key may try again', async () => {
    const database = await createTestDatabase();
    const away = await startApi({ databaseUrl: database.url, env: { MOMO_API_URL: 'http://127.0.0.1:9/momo' } });
    try {
      const visit = await dinner(away);
      const key = randomUUID();
      const answer = await askToPay(away, visit, { key });
      expect([answer.status, answer.body.code, answer.body.retryable]).toEqual([503, 'PROVIDER_UNAVAILABLE', true]);
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
      expect((await askToPay(away, visit, { key })).body.code).toBe('PROVIDER_UNAVAILABLE');
      expect((await snapshotOf(away, visit)).claims).toEqual([]);
      expect(await paymentsOf(away, visit)).toMatchObject([{ status: 'failed', amount: owed }]);
      expect((await askToPay(away, visit, { method: 'vnpay' })).status).toBe(201);
    } finally {
      await away.stop();
      await database.drop();
    }
  });
});

describe('turning away from a payment', () => {
  test('frees its part of the bill; a repeat changes nothing', async () => {
    const visit = await dinner(api);
    const { payment_id: id } = await startPaying(api, visit);
    for (const _ of [1, 2]) {
      const answer = await cancel(visit, id, visit.phone);
      expect([answer.status, answer.text]).toEqual([204, '']);
    }
    expect((await snapshotOf(api, visit)).claims).toEqual([]);
    expect((await paymentsOf(api, visit)).map(({ status }) => status)).toEqual(['failed']);
  });

  test('is for the phone that started it and for staff, not for the others of the table', async () => {
    const visit = await dinner(api);
    const { payment_id: id } = await startPaying(api, visit);
    const friend = await joinTable(api, visit, 'Minh');
    const theirs = await cancel(visit, id, friend.phone);
    expect([theirs.status, theirs.body.code]).toEqual([403, 'FORBIDDEN']);
    expect((await cancel(visit, id, demo.staff)).status).toBe(204);
  });

  test('is not possible once the money is there', async () => {
    const visit = await dinner(api);
    const intent = await startPaying(api, visit, { split: { type: 'amount', amount: 50_000 } });
    await atProvider(api, intent, 'pay');
    const answer = await cancel(visit, intent.payment_id, visit.phone);
    expect([answer.status, answer.body.code]).toEqual([409, 'ALREADY_RESOLVED']);
  });

  test('from one that is not of this session is turning away from none', async () => {
    const [visit, other] = [await dinner(api), await dinner(api)];
    const { payment_id: id } = await startPaying(api, other);
    const [theirs, none] = [await cancel(visit, id, visit.phone), await cancel(visit, randomUUID(), visit.phone)];
    expect([theirs.status, theirs.text]).toEqual([404, none.text]);
    expect((await snapshotOf(api, other)).claims).toHaveLength(1);
  });
});

describe('the bill', () => {
  test('says what was added since the last payment', async () => {
    const place = await newLocation(api, { on_paid: 'stay' });
    const visit = await sitDown(api, place);
    const dish = () => append(api, visit, add({ menu_item_id: place.itemId }));
    await dish();
    expect((await snapshotOf(api, visit)).added_since_payment).toBeNull();
    const paid = await api.rest('POST /admin/payments/cash', {
      ...{ as: demo.cashier, body: { session_id: visit.sessionId, idempotency_key: randomUUID() } },
    });
    expect((await snapshotOf(api, visit)).added_since_payment).toBeNull();
    await dish();
    await dish();
    expect(await snapshotOf(api, visit)).toMatchObject({
      ...{ due: 100_000, added_since_payment: { bill_seq: paid.body.bill_seq, lines: 2, amount: 100_000 } },
    });
  });

  test('that is closed while somebody is paying warns of the money that may still come', async () => {
    const visit = await dinner(api);
    const intent = await startPaying(api, visit, { split: { type: 'amount', amount: 40_000 } });
    const close = () =>
      api.rest(`POST /sessions/${visit.sessionId}/close`, { as: demo.staff, body: { reason: 'late' } });
    const warnings = [
      { code: 'PAYMENT_PENDING', payment_id: intent.payment_id, amount: 40_000, expires_at: intent.expires_at },
    ];
    expect((await close()).body).toMatchObject({ status: 'closed', warnings });
    expect((await close()).body.warnings).toEqual(warnings);
    await atProvider(api, intent, 'pay');
    expect((await close()).body.warnings).toEqual([]);
    expect(await paymentsOf(api, visit)).toMatchObject([{ status: 'succeeded', reasons: ['late'] }]);
  });

  test('that is closed with nothing under way warns of nothing', async () => {
    const visit = await sitDown(api);
    const answer = await api.rest(`POST /sessions/${visit.sessionId}/close`, { as: demo.staff });
    expect(answer.body.warnings).toEqual([]);
  });

  test('can be paid after its time is over, as long as the phone is known', async () => {
    const visit = await dinner(api);
    await endTime(api.sql, asId<SessionId>(visit.sessionId));
    const intent = await startPaying(api, visit);
    await atProvider(api, intent, 'pay');
    expect(await snapshotOf(api, visit)).toMatchObject({ status: 'expired', due: 0 });
  });
});

describe("a session's payments", () => {
  test('are for its phones and for cashiers, in the order they were made', async () => {
    const visit = await dinner(api);
    const intent = await startPaying(api, visit, { split: { type: 'amount', amount: 40_000 } });
    await atProvider(api, intent, 'pay_short');
    const [pending, stray] = await paymentsOf(api, visit);
    expect(pending).toMatchObject({
      status: 'pending',
      split: { type: 'amount' },
      actor: { type: 'device', name: 'Lan' },
    });
    expect(stray).toMatchObject({
      ...{ payment_reference: null, claimed_reference: intent.payment_reference, bill_seq: null, reasons: ['short'] },
      ...{ actor: { type: 'provider', id: 'momo', name: null }, session_id: visit.sessionId, amount: 30_000 },
    });
    const seen = await api.rest(`GET /sessions/${visit.sessionId}/payments`, { as: visit.phone });
    // What came with stray money, as a bank's text, is for cashiers.
    expect(stray.note).toEqual(expect.stringMatching(/./));
    expect(seen.body.payments).toEqual([pending, { ...stray, note: null }]);
  });

  test('show cashiers why something was decided, and not the phones', async () => {
    const visit = await dinner(api);
    await atProvider(api, await startPaying(api, visit), 'pay_short');
    const [, stray] = await paymentsOf(api, visit);
    await api.rest(`POST /admin/payments/${stray.payment_id}/resolve`, {
      ...{ as: demo.cashier, body: { resolution: 'accept', note: 'a regular' } },
    });
    expect((await paymentsOf(api, visit))[1]).toMatchObject({ resolution: 'accept', resolution_note: 'a regular' });
    const seen = await api.rest(`GET /sessions/${visit.sessionId}/payments`, { as: visit.phone });
    expect(seen.body.payments[1]).toMatchObject({ resolution: 'accept', resolution_note: null });
  });

  test('are gone for a phone that was taken out', async () => {
    const visit = await dinner(api);
    await api.rest(`DELETE /sessions/${visit.sessionId}/devices/${visit.deviceId}`, { as: demo.staff });
    expect((await api.rest(`GET /sessions/${visit.sessionId}/payments`, { as: visit.phone })).status).toBe(401);
  });
});

test('GraphQL starts, shows and ends payments with the same words', async () => {
  const visit = await dinner(api);
  const ask = async (document: string, variables: object, as = visit.phone) =>
    (await api.graphql(document, variables, { as })).body;
  const start = `mutation ($input: CreatePaymentIntentInput!) { createPaymentIntent(input: $input) {
    intent { paymentId paymentReference amount billSeq status payUrl bank { bin } expiresAt } replayed } }`;
  const input = { sessionId: visit.sessionId, idempotencyKey: randomUUID(), method: 'MOMO' };
  const { data } = await ask(start, { input: { ...input, split: { type: 'AMOUNT', amount: 20_000 } } });
  const { intent, replayed } = data.createPaymentIntent;
  expect([intent.amount, intent.status, replayed]).toEqual([20_000, 'PENDING', false]);
  const wrong = await ask(start, { input: { ...input, idempotencyKey: randomUUID(), split: { type: 'AMOUNT' } } });
  expect(wrong.errors[0].extensions).toMatchObject({ code: 'VALIDATION_FAILED', errors: [{ path: 'split.amount' }] });
  const list = await ask(
    'query ($id: UUID!) { sessionPayments(sessionId: $id) { nodes { id status method split } } }',
    { id: visit.sessionId },
  );
  expect(list.data.sessionPayments.nodes).toEqual([
    { id: intent.paymentId, status: 'PENDING', method: 'MOMO', split: { type: 'amount' } },
  ]);
  const cancelled = await ask(
    `mutation ($input: CancelPaymentIntentInput!) { cancelPaymentIntent(input: $input) {
      session { due } snapshot { claims { amount } addedSincePayment { lines } } } }`,
    { input: { sessionId: visit.sessionId, paymentId: intent.paymentId } },
  );
  expect(cancelled.data.cancelPaymentIntent).toEqual({
    ...{ session: { due: owed }, snapshot: { claims: [], addedSincePayment: null } },
  });
});
