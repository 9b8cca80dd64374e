import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { ProviderFailure } from '../../src/payments/provider.js';
import { pollPayments } from '../../src/services/poll-payments.js';
import { useOtherNode } from '../support/other-node.js';
import { endTime } from '../support/session-time.js';
import { demo, newLocation, newTable, sitDown, useApi, type Visit } from '../support/api.js';
import {
  askToPay,
  atProvider,
  dinner,
  joinTable,
  order,
  owed,
  paymentsOf,
  snapshotOf,
  startPaying,
  typesOf,
} from '../support/payments.js';

const api = useApi();
const other = useOtherNode(api);

const moneyTypes = async (visit: Visit) =>
  (await typesOf(api, visit)).filter((type) => /^payment_|^session_paid/.test(type));

/** The table's next guests get a session of their own. */
async function expectTableFree(visit: Visit): Promise<void> {
  const next = await sitDown(api, visit);
  expect(next.sessionId).not.toBe(visit.sessionId);
}

describe.each(['momo', 'vnpay', 'zalopay', 'bank_transfer'] as const)('a table that pays by %s', (method) => {
  test('is paid by the signed webhook: the session ends, the log tells of it, the table is free', async () => {
    const visit = await dinner(api);
    const intent = await startPaying(api, visit, { method });
    expect(intent).toMatchObject({ amount: owed, payment_reference: expect.stringMatching(/^(\d{6}_)?[A-Z0-9]{16}$/) });
    expect((await snapshotOf(api, visit)).claims).toMatchObject([{ payment_id: intent.payment_id, amount: owed }]);
    await atProvider(api, intent, 'pay');
    expect(await snapshotOf(api, visit)).toMatchObject({
      ...{ status: 'paid', paid: owed, due: 0, payment_status: 'full', claims: [] },
    });
    expect(await moneyTypes(visit)).toEqual(['payment_started', 'payment_settled', 'session_paid']);
    expect(await paymentsOf(api, visit)).toMatchObject([
      { status: 'succeeded', amount: owed, reasons: [], provider_transaction_id: expect.stringMatching(/^\d+$/) },
    ]);
    await expectTableFree(visit);
  });

  test('is not paid by a forged one: only the counter and the sample know of it', async () => {
    const visit = await dinner(api);
    const intent = await startPaying(api, visit, { method });
    const [before] =
      await api.sql`SELECT (SELECT count(*) FROM webhook_inbox) AS inbox, (SELECT count(*) FROM payments) AS payments`;
    await atProvider(api, intent, 'forged');
    const [after] =
      await api.sql`SELECT (SELECT count(*) FROM webhook_inbox) AS inbox, (SELECT count(*) FROM payments) AS payments`;
    expect(after).toEqual(before);
    expect(await moneyTypes(visit)).toEqual(['payment_started']);
  });

  test('and pays too little is not paid: the money waits for a person, beside a payment that stays as it was', async () => {
    const visit = await dinner(api);
    await atProvider(api, await startPaying(api, visit, { method }), 'pay_short');
    expect(await snapshotOf(api, visit)).toMatchObject({ status: 'open', paid: 0 });
    expect(await paymentsOf(api, visit)).toMatchObject([
      { status: 'pending', amount: owed },
      { status: 'succeeded', amount: owed - 10_000, reasons: ['short'], mismatch: 'short', payment_reference: null },
    ]);
  });

  test('twice, with two transactions, has one payment and one duplicate in the queue', async () => {
    const visit = await dinner(api);
    const intent = await startPaying(api, visit, { method });
    await atProvider(api, intent, 'pay_twice_other_transaction');
    expect(await moneyTypes(visit)).toEqual(['payment_started', 'payment_settled', 'session_paid']);
    expect(await paymentsOf(api, visit)).toMatchObject([
      { status: 'succeeded', reasons: [] },
      { status: 'succeeded', reasons: ['duplicate'], claimed_reference: intent.payment_reference },
    ]);
  });
});

test('money of which no webhook ever tells is found by the poller', async () => {
  const methods = ['momo', 'vnpay', 'zalopay'] as const;
  for (const method of methods) {
    const visit = await dinner(api);
    const intent = await startPaying(api, visit, { method });
    await atProvider(api, intent, 'never_answer');
    expect(await pollPayments(other.deps, fail)).toBe(0);
    await api.sql`UPDATE payments SET next_poll_at = session_clock() WHERE id = ${intent.payment_id}`;
    expect(await pollPayments(other.deps, fail)).toBe(1);
    expect(await moneyTypes(visit)).toEqual(['payment_started', 'payment_settled', 'session_paid']);
    expect(await snapshotOf(api, visit)).toMatchObject({ status: 'paid', paid: owed });
  }
});

describe('a payment whose time is over', () => {
  const overdue = async (method: 'momo' | 'bank_transfer') => {
    const visit = await dinner(api);
    const intent = await startPaying(api, visit, { method });
    // The fold keeps its own expiry; the clock of the sweep is the row's.
    await api.sql`
      UPDATE payments SET next_poll_at = session_clock(), expires_at = session_clock() WHERE id = ${intent.payment_id}`;
    return { visit, intent };
  };

  test.each(['momo', 'bank_transfer'] as const)('by %s lets go of its claim and has failed', async (method) => {
    const { visit } = await overdue(method);
    await pollPayments(other.deps, fail);
    expect(await moneyTypes(visit)).toEqual(['payment_started', 'payment_ended']);
    expect(await snapshotOf(api, visit)).toMatchObject({ status: 'open', claims: [] });
    expect(await paymentsOf(api, visit)).toMatchObject([{ status: 'failed', reasons: [] }]);
    expect(await pollPayments(other.deps, fail)).toBe(0);
  });

  test('whose provider does not answer lets go of its claim, stays pending, and is shown as stale', async () => {
    const { visit, intent } = await overdue('momo');
    const unreachable = () => Promise.reject(new ProviderFailure('away', 'unreachable'));
    await pollPayments({ ...other.deps, providerHttp: unreachable }, fail);
    expect(await snapshotOf(api, visit)).toMatchObject({ claims: [] });
    expect(await paymentsOf(api, visit)).toMatchObject([{ status: 'pending', reasons: ['stale_pending'] }]);
    const queue = await api.rest(`GET /admin/payments?reason=stale_pending&session_id=${visit.sessionId}`, {
      as: demo.cashier,
    });
    expect(queue.body.payments).toMatchObject([{ payment_id: intent.payment_id }]);
    const [row] = await api.sql`SELECT next_poll_at FROM payments WHERE id = ${intent.payment_id}`;
    expect(row?.next_poll_at).not.toBeNull();
  });

  test('and whose money comes after all is settled', async () => {
    const { visit, intent } = await overdue('momo');
    await pollPayments(other.deps, fail);
    await atProvider(api, intent, 'pay');
    expect(await snapshotOf(api, visit)).toMatchObject({ status: 'paid', paid: owed });
  });
});

function fail(error: unknown): void {
  throw error;
}

describe('cash', () => {
  test('ends the session, with change', async () => {
    const visit = await dinner(api);
    const answer = await api.rest('POST /admin/payments/cash', {
      as: demo.cashier,
      body: { session_id: visit.sessionId, tendered: 200_000, idempotency_key: randomUUID() },
    });
    expect(answer.status, answer.text).toBe(201);
    expect(answer.body).toMatchObject({
      amount: owed,
      change: 100_000,
      method: 'cash',
      session_status: 'paid',
      due: 0,
    });
    expect(await moneyTypes(visit)).toEqual(['payment_settled', 'session_paid']);
    await expectTableFree(visit);
  });
});

test('two phones pay halves by different providers; the second half ends the session', async () => {
  const lan = await dinner(api);
  const minh = await joinTable(api, lan, 'Minh');
  const half = await startPaying(api, lan, { method: 'momo', split: { type: 'share', parts: 2 } });
  const other = await startPaying(api, minh, { method: 'zalopay', split: { type: 'share' } });
  expect([half.amount, other.amount]).toEqual([owed / 2, owed / 2]);
  expect((await askToPay(api, lan, { method: 'vnpay' })).status).toBe(201);
  await atProvider(api, other, 'pay');
  expect(await snapshotOf(api, lan)).toMatchObject({ status: 'open', paid: owed / 2, payment_status: 'partial' });
  await atProvider(api, half, 'pay');
  expect(await snapshotOf(api, lan)).toMatchObject({ status: 'paid', due: 0 });
});

describe('a bill that changes while somebody pays', () => {
  test('is paid in full as it was at its seq, and the rest is due', async () => {
    const visit = await dinner(api);
    const intent = await startPaying(api, visit);
    const { last_event_seq: seq } = await snapshotOf(api, visit);
    expect(intent.bill_seq).toBe(seq - 1);
    await order(api, visit, 3);
    await atProvider(api, intent, 'pay');
    expect(await snapshotOf(api, visit)).toMatchObject({
      ...{ status: 'open', paid: owed, due: 15_000, payment_status: 'partial' },
      added_since_payment: { bill_seq: intent.bill_seq, lines: 1, amount: 15_000 },
    });
    expect(await paymentsOf(api, visit)).toMatchObject([
      { status: 'succeeded', bill_seq: intent.bill_seq, reasons: [] },
    ]);
  });
});

describe.each([
  ['one second', 1],
  ['one day', 86_400],
])('money that comes %s after the session has expired', (_name, seconds) => {
  test.each(['written', 'not written yet'])(
    'is stored, late, in the queue, and opens nothing (end %s)',
    async (end) => {
      const visit = await dinner(api);
      const intent = await startPaying(api, visit);
      await endTime(api.sql, visit.sessionId as never);
      await api.sql`UPDATE qr_sessions SET expires_at = expires_at - make_interval(secs => ${seconds}) WHERE id = ${visit.sessionId}`;
      if (end === 'written') {
        // Whoever sits down next finds the table free: their opening writes the end.
        await sitDown(api, visit);
        expect((await typesOf(api, visit)).at(-1)).toBe('session_expired');
      }
      await atProvider(api, intent, 'pay');
      const snapshot = await snapshotOf(api, visit);
      expect(snapshot).toMatchObject({ status: 'expired', paid: owed, due: 0 });
      expect(await paymentsOf(api, visit)).toMatchObject([
        { status: 'succeeded', reasons: ['late'], resolution: null },
      ]);
      expect(await moneyTypes(visit)).toEqual(['payment_started', 'payment_settled']);
      const queue = await api.rest(`GET /admin/payments?reason=late&session_id=${visit.sessionId}`, {
        as: demo.cashier,
      });
      expect(queue.body.payments).toMatchObject([{ payment_id: intent.payment_id }]);
    },
  );
});

test('a payment keeps its session from expiring before its own time and 15 minutes more', async () => {
  const { locationId, tableId } = await newTable(api);
  const opened = await api.rest(`POST /locations/${locationId}/qr-sessions`, {
    as: demo.staff,
    body: { table_id: tableId, ttl_seconds: 60 },
  });
  const visit = { sessionId: opened.body.session_id, phone: opened.body.device_token };
  await order(api, visit, 20);
  const intent = await startPaying(api, visit);
  const wanted = Date.parse(intent.expires_at) + 15 * 60_000;
  expect(Date.parse((await snapshotOf(api, visit)).expires_at)).toBe(wanted);
  const [row] = await api.sql`SELECT expires_at FROM qr_sessions WHERE id = ${visit.sessionId}`;
  expect(row?.expires_at.getTime()).toBe(wanted);
});

describe('a restaurant that counts in dollars', () => {
  test('takes cash and other, and no provider', async () => {
    const place = await newLocation(api, { currency: 'USD', cash_rounding: 1 });
    const visit = await sitDown(api, place);
    await api.rest(`POST /sessions/${visit.sessionId}/events`, {
      as: visit.phone,
      body: {
        idempotency_key: randomUUID(),
        event_type: 'add_item',
        payload: { menu_item_id: place.itemId, quantity: 2 },
      },
    });
    for (const method of ['momo', 'vnpay', 'zalopay', 'bank_transfer'] as const) {
      const answer = await askToPay(api, visit, { method });
      expect([answer.status, answer.body.code]).toEqual([422, 'CURRENCY_NOT_SUPPORTED']);
    }
    const cash = await api.rest('POST /admin/payments/cash', {
      as: demo.cashier,
      body: { session_id: visit.sessionId, amount: 60_000, idempotency_key: randomUUID() },
    });
    expect(cash.body).toMatchObject({ currency: 'USD', amount: 60_000, mismatch: 'short' });
    const other = await api.rest(`POST /sessions/${visit.sessionId}/payments`, {
      as: demo.cashier,
      body: { payment_reference: `card-${visit.sessionId}`, amount: 40_000, method: 'other', status: 'succeeded' },
    });
    expect(other.body).toMatchObject({ currency: 'USD', session_status: 'paid', due: 0 });
  });
});

test('a table of its own pays nothing for another one', async () => {
  const [mine, theirs] = [await dinner(api), await dinner(api, await newTable(api))];
  await atProvider(api, await startPaying(api, mine), 'pay');
  expect(await snapshotOf(api, theirs)).toMatchObject({ status: 'open', paid: 0, due: owed });
});
