/** The log as an auditor goes through it: whatever was done to it behind the server's back is found, and named. */
import fc from 'fast-check';
import { v7 } from 'uuid';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { foldVersion } from '../../../src/domain/fold.js';
import type { SessionId, TableId } from '../../../src/domain/ids.js';
import { type FoundFault, verifyLog, type VerifyOptions } from '../../../src/event-log/verify/verify-log.js';
import { runVerifyLog } from '../../../src/verify-log.js';
import { add, close, extend, join, modify, open, openOrFind, tenantId, useHeart } from '../../support/heart.js';
import { endTime } from '../../support/session-time.js';

const heart = useHeart();

let session: SessionId;
let neighbour: SessionId;

/** Seven events: opened, Minh joined, a note of Minh's, two dishes, one changed, extended. */
beforeAll(async () => {
  session = await open(heart.a);
  const minh = await join(heart.a, session, 'Minh');
  await add(heart.a, session, { caller: minh, input: { note: 'ít đá' } });
  await add(heart.a, session, { quantity: 2 });
  const { lineId } = await add(heart.b, session);
  await modify(heart.a, session, { lineId, change: { quantity: 3 } });
  await extend(heart.a, session, 7200);
  neighbour = await open(heart.a);
  await add(heart.a, neighbour);
  await close(heart.a, neighbour);
  await heart.sql`CREATE TABLE kept_events AS SELECT * FROM session_events`;
  await heart.sql`CREATE TABLE kept_heads AS SELECT * FROM qr_sessions`;
});

async function restore(): Promise<void> {
  await heart.sql`TRUNCATE session_events, qr_sessions, session_checkpoints`;
  await heart.sql`INSERT INTO session_events SELECT * FROM kept_events`;
  await heart.sql`INSERT INTO qr_sessions SELECT * FROM kept_heads`;
}

async function verify(options: Partial<VerifyOptions> = {}) {
  const faults: FoundFault[] = [];
  const seen = await verifyLog(heart.sql, { isDeep: false, found: (fault) => faults.push(fault), ...options });
  expect(seen.faults).toBe(faults.length);
  return { ...seen, faults };
}

const named = ({ faults }: { faults: readonly FoundFault[] }) => faults.map(({ seq, what }) => `${seq} ${what}`);

test('an untouched log is as it was written, whatever the size of its pages', async () => {
  for (const pageRows of [2, 3, 4, 1000]) {
    for (const isDeep of [false, true]) {
      const { events, sessions, faults } = await verify({ pageRows, isDeep });
      expect({ events, sessions, faults }).toEqual({ events: 10, sessions: 2, faults: [] });
    }
  }
});

test('an expiry that Postgres sealed, and one that wrote no event, are no fault', async () => {
  const tableId = v7() as TableId;
  const first = await open(heart.a, { tableId });
  await endTime(heart.sql, first);
  const silent = await openOrFind(heart.b, { tableId, settings: { expiry_event: false } });
  await heart.sql`UPDATE qr_sessions SET status = 'expired' WHERE id = ${silent.sessionId}`;
  for (const sessionId of [first, silent.sessionId]) {
    const { faults } = await verify({ sessionId, tenantId, isDeep: true });
    // The test itself has moved the first one's beginning.
    expect(faults.filter(({ what }) => what !== 'created_at')).toEqual([]);
  }
  await restore();
});

describe('is found and named:', () => {
  afterEach(restore);

  const set = (seq: number, change: string) => () =>
    heart.sql.unsafe(`UPDATE session_events SET ${change} WHERE session_id = '${session}' AND event_seq = ${seq}`);
  const head = (change: string) => () => heart.sql.unsafe(`UPDATE qr_sessions SET ${change} WHERE id = '${session}'`);
  const away = (where: string) => () =>
    heart.sql.unsafe(`DELETE FROM session_events WHERE session_id = '${session}' AND ${where}`);
  /** Numbers above all others first, so that no key is there twice on the way. */
  const renumber = (where: string, to: string) =>
    heart.sql.unsafe(`
      UPDATE session_events SET event_seq = 1000 + event_seq WHERE session_id = '${session}' AND ${where};
      UPDATE session_events SET event_seq = ${to} WHERE session_id = '${session}' AND event_seq > 1000`);
  const json = (change: string) => `payload = payload || '${change}'`;
  const actor = (change: string) => `actor = actor || '${change}'`;
  const insert = (seq: number, from = seq - 1) =>
    heart.sql.unsafe(`
      INSERT INTO session_events SELECT (r).* FROM (
        SELECT jsonb_populate_record(e, jsonb_build_object('event_seq', ${seq}, 'event_id', gen_random_uuid(),
          'idempotency_key', 'forged')) r
        FROM session_events e WHERE session_id = '${session}' AND event_seq = ${from}) made`);

  test.each<[string, () => Promise<unknown>, readonly string[]]>([
    ['another price', set(4, json('{"unit_price": 1}')), ['4 content']],
    ['another setting of the first event', set(1, json('{"currency": "USD"}')), ['1 content']],
    ['a field more', set(4, json('{"extra": null}')), ['4 content']],
    ['another last event', set(7, json('{"ttl_seconds": 1}')), ['7 content']],
    ['another note', set(3, json('{"note": "nhiều đá"}')), ['3 personal']],
    ['a note where there was none', set(4, json('{"note": "x"}')), ['4 personal']],
    ['another guest name', set(2, actor('{"name": "Mai"}')), ['2 personal']],
    ['another staff name', set(4, actor('{"name": "Huệ"}')), ['4 personal']],
    ['a member more of the actor', set(4, actor('{"role": "cashier"}')), ['4 actor']],
    ['another actor', set(4, actor('{"id": "key-2"}')), ['4 content']],
    ['another kind of actor', set(4, actor('{"type": "device"}')), ['4 content']],
    ['another key', set(4, `idempotency_key = 'other'`), ['4 content']],
    ['another version', set(4, 'version = 2'), ['4 content']],
    ['another type', set(6, `event_type = 'add_item'`), ['6 content']],
    ['a type that there is not', set(6, `event_type = 'add_money'`), ['6 type']],
    ['another event id', set(4, `event_id = gen_random_uuid()`), ['4 content']],
    ['a salt that was taken away', set(3, 'salt = NULL'), ['3 personal', '3 erased']],
    [
      'names erased outside retention',
      set(2, `salt = NULL, ${json('{"name": null}')}, ${actor('{"name": null}')}`),
      ['2 erased'],
    ],
    ['another digest', set(3, `personal_digest = sha256('x')`), ['3 personal', '3 content']],
    ['another hash', set(4, `hash = sha256('x')`), ['4 hash']],
    ['another last hash', set(7, `hash = sha256('x')`), ['7 content']],
    ['another prev_hash', set(4, `prev_hash = sha256('x')`), ['4 prev_hash']],
    ['a cut fingerprint', set(4, `fingerprint = ''`), ['4 fingerprint']],
    ['a time that goes backwards', set(5, `created_at = created_at - interval '10 seconds'`), ['5 created_at']],
    ['a time long before the id was made', set(1, `created_at = created_at - interval '16 minutes'`), ['1 created_at']],
    ['a row taken out', away('event_seq = 4'), ['4 gap', '5 link']],
    ['two rows taken out', away('event_seq IN (3, 4)'), ['3 gap', '5 link']],
    ['the first row taken out', away('event_seq = 1'), ['1 gap', '2 link']],
    ['the last row taken out', away('event_seq = 7'), ['7 head']],
    ['all but the first taken out', away('event_seq > 1'), ['2 head']],
    ['all rows taken out', away('true'), ['1 head']],
    ['a row at the end', () => insert(8), ['8 link', '8 content', '8 head']],
    ['a head that is behind', head('last_event_seq = 6'), ['7 head']],
    ['a head that is ahead', head('last_event_seq = 9'), ['8 head']],
    ['no head', () => heart.sql`DELETE FROM qr_sessions WHERE id = ${session}`, ['0 head']],
  ])('%s', async (_, tamper, expected) => {
    await tamper();
    const seen = await verify();
    expect(named(seen)).toEqual(expected);
    expect(seen.faults.every(({ sessionId, tenantId: of }) => sessionId === session && of === tenantId)).toBe(true);
    expect(named(await verify({ pageRows: 2 }))).toEqual(expected);
  });

  test('a row taken out and the rest moved up', async () => {
    await away('event_seq = 4')();
    await renumber('event_seq > 4', 'event_seq - 1001');
    const { faults } = await verify();
    expect(named({ faults })).toEqual(['4 moved', '5 moved', '6 moved', '7 head']);
    expect(faults[0]?.text).toContain('written as seq 5');
  });

  test('a row put in between, the rest moved down', async () => {
    await renumber('event_seq > 4', 'event_seq - 999');
    await insert(5);
    expect(named(await verify())).toEqual(['5 link', '5 content', '6 moved', '7 moved', '8 moved', '8 head']);
  });

  test("two rows in each other's place", async () => {
    await renumber('event_seq IN (4, 5)', 'CASE event_seq WHEN 1004 THEN 5 ELSE 4 END');
    expect(named(await verify())).toEqual(['4 moved', '5 moved', '6 link']);
  });

  test("a neighbour's row, brought over", async () => {
    await away('event_seq = 7')();
    await heart.sql`UPDATE session_events SET session_id = ${session}, event_seq = 7
      WHERE session_id = ${neighbour} AND event_seq = 2`;
    const { faults } = await verify();
    const of = (id: SessionId) => named({ faults: faults.filter(({ sessionId }) => sessionId === id) });
    expect(of(session)).toEqual(['7 link', '7 content']);
    expect(of(neighbour)).toEqual(['2 gap', '3 link']);
  });

  test('of another tenant only what was asked for', async () => {
    await set(4, json('{"unit_price": 1}'))();
    expect((await verify({ tenantId: v7() as typeof tenantId })).faults).toEqual([]);
    expect(named(await verify({ tenantId }))).toEqual(['4 content']);
    expect(named(await verify({ sessionId: session }))).toEqual(['4 content']);
    expect((await verify({ sessionId: neighbour })).faults).toEqual([]);
  });

  test.each<[string, string, string]>([
    ['status', `status = 'paid'`, 'status paid, the log open'],
    ['table', `table_id = gen_random_uuid()`, 'tableId'],
    ['currency', `currency = 'EUR'`, 'currency EUR, the log VND'],
    ['expiry', `expires_at = expires_at + interval '1 day'`, 'expiresAt'],
    ['total', 'total = total - 1000', 'total'],
    ['paid', 'paid = 5', 'paid 5, the log 0'],
    ['due', 'due = 0', 'due 0, the log'],
  ])('in depth, another %s of the head', async (_, change, text) => {
    await head(change)();
    expect((await verify()).faults).toEqual([]);
    const { faults } = await verify({ isDeep: true });
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatchObject({ seq: 0, what: 'head', sessionId: session });
    expect(faults[0]?.text).toContain(text);
  });

  test('in depth, a checkpoint that says something else', async () => {
    const bill = await heart.a.log.billAt({ tenantId, sessionId: session }, 4);
    const keep = (kept: object) => heart.sql`
      INSERT INTO session_checkpoints SELECT ${tenantId}, ${session}, 4, ${foldVersion}, ${JSON.stringify(kept)}::text::jsonb
      ON CONFLICT (tenant_id, session_id, event_seq) DO UPDATE SET bill = excluded.bill`;
    await keep(bill);
    expect((await verify({ isDeep: true })).faults).toEqual([]);
    await keep({ ...bill, paid: 1_000_000 });
    expect(named(await verify({ isDeep: true }))).toEqual(['4 checkpoint']);
  });
});

describe('a random edit', () => {
  afterEach(restore);

  const anEdit = fc.oneof(
    fc.record({ what: fc.constant('event_id' as const), value: fc.uuid() }),
    fc.record({
      what: fc.constantFrom('idempotency_key' as const, 'event_type' as const),
      value: fc.string({ minLength: 1, maxLength: 12 }).filter((text) => !text.includes('\0')),
    }),
    fc.record({ what: fc.constant('version' as const), value: fc.integer({ min: 2, max: 99 }) }),
    fc.record({
      what: fc.constantFrom('prev_hash' as const, 'hash' as const, 'personal_digest' as const, 'salt' as const),
      value: fc.uint8Array({ minLength: 1, maxLength: 40 }).map((bytes) => Buffer.from(bytes).toString('hex')),
    }),
    fc.record({
      what: fc.constantFrom('payload' as const, 'actor' as const),
      value: fc.tuple(
        fc.constantFrom('name', 'note', 'quantity', 'unit_price', 'type', 'id', 'else'),
        fc.oneof(fc.integer(), fc.constant('x'), fc.constant(['x'])),
      ),
    }),
    fc.record({ what: fc.constant('created_at' as const), value: fc.integer({ min: 901, max: 10 ** 8 }) }),
  );

  test('of anything that the log vouches for is found in its row', async () => {
    const runs = fc.asyncProperty(fc.integer({ min: 1, max: 7 }), anEdit, async (seq, { what, value }) => {
      const changed = await edit(seq, what, value);
      const { faults } = await verify({ sessionId: session, tenantId });
      if (changed) expect(faults.map((fault) => fault.seq)).toContain(seq);
      else expect(faults).toEqual([]);
      await restore();
    });
    await fc.assert(runs, { numRuns: 100 });
  });

  /** Gives whether the row is now another one. */
  async function edit(seq: number, what: string, value: unknown): Promise<boolean> {
    const at = heart.sql`WHERE session_id = ${session} AND event_seq = ${seq}`;
    const column = heart.sql(what);
    const state = () => heart.sql`SELECT md5(e::text) AS sum FROM session_events e ${at}`;
    const [before] = await state();
    if (what === 'payload' || what === 'actor') {
      const [member, to] = value as [string, unknown];
      await heart.sql`UPDATE session_events SET ${column} = ${column} || ${heart.sql.json({ [member]: to } as never)} ${at}`;
    } else if (what === 'created_at') {
      await heart.sql`UPDATE session_events SET created_at = created_at - make_interval(secs => ${value as number}) ${at}`;
    } else if (typeof value === 'string' && /hash|digest|salt/.test(what)) {
      await heart.sql`UPDATE session_events SET ${column} = decode(${value}, 'hex') ${at}`;
    } else {
      await heart.sql`UPDATE session_events SET ${column} = ${value as string} ${at}`;
    }
    const [after] = await state();
    return before?.sum !== after?.sum;
  }
});

describe('npm run verify-log', () => {
  afterEach(restore);

  const run = async (...argv: string[]) => {
    const lines: string[] = [];
    const code = await runVerifyLog(argv, { DATABASE_URL: heart.url }, (line) => lines.push(line));
    return { code, lines };
  };

  test('says that all is well', async () => {
    const { code, lines } = await run('--deep');
    expect(lines).toEqual([
      expect.stringMatching(/^10 events of 2 sessions in .* s \(.* events\/s\): everything is as it was written\.$/),
    ]);
    expect(code).toBe(0);
  });

  test('names the row that was changed', async () => {
    await heart.sql`UPDATE session_events SET payload = payload || '{"quantity": 9}' WHERE session_id = ${session} AND event_seq = 4`;
    const { code, lines } = await run('--session', session);
    expect(lines[0]).toMatch(
      new RegExp(`^tenant ${tenantId} session ${session} seq 4 \\[content\\] add_item: is not what was sealed`),
    );
    expect(lines[1]).toMatch(/^7 events of 1 session in .*: 1 fault\.$/);
    expect(code).toBe(1);
  });

  test.each([
    [['--session', 'x'], /^--session x is no id/],
    [['--tenant', 'x'], /^--tenant x is no id/],
    [['--all'], /^TypeError: Unknown option/],
    [['--session', v7()], /^There is no such session/],
  ])('refuses %s', async (argv, text) => {
    const { code, lines } = await run(...argv);
    expect(code).toBe(2);
    expect(lines.join('\n')).toMatch(text);
  });

  test('says so when there is no database', async () => {
    const lines: string[] = [];
    const url = 'postgres://nobody@127.0.0.1:1/none';
    expect(await runVerifyLog([], { DATABASE_URL: url }, (line) => lines.push(line))).toBe(2);
    expect(lines.join('\n')).toContain('ECONNREFUSED');
  });
});
