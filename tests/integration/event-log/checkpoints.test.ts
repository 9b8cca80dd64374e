import { describe, expect, test } from 'vitest';
import type { LineId, SessionId } from '../../../src/domain/ids.js';
import { eventually } from '../../support/eventually.js';
import { add, billOf, extend, modify, open, remove, tenantId, useHeart } from '../../support/heart.js';
import { foldRows, readRows } from '../../support/log-check.js';

const heart = useHeart();

describe('checkpoints', () => {
  test('bound a cold load: a fresh node starts at the last one', async () => {
    const session = await longSession();
    const [kept] = await heart.sql<{ seq: number }[]>`
      SELECT event_seq AS seq FROM session_checkpoints WHERE session_id = ${session} ORDER BY 1 DESC LIMIT 1`;
    expect(kept?.seq).toBeGreaterThanOrEqual(512);
    await spoilLog(session, kept?.seq ?? 0);
    const bill = await billOf(heart.start('cold'), session);
    expect(bill.lastSeq).toBe(541);
  });

  test('change nothing: with all of them deleted every read gives the same', async () => {
    const session = await longSession();
    const log = { tenantId, sessionId: session };
    const [warm, cold] = [await billOf(heart.a, session), await billOf(heart.start('with'), session)];
    const at = await Promise.all([1, 255, 256, 257, 300, 513, 541].map((seq) => heart.a.log.billAt(log, seq)));
    await heart.sql`DELETE FROM session_checkpoints`;
    const bare = await billOf(heart.start('without'), session);
    const atBare = await Promise.all([1, 255, 256, 257, 300, 513, 541].map((seq) => heart.a.log.billAt(log, seq)));
    const rows = await readRows(heart.sql, session);
    expect(cold).toEqual(warm);
    expect(bare).toEqual(warm);
    expect(bare).toEqual(foldRows(rows));
    expect(atBare).toEqual(at);
    expect(atBare[4]).toEqual(foldRows(rows.slice(0, 300)));
  });

  test('of another fold version are not read', async () => {
    const session = await longSession();
    const right = await billOf(heart.a, session);
    await heart.sql`UPDATE session_checkpoints SET fold_version = fold_version + 1, bill = '{"lines": "other"}'`;
    expect(await billOf(heart.start('later'), session)).toEqual(right);
    expect(await heart.a.log.billAt({ tenantId, sessionId: session }, 541)).toEqual(right);
  });

  test('do not make a node forget what it does not know: an old key is replayed beside fresh writes', async () => {
    const session = await longSession();
    const [old] = await heart.sql<{ key: string; line: LineId }[]>`
      SELECT idempotency_key AS key, payload->>'line_id' AS line FROM session_events
      WHERE session_id = ${session} AND event_type = 'remove_item' ORDER BY event_seq LIMIT 1`;
    if (!old) throw new Error('a line was removed');
    const node = heart.start('forgetting');
    await add(node, session);
    const [, again] = await Promise.all([
      add(node, session),
      remove(node, session, { lineId: old.line, key: old.key }),
      add(node, session),
    ]);
    expect(again).toMatchObject({ replayed: true, key: old.key });
  });

  /** 541 events of all kinds, written so that checkpoints are due in between. */
  async function longSession(): Promise<SessionId> {
    const session = await open(heart.a);
    for (let round = 0; round < 9; round += 1) {
      const added = await Promise.all(
        Array.from({ length: 40 }, (_, at) => add(heart.a, session, { quantity: 1 + (at % 5) })),
      );
      await Promise.all(added.slice(0, 10).map(({ lineId }) => remove(heart.a, session, { lineId })));
      await Promise.all(
        added.slice(10, 19).map(({ lineId }) => modify(heart.b, session, { lineId, change: { delta: 1 } })),
      );
      await extend(heart.a, session, 7200 + round * 600);
    }
    await eventually(async () => {
      const rows = await heart.sql`SELECT 1 FROM session_checkpoints WHERE session_id = ${session}`;
      return rows.length >= 2;
    });
    return session;
  }

  /** Nobody can fold these rows any more. */
  async function spoilLog(session: SessionId, until: number): Promise<void> {
    await heart.sql`UPDATE session_events SET event_type = 'spoilt' WHERE session_id = ${session} AND event_seq <= ${until}`;
  }
});
