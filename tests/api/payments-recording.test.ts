/** Payments that staff record, and cash: what the routes take, what they answer, what they refuse. */
import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import {
  add,
  type Answer,
  append,
  demo,
  type Json,
  newKey,
  newLocation,
  sitDown,
  useApi,
  type Visit,
} from '../support/api.js';
import { dinner, owed, paymentsOf, startPaying } from '../support/payments.js';

const api = useApi();

const newReference = () => `R-${randomUUID()}`;
const record = (visit: Pick<Visit, 'sessionId'>, body: object = {}, as: string = demo.cashier): Promise<Answer> =>
  api.rest(`POST /sessions/${visit.sessionId}/payments`, {
    as,
    body: { payment_reference: newReference(), amount: owed, method: 'momo', status: 'succeeded', ...body },
  });
const takeCash = (visit: Pick<Visit, 'sessionId'>, body: object = {}, as: string = demo.cashier): Promise<Answer> =>
  api.rest('POST /admin/payments/cash', {
    as,
    body: { session_id: visit.sessionId, idempotency_key: randomUUID(), ...body },
  });
const pathsOf = ({ body }: Answer): readonly string[] => body.errors.map(({ path }: Json) => path);

/** All members of a payment, as they are when nothing has happened to it. */
const aPayment = (visit: Visit, members: object): object => ({
  payment_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
  payment_reference: expect.any(String),
  claimed_reference: null,
  session_id: visit.sessionId,
  amount: owed,
  currency: 'VND',
  method: 'momo',
  status: 'succeeded',
  provider: 'momo',
  provider_transaction_id: null,
  mismatch: 'none',
  reasons: [],
  bill_seq: expect.any(Number),
  split: null,
  refunded_amount: 0,
  refunds: [],
  actor: { type: 'staff', id: expect.any(String), name: expect.any(String) },
  note: null,
  resolution: null,
  resolution_note: null,
  resolved_by: null,
  resolved_at: null,
  created_at: expect.stringMatching(/Z$/),
  settled_at: expect.stringMatching(/Z$/),
  ...members,
});

describe('a recorded payment', () => {
  test('answers with the whole payment, and how its session stands', async () => {
    const visit = await dinner(api);
    const answer = await api.rest(`POST /sessions/${visit.sessionId}/payments`, {
      as: demo.cashier,
      headers: { 'X-Actor-Name': 'Mai' },
      body: {
        ...{ payment_reference: 'Order_7.a-1', amount: owed, currency: 'VND', method: 'momo', status: 'succeeded' },
        ...{ provider_transaction_id: '4193767509', note: 'by phone' },
      },
    });
    expect(answer.status).toBe(201);
    expect(answer.headers.get('idempotency-replayed')).toBeNull();
    expect(answer.body).toEqual({
      ...aPayment(visit, {
        ...{ payment_reference: 'Order_7.a-1', provider_transaction_id: '4193767509', note: 'by phone' },
        ...{ actor: { type: 'staff', id: expect.any(String), name: 'Mai' }, bill_seq: 3 },
      }),
      ...{ warnings: [], session_status: 'paid', payment_status: 'full', due: 0 },
    });
  });

  test.each([
    { amount: 60_000, mismatch: 'short', difference: -40_000, session_status: 'open', payment_status: 'partial' },
    { amount: 130_000, mismatch: 'over', difference: 30_000, session_status: 'paid', payment_status: 'over' },
  ])(
    'of $amount for a bill of 100,000 is taken, with a warning',
    async ({ amount, difference, mismatch, ...stand }) => {
      const { status, body } = await record(await dinner(api), { amount });
      expect(status).toBe(201);
      expect(body).toMatchObject({ amount, mismatch, due: -difference, ...stand });
      expect(body.warnings).toEqual([{ code: 'AMOUNT_MISMATCH', expected: owed, received: amount, difference }]);
      expect(body.reasons).toEqual(mismatch === 'over' ? ['over'] : []);
    },
  );

  test.each(['pending', 'failed'])(
    'that is %s is compared with what is due all the same, and pays nothing',
    async (state) => {
      const visit = await dinner(api);
      const { status, body } = await record(visit, { status: state, amount: 1, method: 'other' });
      expect(status).toBe(201);
      expect(body).toEqual({
        ...aPayment(visit, {
          ...{ status: state, amount: 1, method: 'other', provider: null, mismatch: 'short', settled_at: null },
        }),
        warnings: [{ code: 'AMOUNT_MISMATCH', expected: owed, received: 1, difference: 1 - owed }],
        ...{ session_status: 'open', payment_status: 'none', due: owed },
      });
    },
  );

  test('again, with the same content, is the same one: 200, and nothing is written', async () => {
    const visit = await dinner(api);
    const body = { payment_reference: newReference(), amount: 60_000, note: 'x' };
    const first = await record(visit, body);
    const again = await record(visit, body, demo.manager);
    expect([first.status, again.status]).toEqual([201, 200]);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(again.body).toEqual(first.body);
    expect(await paymentsOf(api, visit)).toHaveLength(1);
  });

  test('again, later, says what was expected then and how the session stands now', async () => {
    const visit = await dinner(api);
    const body = { payment_reference: newReference(), amount: 60_000 };
    const first = await record(visit, body);
    await record(visit, { amount: 40_000 });
    const again = await record(visit, body);
    expect(again.body.warnings).toEqual(first.body.warnings);
    expect(again.body).toMatchObject({ session_status: 'paid', payment_status: 'full', due: 0 });
  });

  test.each<[string, object]>([
    ['another amount', { amount: 1 }],
    ['another method', { method: 'vnpay' }],
    ['another status', { status: 'pending' }],
    ['a note', { note: 'x' }],
    ["a provider's id", { provider_transaction_id: '1' }],
  ])('under a known reference with %s is refused', async (_, other) => {
    const visit = await dinner(api);
    const reference = { payment_reference: newReference() };
    await record(visit, reference);
    const answer = await record(visit, { ...reference, ...other });
    expect([answer.status, answer.body.code]).toEqual([409, 'PAYMENT_REFERENCE_REUSED']);
    expect(await paymentsOf(api, visit)).toHaveLength(1);
  });

  test('under a reference of another session is refused, and so is one that a phone pays with', async () => {
    const [visit, other] = [await dinner(api), await dinner(api)];
    const reference = { payment_reference: newReference() };
    await record(visit, reference);
    const elsewhere = await record(other, reference);
    expect([elsewhere.status, elsewhere.body.code]).toEqual([409, 'PAYMENT_REFERENCE_REUSED']);
    const intent = await startPaying(api, other);
    const minted = await record(other, { payment_reference: intent.payment_reference });
    expect([minted.status, minted.body.code]).toEqual([409, 'PAYMENT_REFERENCE_REUSED']);
  });

  test('under one reference at the same moment in two sessions is in one of them', async () => {
    const [visit, other] = [await dinner(api), await dinner(api)];
    const reference = { payment_reference: newReference() };
    const answers = await Promise.all([record(visit, reference), record(other, reference)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);
    const kept = [...(await paymentsOf(api, visit)), ...(await paymentsOf(api, other))];
    expect(kept).toHaveLength(1);
  });

  test('under one reference ten times at the same moment is one payment', async () => {
    const visit = await dinner(api);
    const body = { payment_reference: newReference() };
    const answers = await Promise.all(Array.from({ length: 10 }, () => record(visit, body)));
    expect(answers.map(({ status }) => status).sort()).toEqual([...Array.from({ length: 9 }, () => 200), 201]);
    expect(new Set(answers.map(({ body: { payment_id: id } }) => id)).size).toBe(1);
  });

  test.each<[object, string]>([
    [{ payment_reference: '' }, 'payment_reference'],
    [{ payment_reference: 'a b' }, 'payment_reference'],
    [{ payment_reference: 'x'.repeat(65) }, 'payment_reference'],
    [{ amount: 0 }, 'amount'],
    [{ amount: -1 }, 'amount'],
    [{ amount: 1.5 }, 'amount'],
    [{ amount: 1e15 + 1 }, 'amount'],
    [{ amount: '100' }, 'amount'],
    [{ currency: 'vnd' }, 'currency'],
    [{ method: 'card' }, 'method'],
    [{ status: 'refunded' }, 'status'],
    [{ note: 'x'.repeat(501) }, 'note'],
    [{ note: 'a\u0000b' }, 'note'],
    [{ provider_transaction_id: 'x'.repeat(65) }, 'provider_transaction_id'],
    [{ tip: 1 }, 'tip'],
    [{ session_id: randomUUID() }, 'session_id'],
  ])('with %j is refused, naming the field', async (wrong, path) => {
    const visit = await dinner(api);
    const answer = await record(visit, wrong);
    expect([answer.status, pathsOf(answer)]).toEqual([400, [path]]);
    expect(await paymentsOf(api, visit)).toEqual([]);
  });

  test('names all that is missing', async () => {
    const visit = await sitDown(api);
    const answer = await api.rest(`POST /sessions/${visit.sessionId}/payments`, { as: demo.cashier, body: {} });
    expect(answer.status).toBe(400);
    for (const word of ['payment_reference', 'amount', 'method', 'status']) expect(answer.text).toContain(word);
  });
});

describe('cash', () => {
  test('comes with the change, for what is due', async () => {
    const visit = await dinner(api);
    const answer = await takeCash(visit, { tendered: 150_000, note: 'three notes' });
    expect(answer.status).toBe(201);
    expect(answer.body).toEqual({
      ...aPayment(visit, {
        ...{ method: 'cash', provider: null, payment_reference: expect.stringMatching(/^CASH-/), note: 'three notes' },
      }),
      ...{ change: 50_000, warnings: [], session_status: 'paid', payment_status: 'full', due: 0 },
    });
  });

  test('has no change while nobody says what was handed over, and warns of another amount than what is due', async () => {
    const { body } = await takeCash(await dinner(api), { amount: 70_000 });
    expect(body).toMatchObject({ change: null, mismatch: 'short', due: 30_000, session_status: 'open' });
    expect(body.warnings).toEqual([{ code: 'AMOUNT_MISMATCH', expected: owed, received: 70_000, difference: -30_000 }]);
    const over = await takeCash(await dinner(api), { amount: 120_000, tendered: 120_000 });
    expect(over.body).toMatchObject({ change: 0, mismatch: 'over', due: -20_000, payment_status: 'over' });
  });

  test('is rounded as the location rounds it, and that is no mismatch', async () => {
    const place = await newLocation(api, { cash_rounding: 1_000, service_bps: 333 });
    const visit = await sitDown(api, place);
    await append(api, visit, add({ menu_item_id: place.itemId }));
    const { body } = await takeCash(visit);
    expect(body).toMatchObject({ amount: 52_000, mismatch: 'none', warnings: [], due: 0, session_status: 'paid' });
  });

  test('again with the same key is the same payment, with other content it is refused', async () => {
    const visit = await dinner(api);
    const key = { idempotency_key: randomUUID() };
    const first = await takeCash(visit, { ...key, amount: 60_000 });
    const again = await takeCash(visit, { ...key, amount: 60_000 });
    expect([first.status, again.status, again.headers.get('idempotency-replayed')]).toEqual([201, 200, 'true']);
    expect(again.body).toEqual(first.body);
    const other = await takeCash(visit, { ...key, amount: 61_000 });
    expect([other.status, other.body.code]).toEqual([409, 'IDEMPOTENCY_KEY_REUSED']);
    expect(await paymentsOf(api, visit)).toHaveLength(1);
  });

  test('cannot be taken where nothing is due, unless an amount is said', async () => {
    const visit = await sitDown(api);
    const nothing = await takeCash(visit);
    expect([nothing.status, nothing.body.code]).toEqual([409, 'NOTHING_DUE']);
    const { status, body } = await takeCash(visit, { amount: 10_000 });
    expect([status, body.mismatch, body.due]).toEqual([201, 'over', -10_000]);
  });

  test.each<[object, string]>([
    [{ amount: 0 }, 'amount'],
    [{ tendered: owed - 1 }, 'tendered'],
    [{ tendered: -1 }, 'tendered'],
    [{ idempotency_key: 'short' }, 'idempotency_key'],
    [{ note: 'x'.repeat(501) }, 'note'],
    [{ session_id: 'nonsense' }, 'session_id'],
    [{ method: 'cash' }, 'method'],
  ])('with %j is refused, naming the field', async (wrong, path) => {
    const answer = await takeCash(await dinner(api), wrong);
    expect([answer.status, pathsOf(answer)]).toEqual([400, [path]]);
  });

  test('taken with a shared key names the person', async () => {
    const visit = await dinner(api);
    const key = await newKey(api, { role: 'cashier', shared: true });
    const nameless = await takeCash(visit, {}, key);
    expect([nameless.status, pathsOf(nameless)]).toEqual([400, ['X-Actor-Name']]);
    const body = { session_id: visit.sessionId, idempotency_key: randomUUID() };
    const named = await api.rest('POST /admin/payments/cash', { as: key, body, headers: { 'X-Actor-Name': 'Mai' } });
    expect(named.body.actor.name).toBe('Mai');
  });
});

describe('in another currency', () => {
  async function dollars(): Promise<Visit> {
    const place = await newLocation(api, { currency: 'USD' });
    const visit = await sitDown(api, place);
    await append(api, visit, add({ menu_item_id: place.itemId }));
    return visit;
  }

  test('cash and what goes through no provider are recorded', async () => {
    const visit = await dollars();
    expect((await record(visit, { method: 'other', amount: 20_000 })).body).toMatchObject({
      currency: 'USD',
      due: 30_000,
    });
    expect((await takeCash(visit)).body).toMatchObject({ currency: 'USD', amount: 30_000, due: 0 });
  });

  test("what goes through Vietnam's providers is refused, and so is another currency than the bill's", async () => {
    const visit = await dollars();
    for (const method of ['momo', 'vnpay', 'zalopay', 'bank_transfer']) {
      const answer = await record(visit, { method });
      expect([answer.status, answer.body.code, answer.body.currency]).toEqual([422, 'CURRENCY_NOT_SUPPORTED', 'USD']);
    }
    const dong = await record(visit, { method: 'other', currency: 'VND' });
    expect([dong.status, dong.body.code, dong.body.currency]).toEqual([422, 'CURRENCY_NOT_SUPPORTED', 'VND']);
    expect(await paymentsOf(api, visit)).toEqual([]);
  });
});

test('GraphQL records and takes cash with the same words', async () => {
  const visit = await dinner(api);
  const fields =
    'payment { id paymentReference status mismatch reasons } warnings { code difference } sessionStatus paymentStatus due replayed';
  const ask = async (name: string, input: object, more = '') => {
    const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
    const document = `mutation ($input: ${type}!) { answer: ${name}(input: $input) { ${fields} ${more} } }`;
    return (await api.graphql(document, { input: { sessionId: visit.sessionId, ...input } }, { as: demo.cashier }))
      .body;
  };
  const input = { paymentReference: newReference(), amount: 30_000, method: 'MOMO', status: 'SUCCEEDED' };
  const { data } = await ask('recordPayment', input);
  expect(data.answer).toMatchObject({
    payment: { status: 'SUCCEEDED', mismatch: 'SHORT', reasons: [] },
    warnings: [{ code: 'AMOUNT_MISMATCH', difference: -70_000 }],
    ...{ sessionStatus: 'OPEN', paymentStatus: 'PARTIAL', due: 70_000, replayed: false },
  });
  expect((await ask('recordPayment', input)).data.answer.replayed).toBe(true);
  expect((await ask('recordPayment', { ...input, amount: 1 })).errors[0].extensions.code).toBe(
    'PAYMENT_REFERENCE_REUSED',
  );
  const cash = await ask('recordCashPayment', { tendered: 100_000, idempotencyKey: randomUUID() }, 'change');
  expect(cash.data.answer).toMatchObject({ change: 30_000, sessionStatus: 'PAID', due: 0 });
});
