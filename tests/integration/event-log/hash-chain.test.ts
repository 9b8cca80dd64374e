import { beforeAll, describe, expect, test } from 'vitest';
import { v7 } from 'uuid';
import type { SessionId, TableId } from '../../../src/domain/ids.js';
import { server } from '../../../src/domain/actor.js';
import {
  add,
  append,
  appendOf,
  close,
  defaultSettings,
  expire,
  join,
  locationId,
  open,
  openOrFind,
  pho,
  submit,
  tenantId,
  useHeart,
  waiter,
} from '../../support/heart.js';
import { chainFaults, foldRows, type LogRow, readRows } from '../../support/log-check.js';
import { endTime } from '../../support/session-time.js';

const heart = useHeart();

describe('the chain of hashes is whole', () => {
  test('after single writes, batches, a batch of many commands, and two nodes in turn', async () => {
    const session = await open(heart.a);
    await add(heart.a, session, { input: { note: 'ít cay' } });
    await add(heart.b, session);
    await submit(heart.a, session, [oneAdd(), oneAdd(), oneAdd()]);
    await Promise.all(Array.from({ length: 20 }, (_, at) => add(at % 2 ? heart.a : heart.b, session)));
    await close(heart.b, session);
    expect(await faults(session)).toEqual([]);
  });

  test('after an opening by somebody with a name', async () => {
    const actor = { type: 'staff' as const, id: 'key-7', name: 'Hạnh' };
    const opening = {
      tenantId,
      locationId,
      tableId: v7() as TableId,
      currency: 'VND',
      settings: defaultSettings,
      actor,
    };
    const { sessionId } = await heart.a.log.open(opening);
    await add(heart.a, sessionId);
    const [first] = await readRows(heart.sql, sessionId);
    expect(first?.salt).toHaveLength(32);
    expect(await faults(sessionId)).toEqual([]);
    await heart.a.log.open({ ...opening, tableId: v7() as TableId, actor: server });
  });

  test('after an expiry that Postgres itself has sealed, for the next guests of the table', async () => {
    const tableId = v7() as TableId;
    const session = await open(heart.a, { tableId });
    await add(heart.a, session);
    await endTime(heart.sql, session);
    await openOrFind(heart.b, { tableId });
    const rows = await readRows(heart.sql, session);
    expect(rows.at(-1)).toMatchObject({ event_type: 'session_expired', event_seq: 3 });
    expect(chainFaults(rows)).toEqual([]);
  });

  test('after an expiry by the writer', async () => {
    const session = await open(heart.a);
    await add(heart.a, session);
    await endTime(heart.sql, session);
    await expire(heart.b, session);
    const rows = await readRows(heart.sql, session);
    expect(rows.at(-1)).toMatchObject({ event_type: 'session_expired', event_seq: 3 });
    expect(chainFaults(rows)).toEqual([]);
  });

  test('and stays so when personal fields are erased together with their salt', async () => {
    const session = await open(heart.a);
    const minh = await join(heart.a, session, 'Minh');
    await add(heart.a, session, { caller: minh, input: { note: 'dị ứng đậu phộng' } });
    await close(heart.a, session, 'khách quen');
    await heart.sql`
      UPDATE session_events SET salt = NULL,
        payload = CASE event_type WHEN 'device_joined' THEN payload || '{"name": null}' WHEN 'add_item' THEN payload || '{"note": null}'
          ELSE payload || '{"reason": null}' END,
        actor = actor || '{"name": null}'
      WHERE session_id = ${session} AND salt IS NOT NULL`;
    const rows = await readRows(heart.sql, session);
    expect(JSON.stringify(rows)).not.toMatch(/Minh|đậu phộng|khách quen/);
    expect(chainFaults(rows)).toEqual([]);
    expect(foldRows(rows)).toMatchObject({ status: 'closed', lines: [{ note: null }], devices: [{ name: null }] });
  });
});

describe('the chain of hashes betrays', () => {
  let rows: readonly LogRow[] = [];

  beforeAll(async () => {
    const session = await open(heart.a);
    const minh = await join(heart.a, session, 'Minh');
    await add(heart.a, session, { caller: minh, input: { note: 'ít đá' } });
    await add(heart.a, session, { quantity: 2 });
    await append(heart.a, session, { type: 'session_extended', input: { ttl_seconds: 7200 } });
    rows = await readRows(heart.sql, session);
  });

  type Forgery = (all: LogRow[]) => LogRow[];
  const change =
    (seq: number, by: Partial<LogRow>): Forgery =>
    (all) =>
      all.map((row) => (row.event_seq === seq ? { ...row, ...by } : row));
  const payload =
    (seq: number, by: object): Forgery =>
    (all) =>
      all.map((row) => (row.event_seq === seq ? { ...row, payload: { ...row.payload, ...by } } : row));

  test.each<[string, Forgery]>([
    ['another price', payload(3, { unit_price: 1 })],
    ['another quantity', payload(4, { quantity: 3 })],
    ['a field more', payload(4, { extra: null })],
    ['another note', payload(3, { note: 'nhiều đá' })],
    ['a note where there was none', payload(4, { note: 'x' })],
    ['a note that is gone while its salt is there', payload(3, { note: null })],
    [
      'another note with its salt taken away',
      (all) => change(3, { salt: null })(payload(3, { note: 'nhiều đá' })(all)),
    ],
    ['a salt taken away alone', change(3, { salt: null })],
    ['another salt', change(3, { salt: '00'.repeat(16) })],
    ['another guest as the actor', change(3, { actor: { type: 'device', id: v7(), name: 'Minh' } })],
    ['another name of the actor', change(4, { actor: { type: 'staff', id: 'key-1', name: 'Huệ' } })],
    ['another kind of actor', change(4, { actor: { type: 'device', id: 'key-1', name: 'Lan' } })],
    ['another key', change(4, { idempotency_key: 'another key' })],
    ['another event id', change(4, { event_id: v7() })],
    ['another type', change(4, { event_type: 'modify_qty' })],
    ['another version', change(4, { version: 2 })],
    ['another session', (all) => all.map((row) => ({ ...row, session_id: v7() as SessionId }))],
    ['another tenant', (all) => all.map((row) => ({ ...row, tenant_id: v7() as LogRow['tenant_id'] }))],
    ['a row taken out', (all) => all.filter((row) => row.event_seq !== 3)],
    [
      'a row taken out and the rest moved up',
      (all) => all.filter((row) => row.event_seq !== 3).map((row, at) => ({ ...row, event_seq: at + 1 })),
    ],
    ['the first row taken out', (all) => all.slice(1)],
    [
      "two rows in each other's place",
      ([a, b, c, d, e]) => [a!, b!, { ...d!, event_seq: 3 }, { ...c!, event_seq: 4 }, e!],
    ],
    ['a row twice', (all) => [...all, { ...all.at(-1)!, event_seq: 6 }]],
    ['another digest', change(3, { personal_digest: '11'.repeat(32) })],
    ['another hash', change(3, { hash: '11'.repeat(32) })],
  ])('%s', (_, forge) => {
    expect(chainFaults(rows)).toEqual([]);
    expect(chainFaults(forge([...rows]))).not.toEqual([]);
  });

  test('not a last row that was taken off: that the head tells', () => {
    expect(chainFaults(rows.slice(0, -1))).toEqual([]);
  });
});

function oneAdd() {
  return appendOf('add_item', { menu_item_id: pho.menuItemId, quantity: 1 }, { caller: waiter });
}

async function faults(session: SessionId): Promise<readonly string[]> {
  return chainFaults(await readRows(heart.sql, session));
}
