/** Service calls: guests ask for somebody, it rings once, somebody takes it. */
import { describe, expect, test } from 'vitest';
import { append, demo, type Json, newEventKey, sitDown, useApi, type Visit, written } from '../support/api.js';
import { call, faces } from '../support/faces.js';
import { joinTable } from '../support/payments.js';

const api = useApi();

const event = (event_type: string, payload: object) => ({ idempotency_key: newEventKey(), event_type, payload });
const ask = (kind: string, note?: string) => event('request_service', { kind, ...(note && { note }) });
const answer = (kind: string, outcome?: string) => event('resolve_service', { kind, ...(outcome && { outcome }) });
const byStaff = (visit: Visit, body: object, as: string = demo.staff) =>
  api.rest(`POST /sessions/${visit.sessionId}/events`, { as, body });
const callsOf = async (visit: Visit): Promise<Json[]> =>
  (await api.rest(`GET /sessions/${visit.sessionId}/snapshot`, { as: visit.phone })).body.service_calls;

describe('a service call', () => {
  test('rings once, whoever of the table asks again, and stands until staff have dealt with it', async () => {
    const visit = await sitDown(api);
    const friend = await joinTable(api, visit, 'Minh');
    const first = await append(api, visit, ask('waiter', 'thêm chén'));
    const again = await append(api, friend, ask('waiter'));
    expect(again.event.payload).toEqual({
      call_id: first.event.payload.call_id,
      kind: 'waiter',
      note: null,
      repeats: true,
    });
    const call = { kind: 'waiter', note: 'thêm chén', requested_by: { type: 'device', name: 'Lan' }, taken_by: null };
    expect(await callsOf(visit)).toMatchObject([call]);
    expect((await byStaff(visit, answer('waiter', 'taken'))).status).toBe(201);
    expect(await callsOf(visit)).toMatchObject([{ ...call, taken_by: { type: 'staff' } }]);
    expect((await byStaff(visit, answer('waiter'))).status).toBe(201);
    expect(await callsOf(visit)).toEqual([]);
    const next = await append(api, visit, ask('waiter'));
    expect(next.event.payload).toMatchObject({ repeats: false });
    expect(next.event.payload.call_id).not.toBe(first.event.payload.call_id);
  });

  test('for the bill stands beside the one for a waiter', async () => {
    const visit = await sitDown(api);
    for (const kind of ['bill', 'waiter']) await append(api, visit, ask(kind));
    await byStaff(visit, answer('bill'));
    expect(await callsOf(visit)).toMatchObject([{ kind: 'waiter' }]);
  });

  test('of two waiters who take it at the same moment only one goes', async () => {
    const visit = await sitDown(api);
    await append(api, visit, ask('waiter'));
    const both = await Promise.all([1, 2].map(() => byStaff(visit, answer('waiter', 'taken'))));
    expect(both.map(({ status, body }) => body.code ?? status).sort()).toEqual([201, 'SERVICE_TAKEN']);
  });

  test('can be dealt with when the visit is over, but not asked for', async () => {
    const visit = await sitDown(api);
    await append(api, visit, ask('waiter'));
    await api.rest(`POST /sessions/${visit.sessionId}/close`, { as: demo.staff, body: {} });
    expect((await byStaff(visit, answer('waiter'))).status).toBe(201);
    const late = await api.rest(`POST /sessions/${visit.sessionId}/events`, { as: visit.phone, body: ask('bill') });
    expect(late.body.code).toBe('SESSION_NOT_OPEN');
  });

  test.each(faces)('is refused when nobody asked, by guests, and in words that are none, over %s', async (face) => {
    const visit = await sitDown(api);
    const send = (body: Json, as: string) =>
      call(api, face, { operation: 'append', at: { session_id: visit.sessionId }, as, body });
    await append(api, visit, ask('waiter'));
    const before = await written(api);
    expect(await send(answer('bill'), demo.staff)).toMatchObject({
      code: 'SERVICE_NOT_REQUESTED',
      extra: { kind: 'bill' },
    });
    expect((await send(answer('waiter'), visit.phone)).code).toBe('FORBIDDEN');
    expect((await send(answer('waiter'), demo.otherStaff)).code).toBe('NOT_FOUND');
    expect((await send(ask('butler'), visit.phone)).code).toBe('VALIDATION_FAILED');
    expect((await send(ask('waiter', 'x'.repeat(201)), visit.phone)).code).toBe('VALIDATION_FAILED');
    expect(await written(api)).toEqual(before);
    await byStaff(visit, answer('waiter', 'taken'));
    const taken = await send(answer('waiter', 'taken'), demo.manager);
    expect(taken).toMatchObject({ code: 'SERVICE_TAKEN', extra: { kind: 'waiter' } });
  });
});
