/** Visits that ended with something due: found, given up by name, or paid after all. */
import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { asId, type SessionId } from '../../src/domain/ids.js';
import { fold, blankBill } from '../../src/domain/fold.js';
import {
  add,
  append,
  type Ask,
  demo,
  type Json,
  newKey,
  newLocation,
  newTable,
  type Place,
  sitDown,
  useApi,
  type Visit,
  written,
} from '../support/api.js';
import { eventOf, logFaults, readRows } from '../support/log-check.js';
import { endTime } from '../support/session-time.js';

const api = useApi();
let kitchen: Place & { readonly itemId: string };

beforeAll(async () => {
  kitchen = await newLocation(api);
});

interface Wanted {
  readonly sent?: boolean;
  readonly end?: 'close' | 'time' | 'none';
  readonly at?: typeof kitchen;
}

/** A visit that owes 50,000. */
async function meal({ sent = true, end = 'close', at = kitchen }: Wanted = {}): Promise<Visit> {
  const visit = await sitDown(api, await newTable(api, at.locationId));
  await append(api, visit, add({ menu_item_id: at.itemId }));
  if (sent) await append(api, visit, { idempotency_key: randomUUID(), event_type: 'submit_round', payload: {} });
  if (end === 'close')
    await api.rest(`POST /sessions/${visit.sessionId}/close`, { as: demo.staff, body: { reason: 'gone' } });
  if (end === 'time') await endTime(api.sql, asId<SessionId>(visit.sessionId));
  return visit;
}

const list = (query: string, as: string = demo.cashier) => api.rest(`GET /admin/sessions?${query}`, { as });
const idsOf = (body: Json): readonly string[] => body.sessions.map(({ session_id: id }: Json) => id);
const unpaid = async (at = kitchen) => idsOf((await list(`unpaid=true&location_id=${at.locationId}`)).body);

const giveUp = (visit: Pick<Visit, 'sessionId'>, ask: Ask & { reason?: unknown } = {}) => {
  const { reason = 'left without paying', ...rest } = ask;
  return api.rest(`POST /admin/sessions/${visit.sessionId}/write-off`, { as: demo.cashier, body: { reason }, ...rest });
};
const overGraphql = (
  visit: Pick<Visit, 'sessionId'>,
  reason = 'left without paying',
  ask: Ask = { as: demo.cashier },
) =>
  api.graphql(
    `mutation ($input: WriteOffSessionInput!) { writeOffSession(input: $input) { session { id due } snapshot { writtenOff } } }`,
    { input: { sessionId: visit.sessionId, reason } },
    ask,
  );
const codeOf = ({ body }: { body: Json }) => body.errors[0].extensions.code;

describe('the list', () => {
  test('of unpaid sessions has those that ended with something due for what the kitchen got', async () => {
    const at = await newLocation(api);
    const [closed, timedOut] = [await meal({ at }), await meal({ at, end: 'time' })];
    await meal({ at, sent: false });
    await meal({ at, end: 'none' });
    const cash = { session_id: (await meal({ at })).sessionId, idempotency_key: randomUUID() };
    expect((await api.rest('POST /admin/payments/cash', { as: demo.cashier, body: cash })).status).toBe(201);
    const { body } = await list(`unpaid=true&location_id=${at.locationId}`);
    expect(body.sessions).toMatchObject([
      { session_id: timedOut.sessionId, status: 'expired', due: 50_000, sent_lines: 1, ended_at: expect.any(String) },
      {
        ...{ session_id: closed.sessionId, location_id: at.locationId, table_id: closed.tableId, status: 'closed' },
        ...{ total: 50_000, paid: 0, due: 50_000, payment_status: 'none', currency: 'VND', written_off: null },
      },
    ]);
    expect(body.totals).toEqual([{ currency: 'VND', count: 2, total: 100_000, paid: 0, due: 100_000 }]);
    expect(body.next_cursor).toBeNull();
  });

  test('goes page by page, by status and time', async () => {
    const at = await newLocation(api);
    const visits = [await meal({ at }), await meal({ at, end: 'time' }), await meal({ at, end: 'none' })];
    const ids = visits.map(({ sessionId }) => sessionId).reverse();
    const first = await list(`location_id=${at.locationId}&limit=2`);
    expect(idsOf(first.body)).toEqual(ids.slice(0, 2));
    const second = await list(`location_id=${at.locationId}&limit=2&cursor=${first.body.next_cursor}`);
    expect([idsOf(second.body), second.body.next_cursor]).toEqual([ids.slice(2), null]);
    expect(idsOf((await list(`location_id=${at.locationId}&status=open`)).body)).toEqual([ids[0]]);
    expect(idsOf((await list(`location_id=${at.locationId}&status=expired`)).body)).toEqual([ids[1]]);
    await api.sql`UPDATE qr_sessions SET opened_at = '2026-03-05T16:59:00Z' WHERE id = ${ids[2] ?? ''}`;
    expect(idsOf((await list(`location_id=${at.locationId}&from=2026-03-05&to=2026-03-05`)).body)).toEqual([ids[2]]);
    expect(idsOf((await list(`location_id=${at.locationId}&to=2026-03-04`)).body)).toEqual([]);
    expect(idsOf((await list(`location_id=${at.locationId}&from=2026-03-05T17:00:00Z`)).body)).toEqual(ids.slice(0, 2));
  });

  test('has the same filters over GraphQL, also where it is for staff', async () => {
    const at = await newLocation(api);
    const visit = await meal({ at });
    await meal({ at, sent: false });
    const staff = await api.graphql(
      'query ($id: UUID!) { sessions(locationId: $id, unpaid: true, from: "2026-01-01") { edges { node { id due } } } }',
      { id: at.locationId },
      { as: demo.staff },
    );
    expect(staff.body.data.sessions.edges).toEqual([{ node: { id: visit.sessionId, due: 50_000 } }]);
    const cashier = await api.graphql(
      `query ($f: SessionFilter) { sessionSearch(filter: $f) { nodes { id writtenOff } totals { due } pageInfo { hasNextPage } } }`,
      { f: { locationId: at.locationId, unpaid: true } },
      { as: demo.cashier },
    );
    expect(cashier.body.data.sessionSearch).toEqual({
      ...{ nodes: [{ id: visit.sessionId, writtenOff: null }], totals: [{ due: 50_000 }] },
      pageInfo: { hasNextPage: false },
    });
  });

  test.each([
    ['limit=0', 'limit'],
    ['limit=501', 'limit'],
    ['cursor=x', 'cursor'],
    ['status=eaten', 'status'],
    ['unpaid=maybe', 'unpaid'],
    ['from=yesterday', 'from'],
    ['from=2026-01-01', 'from'],
    ['from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z', 'to'],
  ])('refuses %s', async (query, path) => {
    const answer = await list(query);
    expect(answer.status).toBe(400);
    expect(answer.body.errors[0].path).toContain(path);
  });

  test('is for cashiers, and shows no other tenant and no other location', async () => {
    const visit = await meal();
    const elsewhere = await newLocation(api);
    const bound = await newKey(api, { role: 'cashier', locationId: elsewhere.locationId });
    expect((await list('', demo.staff)).status).toBe(403);
    expect((await list('', visit.phone)).status).toBe(403);
    expect((await list('', demo.operator)).status).toBe(403);
    expect((await api.rest('GET /admin/sessions', { as: null })).status).toBe(401);
    expect((await list(`location_id=${kitchen.locationId}`, bound)).status).toBe(404);
    expect((await list(`location_id=${demo.otherLocation}`)).status).toBe(404);
    expect((await list(`location_id=${randomUUID()}`)).status).toBe(404);
    expect(idsOf((await list('', bound)).body)).toEqual([]);
    expect(idsOf((await list('limit=500')).body)).toContain(visit.sessionId);
    const foreign = await api.graphql('{ sessionSearch { nodes { id } } }', {}, { as: demo.staff });
    expect(codeOf(foreign)).toBe('FORBIDDEN');
  });
});

describe('a write-off', () => {
  test('takes the visit off the list, is in the log by name, and happens once', async () => {
    const visit = await meal();
    expect(await unpaid()).toContain(visit.sessionId);
    const answer = await giveUp(visit, { headers: { 'X-Actor-Name': 'Mai' } });
    expect(answer).toMatchObject({
      status: 200,
      body: { session_id: visit.sessionId, status: 'closed', due: 50_000, written_off: 50_000 },
    });
    expect(await unpaid()).not.toContain(visit.sessionId);
    const repeat = await giveUp(visit, { reason: 'again', headers: { 'X-Actor-Name': 'An' } });
    expect(repeat).toMatchObject({ status: 200, body: { written_off: 50_000 } });
    expect((await overGraphql(visit)).body.data.writeOffSession).toMatchObject({ snapshot: { writtenOff: 50_000 } });

    const rows = await readRows(api.sql, asId<SessionId>(visit.sessionId));
    const events = rows.filter(({ event_type: type }) => type === 'session_written_off');
    expect(events).toMatchObject([
      { payload: { amount: 50_000, reason: 'left without paying' }, actor: { type: 'staff', name: 'Mai' } },
    ]);
    const kept = await api.sql`SELECT amount::int, reason, actor->>'name' AS by, location_id FROM session_write_offs
      WHERE session_id = ${visit.sessionId}`;
    expect([...kept]).toEqual([
      { amount: 50_000, reason: 'left without paying', by: 'Mai', location_id: kitchen.locationId },
    ]);
    expect(fold(blankBill(rows[0]!.tenant_id, rows[0]!.session_id), rows.map(eventOf)).writtenOff).toBe(50_000);
    expect(
      (await logFaults(api.sql, asId<SessionId>(visit.sessionId))).filter((one) => !one.startsWith('draft')),
    ).toEqual([]);
  });

  test('by many at the same instant is one', async () => {
    const visit = await meal();
    const answers = await Promise.all(Array.from({ length: 8 }, () => giveUp(visit)));
    expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(200));
    const rows = await readRows(api.sql, asId<SessionId>(visit.sessionId));
    expect(rows.filter(({ event_type: type }) => type === 'session_written_off')).toHaveLength(1);
  });

  test('of a visit whose time is over, before anybody has written that down', async () => {
    const visit = await meal({ end: 'time' });
    expect((await giveUp(visit)).body).toMatchObject({ written_off: 50_000, status: 'expired' });
    expect(await unpaid()).not.toContain(visit.sessionId);
  });

  test('does not keep the money from being taken later', async () => {
    const [visit, other] = [await meal(), await meal()];
    const pay = ({ sessionId }: Visit) =>
      api.rest('POST /admin/payments/cash', {
        as: demo.cashier,
        body: { session_id: sessionId, idempotency_key: randomUUID() },
      });
    await giveUp(visit);
    expect((await pay(visit)).status).toBe(201);
    expect((await pay(other)).status).toBe(201);
    const snapshot = await api.rest(`GET /sessions/${visit.sessionId}/snapshot`, { as: demo.staff });
    expect(snapshot.body).toMatchObject({ paid: 50_000, due: 0, written_off: 50_000 });
    const listed = await unpaid();
    expect([visit, other].filter(({ sessionId }) => listed.includes(sessionId))).toEqual([]);
  });

  test('of a visit that goes on, or owes nothing, is refused', async () => {
    const going = await meal({ end: 'none' });
    const paid = await meal();
    await api.rest('POST /admin/payments/cash', {
      as: demo.cashier,
      body: { session_id: paid.sessionId, idempotency_key: randomUUID() },
    });
    const before = await written(api);
    for (const visit of [going, paid]) {
      expect(await giveUp(visit)).toMatchObject({ status: 409, body: { code: 'NOTHING_DUE' } });
      expect(codeOf(await overGraphql(visit))).toBe('NOTHING_DUE');
    }
    expect(await written(api)).toEqual(before);
  });

  test.each([
    ['', 'reason'],
    ['   ', 'reason'],
    ['x'.repeat(201), 'reason'],
    ['a\0b', 'reason'],
    [null, 'reason'],
  ])('with the reason %j is refused', async (reason, path) => {
    const visit = await meal();
    const before = await written(api);
    const answer = await giveUp(visit, { reason });
    expect(answer).toMatchObject({ status: 400, body: { code: 'VALIDATION_FAILED', errors: [{ path }] } });
    if (typeof reason === 'string') expect(codeOf(await overGraphql(visit, reason))).toBe('VALIDATION_FAILED');
    expect(await written(api)).toEqual(before);
  });

  test('with a field more is refused', async () => {
    const answer = await giveUp(await meal(), { body: { reason: 'x', amount: 1 } });
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ path: 'amount' }] } });
  });

  test('is for cashiers of the place, by name', async () => {
    const visit = await meal();
    const elsewhere = await newLocation(api);
    const before = await written(api);
    const shared = await newKey(api, { role: 'cashier', shared: true });
    const bound = await newKey(api, { role: 'cashier', locationId: elsewhere.locationId });
    expect((await giveUp(visit, { as: demo.staff })).status).toBe(403);
    expect((await giveUp(visit, { as: visit.phone })).status).toBe(403);
    expect((await giveUp(visit, { as: null })).status).toBe(401);
    expect((await giveUp(visit, { as: bound })).status).toBe(404);
    expect((await giveUp({ sessionId: randomUUID() })).status).toBe(404);
    expect(await giveUp(visit, { as: shared })).toMatchObject({
      status: 400,
      body: { errors: [{ path: 'X-Actor-Name' }] },
    });
    expect(codeOf(await overGraphql(visit, 'x', { as: demo.staff }))).toBe('FORBIDDEN');
    expect(codeOf(await overGraphql(visit, 'x', { as: bound }))).toBe('NOT_FOUND');
    expect(await written(api)).toEqual(before);
  });
});
