/** Rounds and their tickets: what goes to the kitchen, what the kitchen does with it, and who may. */
import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { eventually } from '../support/eventually.js';
import {
  add,
  append,
  demo,
  type Json,
  newEventKey,
  newKey,
  newLocation,
  newTable,
  sitDown,
  useApi,
  type Visit,
  written,
} from '../support/api.js';
import { call, type Face, faces } from '../support/faces.js';
import { atProvider, joinTable, startPaying } from '../support/payments.js';

const api = useApi();

const event = (event_type: string, payload: object = {}) => ({ idempotency_key: newEventKey(), event_type, payload });
const round = (line_ids?: readonly string[]) => event('submit_round', line_ids ? { line_ids } : {});

/** A phone that has ordered coffee and rolls, as drafts. */
async function orderTwo(visit?: Visit): Promise<Visit & { lines: string[] }> {
  const seated = visit ?? (await sitDown(api));
  const ordered = await Promise.all([add(), add({ menu_item_id: demo.rolls })].map((one) => append(api, seated, one)));
  return { ...seated, lines: ordered.map(({ event: { payload } }) => payload.line_id) };
}

const snapshotOf = async (visit: Pick<Visit, 'sessionId'>): Promise<Json> =>
  (await api.rest(`GET /sessions/${visit.sessionId}/snapshot`, { as: demo.staff })).body;
const byStaff = (visit: Pick<Visit, 'sessionId'>, body: Json, as: string = demo.staff) =>
  api.rest(`POST /sessions/${visit.sessionId}/events`, { as, body });
const ticketsOf = async ({ sessionId }: Pick<Visit, 'sessionId'>): Promise<Json[]> => [
  ...(await api.sql`SELECT round, open_lines, released_at IS NOT NULL AS released, acknowledged_at IS NOT NULL AS acknowledged,
    overdue_at IS NOT NULL AS overdue FROM kitchen_tickets WHERE session_id = ${sessionId} ORDER BY round`),
];
const kitchenOf = async (locationId: string, query = ''): Promise<Json[]> =>
  (await api.rest(`GET /locations/${locationId}/kitchen${query}`, { as: demo.staff })).body.tickets;

describe('a round', () => {
  test('takes all drafts to the kitchen as one ticket, and the next one only what came since', async () => {
    const visit = await orderTwo();
    const first = await append(api, visit, round());
    expect(first.event.payload).toEqual({ round: 1, line_ids: visit.lines, held: false });
    await append(api, visit, add());
    const second = await append(api, visit, round());
    expect(second.event.payload.round).toBe(2);
    const { items, rounds } = await snapshotOf(visit);
    expect(items.map(({ state, round }: Json) => [state, round])).toEqual([
      ['sent', 1],
      ['sent', 1],
      ['sent', 2],
    ]);
    expect(rounds).toMatchObject([
      { round: 1, ticket_id: `${visit.sessionId}-1`, state: 'new', acknowledged_at: null, overdue: false },
      { round: 2, ticket_id: `${visit.sessionId}-2`, state: 'new' },
    ]);
    expect(await ticketsOf(visit)).toMatchObject([
      { round: 1, open_lines: 2, released: true },
      { round: 2, open_lines: 1, released: true },
    ]);
  });

  test('of some lines leaves the others on the phones; a line named twice is sent once', async () => {
    const { lines, ...visit } = await orderTwo();
    const { event: sent } = await append(api, visit, round([lines[1]!, lines[1]!]));
    expect(sent.payload.line_ids).toEqual([lines[1]]);
    expect((await snapshotOf(visit)).items.map(({ state }: Json) => state)).toEqual(['draft', 'sent']);
  });

  test('that is sent again with its key is the same round; phones that send at the same instant send nothing twice', async () => {
    const visit = await orderTwo();
    const friend = await joinTable(api, visit, 'Minh');
    const one = round();
    const answers = await Promise.all([
      ...[1, 2, 3].map(() => api.rest(`POST /sessions/${visit.sessionId}/events`, { as: visit.phone, body: one })),
      api.rest(`POST /sessions/${visit.sessionId}/events`, { as: friend.phone, body: round() }),
    ]);
    const codes = answers.map(({ status, body }) => body.code ?? status).sort();
    // Whoever of the two phones came second had nothing left to send.
    expect(codes.filter((code) => code === 201 || code === 'NO_DRAFT_LINES').length).toBeGreaterThanOrEqual(2);
    expect(await ticketsOf(visit)).toMatchObject([{ round: 1, open_lines: 2 }]);
  });

  test.each(faces)(
    'is refused without drafts, of strange or sent lines, and of a sold-out dish with its lines, over %s',
    async (face) => {
      const visit = await orderTwo();
      const send = async (payload: object, as = visit.phone) => {
        const at = { session_id: visit.sessionId };
        return call(api, face, { operation: 'append', at, as, body: event('submit_round', payload) });
      };
      await append(api, visit, round([visit.lines[0]!]));
      const before = await written(api);
      expect((await send({ line_ids: [randomUUID()] })).code).toBe('LINE_NOT_FOUND');
      expect(await send({ line_ids: [visit.lines[0]] })).toMatchObject({
        code: 'LINE_LOCKED',
        extra: { state: 'sent' },
      });
      expect((await send({ line_ids: [] })).code).toBe('VALIDATION_FAILED');
      const setRolls = (available: boolean) =>
        changeMenu(
          demo.location,
          () => api.sql`UPDATE menu_items SET available = ${available} WHERE id = ${demo.rolls}`,
        );
      await setRolls(false);
      try {
        expect(await send({})).toMatchObject({ code: 'ITEM_UNAVAILABLE', extra: { line_ids: [visit.lines[1]] } });
        expect(await written(api)).toEqual(before);
      } finally {
        await setRolls(true);
      }
      expect((await send({})).code).toBeUndefined();
      expect((await send({})).code).toBe('NO_DRAFT_LINES');
    },
  );

  test.each(faces)('is refused while ordering is paused, over %s', async (face) => {
    const place = await newLocation(api);
    const visit = await sitDown(api, place);
    await append(api, visit, add({ menu_item_id: place.itemId }));
    await changeMenu(place.locationId, () => {
      return api.sql`UPDATE locations SET ordering = 'paused' WHERE id = ${place.locationId}`;
    });
    const at = { session_id: visit.sessionId };
    const refused = await call(api, face, { operation: 'append', at, as: visit.phone, body: round() });
    expect(refused.code).toBe('ORDERING_PAUSED');
  });
});

/** Changes a location's menu by hand, and waits until this node obeys it. */
async function changeMenu(locationId: string, change: () => Promise<unknown>): Promise<void> {
  await change();
  const [row] = await api.sql`
    UPDATE locations SET menu_version = menu_version + 1 WHERE id = ${locationId} RETURNING menu_version::int AS version`;
  await eventually(async () => {
    const { body } = await api.rest(`GET /locations/${locationId}/menu`, { as: demo.staff });
    return body.version >= row?.version;
  });
}

describe('a sent line', () => {
  const step = (line_id: string | undefined, state: string, reason?: string) =>
    event('set_line_state', { line_id, state, ...(reason && { reason }) });

  test('goes to the table step by step; its ticket goes with it and is done in the end', async () => {
    const visit = await orderTwo();
    await append(api, visit, round());
    const [coffee, rolls] = visit.lines;
    const seen: string[] = [];
    for (const one of [
      step(coffee, 'preparing'),
      step(rolls, 'ready'),
      step(coffee, 'ready'),
      step(coffee, 'served'),
      step(rolls, 'served'),
    ]) {
      expect((await byStaff(visit, one)).status).toBe(201);
      seen.push((await snapshotOf(visit)).rounds[0].state);
    }
    expect(seen).toEqual(['preparing', 'preparing', 'ready', 'ready', 'done']);
    expect(await ticketsOf(visit)).toMatchObject([{ open_lines: 0, acknowledged: true }]);
    expect((await kitchenOf(visit.locationId)).filter(({ session_id }) => session_id === visit.sessionId)).toEqual([]);
  });

  test('that is cancelled costs nothing and stays in the list; also when the visit is over', async () => {
    const visit = await orderTwo();
    await append(api, visit, round());
    await api.rest(`POST /sessions/${visit.sessionId}/close`, { as: demo.staff, body: { reason: 'they left' } });
    expect((await byStaff(visit, step(visit.lines[0], 'cancelled', 'never came'))).status).toBe(201);
    const { items, total } = await snapshotOf(visit);
    expect(items[0]).toMatchObject({ state: 'cancelled', line_total: 0 });
    expect(total).toBe(55_000);
  });

  test.each(faces)('is refused what it cannot become, without a reason, and by a guest, over %s', async (face) => {
    const { lines, ...visit } = await orderTwo();
    await append(api, visit, round([lines[0]!]));
    const send = (payload: object, as: string = demo.staff) =>
      call(api, face, {
        operation: 'append',
        at: { session_id: visit.sessionId },
        as,
        body: event('set_line_state', payload),
      });
    const before = await written(api);
    expect(await send({ line_id: lines[1], state: 'served' })).toMatchObject({
      code: 'INVALID_LINE_STATE',
      extra: { state: 'draft', wanted: 'served' },
    });
    expect((await send({ line_id: lines[0], state: 'sent' })).code).toBe('INVALID_LINE_STATE');
    expect((await send({ line_id: lines[0], state: 'cancelled' })).code).toBe('VALIDATION_FAILED');
    expect((await send({ line_id: lines[0], state: 'draft' })).code).toBe('VALIDATION_FAILED');
    expect((await send({ line_id: randomUUID(), state: 'served' })).code).toBe('LINE_NOT_FOUND');
    expect((await send({ line_id: lines[0], state: 'served' }, visit.phone)).code).toBe('FORBIDDEN');
    expect((await send({ line_id: lines[0], state: 'served' }, demo.otherStaff)).code).toBe('NOT_FOUND');
    expect(await written(api)).toEqual(before);
  });
});

describe('a ticket', () => {
  const acknowledge = (face: Face, ticketId: string, as: string = demo.staff) =>
    call(api, face, { operation: 'acknowledge', at: { ticket_id: ticketId }, as });

  test('is in the kitchen with the present table, its lines and notes, oldest first', async () => {
    const place = await newLocation(api);
    const [early, late] = [await sitDown(api, place), await sitDown(api, await tableAt(place.locationId))];
    for (const visit of [early, late]) {
      await append(api, visit, add({ menu_item_id: place.itemId, note: 'ít cay' }));
      await append(api, visit, round());
    }
    const target = await tableAt(place.locationId);
    await api.rest(`POST /sessions/${early.sessionId}/move`, { as: demo.staff, body: { table_id: target.tableId } });
    const tickets = await kitchenOf(place.locationId);
    expect(tickets).toMatchObject([
      {
        session_id: early.sessionId,
        table_id: target.tableId,
        table_name: `X ${target.tableId}`,
        state: 'new',
        overdue: false,
      },
      { session_id: late.sessionId, round: 1, items: [{ name: 'Cơm', note: 'ít cay', quantity: 1, state: 'sent' }] },
    ]);
    expect(tickets[0].age_seconds).toBeGreaterThanOrEqual(0);
    await acknowledge('REST', tickets[0].ticket_id);
    expect((await kitchenOf(place.locationId, '?state=acknowledged')).map(({ session_id }) => session_id)).toEqual([
      early.sessionId,
    ]);
  });

  test.each(faces)('is acknowledged once, however often the kitchen says so, over %s', async (face) => {
    const visit = await orderTwo();
    await append(api, visit, round());
    const answers = await Promise.all([1, 2, 3].map(() => acknowledge(face, `${visit.sessionId}-1`)));
    for (const { code, data } of answers) {
      expect(code).toBeUndefined();
      expect(JSON.stringify(data).toLowerCase()).toContain('acknowledged');
    }
    const { rounds, last_event_seq } = await snapshotOf(visit);
    expect(rounds[0]).toMatchObject({ state: 'acknowledged', acknowledged_at: expect.stringMatching(/Z$/) });
    expect(last_event_seq).toBe(6);
  });

  test.each(faces)('that is none, of a stranger, or asked for by a guest, is refused over %s', async (face) => {
    const visit = await orderTwo();
    await append(api, visit, round());
    const id = `${visit.sessionId}-1`;
    for (const wrong of [`${visit.sessionId}-2`, `${randomUUID()}-1`, visit.sessionId, 'x', `${visit.sessionId}-01`]) {
      expect((await acknowledge(face, wrong)).code, wrong).toBe('NOT_FOUND');
    }
    expect((await acknowledge(face, id, demo.otherStaff)).code).toBe('NOT_FOUND');
    expect((await acknowledge(face, id, visit.phone)).code).toBe('FORBIDDEN');
    const elsewhere = await newLocation(api);
    expect((await acknowledge(face, id, await newKey(api, { locationId: elsewhere.locationId }))).code).toBe(
      'NOT_FOUND',
    );
    expect(await ticketsOf(visit)).toMatchObject([{ acknowledged: false }]);
  });

  test.each(faces)(
    'kitchen and floor of another restaurant are not there, and not for guests, over %s',
    async (face) => {
      const visit = await sitDown(api);
      for (const operation of ['kitchen', 'floor'] as const) {
        const ask = (as: string | undefined, location_id: string = demo.location) =>
          call(api, face, { operation, at: { location_id }, ...(as && { as }) });
        expect((await ask(demo.otherStaff)).code).toBe('NOT_FOUND');
        expect((await ask(demo.staff, randomUUID())).code).toBe('NOT_FOUND');
        expect((await ask(visit.phone)).code).toBe('FORBIDDEN');
        expect((await ask(undefined)).code).toBe('UNAUTHENTICATED');
      }
    },
  );
});

const tableAt = (locationId: string) => newTable(api, locationId);

describe('where guests pay first', () => {
  const payFirst = async (): Promise<Visit & { itemId: string }> => {
    const place = await newLocation(api, { pay_first: true });
    return { ...(await sitDown(api, place)), itemId: place.itemId };
  };

  test('a round waits for its payment, and is released by the statement that settles it', async () => {
    const visit = await payFirst();
    await append(api, visit, add({ menu_item_id: visit.itemId }));
    expect((await append(api, visit, round())).event.payload.held).toBe(true);
    expect(await ticketsOf(visit)).toMatchObject([{ released: false }]);
    expect((await snapshotOf(visit)).rounds[0]).toMatchObject({ state: 'held', released_at: null });
    expect(await kitchenOf(visit.locationId)).toEqual([]);
    const acknowledged = await api.rest(`POST /tickets/${visit.sessionId}-1/acknowledge`, { as: demo.staff });
    expect(acknowledged.status).toBe(404);
    await pay(visit);
    const { status, payment_status, rounds } = await snapshotOf(visit);
    expect({ status, payment_status }).toEqual({ status: 'open', payment_status: 'full' });
    expect(rounds[0]).toMatchObject({ state: 'new', released_at: expect.stringMatching(/Z$/) });
    expect(await kitchenOf(visit.locationId)).toMatchObject([{ session_id: visit.sessionId }]);
    const [{ same }] = (await api.sql`
      SELECT t.released_at = e.created_at AS same FROM kitchen_tickets t
      JOIN session_events e ON e.session_id = t.session_id AND e.event_type = 'payment_settled'
      WHERE t.session_id = ${visit.sessionId}`) as unknown as [Json];
    expect(same).toBe(true);
  });

  test('drafts that are paid go to the kitchen in the statement that settles them, and what came later waits', async () => {
    const visit = await payFirst();
    await append(api, visit, add({ menu_item_id: visit.itemId }));
    const intent = await startPaying(api, visit);
    await append(api, visit, add({ menu_item_id: visit.itemId }));
    await atProvider(api, intent, 'pay');
    expect((await snapshotOf(visit)).items.map(({ state }: Json) => state)).toEqual(['draft', 'draft']);
    await pay(visit);
    expect((await snapshotOf(visit)).items.map(({ state, round }: Json) => [state, round])).toEqual([
      ['sent', 1],
      ['sent', 1],
    ]);
  });

  test('who pays for lines of his own has them cooked, and nobody else theirs', async () => {
    const visit = await payFirst();
    const friend = await joinTable(api, visit, 'Minh');
    const mine = (await append(api, visit, add({ menu_item_id: visit.itemId }))).event.payload.line_id;
    const theirs = (await append(api, friend, add({ menu_item_id: visit.itemId }))).event.payload.line_id;
    await pay(visit, { type: 'lines', line_ids: [mine] });
    const { items } = await snapshotOf(visit);
    expect(items.map(({ line_id, state }: Json) => [line_id, state])).toEqual([
      [mine, 'sent'],
      [theirs, 'draft'],
    ]);
    await append(api, friend, round());
    expect((await snapshotOf(visit)).rounds.map(({ state }: Json) => state)).toEqual(['new', 'held']);
  });

  async function pay(visit: Visit, split: object = { type: 'all' }): Promise<void> {
    await atProvider(api, await startPaying(api, visit, { split }), 'pay');
  }
});

describe('where guests eat first', () => {
  test('the payment that ends the visit sends the drafts that it paid, in its own statement', async () => {
    const visit = await orderTwo();
    await atProvider(api, await startPaying(api, visit), 'pay');
    const { status, items, rounds } = await snapshotOf(visit);
    expect(status).toBe('paid');
    expect(items.map(({ state }: Json) => state)).toEqual(['sent', 'sent']);
    expect(rounds).toHaveLength(1);
    const events = await api.sql`
      SELECT event_type, tx::text FROM session_events WHERE session_id = ${visit.sessionId} ORDER BY event_seq DESC LIMIT 3`;
    expect(events.map(({ event_type }) => event_type)).toEqual(['session_paid', 'submit_round', 'payment_settled']);
    expect(new Set(events.map(({ tx }) => tx)).size).toBe(1);
  });

  test('a part of the bill sends nothing', async () => {
    const visit = await orderTwo();
    await atProvider(api, await startPaying(api, visit, { split: { type: 'amount', amount: 50_000 } }), 'pay');
    expect((await snapshotOf(visit)).rounds).toEqual([]);
  });

  test('cash does the same, however often it is sent, and a late payment does not', async () => {
    const visit = await orderTwo();
    const body = { session_id: visit.sessionId, idempotency_key: randomUUID() };
    for (let n = 0; n < 2; n += 1) await api.rest('POST /admin/payments/cash', { as: demo.cashier, body });
    expect(await ticketsOf(visit)).toHaveLength(1);
    const left = await orderTwo();
    await api.rest(`POST /sessions/${left.sessionId}/close`, { as: demo.staff, body: { reason: 'left' } });
    const late = { session_id: left.sessionId, idempotency_key: randomUUID() };
    expect((await api.rest('POST /admin/payments/cash', { as: demo.cashier, body: late })).status).toBe(201);
    expect(await ticketsOf(left)).toEqual([]);
  });
});
