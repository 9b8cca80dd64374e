import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { setTimeout as pause } from 'node:timers/promises';
import type { StoredEvent } from '../../../src/domain/events/define.js';
import type { LineId, SessionId } from '../../../src/domain/ids.js';
import type { Feed, FeedEnd } from '../../../src/event-log/feed.js';
import { type CuttableDatabase, cuttableDatabase } from '../../support/cuttable-database.js';
import { eventually } from '../../support/eventually.js';
import { followOn } from '../../support/feeds.js';
import { add, close, type HeartNode, modify, open, startNode, useHeart } from '../../support/heart.js';
import { createLossyBells, type LossyBells, type Mischief } from '../../support/lossy-bells.js';
import { randomFrom } from '../../support/random.js';
import { readHead, readRows } from '../../support/log-check.js';

/** What can happen; numbers choose among what there is at that moment. */
type Act =
  | { readonly kind: 'write'; readonly node: number; readonly session: number; readonly times: number }
  | {
      readonly kind: 'follow';
      readonly node: number;
      readonly session: number;
      readonly after: number;
      readonly lag: number;
    }
  | { readonly kind: 'leave'; readonly reader: number }
  | { readonly kind: 'end'; readonly node: number; readonly session: number }
  | { readonly kind: 'cut'; readonly node: number; readonly how: 'refuse' | 'stall'; readonly ms: number }
  | { readonly kind: 'deafen' | 'heal'; readonly node: number };

const node = fc.nat(1);
const session = fc.nat(2);
const writes = fc.record({
  kind: fc.constant('write' as const),
  node,
  session,
  times: fc.integer({ min: 1, max: 12 }),
});
const follows = fc.record({
  kind: fc.constant('follow' as const),
  ...{ node, session, after: fc.nat(60), lag: fc.nat(3) },
});
const quietActs = [
  { arbitrary: writes, weight: 8 },
  { arbitrary: follows, weight: 5 },
  { arbitrary: fc.record({ kind: fc.constant('leave' as const), reader: fc.nat(30) }), weight: 2 },
  { arbitrary: fc.record({ kind: fc.constant('end' as const), node, session }), weight: 1 },
  { arbitrary: fc.record({ kind: fc.constantFrom('deafen' as const, 'heal' as const), node }), weight: 2 },
];
const cuts = {
  arbitrary: fc.record({
    kind: fc.constant('cut' as const),
    ...{ node, how: fc.constantFrom('refuse' as const, 'stall' as const), ms: fc.integer({ min: 20, max: 700 }) },
  }),
  weight: 2,
};

interface Reader {
  readonly sessionId: SessionId;
  readonly after: number;
  /** Seq and id of every event that it got. */
  readonly got: string[];
  readonly feed: Feed<StoredEvent>;
  readonly ended: Promise<FeedEnd>;
}

const heart = useHeart();

describe('readers of two nodes', () => {
  const lines: CuttableDatabase[] = [];
  beforeAll(async () => {
    lines.push(await cuttableDatabase(heart.url), await cuttableDatabase(heart.url));
  });
  afterAll(async () => {
    await Promise.all(lines.map((line) => line.stop()));
  });

  test('get every event once and in order, whatever bells do to the news', async () => {
    await playMany({ runs: 12, acts: fc.array(fc.oneof(...quietActs), { minLength: 30, maxLength: 80 }) });
  }, 120_000);

  test('get every event once and in order, through outages of their databases', async () => {
    await playMany({ runs: 4, acts: fc.array(fc.oneof(...quietActs, cuts), { minLength: 30, maxLength: 60 }) });
  }, 120_000);

  async function playMany({ runs, acts }: { runs: number; acts: fc.Arbitrary<Act[]> }): Promise<void> {
    const share = fc.double({ min: 0, max: 0.5, noNaN: true });
    const mischief = fc.record({ lost: share, doubled: share, delayed: share, invented: share });
    await fc.assert(
      fc.asyncProperty(acts, mischief, fc.integer(), async (todo, kind, seed) => {
        await play(todo, kind, seed);
      }),
      { numRuns: runs, endOnFailure: true },
    );
  }

  async function play(acts: readonly Act[], mischief: Mischief, seed: number): Promise<void> {
    const bells = createLossyBells(2, randomFrom(seed), mischief);
    const limits = { pageEvents: 8, tailEvents: 4, statementMs: 400, commandMs: 4_000 };
    const nodes = lines.map((line, n) => startNode(line.url, `${seed} ${n}`, { limits, bells: bells[n] }));
    try {
      const sessions = await Promise.all([0, 1, 2].map(() => newSession()));
      const readers: Reader[] = [];
      const world: World = { nodes, bells, lines, sessions, readers, under: [] };
      for (const act of acts) await perform(world, act);
      await Promise.allSettled(world.under);
      await settle(world);
    } finally {
      for (const line of lines) line.mend();
      await Promise.all(nodes.map((each) => each.stop()));
    }
  }

  async function newSession(): Promise<{ sessionId: SessionId; lineId: LineId }> {
    const sessionId = await open(heart.a);
    const { lineId } = await add(heart.a, sessionId, { quantity: 5 });
    return { sessionId, lineId };
  }
});

interface World {
  readonly nodes: readonly HeartNode[];
  readonly bells: readonly LossyBells[];
  readonly lines: readonly CuttableDatabase[];
  readonly sessions: readonly { readonly sessionId: SessionId; readonly lineId: LineId }[];
  readonly readers: Reader[];
  /** What goes on beside the next acts. It may fail: only the log says what was written. */
  readonly under: Promise<unknown>[];
}

async function perform(world: World, act: Act): Promise<void> {
  const { nodes, sessions, readers, bells, lines, under } = world;
  const on = 'node' in act ? nodes[act.node] : undefined;
  const at = 'session' in act ? sessions[act.session] : undefined;
  switch (act.kind) {
    case 'write': {
      if (!on || !at) return;
      const changes = Array.from({ length: act.times }, (_, n) =>
        modify(on, at.sessionId, { lineId: at.lineId, change: { quantity: 1 + ((n * 7 + act.times) % 90) } }),
      );
      under.push(Promise.allSettled(changes));
      return pause(2);
    }
    case 'follow': {
      if (!on || !at) return;
      const opened = followOn(on, at.sessionId, act.after).then(
        (feed) => readers.push(startReader(feed, { sessionId: at.sessionId, ...act })),
        () => undefined,
      );
      under.push(opened);
      return pause(1);
    }
    case 'leave':
      return readers[act.reader]?.feed.close();
    case 'end':
      if (on && at) under.push(close(on, at.sessionId).catch(() => undefined));
      return;
    case 'cut': {
      const line = lines[act.node];
      line?.cut(act.how);
      await pause(act.ms);
      return line?.mend();
    }
    case 'deafen':
    case 'heal':
      return bells[act.node]?.setHearing(act.kind === 'heal');
  }
}

/** Reads all that comes, now and then slowly. */
function startReader(
  feed: Feed<StoredEvent>,
  { sessionId, after, lag }: { sessionId: SessionId; after: number; lag: number },
): Reader {
  const got: string[] = [];
  const read = async (): Promise<FeedEnd> => {
    for (;;) {
      const items = await feed.next();
      if (typeof items === 'string') return items;
      got.push(...items.map(({ seq, id }) => `${seq} ${id}`));
      if (lag > 0) await pause(lag * 3);
    }
  };
  return { sessionId, after, got, feed, ended: read() };
}

/** All is well again, and all who still read come to the end of what was written. */
async function settle({ readers, bells }: World): Promise<void> {
  for (const each of bells) each.setHearing(false);
  for (const reader of readers) {
    const { status } = await readHead(heart.sql, reader.sessionId);
    const log = (await readRows(heart.sql, reader.sessionId)).map((row) => `${row.event_seq} ${row.event_id}`);
    const whole = log.slice(reader.after);
    const ending = Promise.race([reader.ended, pause(0).then(() => 'reading' as const)]);
    if ((await ending) === 'closed') {
      expect(reader.got).toEqual(whole.slice(0, reader.got.length));
      continue;
    }
    await eventually(() => reader.got.length >= whole.length, { within: 10_000 });
    expect(reader.got).toEqual(whole);
    if (status !== 'open') expect(await reader.ended).toBe('over');
    else reader.feed.close();
  }
}
