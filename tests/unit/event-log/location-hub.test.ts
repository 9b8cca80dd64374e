import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { LocationId, SessionId, TenantId } from '../../../src/domain/ids.js';
import { type Activity, before, isBehind, type Tx } from '../../../src/event-log/activity.js';
import type { ActivityPage, ActivityRange } from '../../../src/event-log/activity-page.js';
import { createLocationHub } from '../../../src/event-log/location-hub.js';

const tenantId = 'tenant' as TenantId;
const [here, there] = ['here', 'there'] as LocationId[] as [LocationId, LocationId];

/** A database of a few transactions: what each wrote is seen when it has ended. */
function fakeDatabase(pageEvents = 1_000) {
  const written: Activity[] = [];
  const running = new Set<Tx>();
  let next = 100n;
  const oldest = () => [...running].reduce((least, tx) => (tx < least ? tx : least), next);
  return {
    begin(): Tx {
      running.add(next);
      next += 1n;
      return next - 1n;
    },
    commit(tx: Tx, locationId: LocationId) {
      running.delete(tx);
      const place = { tx, sessionId: `session of ${locationId}` as SessionId, seq: Number(tx) };
      written.push({ ...place, cursor: '', event: {}, head: { locationId } } as Activity);
    },
    moment: async () => {
      const [place, end, ran] = [before(oldest()), next, new Set(running)];
      return { place, next: end, sees: (tx: Tx) => tx < end && !ran.has(tx) };
    },
    read: async ({ locationIds, after }: ActivityRange): Promise<ActivityPage> => {
      const to = before(oldest());
      const newest = written.reduce((most, { tx }) => (tx > most ? tx : most), 0n);
      const items = written.filter(
        (item) => locationIds.includes(item.head.locationId) && isBehind(item, after) && item.tx < to.tx,
      );
      items.sort((a, b) => Number(a.tx - b.tx));
      const last = items[pageEvents - 1];
      if (last) return { items: items.slice(0, pageEvents), to: last, newest, hasMore: true };
      return { items, to, newest, hasMore: false };
    },
    hasFrom: (tx: Tx) => written.some((item) => item.tx >= tx),
  };
}

let database: ReturnType<typeof fakeDatabase>;
let reads: number[];
/** What a test does between a read's question and its answer. */
let onRead: (range: ActivityRange) => void | Promise<void>;
/** The same for what a feed asks when it begins. */
let onMoment: () => void | Promise<void>;

beforeEach(() => {
  vi.useFakeTimers();
  database = fakeDatabase();
  reads = [];
  onRead = () => undefined;
  onMoment = () => undefined;
});

afterEach(() => {
  vi.useRealTimers();
});

function newHub({ isHearing = true, tailEvents = 64 } = {}) {
  const failures: unknown[] = [];
  const hub = createLocationHub({
    bells: { isHearing },
    limits: { tailEvents },
    moment: async () => {
      const moment = await database.moment();
      await onMoment();
      return moment;
    },
    read: async (range) => {
      reads.push(performance.now());
      const page = await database.read(range);
      await onRead(range);
      return page;
    },
    glance: async (tenants) =>
      new Set(tenants.filter(({ readTo }) => database.hasFrom(readTo.tx)).map((one) => one.tenantId)),
    failed: (error) => failures.push(error),
  });
  const follow = async (locationId: LocationId) => {
    const feed = await hub.follow({ tenantId, locationId }, undefined);
    const given: bigint[] = [];
    const ended = (async () => {
      for (let items = await feed.next(); ; items = await feed.next()) {
        if (typeof items === 'string') return items;
        given.push(...items.map(({ tx }) => tx));
      }
    })();
    return { feed, given, ended };
  };
  const write = (locationId: LocationId) => {
    const tx = database.begin();
    database.commit(tx, locationId);
    hub.hear({ tenantId, locationId });
    return tx;
  };
  return { hub, follow, write, failures };
}

/** Lets so many milliseconds pass, with all that happens in them. */
const pass = (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds);

describe('what waits for an older transaction', () => {
  it('is asked for soon, then ever less often, and comes within 250 ms of its end', async () => {
    const { hub, follow, write } = newHub();
    const { feed, given } = await follow(here);
    await pass(20);
    const slow = database.begin();
    const quick = write(here);
    reads = [];
    await pass(2_000);
    expect(given).toEqual([]);
    const waits = reads.slice(1).map((at, n) => at - (reads[n] ?? at));
    expect(waits.slice(0, 7).map((wait) => Math.round(wait))).toEqual([5, 10, 20, 40, 80, 160, 250]);
    database.commit(slow, here);
    await pass(250);
    expect(given).toEqual([slow, quick]);
    const settled = reads.length;
    await pass(3_000);
    expect(reads.length).toBe(settled);
    feed.close();
    expect(hub.followers).toBe(0);
  });

  it('is asked for behind a long stretch of what can be had at once, too', async () => {
    database = fakeDatabase(1);
    const { follow, write } = newHub();
    const { feed, given } = await follow(here);
    await pass(20);
    const ready = [database.begin(), database.begin(), database.begin()];
    for (const tx of ready) database.commit(tx, here);
    const slow = database.begin();
    const quick = write(here);
    await pass(200);
    expect(given).toEqual(ready);
    database.commit(slow, here);
    await pass(250);
    expect(given).toEqual([...ready, slow, quick]);
    feed.close();
  });

  it('is not asked for on behalf of what came later, which has news of its own', async () => {
    const { follow, write } = newHub();
    const { feed, given } = await follow(here);
    await pass(20);
    const slow = database.begin();
    const quick = write(here);
    await pass(15);
    const later = database.begin();
    // Seen by the next read, and its bell is still on its way.
    const unheard = database.begin();
    database.commit(unheard, here);
    database.commit(slow, there);
    await pass(100);
    expect(given).toEqual([quick]);
    const settled = reads.length;
    await pass(2_000);
    expect(reads.length).toBe(settled);
    database.commit(later, there);
    feed.close();
  });
});

describe('a feed of a location', () => {
  it('gets what was written between its beginning and its place, though the news went to nobody', async () => {
    const { hub, follow } = newHub();
    const following = follow(here);
    const tx = database.begin();
    database.commit(tx, here);
    hub.hear({ tenantId, locationId: here });
    const { feed, given } = await following;
    await pass(50);
    expect(given).toEqual([tx]);
    feed.close();
  });

  it('that began while others of the tenant were being read gets what that read passed over', async () => {
    const { follow, write } = newHub();
    const first = await follow(here);
    await pass(20);
    let [goOn, answer] = [(): void => undefined, (): void => undefined];
    onMoment = () => new Promise((resolve) => (goOn = resolve));
    onRead = () => new Promise((resolve) => (answer = resolve));
    // The newcomer's moment, then its event, then a read that does not know its place, and only then does it take it.
    const following = follow(there);
    await pass(1);
    const missed = write(there);
    write(here);
    await pass(15);
    expect(reads.length).toBe(2);
    goOn();
    const second = await following;
    await pass(1);
    onRead = () => undefined;
    answer();
    await pass(100);
    expect(second.given).toEqual([missed]);
    for (const { feed } of [first, second]) feed.close();
  });

  it('reads for all commits of 10 ms at once, and nothing while nothing happens', async () => {
    const { follow, write } = newHub();
    const { feed, given } = await follow(here);
    await pass(100);
    reads = [];
    for (let n = 0; n < 200; n += 1) {
      write(here);
      await pass(1);
    }
    await pass(20);
    expect(given.length).toBe(200);
    expect(reads.length).toBeLessThanOrEqual(22);
    reads = [];
    await pass(60_000);
    expect(reads).toEqual([]);
    feed.close();
  });

  it('is not read for by what happens where nobody looks', async () => {
    const { follow, write } = newHub();
    const { feed } = await follow(here);
    await pass(20);
    reads = [];
    write(there);
    await pass(100);
    expect(reads).toEqual([]);
    feed.close();
  });

  it.each([
    [true, 4_250],
    [false, 260],
  ])('with bells that are heard (%s) gets what no bell told within %s ms', async (isHearing, within) => {
    const { follow } = newHub({ isHearing });
    const { feed, given } = await follow(here);
    await pass(20);
    const tx = database.begin();
    database.commit(tx, here);
    await pass(within);
    expect(given).toEqual([tx]);
    feed.close();
  });
});

describe('a read that the database refuses', () => {
  const away = Object.assign(new Error('away'), { code: 'ECONNREFUSED' });

  it('is made again until it succeeds, with nothing lost', async () => {
    const { follow, write, failures } = newHub();
    const { feed, given } = await follow(here);
    await pass(20);
    let refusals = 6;
    onRead = () => {
      if (refusals === 0) return;
      refusals -= 1;
      throw away;
    };
    const slow = database.begin();
    const quick = write(here);
    await pass(1_000);
    expect(failures).toEqual([away, away, away, away, away, away]);
    database.commit(slow, here);
    await pass(250);
    expect(given).toEqual([slow, quick]);
    feed.close();
  });

  it('makes a reader wait who is behind, and only for the next tick', async () => {
    const { hub, write, failures } = newHub({ tailEvents: 1 });
    const feed = await hub.follow({ tenantId, locationId: here }, undefined);
    await pass(20);
    const all = [write(here), write(here), write(here)];
    await pass(50);
    onRead = ({ after }) => {
      if (after.tx < all[2]!) throw away;
    };
    let given: readonly Activity[] | string | undefined;
    const next = feed.next().then((items) => (given = items));
    await pass(50);
    expect(given).toBeUndefined();
    onRead = () => undefined;
    await pass(300);
    await next;
    expect((given as readonly Activity[]).map(({ tx }) => tx)).toEqual(all);
    expect(failures).toEqual([]);
    feed.close();
  });

  it('for a reason of our own ends the feed with it', async () => {
    const { hub, write } = newHub({ tailEvents: 1 });
    const feed = await hub.follow({ tenantId, locationId: here }, undefined);
    await pass(20);
    write(here);
    write(here);
    await pass(50);
    onRead = () => {
      throw new Error('no such column');
    };
    await expect(feed.next()).rejects.toThrow('no such column');
    feed.close();
    expect(hub.followers).toBe(0);
  });
});

describe('when nobody follows any more', () => {
  it('nothing runs', async () => {
    const { follow, write } = newHub();
    const { feed, ended } = await follow(here);
    await pass(20);
    database.begin();
    write(here);
    await pass(30);
    feed.close();
    expect(await ended).toBe('closed');
    reads = [];
    await pass(10_000);
    expect(reads).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('nothing runs, not even behind a read that was under way', async () => {
    const { follow, write } = newHub();
    const { feed } = await follow(here);
    await pass(20);
    let release = (): void => undefined;
    onRead = () => new Promise((resolve) => (release = resolve));
    database.begin();
    write(here);
    await pass(15);
    feed.close();
    release();
    reads = [];
    await pass(10_000);
    expect(reads).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });
});
