import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { LocationId, SessionId, TableId, TenantId } from '../../../src/domain/ids.js';
import { v7 } from 'uuid';
import type { Activity } from '../../../src/event-log/activity.js';
import { type Bells, noBells } from '../../../src/event-log/bells/bells.js';
import {
  eventsAt,
  faultsOf,
  follow,
  nameOf,
  newLocation,
  nextItems,
  openAt,
  startFollower,
  take,
} from '../../support/activity.js';
import { cuttableDatabase } from '../../support/cuttable-database.js';
import { eventually } from '../../support/eventually.js';
import { stopLooking } from '../../support/feeds.js';
import {
  add,
  close,
  expire,
  extend,
  type HeartNode,
  refusal,
  startNode,
  tenantId,
  useHeart,
} from '../../support/heart.js';
import { endTime } from '../../support/session-time.js';

const heart = useHeart({ pageEvents: 16, tailEvents: 8 });
let place: LocationId;

beforeEach(() => {
  place = newLocation();
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

/** The events of these sessions, in the order in which one node wrote them. */
async function writeInTurns(node: HeartNode, sessions: readonly SessionId[], turns: number): Promise<void> {
  for (let turn = 0; turn < turns; turn += 1) for (const session of sessions) await add(node, session);
}

/** A place with events of three sessions, the cursor of the first of them, and all of their names. */
async function busyPlace(turns: number) {
  const feed = await follow(heart.a, place);
  const sessions = [await openAt(heart.a, place), await openAt(heart.a, place), await openAt(heart.a, place)];
  const [{ cursor }] = (await take(feed, 1)) as [Activity];
  feed.close();
  await writeInTurns(heart.a, sessions, turns);
  return { cursor, sessions, behind: (await eventsAt(heart.sql, place)).filter((name) => name !== `${sessions[0]} 1`) };
}

/** Statements that read activity on this node, from now on. */
function countReads({ db: { reader } }: HeartNode): () => number {
  const statements = vi.spyOn(reader, 'unsafe');
  return () => statements.mock.calls.filter(([text]) => text.includes('reach')).length;
}

describe('a feed of a location', () => {
  test('gives every event of every session of the place, once, with its head, and none of other places', async () => {
    const elsewhere = await openAt(heart.a, newLocation());
    const feed = await follow(heart.a, place);
    const sessions = [await openAt(heart.a, place), await openAt(heart.a, place)];
    await writeInTurns(heart.a, [...sessions, elsewhere], 10);
    const items = await take(feed, 22);
    expect(faultsOf(items, await eventsAt(heart.sql, place))).toEqual([]);
    for (const { head, event, sessionId } of items) {
      expect(head).toMatchObject({ id: sessionId, tenantId, locationId: place, status: 'open', isPast: false });
      expect(head.lastEventSeq).toBeGreaterThanOrEqual(event.seq);
    }
    feed.close();
  });

  test('begins with what is written after it, and gives nothing of what was there', async () => {
    const session = await openAt(heart.a, place);
    await add(heart.a, session);
    const feed = await follow(heart.a, place);
    await add(heart.a, session);
    expect((await take(feed, 1)).map(nameOf)).toEqual([nameOf({ sessionId: session, seq: 3 })]);
    feed.close();
  });

  test('goes on behind each of its cursors, on any node, over pages, over stretches of other places', async () => {
    const { cursor, behind } = await busyPlace(3);
    await writeInTurns(heart.a, [await openAt(heart.a, newLocation())], 200);
    const last = await openAt(heart.a, place);
    const all = await follow(heart.b, place, cursor);
    const items = await take(all, behind.length + 1);
    expect(faultsOf(items, [...behind, nameOf({ sessionId: last, seq: 1 })])).toEqual([]);
    all.close();
    for (const [at, { cursor: from }] of items.entries()) {
      const rest = items.slice(at + 1);
      const feed = await follow(at % 2 ? heart.a : heart.b, place, from);
      if (rest.length > 0) expect((await take(feed, rest.length)).map(nameOf)).toEqual(rest.map(nameOf));
      feed.close();
    }
  });

  test('gives many events of one statement in pages, too', async () => {
    const elsewhere = [await openAt(heart.a, newLocation()), await openAt(heart.a, newLocation())];
    const { cursor, sessions } = await busyPlace(1);
    await writeInTurns(heart.a, elsewhere, 1);
    // As a tool would write it: a whole evening in one transaction.
    await heart.sql`
      INSERT INTO session_events (tenant_id, session_id, event_seq, event_id, idempotency_key, fingerprint, event_type,
        version, payload, actor, prev_hash, hash)
      SELECT tenant_id, session_id, event_seq + n, gen_random_uuid(), gen_random_uuid(), fingerprint, event_type, version,
        payload, actor, hash, hash
      FROM session_events e, generate_series(1, 100) n WHERE session_id = ANY (${[...sessions, ...elsewhere]}) AND event_seq = 2`;
    const feed = await follow(heart.b, place, cursor);
    const items = await take(feed, 305);
    const written = (await eventsAt(heart.sql, place)).filter((name) => name !== `${sessions[0]} 1`);
    expect(faultsOf(items, written)).toEqual([]);
    feed.close();
  });

  test('gives the ends of sessions, and what comes after them', async () => {
    const [tableId, feed] = [v7() as TableId, await follow(heart.b, place)];
    const session = await openAt(heart.a, place, { tableId });
    await add(heart.a, session);
    await close(heart.a, session);
    const second = await openAt(heart.a, place, { tableId });
    await endTime(heart.sql, second);
    // Whoever sits down next ends it, in the statement that opens a new one.
    const third = await openAt(heart.a, place, { tableId });
    await endTime(heart.sql, third);
    await expire(heart.a, third);
    const items = await take(feed, 7);
    expect(items.map(({ event, sessionId }) => [sessionId, event.type])).toEqual(
      expect.arrayContaining([
        [session, 'session_closed'],
        [second, 'session_opened'],
        [second, 'session_expired'],
        [third, 'session_opened'],
        [third, 'session_expired'],
      ]),
    );
    expect(faultsOf(items, await eventsAt(heart.sql, place))).toEqual([]);
    feed.close();
  });

  test('of a reader who does not read makes nobody wait, and gives everything later', async () => {
    const [slow, quick] = [await follow(heart.a, place), await follow(heart.a, place)];
    const session = await openAt(heart.a, place);
    await writeInTurns(heart.a, [session], 60);
    for (const feed of [quick, slow]) {
      expect(faultsOf(await take(feed, 61), await eventsAt(heart.sql, place))).toEqual([]);
      feed.close();
    }
  });
});

describe('those who follow the same place', () => {
  test('get the very same items, from one read for all places of the tenant', async () => {
    const session = await openAt(heart.a, place);
    const other = newLocation();
    const [at, elsewhere] = [await openAt(heart.a, other), newLocation()];
    const feeds = await Promise.all([place, place, place, other, elsewhere].map((each) => follow(heart.a, each)));
    const [first, second, third, fourth, silent] = feeds as [(typeof feeds)[0], ...typeof feeds];
    const reads = countReads(heart.a);
    const waiting = Promise.all([first, second!, third!].map(nextItems));
    await Promise.all([add(heart.a, session), add(heart.a, at)]);
    const [a, ...others] = await waiting;
    for (const items of others) expect(items[0]).toBe(a![0]);
    expect(nameOf((await nextItems(fourth!))[0]!)).toBe(nameOf({ sessionId: at, seq: 2 }));
    // One read would do; another one is due when a write was still under way.
    expect(reads()).toBeLessThan(10);
    for (const feed of feeds) feed.close();
    expect(await silent!.next()).toBe('closed');
  });

  test('and catch up from the same cursor share their reads', async () => {
    const { cursor, behind } = await busyPlace(20);
    const reads = countReads(heart.b);
    const feeds = await Promise.all(Array.from({ length: 30 }, () => follow(heart.b, place, cursor)));
    const all = await Promise.all(feeds.map((feed) => take(feed, behind.length)));
    for (const items of all) expect(faultsOf(items, behind)).toEqual([]);
    // 62 events are four pages of 16; 30 readers by themselves would have read more than 120.
    expect(reads()).toBeLessThanOrEqual(30);
    for (const feed of feeds) feed.close();
  });

  test('may come while a read is under way that does not know of them', async () => {
    const session = await openAt(heart.a, place);
    const others = await Promise.all(
      Array.from({ length: 40 }, async () => {
        const feed = await follow(heart.a, newLocation());
        const own = follow(heart.a, place);
        await add(heart.a, session);
        return [feed, await own];
      }),
    );
    const last = nameOf({ sessionId: session, seq: (await add(heart.a, session)).event.seq });
    for (const [, own] of others) {
      let items = await nextItems(own!);
      while (nameOf(items.at(-1)!) !== last) items = [...items, ...(await nextItems(own!))];
      const firstSeq = items[0]!.seq;
      expect(items.map(({ seq }) => seq)).toEqual(items.map((_, n) => firstSeq + n));
    }
    for (const feed of others.flat()) feed.close();
  });
});

describe('a feed of a location hears', () => {
  /** A feed that has nothing to read any more, and a session of which it knows. */
  async function followLive(node: HeartNode) {
    const feed = await follow(node, place);
    const session = await openAt(node, place);
    await take(feed, 1);
    return { feed, session };
  }

  test('of what its own node writes, without any look', async () => {
    stopLooking();
    const node = heart.start('not looking');
    const { feed, session } = await followLive(node);
    for (let seq = 2; seq <= 6; seq += 1) {
      await add(node, session);
      expect((await take(feed, 1)).map(nameOf)).toEqual([nameOf({ sessionId: session, seq })]);
    }
    feed.close();
  });

  test('the bells of other nodes, without any look', async () => {
    stopLooking();
    let ring: Parameters<Bells['listen']>[0] = () => undefined;
    const node = heart.start('hearing', {}, { ...noBells, listen: (hear) => (ring = hear) });
    const { feed, session } = await followLive(node);
    for (let seq = 2; seq <= 6; seq += 1) {
      await add(heart.a, session);
      ring({ tenantId, locationId: place, sessionId: session, seq });
      expect((await take(feed, 1)).map(nameOf)).toEqual([nameOf({ sessionId: session, seq })]);
    }
    feed.close();
  });

  test.each([
    ['within the look that every feed takes now and then', noBells],
    ['at once where no bells can be heard', { ...noBells, isHearing: false }],
  ])('of what no bell told, %s', async (_, bells) => {
    const node = heart.start('without bells', {}, bells);
    const { feed, session } = await followLive(node);
    await add(heart.a, session);
    expect((await take(feed, 1)).map(nameOf)).toEqual([nameOf({ sessionId: session, seq: 2 })]);
    feed.close();
  });

  test('what it missed when the bells are back', async () => {
    let missed = (): void => undefined;
    const node = heart.start('back again', {}, { ...noBells, listen: (_, back) => (missed = back) });
    const { feed, session } = await followLive(node);
    await add(heart.a, session);
    missed();
    expect((await take(feed, 1)).map(nameOf)).toEqual([nameOf({ sessionId: session, seq: 2 })]);
    feed.close();
  });
});

describe('a feed of a location ends', () => {
  test('when its node stops, and goes on at the next one without a gap', async () => {
    const { cursor } = await busyPlace(1);
    const first = startNode(heart.url, 'first');
    const feed = await follow(first, place, cursor);
    const items = [...(await take(feed, 5))];
    const waiting = feed.next();
    await first.stop();
    expect(await waiting).toBe('draining');
    expect(await feed.next()).toBe('draining');
    const missed = await openAt(heart.a, place);
    const second = startNode(heart.url, 'second');
    const again = await follow(second, place, items.at(-1)!.cursor);
    expect((await take(again, 1)).map(nameOf)).toEqual([nameOf({ sessionId: missed, seq: 1 })]);
    const last = again.next();
    await second.stop();
    expect(await last).toBe('draining');
  });

  test('at once on a node that stops already', async () => {
    const node = heart.start('stopping');
    node.log.endFeeds();
    expect(await (await follow(node, place)).next()).toBe('draining');
    expect(node.log.followers).toBe(0);
  });

  test('when it is closed, also while it waits, and leaves nothing behind', async () => {
    const node = heart.start('let go');
    const feeds = await Promise.all([follow(node, place), follow(node, place), follow(node, newLocation())]);
    expect(node.log.followers).toBe(3);
    const waiting = feeds.map((feed) => feed.next());
    for (const feed of [...feeds, ...feeds]) feed.close();
    expect(await Promise.all(waiting)).toEqual(['closed', 'closed', 'closed']);
    expect(node.log.followers).toBe(0);
    const reads = countReads(node);
    await openAt(node, place);
    expect(reads()).toBe(0);
  });
});

describe('a cursor is refused', () => {
  const refused = async (cursor: string, at = { tenantId, locationId: place }) =>
    (await refusal(heart.a.log.followLocation(at, cursor)))?.code;

  test('of another place or tenant, or that is none', async () => {
    const { cursor } = await busyPlace(1);
    expect(await refused(cursor)).toBeUndefined();
    expect(await refused(cursor, { tenantId, locationId: newLocation() })).toBe('VALIDATION_FAILED');
    expect(await refused(cursor, { tenantId: v7() as TenantId, locationId: place })).toBe('VALIDATION_FAILED');
    for (const text of ['', '12', cursor.slice(1), `${cursor}=`]) expect(await refused(text)).toBe('VALIDATION_FAILED');
  });

  test('that names a transaction which this server has not begun', async () => {
    const { cursor } = await busyPlace(1);
    const { fromCursor, toCursor } = await import('../../../src/event-log/activity-cursor.js');
    const at = { tenantId, locationId: place };
    const { tx, ...rest } = fromCursor(at, cursor)!;
    expect(await refused(toCursor(at, { ...rest, tx: tx + 1_000_000n }))).toBe('VALIDATION_FAILED');
  });
});

describe.each(['refuse', 'stall'] as const)('while the database is away (%s)', (how) => {
  test('a feed of a location waits, and then gives what it would have given', async () => {
    const { cursor, sessions, behind } = await busyPlace(10);
    const database = await cuttableDatabase(heart.url);
    const node = startNode(database.url, `cut off ${how}`, {
      limits: { pageEvents: 4, tailEvents: 4, statementMs: 500 },
    });
    const live = startFollower(() => node, place, cursor);
    const late = await follow(node, place, cursor);
    await eventually(() => live.items.length === behind.length);
    database.cut(how);
    const next = nextItems(late);
    for (const session of sessions) await extend(heart.a, session, 7_200);
    await eventually(() => node.seen.failures.length > 0, { within: 10_000 });
    database.mend();
    const all = await eventsAt(heart.sql, place);
    await eventually(() => live.items.length === behind.length + 3, { within: 15_000 });
    expect(
      faultsOf(
        live.items,
        all.slice().filter((name) => name !== `${sessions[0]} 1`),
      ),
    ).toEqual([]);
    const items = [...(await next), ...(await take(late, behind.length + 3 - (await next).length))];
    expect(items.map(nameOf)).toEqual(live.items.map(nameOf));
    late.close();
    await live.stop();
    await node.stop();
    await database.stop();
  });
});
