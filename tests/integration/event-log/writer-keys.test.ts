import { v7 } from 'uuid';
import { describe, expect, test } from 'vitest';
import { canonicalJson } from '../../../src/domain/canonical-json.js';
import type { TableId } from '../../../src/domain/ids.js';
import {
  add,
  append,
  appendOf,
  beer,
  close,
  expire,
  freshKey,
  join,
  modify,
  open,
  openOrFind,
  pho,
  refusal,
  refusalOf,
  remove,
  submit,
  useHeart,
} from '../../support/heart.js';
import { logFaults, readRows } from '../../support/log-check.js';
import { endTime } from '../../support/session-time.js';

const heart = useHeart();

describe('an idempotency key', () => {
  test('200 equal requests at once are one event and 199 equal replays', async () => {
    const session = await open(heart.a);
    const answers = await Promise.all(Array.from({ length: 200 }, () => add(heart.a, session, { key: 'double tap' })));
    expect(answers.filter(({ replayed }) => !replayed)).toHaveLength(1);
    expect(new Set(answers.map(({ event }) => canonicalJson(event))).size).toBe(1);
    expect(await readRows(heart.sql, session)).toHaveLength(2);
  });

  test('200 equal requests at once on two nodes are one event and 199 equal replays', async () => {
    const session = await open(heart.a);
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, at) => add(at % 2 ? heart.a : heart.b, session, { key: 'double tap' })),
    );
    expect(answers.filter(({ replayed }) => !replayed)).toHaveLength(1);
    expect(new Set(answers.map(({ event }) => canonicalJson(event))).size).toBe(1);
    expect(await readRows(heart.sql, session)).toHaveLength(2);
  });

  test('with other content, or from another actor, is refused and writes nothing', async () => {
    const session = await open(heart.a);
    const minh = await join(heart.a, session, 'Minh');
    const first = await add(heart.a, session, { key: 'mine' });
    for (const node of [heart.a, heart.b]) {
      const other = await refusal(add(node, session, { key: 'mine', quantity: 2 }));
      expect(other).toMatchObject({
        code: 'IDEMPOTENCY_KEY_REUSED',
        extra: { event_id: first.event.id, event_seq: first.event.seq },
      });
      expect(await refusalOf(add(node, session, { key: 'mine', caller: minh }))).toBe('IDEMPOTENCY_KEY_REUSED');
      expect(await refusalOf(remove(node, session, { key: 'mine', lineId: first.lineId }))).toBe(
        'IDEMPOTENCY_KEY_REUSED',
      );
    }
    expect(await readRows(heart.sql, session)).toHaveLength(3);
  });

  test('is replayed after the session was closed, whatever seq the repeat expects', async () => {
    const session = await open(heart.a);
    const first = await add(heart.a, session, { key: 'before the end' });
    await close(heart.a, session);
    for (const node of [heart.a, heart.b]) {
      const again = await add(node, session, { key: 'before the end', expectedSeq: 99 });
      expect(again).toEqual({ ...first, replayed: true });
      expect(await refusalOf(add(node, session, { key: 'after the end' }))).toBe('SESSION_NOT_OPEN');
    }
  });

  test('is replayed after the session expired, before and after that is written', async () => {
    const session = await open(heart.a);
    const first = await add(heart.a, session, { key: 'before the end' });
    await endTime(heart.sql, session);
    for (const node of [heart.a, heart.b]) {
      expect(await add(node, session, { key: 'before the end' })).toEqual({ ...first, replayed: true });
      expect(await refusalOf(add(node, session, { key: 'after the end' }))).toBe('SESSION_EXPIRED');
    }
    await expire(heart.b, session);
    for (const node of [heart.a, heart.b]) {
      expect(await add(node, session, { key: 'before the end' })).toEqual({ ...first, replayed: true });
      expect(await refusalOf(add(node, session, { key: 'after the end' }))).toBe('SESSION_EXPIRED');
    }
    expect(await readRows(heart.sql, session)).toHaveLength(3);
  });

  test('is known though more than 64 events passed since, and on a node that never saw it', async () => {
    const session = await open(heart.a);
    const first = await add(heart.a, session, { key: 'long ago' });
    for (let turn = 0; turn < 70; turn += 1) await add(heart.a, session);
    const fresh = heart.start('c');
    for (const node of [heart.a, heart.b, fresh]) {
      expect(await add(node, session, { key: 'long ago' })).toEqual({ ...first, replayed: true });
      expect(await refusalOf(add(node, session, { key: 'long ago', quantity: 5 }))).toBe('IDEMPOTENCY_KEY_REUSED');
    }
    expect(await readRows(heart.sql, session)).toHaveLength(72);
  });

  test('from long ago is replayed, not refused, also beside fresh writes of its session', async () => {
    const session = await open(heart.a);
    const { lineId } = await add(heart.a, session);
    const first = await remove(heart.a, session, { lineId, key: 'gone long ago' });
    for (let turn = 0; turn < 70; turn += 1) await add(heart.a, session);
    const [, again] = await Promise.all([
      add(heart.a, session),
      remove(heart.a, session, { lineId, key: 'gone long ago' }),
      add(heart.a, session),
    ]);
    expect(again).toEqual({ ...first, replayed: true });
  });

  test('is not consumed by a rejected command', async () => {
    const session = await open(heart.a);
    expect(await refusalOf(add(heart.a, session, { key: 'retry me', quantity: 100 }))).toBe('QUANTITY_OUT_OF_RANGE');
    expect(await refusalOf(add(heart.a, session, { key: 'retry me', expectedSeq: 7 }))).toBe('SEQ_CONFLICT');
    expect(await add(heart.a, session, { key: 'retry me', dish: beer })).toMatchObject({
      replayed: false,
      event: { seq: 2 },
    });
  });

  test('is not consumed by a command that changes nothing', async () => {
    const session = await open(heart.a);
    await append(heart.a, session, { type: 'session_extended', input: { ttl_seconds: 7200 }, key: 'longer' });
    const again = await append(heart.a, session, {
      type: 'session_extended',
      input: { ttl_seconds: 7200 },
      key: 'again',
    });
    expect(again).toBeUndefined();
    expect(await add(heart.a, session, { key: 'again' })).toMatchObject({ replayed: false });
  });

  test('used twice within one command counts once, and with other content it is refused', async () => {
    const session = await open(heart.a);
    const neighbour = await open(heart.a);
    const once = appendOf('add_item', { menu_item_id: pho.menuItemId, quantity: 1 }, { key: 'twice' });
    const other = appendOf('add_item', { menu_item_id: pho.menuItemId, quantity: 2 }, { key: 'twice' });
    const [same, reused, beside] = await Promise.all([
      submit(heart.a, session, [once, once]),
      refusal(submit(heart.a, session, [other, { ...once, key: freshKey() }])),
      add(heart.a, neighbour),
    ]);
    expect(same.decided.map(({ event, replayed }) => [event.seq, replayed])).toEqual([
      [2, false],
      [2, true],
    ]);
    expect(reused).toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED', extra: { index: 0 } });
    expect(beside.replayed).toBe(false);
    const key = freshKey();
    expect(
      await refusal(
        submit(heart.a, session, [
          { ...once, key },
          { ...other, key },
        ]),
      ),
    ).toMatchObject({
      code: 'IDEMPOTENCY_KEY_REUSED',
      extra: { index: 1 },
    });
    expect(await readRows(heart.sql, session)).toHaveLength(2);
    expect(await logFaults(heart.sql, session)).toEqual([]);
  });

  test('of a command of several replays each event, and refuses the whole if one differs', async () => {
    const session = await open(heart.a);
    const [one, two] = ['one', 'two'].map((key) =>
      appendOf('add_item', { menu_item_id: pho.menuItemId, quantity: 1 }, { key }),
    );
    if (!one || !two) throw new Error('two appends were made');
    const first = await submit(heart.a, session, [one, two]);
    const again = await submit(heart.b, session, [one, two]);
    expect(again.decided).toEqual(first.decided.map((each) => ({ ...each, replayed: true })));
    const changed = submit(heart.b, session, [one, { ...two, fingerprint: 'ff'.repeat(32) }]);
    expect(await refusal(changed)).toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED', extra: { index: 1 } });
    expect(await readRows(heart.sql, session)).toHaveLength(3);
  });

  test('belongs to its session: the same key on two sessions is two events', async () => {
    const [left, right] = await Promise.all([open(heart.a), open(heart.a)]);
    const both = await Promise.all([left, right].map((session) => add(heart.a, session, { key: 'shared' })));
    expect(both.map(({ replayed }) => replayed)).toEqual([false, false]);
  });
});

describe('a refusal never rests on old memory: right after node A wrote, node B', () => {
  test('takes the seq that A has reached', async () => {
    const session = await open(heart.a);
    await add(heart.b, session);
    const { event } = await add(heart.a, session);
    expect(await refusalOf(add(heart.b, session, { expectedSeq: event.seq - 1 }))).toBe('SEQ_CONFLICT');
    expect((await add(heart.b, session, { expectedSeq: event.seq })).event.seq).toBe(event.seq + 1);
  });

  test('finds a line that A added, and misses one that A removed', async () => {
    const session = await open(heart.a);
    await add(heart.b, session);
    const { lineId } = await add(heart.a, session);
    await modify(heart.b, session, { lineId, change: { delta: 1 } });
    await remove(heart.a, session, { lineId });
    expect(await refusalOf(remove(heart.b, session, { lineId }))).toBe('LINE_NOT_FOUND');
  });

  test('refuses a session that A closed, and replays what A wrote', async () => {
    const session = await open(heart.a);
    await add(heart.b, session);
    const first = await add(heart.a, session, { key: 'on A' });
    expect(await add(heart.b, session, { key: 'on A' })).toEqual({ ...first, replayed: true });
    await close(heart.a, session);
    expect(await refusalOf(add(heart.b, session))).toBe('SESSION_NOT_OPEN');
  });

  test('opens the next session of the table after A has closed the last', async () => {
    const tableId = v7() as TableId;
    const session = await open(heart.a, { tableId });
    expect(await openOrFind(heart.b, { tableId })).toMatchObject({ sessionId: session, isFresh: false });
    await close(heart.a, session);
    const next = await openOrFind(heart.b, { tableId });
    expect(next).toMatchObject({ isFresh: true });
    expect(next.sessionId).not.toBe(session);
  });

  test('turns away a phone that A removed, for a repeat as well as for a new request', async () => {
    const session = await open(heart.a);
    const minh = await join(heart.a, session, 'Minh');
    await add(heart.b, session, { caller: minh, key: 'before' });
    await append(heart.a, session, { type: 'device_removed', input: { device_id: minh.deviceId } });
    expect(await refusalOf(add(heart.b, session, { caller: minh }))).toBe('UNAUTHENTICATED');
    expect(await refusalOf(add(heart.b, session, { caller: minh, key: 'before' }))).toBe('UNAUTHENTICATED');
  });

  test("turns away a phone's repeat that it remembers from before A removed the phone", async () => {
    const session = await open(heart.a);
    const minh = await join(heart.a, session, 'Minh');
    await add(heart.b, session, { caller: minh, key: 'before' });
    await append(heart.a, session, { type: 'device_removed', input: { device_id: minh.deviceId } });
    expect(await refusalOf(add(heart.b, session, { caller: minh, key: 'before' }))).toBe('UNAUTHENTICATED');
  });

  test('answers for a foreign tenant or location as for no session at all', async () => {
    const session = await open(heart.a);
    await add(heart.a, session);
    const elsewhere = { kind: 'key', tenantId: 'x', locationId: v7(), keyId: 'k', role: 'staff', name: 'n' } as never;
    expect(await refusalOf(add(heart.a, session, { caller: elsewhere }))).toBe('NOT_FOUND');
    expect(await refusalOf(add(heart.a, v7() as typeof session))).toBe('NOT_FOUND');
    const stranger = heart.a.log.submit({
      tenantId: v7() as never,
      sessionId: session,
      caller: elsewhere,
      appends: [],
    });
    expect(await refusalOf(stranger)).toBe('NOT_FOUND');
  });
});
