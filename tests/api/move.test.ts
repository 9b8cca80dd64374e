/** Moving a visit to another table. */
import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { SessionId } from '../../src/domain/ids.js';
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
  written,
} from '../support/api.js';
import { call, type Face, faces } from '../support/faces.js';
import { endTime } from '../support/session-time.js';

const api = useApi();

const move = (face: Face, visit: Pick<Visit, 'sessionId'>, table_id: string, as: string | undefined = demo.staff) =>
  call(api, face, { operation: 'move', at: { session_id: visit.sessionId }, as, body: { table_id } });
const sessionOf = async (visit: Pick<Visit, 'sessionId'>): Promise<Json> =>
  (await api.rest(`GET /sessions/${visit.sessionId}`, { as: demo.staff })).body;

describe('a visit that is moved', () => {
  test.each(faces)(
    'goes on at its new table with the same phones, and the old one is free at once, over %s',
    async (face) => {
      const visit = await sitDown(api);
      await append(api, visit, add());
      const target = await newTable(api);
      expect((await move(face, visit, target.tableId)).code).toBeUndefined();
      expect(await sessionOf(visit)).toMatchObject({ table_id: target.tableId, status: 'open' });
      await append(api, visit, add());
      const [next, joined] = [await sitDown(api, visit), await sitDown(api, target)];
      expect(next.sessionId).not.toBe(visit.sessionId);
      expect(joined.sessionId).toBe(visit.sessionId);
      const { body } = await api.rest(`GET /sessions/${visit.sessionId}/events?cursor=3`, { as: visit.phone });
      expect(body.events[0]).toMatchObject({
        event_type: 'session_moved',
        payload: { table_id: target.tableId, from_table_id: visit.tableId },
        actor: { type: 'staff' },
      });
    },
  );

  test('twice to the same place is moved once', async () => {
    const [visit, target] = [await sitDown(api), await newTable(api)];
    const answers = await Promise.all([1, 2, 3].map(() => move('REST', visit, target.tableId)));
    expect(answers.map(({ code }) => code)).toEqual([undefined, undefined, undefined]);
    expect(await sessionOf(visit)).toMatchObject({ table_id: target.tableId, last_event_seq: 3 });
  });

  test('may go back, and on', async () => {
    const [visit, target] = [await sitDown(api), await newTable(api)];
    for (const table of [target.tableId, visit.tableId, target.tableId]) await move('REST', visit, table);
    expect(await sessionOf(visit)).toMatchObject({ table_id: target.tableId, last_event_seq: 5 });
  });

  test.each([true, false])(
    'gets a table whose guests have run out of time (their end is an event: %s)',
    async (hasEvent) => {
      const place = await newLocation(api, { expiry_event: hasEvent });
      const [visit, target] = [await sitDown(api, place), await newTable(api, place.locationId)];
      const gone = await sitDown(api, target);
      await endTime(api.sql, gone.sessionId as SessionId);
      expect((await move('REST', visit, target.tableId)).code).toBeUndefined();
      expect((await sessionOf(gone)).status).toBe('expired');
      expect((await sitDown(api, target)).sessionId).toBe(visit.sessionId);
    },
  );

  test('to a table where others sit down at the same moment, either gets it and nobody shares it', async () => {
    for (let round = 0; round < 10; round += 1) {
      const [visit, target] = [await sitDown(api), await newTable(api)];
      const [moved, others] = await Promise.all([move('REST', visit, target.tableId), sitDown(api, target)]);
      const [{ open }] = (await api.sql`
        SELECT count(*)::int AS open FROM qr_sessions WHERE table_id = ${target.tableId} AND status = 'open'`) as unknown as [
        Json,
      ];
      expect(open).toBe(1);
      if (moved.code === undefined) expect(others.sessionId).toBe(visit.sessionId);
      else {
        expect(moved.code).toBe('TABLE_OCCUPIED');
        expect(await sessionOf(visit)).toMatchObject({ table_id: visit.tableId, status: 'open' });
      }
      await append(api, visit, add());
    }
  });

  test('crossing another one: two visits that want each other’s tables both stay', async () => {
    const [one, other] = [await sitDown(api), await sitDown(api)];
    const codes = await Promise.all([move('REST', one, other.tableId), move('REST', other, one.tableId)]);
    expect(codes.map(({ code }) => code)).toEqual(['TABLE_OCCUPIED', 'TABLE_OCCUPIED']);
  });
});

test.each(faces)(
  'a move is refused to a taken, strange or unknown table, by guests, and of a visit that is over, over %s',
  async (face) => {
    const [visit, taken] = [await sitDown(api), await sitDown(api)];
    const elsewhere = await newLocation(api);
    const before = await written(api);
    expect((await move(face, visit, taken.tableId)).code).toBe('TABLE_OCCUPIED');
    expect((await move(face, visit, elsewhere.tableId)).code).toBe('NOT_FOUND');
    expect((await move(face, visit, demo.otherTable)).code).toBe('NOT_FOUND');
    expect((await move(face, visit, randomUUID())).code).toBe('NOT_FOUND');
    expect((await move(face, visit, 'T8')).code).toBe('VALIDATION_FAILED');
    const free = await newTable(api);
    expect((await move(face, visit, free.tableId, visit.phone)).code).toBe('FORBIDDEN');
    expect((await move(face, visit, free.tableId, demo.otherStaff)).code).toBe('NOT_FOUND');
    expect((await move(face, visit, free.tableId, await newKey(api, { locationId: elsewhere.locationId }))).code).toBe(
      'NOT_FOUND',
    );
    expect(await written(api)).toEqual(before);
    await api.rest(`POST /sessions/${visit.sessionId}/close`, { as: demo.staff, body: {} });
    expect((await move(face, visit, free.tableId)).code).toBe('SESSION_NOT_OPEN');
    const late = await sitDown(api);
    await endTime(api.sql, late.sessionId as SessionId);
    expect((await move(face, late, free.tableId)).code).toBe('SESSION_EXPIRED');
  },
);
