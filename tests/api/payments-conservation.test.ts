import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pollPayments } from '../../src/services/poll-payments.js';
import { useOtherNode } from '../support/other-node.js';
import { add, append, demo, type Json, newLocation, sitDown, useApi, type Visit } from '../support/api.js';
import { askToPay, atProvider, joinTable, type Method, paymentsOf, snapshotOf } from '../support/payments.js';

const api = useApi();
const other = useOtherNode(api);

const act = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('start' as const),
      who: fc.nat(2),
      method: fc.constantFrom<Method>('momo', 'vnpay', 'zalopay', 'bank_transfer'),
      split: fc.oneof(
        fc.record({ type: fc.constant('share'), parts: fc.integer({ min: 2, max: 4 }) }),
        fc.record({ type: fc.constant('amount'), amount: fc.integer({ min: 1_000, max: 60_000 }) }),
        fc.constant({ type: 'all' }),
        fc.constant({ type: 'lines' }),
      ),
    }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('pay' as const), which: fc.nat(5), twice: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('cancel' as const), which: fc.nat(5) }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('cash' as const), amount: fc.integer({ min: 1, max: 30_000 }) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('refund' as const),
      which: fc.nat(5),
      amount: fc.option(fc.integer({ min: 1_000, max: 50_000 })),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('order' as const), glasses: fc.integer({ min: 1, max: 6 }) }) },
);
type Act = typeof act extends fc.Arbitrary<infer T> ? T : never;

interface Evening {
  readonly place: Awaited<ReturnType<typeof newLocation>>;
  readonly phones: readonly Visit[];
  readonly intents: Json[];
}

async function perform({ place, phones, intents }: Evening, wanted: Act): Promise<void> {
  const [lan] = phones as [Visit];
  const intent = 'which' in wanted ? intents[wanted.which % Math.max(1, intents.length)] : undefined;
  switch (wanted.kind) {
    case 'start': {
      const answer = await askToPay(api, phones[wanted.who]!, wanted);
      expect([201, 400, 409, 422]).toContain(answer.status);
      if (answer.status === 201)
        intents.push({ ...answer.body, method: wanted.method, phone: phones[wanted.who]!.phone });
      return;
    }
    case 'pay':
      if (intent && !intent.isPaid) await atProvider(api, intent, wanted.twice ? 'pay_twice' : 'pay');
      if (intent) intent.isPaid = true;
      return;
    case 'cancel':
      if (intent)
        await api.rest(`DELETE /sessions/${lan.sessionId}/payment-intents/${intent.payment_id}`, { as: intent.phone });
      return;
    case 'cash':
      await api.rest('POST /admin/payments/cash', {
        as: demo.cashier,
        body: { session_id: lan.sessionId, amount: wanted.amount, idempotency_key: randomUUID() },
      });
      return;
    case 'refund':
      if (intent) await refund(intent, wanted.amount);
      return;
    case 'order':
      await append(api, lan, add({ menu_item_id: place.itemId, quantity: wanted.glasses }));
  }
}

/** A bank gives nothing back by itself, so there a person does. */
async function refund({ payment_id, method }: Json, amount: number | null): Promise<void> {
  const answer = await api.rest(`POST /admin/payments/${payment_id}/refund`, {
    as: demo.cashier,
    body: {
      ...(amount !== null && { amount }),
      ...{ reason: 'cold', idempotency_key: randomUUID(), manual: method === 'bank_transfer' },
    },
  });
  expect([201, 422]).toContain(answer.status);
}

/** What the provider has taken and given back. */
async function providersView({ method, payment_reference: reference, qr_payload: qr }: Json): Promise<number> {
  const path =
    method === 'bank_transfer'
      ? await api
          .http('POST', '/demo/gateway/bank/scan', { body: { qr } })
          .then(({ body }) => `sepay/${body.order.reference}`)
      : `${method}/${reference}`;
  const { status, body } = await api.http('GET', `/demo/gateway/orders/${path}`);
  if (status === 404) return 0;
  const sum = (list: Json[]) => list.reduce((total, each) => total + each.amount, 0);
  return sum(body.order.transactions) - sum(body.order.refunds);
}

test('whatever phones, guests and cashiers do, the log, the payments and the providers agree on every dong', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(act, { minLength: 4, maxLength: 14 }), async (acts) => {
      // Where a full payment ends nothing, the evening goes on.
      const place = await newLocation(api, { on_paid: 'stay', cash_rounding: 1 });
      const lan = await seat(place);
      const phones = [lan, await joinTable(api, lan, 'Minh'), await joinTable(api, lan, 'Hoa')];
      const evening: Evening = { place, phones, intents: [] };
      for (const wanted of acts) await perform(evening, wanted);
      await compare(evening);
    }),
    { numRuns: 15, endOnFailure: true },
  );
}, 120_000);

/** The place has one dish of its own, 50,000. */
async function seat(place: Evening['place']): Promise<Visit> {
  const visit = await sitDown(api, place);
  await append(api, visit, add({ menu_item_id: place.itemId, quantity: 3 }));
  return visit;
}

async function compare({ phones, intents }: Evening): Promise<void> {
  const [lan] = phones as [Visit];
  await refundsDone();
  const payments = await paymentsOf(api, lan);
  const [log] = await api.sql`
    SELECT coalesce(sum(CASE event_type WHEN 'payment_settled' THEN (payload->>'amount')::bigint
      WHEN 'payment_refunded' THEN -(payload->>'amount')::bigint END), 0)::int AS paid
    FROM session_events WHERE session_id = ${lan.sessionId}`;
  const rows = payments.reduce(
    (sum, { status, amount, refunded_amount }) =>
      sum + (['pending', 'failed'].includes(status) ? 0 : amount - refunded_amount),
    0,
  );
  expect(log?.paid).toBe(rows);
  const snapshot = await snapshotOf(api, lan);
  expect(snapshot.paid).toBe(rows);
  expect(snapshot.due).toBe(snapshot.total - rows);
  for (const intent of intents) {
    const row = payments.find(({ payment_id }) => payment_id === intent.payment_id);
    const ours = ['pending', 'failed'].includes(row.status) ? 0 : row.amount - row.refunded_amount;
    const byHand = intent.method === 'bank_transfer' ? row.refunded_amount : 0;
    expect(ours + byHand, intent.payment_reference).toBe(await providersView(intent));
  }
}

/** A refund at ZaloPay is pending at first, and done a second later; another node's poller asks without waiting for its turn. */
async function refundsDone(): Promise<void> {
  const pending = async (): Promise<number> => {
    await api.sql`UPDATE refunds SET next_poll_at = session_clock() WHERE status = 'pending'`;
    await pollPayments(other.deps, (error) => expect.unreachable(String(error)));
    const [row] = await api.sql`SELECT count(*)::int AS pending FROM refunds WHERE status = 'pending'`;
    return row?.pending;
  };
  await expect.poll(pending, { timeout: 20_000, interval: 200 }).toBe(0);
}
