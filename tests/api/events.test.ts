import { beforeAll, describe, expect, test } from 'vitest';
import type { SessionId } from '../../src/domain/ids.js';
import { totalsOf } from '../../src/domain/pricing.js';
import {
  add,
  append,
  demo,
  type Json,
  newEventKey,
  newLocation,
  sitDown,
  useApi,
  type Visit,
  written,
} from '../support/api.js';
import { call, type Call, type Face, faces, type Outcome } from '../support/faces.js';
import { eventually } from '../support/eventually.js';
import { eventOf, foldRows, logFaults, readRows } from '../support/log-check.js';

const api = useApi();

/** An appended event in the words of neither face. */
function appendedOf(face: Face, { data, code, answer }: Outcome) {
  if (!data) throw new Error(`not appended: ${code} ${answer.text}`);
  return face === 'REST'
    ? { id: data.event_id, seq: data.event_seq, replayed: data.replayed, payload: data.event.payload }
    : { id: data.event.id, seq: data.event.seq, replayed: data.replayed, payload: data.event.payload };
}

const appending = (visit: Visit, body: object, rest: Partial<Call> = {}): Call => ({
  operation: 'append',
  at: { session_id: visit.sessionId },
  as: visit.phone,
  body,
  ...rest,
});
const inBatch = (visit: Visit, events: readonly object[], rest: object = {}): Call => ({
  operation: 'batch',
  at: { session_id: visit.sessionId },
  as: visit.phone,
  body: { events, ...rest },
});
const billOf = async (visit: Visit): Promise<Json> =>
  (await api.rest(`GET /sessions/${visit.sessionId}/snapshot`, { as: visit.phone })).body;

describe.each(faces)('over %s', (face) => {
  describe('one event', () => {
    test('is written once, however often it is sent, also at the same instant', async () => {
      const visit = await sitDown(api);
      const event = add({ quantity: 2 });
      const outcomes = await Promise.all(Array.from({ length: 10 }, () => call(api, face, appending(visit, event))));
      const appended = outcomes.map((outcome) => appendedOf(face, outcome));
      expect(new Set(appended.map(({ id, seq }) => `${id} ${seq}`)).size).toBe(1);
      expect(appended.filter(({ replayed }) => !replayed)).toHaveLength(1);
      if (face === 'REST') {
        for (const { answer, data } of outcomes) {
          expect(answer.status).toBe(data.replayed ? 200 : 201);
          expect(answer.headers.get('idempotency-replayed')).toBe(data.replayed ? 'true' : null);
        }
      }
      expect(await billOf(visit)).toMatchObject({ total: 70_000, last_event_seq: 3 });
    });

    test('is the same whatever is left out, null, or in another order', async () => {
      const visit = await sitDown(api);
      const key = newEventKey();
      const payload = { menu_item_id: demo.coffee, quantity: 1 };
      const first = appendedOf(
        face,
        await call(api, face, appending(visit, { ...add(), idempotency_key: key, payload })),
      );
      for (const same of [
        { quantity: 1, menu_item_id: demo.coffee, note: null },
        { ...payload, options: null, for_device_id: null },
        { ...payload, menu_item_id: demo.coffee.toUpperCase() },
      ]) {
        const body = { idempotency_key: key, event_type: 'add_item', payload: same, expected_seq: 1 };
        const again = appendedOf(face, await call(api, face, appending(visit, body)));
        expect(again).toEqual({ ...first, replayed: true });
      }
    });

    test('replays after the session has ended, where a new one is refused', async () => {
      const visit = await sitDown(api);
      const event = add();
      const first = appendedOf(face, await call(api, face, appending(visit, event)));
      await api.rest(`POST /sessions/${visit.sessionId}/close`, { as: demo.staff, body: { reason: 'late' } });
      expect(appendedOf(face, await call(api, face, appending(visit, event)))).toEqual({ ...first, replayed: true });
      expect((await call(api, face, appending(visit, add()))).code).toBe('SESSION_NOT_OPEN');
    });

    test('that was refused has used up no key', async () => {
      const visit = await sitDown(api);
      const event = add({ quantity: 100 });
      expect((await call(api, face, appending(visit, event))).code).toBe('QUANTITY_OUT_OF_RANGE');
      const mended = { ...event, payload: { ...event.payload, quantity: 99 } };
      expect(appendedOf(face, await call(api, face, appending(visit, mended))).replayed).toBe(false);
    });

    test('by staff carries the key and its name', async () => {
      const visit = await sitDown(api);
      await call(api, face, appending(visit, add({ for_device_id: visit.deviceId }), { as: demo.staff }));
      const { body } = await api.rest(`GET /sessions/${visit.sessionId}/events?cursor=2`, { as: visit.phone });
      expect(body.events[0].actor).toMatchObject({ type: 'staff', name: 'Demo staff' });
      expect((await billOf(visit)).items[0].added_by).toEqual({ type: 'device', id: visit.deviceId, name: 'Lan' });
    });

    test('keeps a note of 200 characters in any script', async () => {
      const visit = await sitDown(api);
      const note = 'không hành, ít cay 🌶️ '.padEnd(200, 'ờ');
      const { payload } = appendedOf(face, await call(api, face, appending(visit, add({ note }))));
      expect(payload.note).toBe(note);
      expect((await billOf(visit)).items[0].note).toBe(note);
    });
  });

  describe('portions', () => {
    const changing = (visit: Visit, line: string, payload: object): Call =>
      appending(visit, {
        idempotency_key: newEventKey(),
        event_type: 'modify_qty',
        payload: { line_id: line, ...payload },
      });

    test('are set, moved by a delta, and 0 takes the line off', async () => {
      const visit = await sitDown(api);
      const { payload } = appendedOf(face, await call(api, face, appending(visit, add())));
      const expected: [object, number][] = [
        [{ quantity: 5 }, 5],
        [{ delta: -2 }, 3],
        [{ delta: 96 }, 99],
      ];
      for (const [change, result] of expected) {
        const changed = appendedOf(face, await call(api, face, changing(visit, payload.line_id, change)));
        expect(changed.payload.quantity).toBe(result);
      }
      await call(api, face, changing(visit, payload.line_id, { quantity: 0 }));
      expect((await billOf(visit)).items).toEqual([]);
      expect((await call(api, face, changing(visit, payload.line_id, { delta: 1 }))).code).toBe('LINE_NOT_FOUND');
    });

    test('by two phones that tap + at once both count', async () => {
      const visit = await sitDown(api);
      const { payload } = appendedOf(face, await call(api, face, appending(visit, add())));
      await Promise.all(
        Array.from({ length: 20 }, () => call(api, face, changing(visit, payload.line_id, { delta: 1 }))),
      );
      expect((await billOf(visit)).items[0].quantity).toBe(21);
    });

    test('of a line that is taken off are gone', async () => {
      const visit = await sitDown(api);
      const { payload } = appendedOf(face, await call(api, face, appending(visit, add())));
      const removal = {
        idempotency_key: newEventKey(),
        event_type: 'remove_item',
        payload: { line_id: payload.line_id },
      };
      await call(api, face, appending(visit, removal));
      expect(await billOf(visit)).toMatchObject({ items: [], total: 0, last_event_seq: 4 });
    });
  });

  describe('a batch', () => {
    const seqs = (outcome: Outcome): readonly number[] =>
      outcome.data.events.map((one: Json) => (face === 'REST' ? one.event_seq : one.event.seq));

    test('of 50 is written in order', async () => {
      const visit = await sitDown(api);
      const outcome = await call(
        api,
        face,
        inBatch(
          visit,
          Array.from({ length: 50 }, () => add()),
        ),
      );
      if (face === 'REST') expect(outcome.answer.status).toBe(201);
      expect(seqs(outcome)).toEqual(Array.from({ length: 50 }, (_, index) => index + 3));
    });

    test.each([
      ['a sold-out item', { menu_item_id: demo.soldOut }, 'ITEM_UNAVAILABLE'],
      ['too many portions', { quantity: 100 }, 'QUANTITY_OUT_OF_RANGE'],
      ['a note that is too long', { note: 'x'.repeat(201) }, 'VALIDATION_FAILED'],
    ])('with %s in third place is written not at all, and says which one', async (_, payload, code) => {
      const visit = await sitDown(api);
      const before = await written(api);
      const events = [add(), add(), add(payload), add(), add({ quantity: 1_000 })];
      const outcome = await call(api, face, inBatch(visit, events));
      expect([outcome.code, outcome.extra.index]).toEqual([code, 2]);
      expect(await written(api)).toEqual(before);
    });

    test('of which some are known writes the others; of which all are known writes none', async () => {
      const visit = await sitDown(api);
      const events = [add(), add(), add()];
      const first = appendedOf(face, await call(api, face, appending(visit, events[1] ?? {})));
      const outcome = await call(api, face, inBatch(visit, events));
      expect(seqs(outcome)).toEqual([4, first.seq, 5]);
      expect(outcome.data.events.map((one: Json) => one.replayed)).toEqual([false, true, false]);
      const again = await call(api, face, inBatch(visit, events));
      expect(seqs(again)).toEqual([4, 3, 5]);
      if (face === 'REST') {
        expect([outcome.answer.status, outcome.answer.headers.get('idempotency-replayed')]).toEqual([201, null]);
        expect([again.answer.status, again.answer.headers.get('idempotency-replayed')]).toEqual([200, 'true']);
      }
      expect((await billOf(visit)).last_event_seq).toBe(5);
    });

    test('with a key that was used for something else is written not at all', async () => {
      const visit = await sitDown(api);
      const first = add();
      await append(api, visit, first);
      const before = await written(api);
      const outcome = await call(
        api,
        face,
        inBatch(visit, [add(), { ...add({ quantity: 5 }), idempotency_key: first.idempotency_key }]),
      );
      expect([outcome.code, outcome.extra]).toEqual([
        'IDEMPOTENCY_KEY_REUSED',
        expect.objectContaining({ index: 1, event_seq: 3 }),
      ]);
      expect(await written(api)).toEqual(before);
    });
  });

  describe('an expected seq', () => {
    test('that is the last lets the event through, one that is not tells what was missed', async () => {
      const visit = await sitDown(api);
      await call(api, face, appending(visit, { ...add(), expected_seq: 2 }));
      const mine = await append(api, visit, add({ quantity: 7 }));
      const { code, extra } = await call(api, face, appending(visit, { ...add(), expected_seq: 3 }));
      expect(code).toBe('SEQ_CONFLICT');
      expect(extra).toMatchObject({ current_seq: 4, has_more: false, events: [mine.event] });
      expect(
        appendedOf(face, await call(api, face, appending(visit, { ...add(), expected_seq: extra.current_seq }))).seq,
      ).toBe(5);
    });

    test('far behind tells 500 events and that there are more', async () => {
      const visit = await sitDown(api);
      for (let batch = 0; batch < 11; batch += 1)
        await call(
          api,
          face,
          inBatch(
            visit,
            Array.from({ length: 50 }, () => add({ menu_item_id: demo.coffee })),
          ),
        );
      const { extra } = await call(api, face, inBatch(visit, [add(), add()], { expected_seq: 1 }));
      expect([extra.current_seq, extra.events.length, extra.has_more]).toEqual([552, 500, true]);
      expect(extra.events[0].event_seq).toBe(2);
    });

    test('on a batch counts once, for its start', async () => {
      const visit = await sitDown(api);
      expect((await call(api, face, inBatch(visit, [add(), add()], { expected_seq: 2 }))).code).toBeUndefined();
      expect((await call(api, face, inBatch(visit, [add(), add()], { expected_seq: 2 }))).code).toBe('SEQ_CONFLICT');
    });

    test('of two phones that both saw the same bill lets one through', async () => {
      const visit = await sitDown(api);
      const outcomes = await Promise.all(
        [1, 2].map(() => call(api, face, appending(visit, { ...add(), expected_seq: 2 }))),
      );
      expect(outcomes.map(({ code }) => code).sort()).toEqual(['SEQ_CONFLICT', undefined]);
    });
  });

  describe('prices', () => {
    test('come from the menu, with options, in whole minor units', async () => {
      const visit = await sitDown(api);
      const pho = add({ menu_item_id: demo.pho, quantity: 2, options: [demo.quay, demo.large, demo.egg] });
      const { payload } = appendedOf(face, await call(api, face, appending(visit, pho)));
      expect(payload.options.map((one: Json) => [one.option_id, one.price])).toEqual([
        [demo.large, 15_000],
        [demo.egg, 10_000],
        [demo.quay, 8_000],
      ]);
      const { items, total } = await billOf(visit);
      expect([items[0].unit_price, items[0].line_total, total]).toEqual([75_000, 216_000, 216_000]);
    });

    test('and availability change within 2 s of the menu; old lines keep their price', async () => {
      const place = await newLocation(api);
      const visit = await sitDown(api, place);
      const order = () => call(api, face, appending(visit, add({ menu_item_id: place.itemId })));
      expect(appendedOf(face, await order()).payload.unit_price).toBe(50_000);
      const change = async (column: string, value: unknown) => {
        await api.sql`UPDATE menu_items SET ${api.sql({ [column]: value })} WHERE id = ${place.itemId}`;
        await api.sql`UPDATE locations SET menu_version = menu_version + 1 WHERE id = ${place.locationId}`;
      };
      await change('price', 60_000);
      await eventually(async () => appendedOf(face, await order()).payload.unit_price === 60_000, { within: 2_000 });
      await change('available', false);
      await eventually(async () => (await order()).code === 'ITEM_UNAVAILABLE', { within: 2_000 });
      await change('available', true);
      await api.sql`UPDATE locations SET ordering = 'paused', menu_version = menu_version + 1 WHERE id = ${place.locationId}`;
      await eventually(async () => (await order()).code === 'ORDERING_PAUSED', { within: 2_000 });
      const { items } = await billOf(visit);
      expect(items[0]).toMatchObject({ unit_price: 50_000, line_total: 50_000 });
      expect(items.at(-1)).toMatchObject({ unit_price: 60_000 });
    });

    test('of what is sold out may still go down', async () => {
      const place = await newLocation(api);
      const visit = await sitDown(api, place);
      const { payload } = appendedOf(
        face,
        await call(api, face, appending(visit, add({ menu_item_id: place.itemId, quantity: 3 }))),
      );
      await api.sql`UPDATE menu_items SET available = false WHERE id = ${place.itemId}`;
      await api.sql`UPDATE locations SET menu_version = menu_version + 1 WHERE id = ${place.locationId}`;
      const change = (delta: number) =>
        call(
          api,
          face,
          appending(visit, {
            idempotency_key: newEventKey(),
            event_type: 'modify_qty',
            payload: { line_id: payload.line_id, delta },
          }),
        );
      await eventually(async () => (await change(1)).code === 'ITEM_UNAVAILABLE', { within: 2_000 });
      expect((await change(-1)).code).toBeUndefined();
    });
  });
});

describe('Prefer: return=representation', () => {
  test.each([
    ['return=representation', true],
    ['respond-async, return=representation; x=1', true],
    ['return=minimal', false],
    ['xreturn=representations', false],
  ])('%s: with snapshot %s', async (prefer, hasSnapshot) => {
    const visit = await sitDown(api);
    const headers = { Prefer: prefer };
    const one = await api.rest(`POST /sessions/${visit.sessionId}/events`, { as: visit.phone, headers, body: add() });
    const many = await api.rest(`POST /sessions/${visit.sessionId}/events/batch`, {
      as: visit.phone,
      headers,
      body: { events: [add()] },
    });
    expect([one.status, 'snapshot' in one.body, 'snapshot' in many.body]).toEqual([201, hasSnapshot, hasSnapshot]);
    if (hasSnapshot) expect([one.body.snapshot.last_event_seq, many.body.snapshot.total]).toEqual([3, 70_000]);
  });
});

describe('reading a log by its cursor', () => {
  const rest = async (visit: Visit, cursor: number, limit: number) => {
    const { status, body } = await api.rest(`GET /sessions/${visit.sessionId}/events?cursor=${cursor}&limit=${limit}`, {
      as: visit.phone,
    });
    expect(status).toBe(200);
    return body;
  };

  test('page by page under a storm of writes gives the log exactly, in every page size and on both faces', async () => {
    const visit = await sitDown(api);
    let isStorming = true;
    const storm = Promise.all(
      Array.from({ length: 4 }, async () => {
        for (let count = 0; count < 25; count += 1) await append(api, visit, add({ note: `wave ${count}` }));
      }),
    ).finally(() => {
      isStorming = false;
    });
    const walkRest = async (size: number) => {
      const found: Json[] = [];
      let cursor = 0;
      for (;;) {
        const wasStorming = isStorming;
        const page = await rest(visit, cursor, size);
        found.push(...page.events);
        expect(page.events.length).toBeLessThanOrEqual(size);
        expect(page.next_cursor).toBe(page.events.at(-1)?.event_seq ?? cursor);
        cursor = page.next_cursor;
        if (!wasStorming && !page.has_more) return found.map((one) => [one.event_seq, one.event_id, one.payload]);
      }
    };
    const walkRelay = async (size: number) => {
      const found: Json[] = [];
      let after: string | undefined;
      for (;;) {
        const wasStorming = isStorming;
        const { data } = await call(api, 'GraphQL', {
          operation: 'events',
          at: { session_id: visit.sessionId, limit: size, ...(after && { cursor: after }) },
          as: visit.phone,
        });
        found.push(...data.edges.map(({ node }: Json) => node));
        after = data.pageInfo.endCursor ?? after;
        expect(data.nextCursor).toBe(Number(after));
        if (!wasStorming && !data.pageInfo.hasNextPage) return found.map((one) => [one.seq, one.id, one.payload]);
      }
    };
    const walks = await Promise.all([1, 2, 7, 500].flatMap((size) => [walkRest(size), walkRelay(size)]));
    await storm;
    const rows = await readRows(api.sql, visit.sessionId as SessionId);
    const log = rows.map((row) => [row.event_seq, row.event_id, row.payload]);
    expect(log).toHaveLength(102);
    for (const walk of walks) expect(walk).toEqual(log);
    expect(await logFaults(api.sql, visit.sessionId as SessionId)).toEqual([]);
  });

  test.each([3, 4, 1_000, 2 ** 31 - 2, 2 ** 31, 10 ** 12])(
    'at or beyond the end, %i, gives none and comes back unchanged',
    async (cursor) => {
      const visit = await sitDown(api);
      await append(api, visit, add());
      expect(await rest(visit, cursor, 100)).toMatchObject({ events: [], next_cursor: cursor, has_more: false });
      const { data } = await call(api, 'GraphQL', {
        operation: 'events',
        at: { session_id: visit.sessionId, cursor },
        as: visit.phone,
      });
      expect([data.edges, data.nextCursor, data.pageInfo]).toEqual([
        [],
        cursor,
        { hasNextPage: false, endCursor: null },
      ]);
    },
  );

  test('says whether there is more, and when to ask again', async () => {
    const visit = await sitDown(api);
    await append(api, visit, add());
    expect(await rest(visit, 0, 2)).toMatchObject({ has_more: true, poll_after_ms: 0, next_cursor: 2 });
    const last = await rest(visit, 2, 1);
    expect([last.has_more, last.poll_after_ms > 0]).toEqual([false, true]);
  });

  test('gives the stored payload alike on both faces, and the typed fields beside it', async () => {
    const visit = await sitDown(api);
    await append(api, visit, add({ note: 'ít đá' }));
    const { body } = await api.rest(`GET /sessions/${visit.sessionId}/events`, { as: visit.phone });
    const document = `query ($id: UUID!) { events(sessionId: $id) { nodes { __typename id seq type payload createdAt actor { type id name }
      ... on SessionOpenedEvent { tableId currency } ... on DeviceJoinedEvent { deviceId state } ... on AddItemEvent { lineId unitPrice note } } } }`;
    const { body: graphql } = await api.graphql(document, { id: visit.sessionId }, { as: visit.phone });
    const { nodes } = graphql.data.events;
    expect(nodes.map(({ __typename }: Json) => __typename)).toEqual([
      'SessionOpenedEvent',
      'DeviceJoinedEvent',
      'AddItemEvent',
    ]);
    expect(nodes.map((one: Json) => [one.id, one.seq, one.payload, one.createdAt])).toEqual(
      body.events.map((one: Json) => [one.event_id, one.event_seq, one.payload, one.created_at]),
    );
    expect(nodes[2]).toMatchObject({
      type: 'ADD_ITEM',
      note: 'ít đá',
      unitPrice: 35_000,
      lineId: body.events[2].payload.line_id,
    });
    expect(body.events[2]).toMatchObject({
      event_type: 'add_item',
      actor: { type: 'device', id: visit.deviceId, name: 'Lan' },
    });
  });
});

describe('the snapshot', () => {
  let visit: Visit;

  beforeAll(async () => {
    visit = await sitDown(api);
    const line = await append(api, visit, add({ quantity: 2, note: 'ít đá' }));
    await append(api, visit, add({ menu_item_id: demo.pho, options: [demo.large] }));
    await append(api, visit, {
      idempotency_key: newEventKey(),
      event_type: 'modify_qty',
      payload: { line_id: line.event.payload.line_id, delta: 1 },
    });
    await append(api, visit, {
      idempotency_key: newEventKey(),
      event_type: 'remove_item',
      payload: { line_id: line.event.payload.line_id },
    });
    await api.rest(`POST /sessions/${visit.sessionId}/close`, { as: demo.staff, body: { reason: 'xong' } });
  });

  test.each(faces)('at every seq is the fold of the events up to it, over %s', async (face) => {
    const rows = await readRows(api.sql, visit.sessionId as SessionId);
    expect(rows.length).toBe(7);
    for (const { event_seq: seq } of rows) {
      const bill = foldRows(rows.slice(0, seq));
      const { data } = await call(api, face, {
        operation: 'snapshot',
        at: { session_id: visit.sessionId, at_seq: seq },
        as: visit.phone,
      });
      const items = data.items.map((one: Json) => [one.line_id ?? one.lineId, one.quantity, one.state.toLowerCase()]);
      expect(items).toEqual(bill.lines.map(({ lineId, quantity, state }) => [lineId, quantity, state]));
      expect([data.total, data.last_event_seq ?? data.lastEventSeq, data.status.toLowerCase()]).toEqual([
        totalsOf(bill).total,
        seq,
        bill.status,
      ]);
      expect(data.devices.length).toBe(bill.devices.length);
    }
    expect(rows.map(eventOf)[6]).toMatchObject({ type: 'session_closed' });
  });

  test('has a tag: 304 for who has it, 200 once something has happened', async () => {
    const open = await sitDown(api);
    const path = `GET /sessions/${open.sessionId}/snapshot`;
    const first = await api.rest(path, { as: open.phone });
    const tag = first.headers.get('etag') ?? '';
    expect(tag).toMatch(/^"[^"]+"$/);
    expect(first.headers.get('cache-control')).toBe('private, max-age=1, must-revalidate');
    for (const known of [tag, `W/${tag}`, `"other", ${tag}`, '*']) {
      const same = await api.rest(path, { as: open.phone, headers: { 'If-None-Match': known } });
      expect([same.status, same.text, same.headers.get('etag')]).toEqual([304, '', tag]);
    }
    await append(api, open, add());
    const changed = await api.rest(path, { as: open.phone, headers: { 'If-None-Match': tag } });
    expect(changed.status).toBe(200);
    expect(changed.headers.get('etag')).not.toBe(tag);
    const none = await api.rest(path, { as: null, headers: { 'If-None-Match': '*' } });
    expect(none.status).toBe(401);
  });

  test('of an earlier seq keeps its tag', async () => {
    const path = `GET /sessions/${visit.sessionId}/snapshot?at_seq=3`;
    const tags = [await api.rest(path, { as: visit.phone }), await api.rest(path, { as: demo.staff })].map(
      ({ headers }) => headers.get('etag'),
    );
    expect(tags[0]).toBe(tags[1]);
  });
});

describe('the menu', () => {
  test('has a tag, and tells what is sold out', async () => {
    const path = `GET /locations/${demo.location}/menu`;
    const first = await api.rest(path, { as: 'demo-table-1' });
    expect(first.body.items.find((one: Json) => one.menu_item_id === demo.soldOut)).toMatchObject({
      available: false,
      price: 185_000,
    });
    const pho = first.body.items.find((one: Json) => one.menu_item_id === demo.pho);
    expect(pho.option_groups[0]).toMatchObject({
      min: 1,
      max: 1,
      options: [
        { option_id: demo.regular, price: 0 },
        { option_id: demo.large, price: 15_000 },
      ],
    });
    const tag = first.headers.get('etag') ?? '';
    const same = await api.rest(path, { as: demo.staff, headers: { 'If-None-Match': tag } });
    expect([same.status, same.text]).toEqual([304, '']);
  });

  test('has another tag once it has changed', async () => {
    const place = await newLocation(api);
    const path = `GET /locations/${place.locationId}/menu`;
    const tag = (await api.rest(path, { as: place.token })).headers.get('etag') ?? '';
    await api.sql`UPDATE locations SET ordering = 'paused' WHERE id = ${place.locationId}`;
    await eventually(
      async () => (await api.rest(path, { as: place.token, headers: { 'If-None-Match': tag } })).status === 200,
      { within: 2_000 },
    );
    expect((await api.rest(path, { as: place.token })).body.ordering).toBe('paused');
  });
});
