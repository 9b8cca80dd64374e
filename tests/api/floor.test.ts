/** The floor: what goes on at each table, as staff see it. */
import { describe, expect, test } from 'vitest';
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
} from '../support/api.js';
import { call } from '../support/faces.js';
import { atProvider, startPaying } from '../support/payments.js';
import { endTime } from '../support/session-time.js';
import type { SessionId } from '../../src/domain/ids.js';

const api = useApi();

const event = (event_type: string, payload: object = {}) => ({ idempotency_key: newEventKey(), event_type, payload });
const floorOf = async (locationId: string): Promise<Json> =>
  (await api.rest(`GET /locations/${locationId}/floor`, { as: demo.staff })).body;
const tableOf = async (visit: Pick<Visit, 'locationId' | 'tableId'>): Promise<Json> =>
  (await floorOf(visit.locationId)).tables.find(({ table_id }: Json) => table_id === visit.tableId);

async function seated(settings = {}): Promise<Visit & { order(): Promise<Json> }> {
  const place = await newLocation(api, settings);
  const visit = await sitDown(api, place);
  return { ...visit, order: () => append(api, visit, add({ menu_item_id: place.itemId })) };
}

describe('a table on the floor', () => {
  test('is free, ordering, sent, calling, paying, paid and free again, as the visit goes on', async () => {
    const visit = await seated({ on_paid: 'stay' });
    const seen: string[] = [];
    const look = async () => seen.push((await tableOf(visit)).state);
    await look();
    await visit.order();
    await append(api, visit, event('submit_round'));
    await look();
    await append(api, visit, event('request_service', { kind: 'waiter' }));
    await look();
    await api.rest(`POST /sessions/${visit.sessionId}/events`, {
      as: demo.staff,
      body: event('resolve_service', { kind: 'waiter' }),
    });
    await look();
    await append(api, visit, event('request_service', { kind: 'bill' }));
    await look();
    const intent = await startPaying(api, visit);
    await look();
    await api.rest(`POST /sessions/${visit.sessionId}/events`, {
      as: demo.staff,
      body: event('resolve_service', { kind: 'bill' }),
    });
    await atProvider(api, intent, 'pay');
    await look();
    await api.rest(`POST /sessions/${visit.sessionId}/close`, { as: demo.staff, body: {} });
    await look();
    expect(seen).toEqual(['ordering', 'sent', 'calling', 'sent', 'paying', 'paying', 'paid', 'free']);
  });

  test('shows what is owed, since when they sit, who wants in, and what they wait for', async () => {
    const visit = await seated({ admission: 'approve' });
    await api.rest(`POST /sessions/${visit.sessionId}/devices/${visit.deviceId}/approve`, { as: demo.staff });
    await api.rest(`POST /locations/${visit.locationId}/qr-sessions`, { as: visit.token, body: {} });
    await visit.order();
    await append(api, visit, event('request_service', { kind: 'bill', note: 'chia đôi' }));
    expect(await tableOf(visit)).toMatchObject({
      ...{ table_name: `X ${visit.tableId}`, total: 50_000, due: 50_000, minutes_open: 0 },
      ...{ waiting_devices: 1, overdue_tickets: 0, session: { session_id: visit.sessionId, status: 'open' } },
      service_calls: [{ kind: 'bill', note: 'chia đôi' }],
    });
  });

  test('is free at once when the time of its guests is over', async () => {
    const visit = await seated();
    await endTime(api.sql, visit.sessionId as SessionId);
    expect(await tableOf(visit)).toMatchObject({ state: 'free', session: null, total: 0, due: 0, minutes_open: null });
  });

  test('that has seen many visits is found by its open one', async () => {
    const visit = await seated();
    await api.rest(`POST /sessions/${visit.sessionId}/close`, { as: demo.staff, body: {} });
    const next = await sitDown(api, visit);
    expect((await tableOf(visit)).session.session_id).toBe(next.sessionId);
  });

  test('is free when its guests have gone without paying, and they stay listed until somebody gives them up', async () => {
    const visit = await seated();
    await visit.order();
    await append(api, visit, event('submit_round'));
    const other = await sitDown(api, await newTable(api, visit.locationId));
    await api.rest(`POST /sessions/${other.sessionId}/close`, { as: demo.staff, body: {} });
    await api.rest(`POST /sessions/${visit.sessionId}/close`, { as: demo.staff, body: { reason: 'ran away' } });
    expect((await tableOf(visit)).state).toBe('free');
    const unpaid = async (): Promise<Json> => (await floorOf(visit.locationId)).unpaid_sessions;
    expect(await unpaid()).toMatchObject([{ session_id: visit.sessionId, status: 'closed', due: 50_000 }]);
    await api.rest(`POST /admin/sessions/${visit.sessionId}/write-off`, { as: demo.cashier, body: { reason: 'gone' } });
    expect(await unpaid()).toEqual([]);
  });

  test('reads the same over GraphQL; a key of another location sees nothing', async () => {
    const visit = await seated();
    await newTable(api, visit.locationId);
    const at = { location_id: visit.locationId };
    const { data } = await call(api, 'GraphQL', { operation: 'floor', at, as: demo.staff });
    expect(data.tables.map(({ state }: Json) => state).sort()).toEqual(['FREE', 'ORDERING']);
    const elsewhere = await newKey(api, { locationId: (await newLocation(api)).locationId });
    for (const face of ['REST', 'GraphQL'] as const) {
      expect((await call(api, face, { operation: 'floor', at, as: elsewhere })).code).toBe('NOT_FOUND');
      expect((await call(api, face, { operation: 'kitchen', at, as: elsewhere })).code).toBe('NOT_FOUND');
    }
  });
});

describe('a server that has read no session yet', () => {
  const fresh = useApi();

  test.each(['floor', 'kitchen'] as const)('shows its %s, empty', async (view) => {
    const { status, body } = await fresh.rest(`GET /locations/${demo.location}/${view}`, { as: demo.staff });
    expect(status).toBe(200);
    expect(body.tickets ?? body.tables.map(({ state }: Json) => state)).toEqual(
      view === 'kitchen' ? [] : Array(8).fill('free'),
    );
  });
});
