/** Who may do what with payments, and what belongs to others. */
import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { add, type Answer, append, demo, newKey, newLocation, sitDown, useApi, type Visit } from '../support/api.js';
import { dinner, paymentsOf, startPaying } from '../support/payments.js';

const api = useApi();

const otherCashier = 'demo-other-cashier-key';

interface Known {
  readonly sessionId: string;
  readonly paymentId: string;
  readonly locationId: string;
}

type Route = readonly [name: string, ask: (known: Known) => readonly [request: string, body?: object]];

const recording = (): object => ({
  payment_reference: randomUUID(),
  amount: 1_000,
  method: 'other',
  status: 'pending',
});

/** Every route that takes a cashier's key. */
const cashierRoutes: readonly Route[] = [
  ['recording', ({ sessionId }) => [`POST /sessions/${sessionId}/payments`, recording()]],
  ["a session's payments", ({ sessionId }) => [`GET /sessions/${sessionId}/payments`]],
  [
    'cash',
    ({ sessionId }) => [
      'POST /admin/payments/cash',
      { session_id: sessionId, amount: 1_000, idempotency_key: randomUUID() },
    ],
  ],
  ['the list by location', ({ locationId }) => [`GET /admin/payments?location_id=${locationId}`]],
  ['the list by session', ({ sessionId }) => [`GET /admin/payments?session_id=${sessionId}`]],
  ['a decision', ({ paymentId }) => [`POST /admin/payments/${paymentId}/resolve`, { resolution: 'accept', note: 'x' }]],
  [
    'a refund',
    ({ paymentId }) => [`POST /admin/payments/${paymentId}/refund`, { reason: 'x', idempotency_key: randomUUID() }],
  ],
  ['the day', ({ locationId }) => [`GET /admin/reports/day?location_id=${locationId}&date=2026-03-05`]],
];

/** And those that a phone of the session may take as well. */
const guestRoutes: readonly Route[] = [
  [
    'starting a payment',
    ({ sessionId }) => [
      `POST /sessions/${sessionId}/payment-intents`,
      { method: 'momo', idempotency_key: randomUUID() },
    ],
  ],
  ['turning away', ({ sessionId, paymentId }) => [`DELETE /sessions/${sessionId}/payment-intents/${paymentId}`]],
  ["a session's payments", ({ sessionId }) => [`GET /sessions/${sessionId}/payments`]],
];

let visit: Visit;
let twin: Visit;
let own: Known;
let foreign: Known;
let elsewhereKey: string;

const none = (): Known => ({ sessionId: randomUUID(), paymentId: randomUUID(), locationId: randomUUID() });

const ask = (route: Route, known: Known, as: string | null): Promise<Answer> => {
  const [request, body] = route[1](known);
  return api.rest(request, { as, ...(body && { body }) });
};

const everything = async () =>
  (
    await api.sql`SELECT (SELECT md5(string_agg(p::text, '|' ORDER BY id)) FROM payments p) AS payments,
    (SELECT count(*)::int FROM refunds) AS refunds, (SELECT count(*)::int FROM session_events) AS events`
  )[0];

/** All that a caller can see of an answer, without what differs from one request to the next. */
function visible({ status, headers, text }: Answer) {
  const kept = [...headers].filter(([name]) => name !== 'x-request-id' && name !== 'date');
  return { status, text, headers: Object.fromEntries(kept) };
}

beforeAll(async () => {
  visit = await dinner(api);
  twin = await dinner(api);
  const { payment_id: paymentId } = await startPaying(api, visit);
  own = { sessionId: visit.sessionId, paymentId, locationId: demo.location };
  const theirs = await sitDown(api, {
    ...{ locationId: demo.otherLocation, tableId: demo.otherTable, token: 'demo-other-table-1' },
  });
  await append(api, theirs, add({ menu_item_id: demo.otherItem }));
  const recorded = await api.rest(`POST /sessions/${theirs.sessionId}/payments`, {
    ...{ as: otherCashier, body: { ...recording(), status: 'succeeded', amount: 60_000 } },
  });
  foreign = { sessionId: theirs.sessionId, paymentId: recorded.body.payment_id, locationId: demo.otherLocation };
  const elsewhere = await newLocation(api);
  elsewhereKey = await newKey(api, { role: 'manager', locationId: elsewhere.locationId });
});

describe.each(cashierRoutes)('%s', (...route) => {
  test('takes a cashier: neither staff nor a phone nor a table nor an operator nor nobody', async () => {
    const before = await everything();
    const isForPhones = route[0] === "a session's payments";
    const others = [demo.staff, demo.operator, visit.token, ...(isForPhones ? [] : [visit.phone])];
    for (const as of others) {
      const answer = await ask(route, own, as);
      expect([answer.status, answer.body.code], as).toEqual([403, 'FORBIDDEN']);
    }
    for (const as of [null, 'no-such-key']) expect((await ask(route, own, as)).status).toBe(401);
    expect(await everything()).toEqual(before);
  });

  test("of another tenant is like of none, and so it is to another location's key", async () => {
    const before = await everything();
    for (const [known, as] of [
      [foreign, demo.manager],
      [own, otherCashier],
      [own, elsewhereKey],
    ] as const) {
      const [theirs, missing] = [await ask(route, known, as), await ask(route, none(), as)];
      expect(theirs.status, theirs.text).toBe(404);
      expect(visible(theirs)).toEqual(visible(missing));
    }
    expect(await everything()).toEqual(before);
  });
});

describe.each(guestRoutes)('%s', (...route) => {
  test("is for the session's own phones: to another table's it is like of no session", async () => {
    const before = await everything();
    const [theirs, missing] = [await ask(route, own, twin.phone), await ask(route, none(), twin.phone)];
    expect(theirs.status).toBe(404);
    expect(visible(theirs)).toEqual(visible(missing));
    for (const as of [null, 'no-such-key']) expect((await ask(route, own, as)).status).toBe(401);
    for (const as of [visit.token, demo.operator]) expect((await ask(route, own, as)).status).toBe(403);
    expect(await everything()).toEqual(before);
  });

  test("of another tenant is like of none, and so it is to another location's key", async () => {
    const before = await everything();
    for (const [known, as] of [
      [foreign, demo.manager],
      [foreign, visit.phone],
      [own, otherCashier],
      [own, elsewhereKey],
    ] as const) {
      const [theirs, missing] = [await ask(route, known, as), await ask(route, none(), as)];
      expect(theirs.status, theirs.text).toBe(404);
      expect(visible(theirs)).toEqual(visible(missing));
    }
    expect(await everything()).toEqual(before);
  });
});

test("a list never shows another tenant's payments, whatever is asked", async () => {
  for (const query of ['', 'method=other', 'unresolved=true', 'reason=over', `cursor=${foreign.paymentId}`]) {
    const { body, text } = await api.rest(`GET /admin/payments?limit=500&${query}`, { as: demo.manager });
    expect(body.payments).toBeInstanceOf(Array);
    expect(text).not.toContain(foreign.paymentId.slice(-12));
    expect(text).not.toContain(foreign.sessionId);
  }
  const theirs = await api.rest('GET /admin/payments', { as: otherCashier });
  expect(theirs.body.payments.map(({ payment_id: id }: { payment_id: string }) => id)).toEqual([foreign.paymentId]);
  expect(theirs.body.totals).toMatchObject([{ received: 60_000, count: 1 }]);
});

test('one reference may stand for payments of two tenants', async () => {
  const body = { payment_reference: 'SAME-1', amount: 1_000, method: 'other', status: 'pending' };
  const ours = await api.rest(`POST /sessions/${twin.sessionId}/payments`, { as: demo.cashier, body });
  const theirs = await api.rest(`POST /sessions/${foreign.sessionId}/payments`, { as: otherCashier, body });
  expect([ours.status, theirs.status]).toEqual([201, 201]);
  expect(await paymentsOf(api, twin)).toMatchObject([{ payment_reference: 'SAME-1' }]);
});

test('a foreign reference of another session of the tenant tells nothing of that session', async () => {
  const payment = { ...recording(), payment_reference: 'KNOWN-1' };
  await api.rest(`POST /sessions/${visit.sessionId}/payments`, { as: demo.cashier, body: payment });
  const [theirs, missing] = [
    await api.rest(`POST /sessions/${foreign.sessionId}/payments`, { as: demo.cashier, body: payment }),
    await api.rest(`POST /sessions/${randomUUID()}/payments`, { as: demo.cashier, body: payment }),
  ];
  expect(visible(theirs)).toEqual(visible(missing));
});
