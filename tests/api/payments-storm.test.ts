import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { pollPayments } from '../../src/services/poll-payments.js';
import { demo, sitDown, useApi } from '../support/api.js';
import { useOtherNode } from '../support/other-node.js';
import { atProvider, dinner, order, owed, paymentsOf, snapshotOf, startPaying, typesOf } from '../support/payments.js';
import {
  forgery,
  momoWebhook,
  type SaidPayment,
  type SignedWebhook,
  vnpayWebhook,
  zalopayWebhook,
} from '../support/provider-signers.js';
import { type RawAnswer, rawRequest } from '../support/raw-request.js';

const api = useApi();
const other = useOtherNode(api);

const deliver = (webhook: SignedWebhook): Promise<RawAnswer> => rawRequest(api.address, webhook.target, webhook);

const methods = ['momo', 'vnpay', 'zalopay'] as const;
type Method = (typeof methods)[number];

function signed(method: Method, said: SaidPayment): SignedWebhook {
  if (method === 'momo') return momoWebhook(said);
  return method === 'vnpay' ? vnpayWebhook(said) : zalopayWebhook(said);
}

async function record(sessionId: string, reference: string, { method, amount }: { method: Method; amount: number }) {
  const answer = await api.rest(`POST /sessions/${sessionId}/payments`, {
    as: demo.cashier,
    body: { payment_reference: reference, amount, method, status: 'pending' },
  });
  expect(answer.status, answer.text).toBe(201);
}

describe.each(methods)(
  "a webhook of %s, ten times at once with the return page and another node's poller",
  (method) => {
    test('settles once, ends the session once, and each time gets its right answer', async () => {
      const visit = await dinner(api);
      const intent = await startPaying(api, visit, { method });
      const told = await atProvider(api, intent, 'never_answer');
      await api.sql`UPDATE payments SET next_poll_at = session_clock() WHERE id = ${intent.payment_id}`;
      const transaction = String(told.transactions.at(-1).id);
      const [row] = await api.sql`SELECT provider_data AS sent FROM payments WHERE id = ${intent.payment_id}`;
      const echo = {
        requestId: row?.sent.request_id,
        orderInfo: row?.sent.order_info,
        extraData: row?.sent.extra_data ?? '',
      };
      const webhook = signed(method, {
        reference: intent.payment_reference,
        amount: owed,
        transaction,
        isPaid: true,
        echo,
      });
      const back = new URL(told.return_url);
      const [answers] = await Promise.all([
        Promise.all(Array.from({ length: 10 }, () => deliver(webhook))),
        api.http('GET', back.pathname + back.search),
        pollPayments(other.deps, (error) => expect.unreachable(String(error))),
      ]);
      expectRightAnswers(method, answers);
      expect(await snapshotOf(api, visit)).toMatchObject({ status: 'paid', paid: owed, due: 0 });
      const types = await typesOf(api, visit);
      expect(types.filter((type) => type === 'payment_settled')).toHaveLength(1);
      expect(types.filter((type) => type === 'session_paid')).toHaveLength(1);
      expect(await paymentsOf(api, visit)).toMatchObject([{ status: 'succeeded', reasons: [] }]);
      const inbox = await api.sql`SELECT deliveries FROM webhook_inbox WHERE payment_id = ${intent.payment_id}`;
      expect(inbox).toMatchObject([{ deliveries: 10 }]);
    });
  },
);

function expectRightAnswers(method: Method, answers: readonly RawAnswer[]): void {
  const seen = answers.map(({ status, text }) =>
    status === 204 ? 204 : (JSON.parse(text).RspCode ?? JSON.parse(text).return_code),
  );
  if (method === 'momo') return expect(seen).toEqual(Array.from({ length: 10 }, () => 204));
  const [first, again] = method === 'vnpay' ? ['00', '02'] : [1, 2];
  // The page or the poller may have been there first.
  expect(seen.filter((code) => code === first).length).toBeLessThanOrEqual(1);
  expect(seen.filter((code) => code === again).length).toBeGreaterThanOrEqual(9);
}

test('1,000 payments, told one to ten times each, shuffled and mixed with forgeries, are what an oracle says', async () => {
  const perSession = 20;
  const sessions = await Promise.all(
    Array.from({ length: 50 }, async () => {
      const visit = await sitDown(api);
      await order(api, visit, perSession);
      return visit;
    }),
  );
  const random = fc.sample(fc.infiniteStream(fc.integer({ min: 0, max: 2 ** 31 - 1 })), {
    numRuns: 1,
    seed: 20_261_122,
  })[0]!;
  const below = (bound: number) => Number(random.next().value) % bound;
  const plans = sessions.flatMap(({ sessionId }, at) =>
    Array.from({ length: perSession }, (_, n) => {
      const id = at * perSession + n;
      const method = methods[below(3)]!;
      const reference = `${method === 'zalopay' ? '261122_' : ''}STORM${id}`;
      // Five thousand each: the twenty of a session are its whole bill.
      const said = { reference, amount: 5_000, transaction: String(9_000_000 + id), isPaid: true };
      const kind = (['paid', 'paid', 'paid', 'failed', 'failed then paid', 'short', 'only forged'] as const)[below(7)]!;
      return { sessionId, method, said, kind, copies: 1 + below(10) };
    }),
  );
  for (let at = 0; at < plans.length; at += 50) {
    await Promise.all(
      plans
        .slice(at, at + 50)
        .map(({ sessionId, method, said }) => record(sessionId, said.reference, { method, amount: said.amount })),
    );
  }
  const deliveries = plans.flatMap(({ method, said, kind, copies }) => {
    const genuine = kindsOf(kind, method).map((change) => signed(method, { ...said, ...change }));
    const told = Array.from({ length: copies }, () => genuine).flat();
    return [...told, ...(kind === 'only forged' || below(3) === 0 ? [forgery(signed(method, said))] : [])];
  });
  const shuffled = deliveries.map((webhook) => ({ webhook, at: below(2 ** 31) })).sort((a, b) => a.at - b.at);
  for (let at = 0; at < shuffled.length; at += 64) {
    const answers = await Promise.all(shuffled.slice(at, at + 64).map(({ webhook }) => deliver(webhook)));
    for (const { status } of answers) expect(status).toBeLessThan(500);
  }
  const rows = await api.sql<{ reference: string; status: string }[]>`
    SELECT payment_reference AS reference, status FROM payments WHERE payment_reference LIKE '%STORM%'`;
  const states = Object.fromEntries(rows.map(({ reference, status }) => [reference, status]));
  expect(states).toEqual(
    Object.fromEntries(plans.map(({ said, kind, method }) => [said.reference, endOf(kind, method)])),
  );
  const strays = await api.sql`
    SELECT claimed_reference AS reference FROM payments WHERE claimed_reference LIKE '%STORM%' ORDER BY 1`;
  expect(strays.map(({ reference }) => reference)).toEqual(
    plans
      .filter(({ kind }) => kind === 'short')
      .map(({ said }) => said.reference)
      .sort(),
  );
  for (const { sessionId } of sessions) {
    const mine = plans.filter((plan) => plan.sessionId === sessionId && endOf(plan.kind, plan.method) === 'succeeded');
    const snapshot = await snapshotOf(api, { sessionId });
    expect(snapshot.paid).toBe(mine.length * 5_000);
    expect(snapshot.status).toBe(mine.length === perSession ? 'paid' : 'open');
    const settled = (
      await api.sql`
      SELECT count(*)::int AS events, coalesce(sum((payload->>'amount')::bigint), 0)::int AS amount
      FROM session_events WHERE session_id = ${sessionId} AND event_type = 'payment_settled'`
    )[0];
    expect(settled).toMatchObject({ events: mine.length, amount: snapshot.paid });
  }
}, 120_000);

/** What the provider says of each kind; ZaloPay tells of success only. */
function kindsOf(kind: string, method: Method): readonly Partial<SaidPayment>[] {
  const failure = method === 'zalopay' ? [] : [{ isPaid: false }];
  switch (kind) {
    case 'paid':
      return [{}];
    case 'failed':
      return failure;
    case 'failed then paid':
      return [...failure, {}];
    case 'short':
      return [{ amount: 4_000 }];
    default:
      return [];
  }
}

function endOf(kind: string, method: Method): string {
  if (kind === 'paid' || kind === 'failed then paid') return 'succeeded';
  return kind === 'failed' && method !== 'zalopay' ? 'failed' : 'pending';
}

describe("ZaloPay's callback for an order that nobody knows", () => {
  const said = { amount: 5_000, transaction: '9500001' };

  test.each([
    ['younger than 15 minutes is to be sent again', 14 * 60_000, 0],
    ['older than that is not', 16 * 60_000, -1],
  ])('and that is %s', async (_says, age, code) => {
    const reference = `261122_LOST${age}`;
    const answer = await deliver(zalopayWebhook({ ...said, reference }, Date.now() - age));
    expect(JSON.parse(answer.text).return_code).toBe(code);
    const kept = await api.sql`SELECT reasons, session_id FROM payments WHERE claimed_reference = ${reference}`;
    expect(kept).toMatchObject([{ reasons: ['unmatched'], session_id: null }]);
  });

  test('that overtakes its own payment is settled once on the repeat, and the money is told once', async () => {
    const visit = await dinner(api);
    const webhook = zalopayWebhook({ amount: owed, transaction: '9500003', reference: '261122_OVERTAKEN' });
    expect(JSON.parse((await deliver(webhook)).text).return_code).toBe(0);
    await record(visit.sessionId, '261122_OVERTAKEN', { method: 'zalopay', amount: owed });
    expect(JSON.parse((await deliver(webhook)).text).return_code).toBe(1);
    expect(JSON.parse((await deliver(webhook)).text).return_code).toBe(2);
    expect(await snapshotOf(api, visit)).toMatchObject({ status: 'paid', paid: owed });
    const strays =
      await api.sql`SELECT resolution, adopted_by FROM payments WHERE claimed_reference = '261122_OVERTAKEN'`;
    const [payment] = await paymentsOf(api, visit);
    expect(strays).toMatchObject([{ resolution: 'adopted', adopted_by: payment.payment_id }]);
    const inbox = await api.sql`SELECT verdict, deliveries FROM webhook_inbox WHERE payment_id = ${payment.payment_id}`;
    expect(inbox).toMatchObject([{ verdict: 'settled', deliveries: 3 }]);
  });
});
