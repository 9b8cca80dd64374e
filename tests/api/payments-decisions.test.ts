/** What people decide about payments, and money that is given back. */
import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { type Answer, demo, type Json, newKey, newLocation, sitDown, useApi, type Visit } from '../support/api.js';
import { atProvider, dinner, owed, paymentsOf, snapshotOf, startPaying } from '../support/payments.js';
import { momoBody } from '../support/webhooks.js';

const api = useApi();

const resolve = (paymentId: string, body: object = {}, as: string = demo.cashier): Promise<Answer> =>
  api.rest(`POST /admin/payments/${paymentId}/resolve`, {
    as,
    body: { resolution: 'accept', note: 'so be it', ...body },
  });
const refund = (paymentId: string, body: object = {}, as: string = demo.cashier): Promise<Answer> =>
  api.rest(`POST /admin/payments/${paymentId}/refund`, {
    as,
    body: { reason: 'it was cold', idempotency_key: randomUUID(), ...body },
  });
const pathsOf = ({ body }: Answer): readonly string[] => body.errors.map(({ path }: Json) => path);

async function paidInCash(amount?: number): Promise<Visit & { readonly paymentId: string }> {
  const visit = await dinner(api);
  const { body } = await api.rest('POST /admin/payments/cash', {
    ...{ as: demo.cashier, body: { session_id: visit.sessionId, idempotency_key: randomUUID(), amount } },
  });
  return { ...visit, paymentId: body.payment_id };
}

async function paidByMomo(): Promise<Visit & { readonly paymentId: string }> {
  const visit = await dinner(api);
  const intent = await startPaying(api, visit);
  await atProvider(api, intent, 'pay');
  return { ...visit, paymentId: intent.payment_id };
}

/** A payment of 100,000 that waits, beside 90,000 that came for it. */
async function paidShort(): Promise<Visit & { readonly stray: Json }> {
  const visit = await dinner(api);
  await atProvider(api, await startPaying(api, visit), 'pay_short');
  const [, stray] = await paymentsOf(api, visit);
  return { ...visit, stray };
}

/** Money for an order of nobody's. */
async function unmatched(amount = 50_000): Promise<Json> {
  const orderId = `QR${randomUUID().slice(0, 8).toUpperCase()}`;
  const answer = await api.http('POST', '/webhooks/momo', { raw: momoBody({ orderId, requestId: orderId, amount }) });
  expect(answer.status, answer.text).toBeLessThan(500);
  const { body } = await api.rest('GET /admin/payments?reason=unmatched&limit=1', { as: demo.cashier });
  expect(body.payments[0].claimed_reference).toBe(orderId);
  return body.payments[0];
}

describe('a decision', () => {
  test.each(['accept', 'refunded', 'write_off'])(
    'to %s is kept with note, person and time, and moves nothing',
    async (resolution) => {
      const { stray, ...visit } = await paidShort();
      const before = await snapshotOf(api, visit);
      const answer = await api.rest(`POST /admin/payments/${stray.payment_id}/resolve`, {
        ...{ as: demo.cashier, headers: { 'X-Actor-Name': 'Mai' }, body: { resolution, note: 'talked to the guest' } },
      });
      expect(answer.status).toBe(200);
      expect(answer.body).toEqual({
        ...{ ...stray, resolution, resolution_note: 'talked to the guest' },
        resolved_by: { type: 'staff', id: expect.any(String), name: 'Mai' },
        resolved_at: expect.stringMatching(/Z$/),
      });
      expect((await paymentsOf(api, visit))[1]).toEqual(answer.body);
      expect(await snapshotOf(api, visit)).toEqual(before);
    },
  );

  test('is made once', async () => {
    const { stray } = await paidShort();
    const answers = await Promise.all([
      resolve(stray.payment_id),
      resolve(stray.payment_id),
      resolve(stray.payment_id),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
    const late = await resolve(stray.payment_id, { resolution: 'write_off' });
    expect([late.status, late.body.code]).toEqual([409, 'ALREADY_RESOLVED']);
  });

  test('is not asked for where nothing is open', async () => {
    const { paymentId } = await paidInCash();
    const answer = await resolve(paymentId);
    expect([answer.status, answer.body.code]).toEqual([409, 'ALREADY_RESOLVED']);
  });

  test('to attach puts the money onto the bill of the session, once, and ends a visit that is paid with it', async () => {
    const visit = await dinner(api);
    const stray = await unmatched(owed);
    const answer = await resolve(stray.payment_id, { resolution: 'attach', session_id: visit.sessionId });
    expect(answer.status, answer.text).toBe(200);
    expect(answer.body).toMatchObject({
      ...{ payment_id: stray.payment_id, resolution: 'attach', session_id: visit.sessionId, status: 'succeeded' },
      ...{ bill_seq: 3, reasons: [], payment_reference: null, claimed_reference: stray.claimed_reference },
    });
    expect(await snapshotOf(api, visit)).toMatchObject({ paid: owed, due: 0, status: 'paid' });
    const again = await resolve(stray.payment_id, { resolution: 'attach', session_id: visit.sessionId });
    expect([again.status, again.body.code]).toEqual([409, 'ALREADY_RESOLVED']);
    expect(await paymentsOf(api, visit)).toHaveLength(1);
  });

  test('to attach is for money that is on no bill', async () => {
    const { paymentId, sessionId } = await paidInCash(150_000);
    const answer = await resolve(paymentId, { resolution: 'attach', session_id: sessionId });
    expect([answer.status, pathsOf(answer)]).toEqual([400, ['resolution']]);
  });

  test('to attach is for a bill in the same currency', async () => {
    const place = await newLocation(api, { currency: 'USD' });
    const visit = await sitDown(api, place);
    const { payment_id: id } = await unmatched();
    const answer = await resolve(id, { resolution: 'attach', session_id: visit.sessionId });
    expect([answer.status, answer.body.code]).toEqual([422, 'CURRENCY_NOT_SUPPORTED']);
    expect((await resolve(id)).status).toBe(200);
  });

  test("to attach to another tenant's session is like attaching to none", async () => {
    const foreign = await sitDown(api, {
      ...{ locationId: demo.otherLocation, tableId: demo.otherTable, token: 'demo-other-table-1' },
    });
    const { payment_id: id } = await unmatched();
    const [theirs, none] = [
      await resolve(id, { resolution: 'attach', session_id: foreign.sessionId }),
      await resolve(id, { resolution: 'attach', session_id: randomUUID() }),
    ];
    expect([theirs.status, theirs.text]).toEqual([404, none.text]);
    expect((await resolve(id)).body.resolution).toBe('accept');
  });

  test.each<[object, string]>([
    [{ note: '' }, 'note'],
    [{ note: '  ' }, 'note'],
    [{ note: 'x'.repeat(201) }, 'note'],
    [{ resolution: 'adopted' }, 'resolution'],
    [{ resolution: 'forget' }, 'resolution'],
    [{ resolution: 'attach' }, 'session_id'],
    [{ session_id: randomUUID() }, 'session_id'],
    [{ payment_id: randomUUID() }, 'payment_id'],
  ])('with %j is refused, naming the field', async (wrong, path) => {
    const { stray } = await paidShort();
    const answer = await resolve(stray.payment_id, wrong);
    expect([answer.status, pathsOf(answer)]).toEqual([400, [path]]);
    expect((await resolve(stray.payment_id)).status).toBe(200);
  });
});

describe('a refund', () => {
  test('of cash is done at once, in parts, and the bill shows it', async () => {
    const visit = await paidInCash();
    const part = await refund(visit.paymentId, { amount: 30_000 });
    expect(part.status).toBe(201);
    expect(part.body).toEqual({
      ...{ refund_id: expect.stringMatching(/^[0-9a-f-]{36}$/), amount: 30_000, status: 'succeeded' },
      payment_status: 'partially_refunded',
    });
    expect(await snapshotOf(api, visit)).toMatchObject({ status: 'paid', paid: 70_000, due: 30_000 });
    const rest = await refund(visit.paymentId);
    expect(rest.body).toMatchObject({ amount: 70_000, payment_status: 'refunded' });
    expect(await paymentsOf(api, visit)).toMatchObject([
      {
        ...{ status: 'refunded', amount: owed, refunded_amount: owed },
        refunds: [
          {
            ...{ refund_id: part.body.refund_id, amount: 30_000, status: 'succeeded', reason: 'it was cold' },
            ...{ manual: true, created_at: expect.stringMatching(/Z$/) },
          },
          { refund_id: rest.body.refund_id, amount: 70_000 },
        ],
      },
    ]);
  });

  test('through the provider is asked for there', async () => {
    const visit = await paidByMomo();
    const answer = await refund(visit.paymentId, { amount: 40_000 });
    expect(answer.status).toBe(201);
    expect(answer.body).toMatchObject({ status: 'succeeded', payment_status: 'partially_refunded' });
    expect((await paymentsOf(api, visit))[0]).toMatchObject({ refunded_amount: 40_000, refunds: [{ manual: false }] });
  });

  test("made in the provider's own portal is only recorded", async () => {
    const { paymentId, ...visit } = await paidByMomo();
    expect((await refund(paymentId, { manual: true })).body).toMatchObject({ status: 'succeeded', amount: owed });
    expect((await paymentsOf(api, visit))[0].refunds).toMatchObject([{ manual: true }]);
  });

  test('again with the same key is the same refund; with other content it is refused', async () => {
    const { paymentId, ...visit } = await paidInCash();
    const key = { idempotency_key: randomUUID() };
    const first = await refund(paymentId, { ...key, amount: 10_000 });
    const again = await refund(paymentId, { ...key, amount: 10_000 });
    expect([first.status, again.status, again.headers.get('idempotency-replayed')]).toEqual([201, 200, 'true']);
    expect(again.body).toEqual(first.body);
    const other = await refund(paymentId, { ...key, amount: 20_000 });
    expect(other.status).toBe(409);
    expect(other.body).toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED', refund_id: first.body.refund_id });
    expect((await snapshotOf(api, visit)).paid).toBe(90_000);
  });

  test('never comes to more than was paid, however many ask at once', async () => {
    const { paymentId, ...visit } = await paidInCash();
    const answers = await Promise.all(Array.from({ length: 5 }, () => refund(paymentId, { amount: 30_000 })));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 201, 201, 422, 422]);
    const late = await refund(paymentId, { amount: 30_000 });
    expect(late.body).toMatchObject({ code: 'REFUND_TOO_LARGE', available: 10_000 });
    expect((await snapshotOf(api, visit)).paid).toBe(10_000);
  });

  test('of what was not paid is refused', async () => {
    const visit = await dinner(api);
    const { payment_id: id } = await startPaying(api, visit);
    const answer = await refund(id);
    expect(answer.status).toBe(422);
    expect(answer.body).toMatchObject({ code: 'REFUND_TOO_LARGE', available: 0 });
  });

  test('of recorded money says that it goes by hand only', async () => {
    const visit = await dinner(api);
    const { body } = await api.rest(`POST /sessions/${visit.sessionId}/payments`, {
      as: demo.cashier,
      body: { payment_reference: randomUUID(), amount: owed, method: 'momo', status: 'succeeded' },
    });
    const answer = await refund(body.payment_id);
    expect([answer.status, pathsOf(answer)]).toEqual([400, ['manual']]);
    expect((await refund(body.payment_id, { manual: true })).body.status).toBe('succeeded');
  });

  test('of money that is on no bill is possible', async () => {
    const stray = await unmatched(20_000);
    expect((await refund(stray.payment_id, { manual: true })).body).toMatchObject({
      ...{ amount: 20_000, status: 'succeeded', payment_status: 'refunded' },
    });
  });

  test.each<[object, string]>([
    [{ amount: 0 }, 'amount'],
    [{ amount: -1 }, 'amount'],
    [{ reason: '' }, 'reason'],
    [{ reason: 'x'.repeat(201) }, 'reason'],
    [{ idempotency_key: 'short' }, 'idempotency_key'],
    [{ manual: 'yes' }, 'manual'],
    [{ payment_id: randomUUID() }, 'payment_id'],
  ])('with %j is refused, naming the field', async (wrong, path) => {
    const { paymentId } = await paidInCash();
    const answer = await refund(paymentId, wrong);
    expect([answer.status, pathsOf(answer)]).toEqual([400, [path]]);
  });
});

test('a shared key names the person for decisions and refunds', async () => {
  const key = await newKey(api, { role: 'cashier', shared: true });
  const { paymentId } = await paidInCash();
  for (const answer of [await resolve(paymentId, {}, key), await refund(paymentId, {}, key)]) {
    expect([answer.status, pathsOf(answer)]).toEqual([400, ['X-Actor-Name']]);
  }
});

test('GraphQL decides and gives back with the same words', async () => {
  const { stray } = await paidShort();
  const ask = async (document: string, input: object) =>
    (await api.graphql(document, { input }, { as: demo.cashier })).body;
  const decided = await ask(
    `mutation ($input: ResolvePaymentInput!) { resolvePayment(input: $input) {
      payment { id resolution resolutionNote resolvedBy { type name } resolvedAt } } }`,
    { paymentId: stray.payment_id, resolution: 'WRITE_OFF', note: 'gone' },
  );
  expect(decided.data.resolvePayment.payment).toMatchObject({
    ...{ id: stray.payment_id, resolution: 'WRITE_OFF', resolutionNote: 'gone', resolvedBy: { type: 'STAFF' } },
  });
  const given = await ask(
    `mutation ($input: RefundPaymentInput!) { refundPayment(input: $input) {
      refund { id amount status reason manual createdAt } paymentStatus replayed } }`,
    { paymentId: (await paidInCash()).paymentId, amount: 1_000, reason: 'small', idempotencyKey: randomUUID() },
  );
  expect(given.data.refundPayment).toMatchObject({
    refund: { amount: 1_000, status: 'SUCCEEDED', reason: 'small', manual: true },
    ...{ paymentStatus: 'PARTIALLY_REFUNDED', replayed: false },
  });
});
