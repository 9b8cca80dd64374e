/** What a dispute is settled with: every step by name and time, the bill then, and what changed in between. */
import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  add,
  append,
  demo,
  type Json,
  newKey,
  newLocation,
  newTable,
  sitDown,
  useApi,
  type Visit,
} from '../support/api.js';

const api = useApi();
let visit: Visit;
let tables: readonly string[];

const event = (event_type: string, payload: object) => ({ idempotency_key: randomUUID(), event_type, payload });
const asStaff = (token: string = demo.staff, name = 'Hanh') => ({ as: token, headers: { 'X-Actor-Name': name } });

beforeAll(async () => {
  const [place, target] = [await newTable(api), await newTable(api)];
  tables = [place.tableId, target.tableId];
  visit = await sitDown(api, place);
  await append(api, visit, add({ quantity: 2, note: 'ít đá' }));
  const { body } = await api.rest(`GET /sessions/${visit.sessionId}/snapshot`, { as: demo.staff });
  const line = body.items[0].line_id;
  await append(api, visit, event('modify_qty', { line_id: line, delta: 1 }));
  await append(api, visit, add());
  await append(api, visit, event('submit_round', { line_ids: [line] }));
  const path = `/sessions/${visit.sessionId}`;
  await api.rest(`POST ${path}/events`, {
    ...asStaff(),
    body: event('set_line_state', { line_id: line, state: 'served' }),
  });
  await api.rest(`POST ${path}/events`, {
    ...asStaff(demo.cashier, 'Mai'),
    body: event('adjust_bill', { kind: 'discount', basis_points: 1000, reason: 'cold coffee' }),
  });
  await api.rest(`POST ${path}/move`, { ...asStaff(), body: { table_id: target.tableId } });
  await api.rest('POST /admin/payments/cash', {
    ...asStaff(demo.cashier, 'Mai'),
    body: { session_id: visit.sessionId, idempotency_key: randomUUID() },
  });
});

const history = (query = '', as: string | null = demo.staff, id = visit.sessionId) =>
  api.rest(`GET /sessions/${id}/history${query}`, { as });
const difference = (query: string, as: string | null = demo.staff, id = visit.sessionId) =>
  api.rest(`GET /sessions/${id}/difference${query}`, { as });
const pathsOf = (body: Json) => body.errors.map(({ path }: Json) => path);

describe('the history', () => {
  test('tells every step: who, when, what, and what the bill came to', async () => {
    const { status, body } = await history();
    expect(status).toBe(200);
    expect(body.steps.map(({ text, actor, total, due }: Json) => [actor.name, text, total, due])).toEqual([
      [null, expect.stringMatching(/^The visit began at table X /), 0, 0],
      ['Lan', 'Lan joined', 0, 0],
      ['Lan', expect.stringMatching(/^Added 2 × .*, [\d,]+ VND, “ít đá”$/), expect.any(Number), expect.any(Number)],
      ['Lan', expect.stringMatching(/^Changed .* from 2 to 3$/), expect.any(Number), expect.any(Number)],
      ['Lan', expect.stringMatching(/^Added 1 × /), expect.any(Number), expect.any(Number)],
      ['Lan', 'Sent 1 line as round 1 to the kitchen', expect.any(Number), expect.any(Number)],
      ['Hanh', expect.stringMatching(/^Set .* from sent to served$/), expect.any(Number), expect.any(Number)],
      ['Mai', 'Gave a discount of 10 %: cold coffee', expect.any(Number), expect.any(Number)],
      ['Hanh', expect.stringMatching(/^Moved from table X .* to table X /), expect.any(Number), expect.any(Number)],
      ['Mai', expect.stringMatching(/^Paid [\d,]+ VND in cash$/), expect.any(Number), 0],
      // What was paid goes to the kitchen, and that is the end.
      ['Mai', 'Sent 1 line as round 2 to the kitchen', expect.any(Number), 0],
      ['Mai', 'Everything was paid: the visit ended', expect.any(Number), 0],
    ]);
    expect(body.steps.map(({ event_seq: seq }: Json) => seq)).toEqual(body.steps.map((_: Json, at: number) => at + 1));
    expect(body).toMatchObject({ currency: 'VND', next_cursor: null });
    for (const step of body.steps as readonly Json[]) {
      const { body: then } = await api.rest(`GET /sessions/${visit.sessionId}/snapshot?at_seq=${step.event_seq}`, {
        as: demo.staff,
      });
      expect([step.total, step.paid, step.due]).toEqual([then.total, then.paid, then.due]);
    }
  });

  test('goes page by page, and is the same', async () => {
    const whole = (await history()).body.steps;
    const pages: Json[] = [];
    for (let cursor: number | null = 0; cursor !== null; ) {
      const { body } = await history(`?limit=5&cursor=${cursor}`);
      pages.push(...body.steps);
      cursor = body.next_cursor;
    }
    expect(pages).toEqual(whole);
    expect((await history('?cursor=100000')).body).toMatchObject({ steps: [], next_cursor: null });
  });

  test('is the same over GraphQL', async () => {
    const { body } = await api.graphql(
      `query ($id: UUID!) { history(sessionId: $id, after: 6, first: 2) {
        nodes { seq type text total actor { type name } } nextCursor pageInfo { hasNextPage hasPreviousPage endCursor } } }`,
      { id: visit.sessionId },
      { as: demo.staff },
    );
    expect(body.data.history).toMatchObject({
      nodes: [
        { seq: 7, type: 'SET_LINE_STATE', actor: { type: 'STAFF', name: 'Hanh' } },
        { seq: 8, type: 'ADJUST_BILL' },
      ],
      ...{ nextCursor: 8, pageInfo: { hasNextPage: true, hasPreviousPage: true, endCursor: '8' } },
    });
  });

  test.each([
    ['?limit=0', 'limit'],
    ['?limit=501', 'limit'],
    ['?cursor=-1', 'cursor'],
    ['?cursor=x', 'cursor'],
  ])('refuses %s', async (query, path) => {
    const answer = await history(query);
    expect([answer.status, pathsOf(answer.body)]).toEqual([400, [path]]);
  });
});

describe('the difference', () => {
  test('of two seqs has what came, went and changed, and nothing else', async () => {
    const { status, body } = await difference('?from_seq=3&to_seq=9');
    expect(status).toBe(200);
    expect(body.lines).toMatchObject([
      { before: { quantity: 2, state: 'draft', round: null }, after: { quantity: 3, state: 'served', round: 1 } },
      { before: null, after: { quantity: 1, state: 'draft' } },
    ]);
    expect(body.adjustments).toMatchObject([{ before: null, after: { basis_points: 1000, reason: 'cold coffee' } }]);
    expect([body.payments, body.devices]).toEqual([[], []]);
    expect(body.before).toMatchObject({ seq: 3, status: 'open', table_id: tables[0] });
    expect(body.after).toMatchObject({ seq: 9, status: 'open', table_id: tables[1] });
    expect(body.after.total).toBeGreaterThan(body.before.total);
  });

  test('of the whole visit has the payment and the phone', async () => {
    const { body } = await difference('?from_seq=1&to_seq=12');
    expect(body.devices).toMatchObject([{ before: null, after: { name: 'Lan', state: 'admitted' } }]);
    expect(body.payments).toMatchObject([
      { before: null, after: { method: 'cash', status: 'succeeded', actor: { name: 'Mai' }, refunded_amount: 0 } },
    ]);
    expect(body.after).toMatchObject({ status: 'paid', due: 0 });
  });

  test('turned around is turned around, and of one seq with itself is empty', async () => {
    const [there, back] = [
      (await difference('?from_seq=3&to_seq=9')).body,
      (await difference('?from_seq=9&to_seq=3')).body,
    ];
    expect([back.before, back.after]).toEqual([there.after, there.before]);
    expect(back.lines).toHaveLength(there.lines.length);
    const { body } = await difference('?from_seq=5&to_seq=5');
    expect([body.lines, body.adjustments, body.payments, body.devices]).toEqual([[], [], [], []]);
    expect(body.before).toEqual(body.after);
  });

  test('is the same over GraphQL', async () => {
    const { body } = await api.graphql(
      `query ($id: UUID!) { billDifference(sessionId: $id, fromSeq: 3, toSeq: 9) {
        lines { before { quantity } after { quantity } } before { seq total } after { seq } } }`,
      { id: visit.sessionId },
      { as: demo.staff },
    );
    expect(body.data.billDifference).toMatchObject({
      lines: [
        { before: { quantity: 2 }, after: { quantity: 3 } },
        { before: null, after: { quantity: 1 } },
      ],
      ...{ before: { seq: 3 }, after: { seq: 9 } },
    });
  });

  test.each([
    ['?from_seq=0&to_seq=3', ['from_seq']],
    ['?from_seq=1&to_seq=13', ['to_seq']],
    ['?from_seq=99&to_seq=-1', ['from_seq', 'to_seq']],
    ['?to_seq=3', ['from_seq']],
    ['?from_seq=x&to_seq=3', ['from_seq']],
  ])('refuses %s', async (query, paths) => {
    const answer = await difference(query);
    expect([answer.status, pathsOf(answer.body)]).toEqual([400, paths]);
  });

  test('refuses seqs that the visit does not have over GraphQL, too', async () => {
    const { body } = await api.graphql(
      'query ($id: UUID!) { billDifference(sessionId: $id, fromSeq: 0, toSeq: 3) { before { seq } } }',
      { id: visit.sessionId },
      { as: demo.staff },
    );
    expect(body.errors[0].extensions).toMatchObject({ code: 'VALIDATION_FAILED', errors: [{ path: 'from_seq' }] });
  });
});

describe('both', () => {
  test.each([
    ['history', ''],
    ['difference', '?from_seq=1&to_seq=2'],
  ])('%s is for staff of the place', async (route, query) => {
    const elsewhere = await newLocation(api);
    const bound = await newKey(api, { locationId: elsewhere.locationId });
    const ask = (as: string | null, id: string = visit.sessionId) =>
      api.rest(`GET /sessions/${id}/${route}${query}`, { as });
    expect((await ask(visit.phone)).status).toBe(403);
    expect((await ask(null)).status).toBe(401);
    expect((await ask(demo.operator)).status).toBe(403);
    expect((await ask(bound)).status).toBe(404);
    expect((await ask(demo.otherStaff)).status).toBe(404);
    expect((await ask(demo.staff, randomUUID())).status).toBe(404);
    expect((await ask(demo.cashier)).status).toBe(200);
    const field =
      route === 'history' ? 'history(sessionId: $id)' : 'billDifference(sessionId: $id, fromSeq: 1, toSeq: 2)';
    for (const [as, code] of [
      [visit.phone, 'FORBIDDEN'],
      [demo.otherStaff, 'NOT_FOUND'],
    ] as const) {
      const { body } = await api.graphql(
        `query ($id: UUID!) { ${field} { __typename } }`,
        { id: visit.sessionId },
        { as },
      );
      expect(body.errors[0].extensions.code).toBe(code);
    }
  });
});
