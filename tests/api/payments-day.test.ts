/** The day report: figures worked out by hand, and where a day begins and ends. */
import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { asId, type SessionId } from '../../src/domain/ids.js';
import {
  add,
  type Answer,
  append,
  demo,
  type Json,
  newKey,
  newLocation,
  newTable,
  type Place,
  sitDown,
  useApi,
  type Visit,
} from '../support/api.js';
import { atProvider, startPaying } from '../support/payments.js';
import { endTime } from '../support/session-time.js';
import { momoBody } from '../support/webhooks.js';

const api = useApi();

type Kitchen = Place & { readonly itemId: string };

const report = (kitchen: Place, date: string, ask: { as?: string; accept?: string } = {}): Promise<Answer> =>
  api.rest(`GET /admin/reports/day?location_id=${kitchen.locationId}&date=${date}`, {
    as: ask.as ?? demo.cashier,
    ...(ask.accept && { headers: { Accept: ask.accept } }),
  });
const pathsOf = ({ body }: Answer): readonly string[] => body.errors.map(({ path }: Json) => path);

/** A visit that owes 50,000, opened at this time. */
async function meal(kitchen: Kitchen, openedAt: string): Promise<Visit> {
  const visit = await sitDown(api, await newTable(api, kitchen.locationId));
  await append(api, visit, add({ menu_item_id: kitchen.itemId }));
  await api.sql`UPDATE qr_sessions SET opened_at = ${openedAt} WHERE id = ${visit.sessionId}`;
  return visit;
}

const send = (visit: Visit) =>
  append(api, visit, { idempotency_key: randomUUID(), event_type: 'submit_round', payload: {} });

const close = async ({ sessionId }: Visit) => {
  const { status } = await api.rest(`POST /sessions/${sessionId}/close`, { as: demo.staff, body: { reason: 'gone' } });
  expect(status).toBe(200);
};

const settledAt = async (paymentId: string, time: string) =>
  void (await api.sql`UPDATE payments SET settled_at = ${time}, created_at = ${time} WHERE id = ${paymentId}`);

async function post(path: string, who: string, body: object): Promise<Json> {
  const answer = await api.rest(`POST ${path}`, { as: demo.cashier, headers: { 'X-Actor-Name': who }, body });
  expect(answer.status, answer.text).toBe(201);
  return answer.body;
}

async function cash(visit: Visit, { who, at, amount }: { who: string; at: string; amount?: number }): Promise<Json> {
  const body = { session_id: visit.sessionId, idempotency_key: randomUUID(), ...(amount && { amount }) };
  const payment = await post('/admin/payments/cash', who, body);
  await settledAt(payment.payment_id, at);
  return payment;
}

async function recorded(visit: Visit, { who, at, ...body }: { who: string; at: string } & object): Promise<Json> {
  const full = { payment_reference: randomUUID(), method: 'other', status: 'succeeded', ...body };
  const payment = await post(`/sessions/${visit.sessionId}/payments`, who, full);
  await settledAt(payment.payment_id, at);
  return payment;
}

async function giveBack(
  payment: Json,
  { who, at, amount }: { who: string; at: string; amount: number },
): Promise<Json> {
  const body = { amount, reason: 'cold', idempotency_key: randomUUID(), manual: true };
  const refund = await post(`/admin/payments/${payment.payment_id}/refund`, who, body);
  await api.sql`UPDATE refunds SET finished_at = ${at} WHERE id = ${refund.refund_id}`;
  return refund;
}

const takings = (count: number, received: number, refunded = 0) => ({
  ...{ count, received, refunded, net: received - refunded },
});

/** The fifth of March in Vietnam: from the fourth at 17:00 UTC to the fifth at 17:00 UTC. */
const day = '2026-03-05';

describe('a day', () => {
  let kitchen: Kitchen;
  let refund: Json;
  let first: Json;
  let unpaidSession: Visit;
  let givenUp: Visit;

  beforeAll(async () => {
    kitchen = await newLocation(api);
    // 08:15 and 08:45 by Mai, in cash.
    first = await cash(await meal(kitchen, '2026-03-05T01:00:00Z'), { who: 'Mai', at: '2026-03-05T01:15:00Z' });
    await cash(await meal(kitchen, '2026-03-05T01:20:00Z'), { who: 'Mai', at: '2026-03-05T01:45:00Z', amount: 30_000 });
    // 19:30 by An, recorded: more than was due.
    await recorded(await meal(kitchen, '2026-03-05T12:00:00Z'), {
      ...{ who: 'An', at: '2026-03-05T12:30:00Z', amount: 70_000, method: 'vnpay' },
    });
    // 20:00 by a guest's phone.
    const guests = await meal(kitchen, '2026-03-05T12:10:00Z');
    const intent = await startPaying(api, guests);
    await atProvider(api, intent, 'pay');
    await settledAt(intent.payment_id, '2026-03-05T13:00:00Z');
    // A guest went without paying; another visit was never opened to order.
    const runaway = await meal(kitchen, '2026-03-05T14:00:00Z');
    await send(runaway);
    unpaidSession = runaway;
    await endTime(api.sql, asId<SessionId>(runaway.sessionId));
    await api.sql`UPDATE qr_sessions SET opened_at = '2026-03-05T14:00:00Z' WHERE id = ${runaway.sessionId}`;
    // And one whose guests had thought of something, and went before the kitchen heard of it.
    const undecided = await meal(kitchen, '2026-03-05T14:10:00Z');
    await close(undecided);
    // Of the day before, given up today.
    const gone = await meal(kitchen, '2026-03-04T10:00:00Z');
    await send(gone);
    await close(gone);
    givenUp = gone;
    const writeOff = { as: demo.cashier, headers: { 'X-Actor-Name': 'Mai' }, body: { reason: 'not found' } };
    expect((await api.rest(`POST /admin/sessions/${gone.sessionId}/write-off`, writeOff)).status).toBe(200);
    await api.sql`UPDATE session_write_offs SET created_at = '2026-03-05T15:00:00Z' WHERE session_id = ${gone.sessionId}`;
    // The day before: taken then, part of it given back by An today at 21:05.
    const before = await cash(await meal(kitchen, '2026-03-04T10:00:00Z'), { who: 'Mai', at: '2026-03-04T11:00:00Z' });
    refund = await giveBack(before, { who: 'An', at: '2026-03-05T14:05:00Z', amount: 20_000 });
    // And today's, given back tomorrow.
    await giveBack(first, { who: 'An', at: '2026-03-05T18:00:00Z', amount: 10_000 });
  });

  test('adds up all that came and went on it', async () => {
    const { status, headers, body } = await report(kitchen, day);
    expect(status).toBe(200);
    expect(headers.get('vary')).toContain('Accept');
    expect(body).toEqual({
      ...{ location_id: kitchen.locationId, date: day, timezone: 'Asia/Ho_Chi_Minh', currency: 'VND' },
      ...{ from: '2026-03-04T17:00:00.000Z', to: '2026-03-05T17:00:00.000Z' },
      total: takings(4, 200_000, 20_000),
      methods: [
        { method: 'cash', ...takings(2, 80_000, 20_000) },
        { method: 'momo', ...takings(1, 50_000) },
        { method: 'vnpay', ...takings(1, 70_000) },
      ],
      cashiers: [
        { name: 'An', cash: -20_000, ...takings(1, 70_000, 20_000) },
        { name: 'Mai', cash: 80_000, ...takings(2, 80_000) },
      ],
      hours: [
        { hour: 8, ...takings(2, 80_000) },
        { hour: 19, ...takings(1, 70_000) },
        { hour: 20, ...takings(1, 50_000) },
        { hour: 21, ...takings(0, 0, 20_000) },
      ],
      refunds: [
        {
          ...{ refund_id: refund.refund_id, payment_id: expect.any(String), method: 'cash', amount: 20_000 },
          ...{ reason: 'cold', manual: true, by: 'An', finished_at: '2026-03-05T14:05:00.000Z' },
        },
      ],
      open: { count: 1, amount: 70_000, reasons: [{ reason: 'over', count: 1, amount: 70_000 }] },
      sessions: {
        ...{ opened: 6, paid: 3, unpaid: 1, unpaid_due: 50_000, written_off: 1, written_off_amount: 50_000 },
      },
      unpaid_sessions: [
        {
          ...{
            session_id: unpaidSession.sessionId,
            table_id: unpaidSession.tableId,
            total: 50_000,
            paid: 0,
            due: 50_000,
          },
          ...{ opened_at: '2026-03-05T14:00:00.000Z', ended_at: expect.any(String) },
        },
      ],
      write_offs: [
        {
          ...{ session_id: givenUp.sessionId, amount: 50_000, reason: 'not found', by: 'Mai' },
          created_at: '2026-03-05T15:00:00.000Z',
        },
      ],
    });
  });

  test('before and after it have their own', async () => {
    const before = (await report(kitchen, '2026-03-04')).body;
    expect(before).toMatchObject({ total: takings(1, 50_000), refunds: [], sessions: { opened: 2 } });
    const after = (await report(kitchen, '2026-03-06')).body;
    expect(after).toMatchObject({ total: takings(0, 0, 10_000), cashiers: [{ name: 'An', cash: -10_000 }] });
    expect(after.sessions).toEqual({
      ...{ opened: 0, paid: 0, unpaid: 0, unpaid_due: 0, written_off: 0, written_off_amount: 0 },
    });
  });

  test('on which nothing happened is empty', async () => {
    const { body } = await report(kitchen, '2026-01-01');
    expect(body).toMatchObject({ total: takings(0, 0), methods: [], cashiers: [], hours: [], refunds: [] });
    expect(body.open).toEqual({ count: 0, amount: 0, reasons: [] });
  });

  test('is a table for those who ask for CSV', async () => {
    const answer = await report(kitchen, day, { accept: 'text/csv' });
    expect(answer.headers.get('content-type')).toMatch(/^text\/csv/);
    expect(answer.text.split('\r\n')).toEqual([
      'section,name,count,received,refunded,net,amount',
      'total,2026-03-05,4,200000,20000,180000,',
      'method,cash,2,80000,20000,60000,',
      'method,momo,1,50000,0,50000,',
      'method,vnpay,1,70000,0,70000,',
      'cashier,An,1,70000,20000,50000,-20000',
      'cashier,Mai,2,80000,0,80000,80000',
      'hour,08:00,2,80000,0,80000,',
      'hour,19:00,1,70000,0,70000,',
      'hour,20:00,1,50000,0,50000,',
      'hour,21:00,0,0,20000,-20000,',
      `refund,${refund.refund_id},,,20000,,`,
      'open,all,1,,,,70000',
      'open,over,1,,,,70000',
      'sessions,opened,6,,,,',
      'sessions,paid,3,,,,',
      'sessions,unpaid,1,,,,50000',
      'sessions,written_off,1,,,,50000',
      `unpaid,${unpaidSession.sessionId},,,,,50000`,
      `write_off,${givenUp.sessionId},,,,,50000`,
      '',
    ]);
  });

  test('is the same over GraphQL', async () => {
    const { body } = await api.graphql(
      `query ($id: UUID!) { dayReport(locationId: $id, date: "${day}") {
        total { received net } methods { method } open { reasons { reason } } sessions { unpaidDue } } }`,
      { id: kitchen.locationId },
      { as: demo.cashier },
    );
    expect(body.data.dayReport).toEqual({
      ...{ total: { received: 200_000, net: 180_000 }, sessions: { unpaidDue: 50_000 } },
      methods: [{ method: 'CASH' }, { method: 'MOMO' }, { method: 'VNPAY' }],
      open: { reasons: [{ reason: 'OVER' }] },
    });
  });
});

describe('the day ends at midnight on the wall', () => {
  test('23:59 in Vietnam is today, 00:01 is tomorrow', async () => {
    const kitchen = await newLocation(api, { timezone: 'Asia/Ho_Chi_Minh' });
    await cash(await meal(kitchen, '2026-03-05T16:00:00Z'), { who: 'Mai', at: '2026-03-05T16:59:00Z', amount: 1_000 });
    await cash(await meal(kitchen, '2026-03-05T16:30:00Z'), { who: 'Mai', at: '2026-03-05T17:01:00Z', amount: 2_000 });
    const [today, tomorrow] = [(await report(kitchen, day)).body, (await report(kitchen, '2026-03-06')).body];
    expect(today).toMatchObject({ total: takings(1, 1_000), hours: [{ hour: 23 }], sessions: { opened: 2 } });
    expect(tomorrow).toMatchObject({ total: takings(1, 2_000), hours: [{ hour: 0 }], sessions: { opened: 0 } });
  });

  test('a day on which the clock is changed has 23 or 25 hours', async () => {
    const kitchen = await newLocation(api, { timezone: 'Europe/Berlin', currency: 'EUR' });
    const hoursOf = async (date: string) => {
      const { from, to } = (await report(kitchen, date)).body;
      return (Date.parse(to) - Date.parse(from)) / 3_600_000;
    };
    expect(await hoursOf('2026-03-29')).toBe(23);
    expect(await hoursOf('2026-10-25')).toBe(25);
    expect(await hoursOf('2026-07-01')).toBe(24);
  });
});

test('money of no location waits in the report of every one, but is taken in nowhere', async () => {
  const kitchen = await newLocation(api);
  const orderId = `QR${randomUUID().slice(0, 8).toUpperCase()}`;
  await api.http('POST', '/webhooks/momo', { raw: momoBody({ orderId, requestId: orderId, amount: 50_000 }) });
  await api.sql`UPDATE payments SET settled_at = '2026-05-05T05:00:00Z' WHERE claimed_reference = ${orderId}`;
  const { body } = await report(kitchen, '2026-05-05');
  expect(body.open).toEqual({
    ...{ count: 1, amount: 50_000, reasons: [{ reason: 'unmatched', count: 1, amount: 50_000 }] },
  });
  expect(body.total).toEqual(takings(0, 0));
  const bound = await newKey(api, { role: 'cashier', locationId: kitchen.locationId });
  expect((await report(kitchen, '2026-05-05', { as: bound })).body.open.count).toBe(0);
});

test.each<[string, readonly string[]]>([
  ['date=2026-02-30', ['date']],
  ['date=today', ['date']],
  ['date=', ['date']],
  ['', ['date']],
])('a report with "%s" is refused', async (query, paths) => {
  const answer = await api.rest(`GET /admin/reports/day?location_id=${demo.location}&${query}`, { as: demo.cashier });
  expect([answer.status, pathsOf(answer)]).toEqual([400, paths]);
});

test('a report of no location is refused', async () => {
  const answer = await api.rest(`GET /admin/reports/day?date=${day}`, { as: demo.cashier });
  expect([answer.status, pathsOf(answer)]).toEqual([400, ['location_id']]);
});
