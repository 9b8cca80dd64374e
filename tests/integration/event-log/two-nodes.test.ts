import { describe, expect, test } from 'vitest';
import { runNodes } from '../../../bench/starvation.js';
import { canonicalJson } from '../../../src/domain/canonical-json.js';
import type { SessionId } from '../../../src/domain/ids.js';
import { sqlCode } from '../../../src/db/sql-errors.js';
import { add, type HeartNode, join, open, refusalOf, useHeart } from '../../support/heart.js';
import { logFaults, readRows } from '../../support/log-check.js';

const heart = useHeart();

describe('two nodes on one database', () => {
  test('under random load with repeated and reused keys lose nothing, double nothing and replay rightly', async () => {
    const sessions = await Promise.all(Array.from({ length: 12 }, () => open(heart.a)));
    const first = new Map<string, { quantity: number; event: string }>();
    const wrong: unknown[] = [];
    const refused: unknown[] = [];
    const tally = { fresh: 0, replayed: 0, reused: 0 };

    const request = async (node: HeartNode, session: SessionId, key: string, quantity: number): Promise<void> => {
      const name = `${session} ${key}`;
      const answer = await add(node, session, { key, quantity }).catch((error: unknown) => error);
      if (answer instanceof Error) {
        const known = first.get(name);
        if ('code' in answer && answer.code === 'IDEMPOTENCY_KEY_REUSED' && known?.quantity !== quantity)
          tally.reused += 1;
        else refused.push(answer);
        return;
      }
      const { event, replayed } = answer as Awaited<ReturnType<typeof add>>;
      const said = { quantity, event: canonicalJson(event) };
      const known = first.get(name);
      if (known && (known.event !== said.event || known.quantity !== quantity)) wrong.push({ known, said });
      first.set(name, said);
      tally[replayed ? 'replayed' : 'fresh'] += 1;
    };

    await Promise.all(
      Array.from({ length: 64 }, async (_, caller) => {
        const random = generator(caller + 1);
        for (let turn = 0; turn < 40; turn += 1) {
          const node = random() < 0.5 ? heart.a : heart.b;
          const session = sessions[Math.floor(random() * sessions.length)] as SessionId;
          // A small space of keys, so that callers meet each other's; a few with other content.
          const key = random() < 0.3 ? `shared key ${Math.floor(random() * 60)}` : `own key ${caller} ${turn}`;
          const quantity = key.startsWith('shared') && random() < 0.9 ? 1 : 2;
          await request(node, session, key, quantity);
        }
      }),
    );

    expect(wrong).toEqual([]);
    expect(refused).toEqual([]);
    expect(tally.replayed).toBeGreaterThan(50);
    expect(tally.reused).toBeGreaterThan(5);
    expect(first.size).toBe(tally.fresh);
    let events = 0;
    for (const session of sessions) {
      expect(await logFaults(heart.sql, session)).toEqual([]);
      const rows = await readRows(heart.sql, session);
      events += rows.length - 1;
      for (const row of rows.slice(1)) expect(first.has(`${session} ${row.idempotency_key}`)).toBe(true);
    }
    expect(events).toBe(tally.fresh);
    expect([...heart.a.seen.failures, ...heart.b.seen.failures].map(sqlCode)).toEqual([]);
    expect(heart.a.seen.missed + heart.b.seen.missed).toBeGreaterThan(0);
  });

  test('let the same phone join once, whoever hears of it first', async () => {
    const session = await open(heart.a);
    const minh = await join(heart.a, session, 'Minh');
    const codes = await Promise.all([heart.a, heart.b].map((node) => refusalOf(add(node, session, { caller: minh }))));
    expect(codes).toEqual([undefined, undefined]);
  });

  test('as two processes in a closed loop both make progress, and every caller comes to its end', async () => {
    const sessions = await Promise.all(Array.from({ length: 20 }, () => open(heart.a)));
    const load = { url: heart.url, sessions, callers: 32, seconds: 3 };
    const figures = await runNodes([
      { ...load, node: 'left' },
      { ...load, node: 'right' },
    ]);
    for (const { events, max, failures } of figures) {
      expect(events).toBeGreaterThan(32);
      expect(max).toBeLessThan(5_000);
      expect(failures).toBe(0);
    }
    for (const session of sessions.slice(0, 5)) expect(await logFaults(heart.sql, session)).toEqual([]);
  });
});

/** Numbers that look random and are the same in every run. */
function generator(seed: number): () => number {
  let state = seed * 2_654_435_761;
  return () => {
    state = (Math.imul(state ^ (state >>> 15), 2_246_822_519) + 0x9e3779b9) | 0;
    const mixed = Math.imul(state ^ (state >>> 13), 3_266_489_917);
    return ((mixed ^ (mixed >>> 16)) >>> 0) / 2 ** 32;
  };
}
