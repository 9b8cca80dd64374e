import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { MenuPlace } from '../../../src/db/menu-rows.js';
import { asId, type LocationId, type TenantId } from '../../../src/domain/ids.js';
import type { Menu } from '../../../src/domain/menu.js';
import { createMenuHub, menuCursor, menuKey } from '../../../src/services/menu-hub.js';

const tenantId = asId<TenantId>('01900000-0000-7000-8000-000000000001');
const at = (n: number): MenuPlace => ({
  tenantId,
  locationId: asId<LocationId>(`01900000-0000-7000-8000-00000000001${n}`),
});
const menuAt = ({ locationId }: MenuPlace, version: number, ordering: Menu['ordering'] = 'open'): Menu => ({
  ...{ locationId, currency: 'VND', version, ordering, categories: [], items: [], byId: new Map() },
});

let kept: Map<string, Menu>;
let looks: (readonly MenuPlace[])[];
let failures: unknown[];
let isAway: boolean;

beforeEach(() => {
  vi.useFakeTimers();
  [kept, looks, failures, isAway] = [new Map(), [], [], false];
});
afterEach(() => {
  vi.useRealTimers();
});

const put = (place: MenuPlace, version: number, ordering?: Menu['ordering']): Menu => {
  const menu = menuAt(place, version, ordering);
  kept.set(menuKey(place), menu);
  return menu;
};
const newHub = () =>
  createMenuHub({
    failed: (error) => void failures.push(error),
    async look(places) {
      looks.push(places);
      if (isAway) throw new Error('away');
      return new Map([...kept].map(([key, menu]) => [key, menuCursor(menu)]));
    },
    read: (place) => Promise.resolve(kept.get(menuKey(place))),
  });
const tick = () => vi.advanceTimersByTimeAsync(1_000);

test('nobody looks while nobody follows, and one look a second serves all menus', async () => {
  const hub = newHub();
  await tick();
  expect(looks).toEqual([]);
  const feeds = [1, 1, 2].map((n) => hub.follow(at(n), { menu: put(at(n), 1), after: undefined }));
  await tick();
  await tick();
  expect(looks).toEqual([
    [at(1), at(2)],
    [at(1), at(2)],
  ]);
  expect(hub.followers).toBe(3);
  for (const feed of feeds) feed.close();
  expect(hub.followers).toBe(0);
  await tick();
  expect(looks).toHaveLength(2);
  expect(vi.getTimerCount()).toBe(0);
});

test('who has the menu gets the next one, who has another gets this one, and all get the same object', async () => {
  const hub = newHub();
  const menu = put(at(1), 4);
  const [current, stale, fresh] = ['4.open', '3.open', undefined].map((after) => hub.follow(at(1), { menu, after }));
  expect(await stale?.next()).toEqual([menu]);
  expect(await fresh?.next()).toEqual([menu]);
  const waiting = [current, stale, fresh].map(async (feed) => feed?.next());
  const next = put(at(1), 4, 'paused');
  await tick();
  for (const items of await Promise.all(waiting)) expect(items?.[0]).toBe(next);
});

test('a reader that was slow gets only the newest menu', async () => {
  const hub = newHub();
  const feed = hub.follow(at(1), { menu: put(at(1), 1), after: undefined });
  await feed.next();
  for (const version of [2, 3, 4]) {
    put(at(1), version);
    hub.changed(at(1));
    await vi.advanceTimersByTimeAsync(0);
  }
  expect(await feed.next()).toMatchObject([{ version: 4 }]);
});

test('a change that comes while the menu is read is read once more', async () => {
  let answer: ((menu: Menu) => void) | undefined;
  let reads = 0;
  const hub = createMenuHub({
    failed: (error) => void failures.push(error),
    look: () => Promise.resolve(new Map()),
    read() {
      reads += 1;
      return new Promise((resolve) => {
        answer = resolve;
      });
    },
  });
  const feed = hub.follow(at(1), { menu: menuAt(at(1), 1), after: undefined });
  await feed.next();
  hub.changed(at(1));
  hub.changed(at(1));
  hub.changed(at(1));
  expect(reads).toBe(1);
  answer?.(menuAt(at(1), 2));
  await vi.advanceTimersByTimeAsync(0);
  expect(reads).toBe(2);
  answer?.(menuAt(at(1), 3));
  await vi.advanceTimersByTimeAsync(0);
  expect(reads).toBe(2);
  expect(await feed.next()).toMatchObject([{ version: 3 }]);
});

test('a database that is away ends nothing: the next look finds what was missed', async () => {
  const hub = newHub();
  const feed = hub.follow(at(1), { menu: put(at(1), 1), after: '1.open' });
  const next = feed.next();
  isAway = true;
  put(at(1), 2);
  await tick();
  expect(failures).toHaveLength(1);
  isAway = false;
  await tick();
  expect(await next).toMatchObject([{ version: 2 }]);
});

test('a menu whose location is given up is over', async () => {
  const hub = newHub();
  const feed = hub.follow(at(1), { menu: put(at(1), 1), after: '1.open' });
  const next = feed.next();
  kept.clear();
  await tick();
  expect(await next).toBe('over');
  expect([hub.followers, vi.getTimerCount()]).toEqual([0, 0]);
});

test('a server that drains ends all feeds, and those that come later', async () => {
  const hub = newHub();
  const menu = put(at(1), 1);
  const feed = hub.follow(at(1), { menu, after: '1.open' });
  const next = feed.next();
  hub.drain();
  expect(await next).toBe('draining');
  expect(await hub.follow(at(1), { menu, after: undefined }).next()).toBe('draining');
  expect(hub.followers).toBe(0);
  expect(vi.getTimerCount()).toBe(0);
});
