import { setTimeout as pause } from 'node:timers/promises';
import { v7 } from 'uuid';
import { beforeAll, expect, test } from 'vitest';
import type { LocationId, SessionId, TableId } from '../../../src/domain/ids.js';
import { eventsAt, faultsOf, follow, newLocation, openAt, startFollower, take } from '../../support/activity.js';
import { eventually } from '../../support/eventually.js';
import { add, close, expire, extend, type HeartNode, refusalOf, useHeart } from '../../support/heart.js';
import { createLossyBells, type LossyBells } from '../../support/lossy-bells.js';
import { type Random, randomFrom, seedOf } from '../../support/random.js';
import { endTime } from '../../support/session-time.js';

const heart = useHeart();
const limits = { pageEvents: 8, tailEvents: 4 };
let nodes: readonly HeartNode[];
let bells: readonly LossyBells[];

const seed = seedOf('ACTIVITY_SEED');
const random = randomFrom(seed);
const oneOf = <T>(list: readonly T[], by: Random = random): T => list[Math.floor(by() * list.length)] as T;

beforeAll(() => {
  bells = createLossyBells(2, random, { lost: 0.3, doubled: 0.2, delayed: 0.3, invented: 0.1 });
  nodes = bells.map((own, n) => heart.start(`node ${n}`, limits, own));
});

interface Place {
  readonly locationId: LocationId;
  readonly tables: readonly TableId[];
  readonly sessions: SessionId[];
}

/** One act of guests or staff; a refusal is a fair answer to somebody who comes late. */
async function act(place: Place): Promise<unknown> {
  const [node, session, dice] = [oneOf(nodes), oneOf(place.sessions), random()];
  if (!session || dice < 0.06) {
    const opened = await openAt(node, place.locationId, { tableId: oneOf(place.tables) });
    return place.sessions.push(opened);
  }
  if (dice < 0.08) return refusalOf(close(node, session));
  if (dice < 0.1) return endTime(heart.sql, session);
  if (dice < 0.12) return refusalOf(expire(node, session));
  if (dice < 0.2) return refusalOf(extend(node, session, 3600 + Math.floor(random() * 1000)));
  return refusalOf(add(node, session));
}

/** Transactions that hold a number for a while, as those of other programs do; some undo what they did. */
async function holdNumbers(isOver: () => boolean): Promise<void> {
  await heart.sql`CREATE TABLE IF NOT EXISTS somebody_else (at int)`;
  await heart.sql`SELECT 1`;
  const connection = await heart.sql.reserve();
  while (!isOver()) {
    await connection`BEGIN`;
    await connection`INSERT INTO somebody_else VALUES (1)`;
    await pause(random() * 40);
    if (random() < 0.5) await connection`COMMIT`;
    else await connection`ROLLBACK`;
  }
  connection.release();
}

test(`every feed gives exactly what happened at its place, whatever happens to it and to the bells (seed ${seed})`, async () => {
  const places = Array.from({ length: 3 }, (): Place => {
    const tables = Array.from({ length: 6 }, () => v7() as TableId);
    return { locationId: newLocation(), tables, sessions: [] };
  });
  const followers = await Promise.all(
    places.flatMap((place) =>
      Array.from({ length: 5 }, async () => {
        const feed = await follow(oneOf(nodes), place.locationId);
        place.sessions.push(await openAt(oneOf(nodes), place.locationId));
        const [first] = await take(feed, 1);
        feed.close();
        return { place, first: first!, follower: startFollower(() => oneOf(nodes), place.locationId, first!.cursor) };
      }),
    ),
  );
  let isOver = false;
  const holder = holdNumbers(() => isOver);
  const mischief = (async () => {
    while (!isOver) {
      await pause(random() * 60);
      oneOf(followers).follower.cut();
      if (random() < 0.1) oneOf(bells).setHearing(random() < 0.6);
    }
  })();
  await Promise.all(
    Array.from({ length: 12 }, async () => {
      for (let turn = 0; turn < 60; turn += 1) await act(oneOf(places));
    }),
  );
  isOver = true;
  await Promise.all([mischief, holder]);

  for (const { locationId } of places) {
    const all = await eventsAt(heart.sql, locationId);
    expect(all.length).toBeGreaterThan(60);
  }
  for (const { place, first, follower } of followers) {
    // In the order of the rows' transactions, which nobody but the database knows.
    const expected = await heart.sql<{ session_id: SessionId; event_seq: number }[]>`
      SELECT e.session_id, e.event_seq FROM session_events e JOIN qr_sessions s ON s.id = e.session_id
      WHERE s.location_id = ${place.locationId}
        AND (e.tx, e.session_id, e.event_seq) > (${String(first.tx)}::xid8, ${first.sessionId}, ${first.seq})
      ORDER BY e.tx, e.session_id, e.event_seq`;
    const names = expected.map(({ session_id, event_seq }) => `${session_id} ${event_seq}` as const);
    await eventually(() => follower.items.length >= names.length, { within: 20_000 });
    expect(faultsOf(follower.items, names)).toEqual([]);
    expect(follower.items.map(({ sessionId, seq }) => `${sessionId} ${seq}`)).toEqual(names);
  }
  await Promise.all(followers.map(({ follower }) => follower.stop()));
  expect(nodes.map(({ log }) => log.followers)).toEqual([0, 0]);
}, 60_000);
