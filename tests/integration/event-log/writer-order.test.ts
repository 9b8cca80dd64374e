import { describe, expect, test } from 'vitest';
import type { SessionId } from '../../../src/domain/ids.js';
import { add, appendOf, close, open, pho, refusalOf, submit, tenantId, useHeart } from '../../support/heart.js';
import { chainFaults, logFaults, readRows } from '../../support/log-check.js';

const heart = useHeart();

describe('the order of a log', () => {
  test('64 writers on one session leave seq 1..n, each written once, and a reader never sees a gap', async () => {
    const session = await open(heart.a);
    const watch = watchForGaps(session);
    const written = await Promise.all(
      Array.from({ length: 64 }, async () => {
        const seqs: number[] = [];
        for (let turn = 0; turn < 10; turn += 1) seqs.push((await add(heart.a, session)).event.seq);
        return seqs;
      }),
    );
    const gaps = await watch.stop();
    for (const seqs of written) expect(seqs).toEqual([...seqs].sort((x, y) => x - y));
    expect(written.flat().sort((x, y) => x - y)).toEqual(Array.from({ length: 640 }, (_, index) => index + 2));
    expect(gaps.looks).toBeGreaterThan(10);
    expect(gaps.found).toEqual([]);
    expect(await logFaults(heart.sql, session)).toEqual([]);
  });

  test('64 writers over 1,000 sessions leave every log whole', async () => {
    const sessions = await Promise.all(Array.from({ length: 1_000 }, () => open(heart.a)));
    await Promise.all(
      Array.from({ length: 64 }, async (_, writer) => {
        for (let turn = 0; turn < 63; turn += 1) {
          const session = sessions[(writer * 63 + turn) % 1_000];
          if (session) await add(heart.a, session, { quantity: 1 + (turn % 9) });
        }
      }),
    );
    const rows = await heart.sql<{ wrong: number; events: number }[]>`
      SELECT count(*) FILTER (WHERE s.last_event_seq <> e.n OR e.top <> e.n)::int AS wrong, sum(e.n)::int AS events
      FROM qr_sessions s
      JOIN (SELECT session_id, count(*)::int AS n, max(event_seq) AS top FROM session_events GROUP BY 1) e ON e.session_id = s.id
      WHERE s.id = ANY(${sessions}::uuid[])`;
    expect(rows[0]).toEqual({ wrong: 0, events: 1_000 + 64 * 63 });
    for (const session of sessions.slice(0, 50)) expect(await logFaults(heart.sql, session)).toEqual([]);
  });

  test('of n clients that expect the same seq on two nodes exactly one wins each seq', async () => {
    const session = await open(heart.a);
    const wins: number[] = [];
    const codes = new Set<unknown>();
    await Promise.all(
      [heart.a, heart.b].flatMap((node) =>
        Array.from({ length: 8 }, async () => {
          for (let won = 0; won < 5; ) {
            const seen = (await node.log.current({ tenantId: tenantId, sessionId: session }))?.bill.lastSeq ?? 0;
            const code = await refusalOf(
              add(node, session, { expectedSeq: seen }).then(({ event }) => {
                expect(event.seq).toBe(seen + 1);
                wins.push(event.seq);
                won += 1;
              }),
            );
            if (code) codes.add(code);
          }
        }),
      ),
    );
    expect(wins.sort((x, y) => x - y)).toEqual(Array.from({ length: 80 }, (_, index) => index + 2));
    expect([...codes]).toEqual(['SEQ_CONFLICT']);
    expect(await logFaults(heart.sql, session)).toEqual([]);
  });

  test('keys and notes of any characters arrive as they were sent', async () => {
    const session = await open(heart.a);
    const odd = [
      '"',
      '\\',
      '{}',
      'NULL',
      ',',
      "'",
      '{"a":1}',
      '\\x00',
      '\n\t',
      'không hành 🍜',
      '  ',
      '\u2028',
      '$1',
      '%s',
    ];
    const sent = await Promise.all(
      odd.map((text) => add(heart.a, session, { key: `odd ${text}`, input: { note: text } })),
    );
    const rows = await readRows(heart.sql, session);
    for (const [index, text] of odd.entries()) {
      const row = rows.find(({ event_id }) => event_id === sent[index]?.event.id);
      expect([row?.idempotency_key, row?.payload.note]).toEqual([`odd ${text}`, text]);
    }
    expect(chainFaults(rows)).toEqual([]);
  });

  test('a command of several events goes in as one stretch, or not at all', async () => {
    const session = await open(heart.a);
    const three = () =>
      Array.from({ length: 3 }, () => appendOf('add_item', { menu_item_id: pho.menuItemId, quantity: 1 }));
    const outcomes = await Promise.all(
      Array.from({ length: 30 }, (_, at) => submit(at % 2 ? heart.a : heart.b, session, three())),
    );
    for (const { decided } of outcomes) {
      const [first] = decided;
      expect(decided.map(({ event }) => event.seq)).toEqual([0, 1, 2].map((step) => (first?.event.seq ?? 0) + step));
    }
    const bad = [...three(), appendOf('add_item', { menu_item_id: pho.menuItemId, quantity: 100 }), ...three()];
    await expect(submit(heart.a, session, bad)).rejects.toMatchObject({
      code: 'QUANTITY_OUT_OF_RANGE',
      extra: { index: 3 },
    });
    expect((await readRows(heart.sql, session)).length).toBe(91);
    await close(heart.a, session);
    expect(await logFaults(heart.sql, session)).not.toContain('total');
  });

  /** Looks again and again whether the log of the moment is 1..n and as long as its head says. */
  function watchForGaps(session: SessionId) {
    const found: unknown[] = [];
    let looks = 0;
    let isOn = true;
    const done = (async () => {
      while (isOn) {
        const [row] = await heart.sql<{ n: number; top: number; head: number }[]>`
          SELECT count(*)::int AS n, max(event_seq) AS top,
            (SELECT last_event_seq FROM qr_sessions WHERE id = ${session}) AS head
          FROM session_events WHERE session_id = ${session}`;
        looks += 1;
        if (row && (row.n !== row.top || row.n !== row.head)) found.push(row);
      }
    })();
    return {
      stop: async () => {
        isOn = false;
        await done;
        return { looks, found };
      },
    };
  }
});
