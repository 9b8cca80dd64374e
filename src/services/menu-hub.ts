import type { MenuPlace } from '../db/menu-rows.js';
import type { Menu } from '../domain/menu.js';
import { createFeed, type Feed, type OpenFeed } from '../event-log/feed.js';

/** All menus that somebody follows in this process. */
export interface MenuHub {
  /** The menu as it is now unless the reader has it, and then whenever it is another; over when its location is given up. */
  readonly follow: (place: MenuPlace, from: FollowMenuFrom) => Feed<Menu>;
  /** This node has changed the menu. */
  readonly changed: (place: MenuPlace) => void;
  /** Feeds that are open. */
  readonly followers: number;
  /** Ends every feed, and all that come later. */
  readonly drain: () => void;
}

export interface FollowMenuFrom {
  readonly menu: Menu;
  /** The cursor of the menu that the reader has. */
  readonly after: string | undefined;
}

export interface MenuHubOptions {
  /** The cursors of menus in one look for all, by `menuKey`. */
  readonly look: (places: readonly MenuPlace[]) => Promise<ReadonlyMap<string, string>>;
  /** The menu as it is now, or undefined where there is none any more. */
  readonly read: (place: MenuPlace) => Promise<Menu | undefined>;
  /** A look or a read came to nothing; it is made again. */
  readonly failed: (error: unknown) => void;
}

interface Followed {
  readonly place: MenuPlace;
  readonly feeds: Set<OpenFeed<Menu>>;
  menu: Menu;
  /** Whether the menu is being read, and has to be once more. */
  reading: 'no' | 'yes' | 'again';
}

/** With the time that a look takes, a change is seen within two seconds on every node. */
const lookEveryMs = 1_000;

/** Names a menu's content: whoever has it needs nothing. */
export function menuCursor({ version, ordering }: Pick<Menu, 'version' | 'ordering'>): string {
  return `${version}.${ordering}`;
}

export function menuKey({ tenantId, locationId }: MenuPlace): string {
  return `${tenantId}/${locationId}`;
}

export function createMenuHub(options: MenuHubOptions): MenuHub {
  const followed = new Map<string, Followed>();
  const clock = createClock(() => lookAtAll(followed, options));
  let followers = 0;
  let isDraining = false;
  return {
    follow(place, { menu, after }) {
      const key = menuKey(place);
      const one = followed.get(key) ?? { place, menu, feeds: new Set(), reading: 'no' };
      followed.set(key, one);
      // Two who come at once may have read it one after the other.
      if (menu.version >= one.menu.version && menuCursor(menu) !== menuCursor(one.menu)) show(one, menu);
      const feed = createMenuFeed(one, after, () => {
        followers -= 1;
        one.feeds.delete(feed);
        if (one.feeds.size === 0 && followed.get(key) === one) followed.delete(key);
        if (followed.size === 0) clock.stop();
      });
      one.feeds.add(feed);
      followers += 1;
      clock.start();
      if (isDraining) feed.end('draining');
      return feed;
    },
    changed(place) {
      const one = followed.get(menuKey(place));
      if (one) void refresh(one, options);
    },
    get followers() {
      return followers;
    },
    drain() {
      isDraining = true;
      for (const { feeds } of [...followed.values()]) for (const feed of [...feeds]) feed.end('draining');
    },
  };
}

function createMenuFeed(one: Followed, after: string | undefined, release: () => void): OpenFeed<Menu> {
  let has = after;
  return createFeed<Menu>(
    {
      look: () => (menuCursor(one.menu) === has ? [] : [one.menu]),
      pass(menus) {
        const [menu] = menus;
        has = menu && menuCursor(menu);
        return menus;
      },
      isOver: () => false,
    },
    release,
  );
}

async function lookAtAll(followed: ReadonlyMap<string, Followed>, options: MenuHubOptions): Promise<void> {
  const all = [...followed.values()];
  try {
    const cursors = await options.look(all.map(({ place }) => place));
    const isNews = (one: Followed) => (cursors.get(menuKey(one.place)) ?? '') !== menuCursor(one.menu);
    await Promise.all(all.filter(isNews).map((one) => refresh(one, options)));
  } catch (error) {
    options.failed(error);
  }
}

/** Reads the menu anew for all who follow it. What changes meanwhile is read once more. */
async function refresh(one: Followed, { read, failed }: MenuHubOptions): Promise<void> {
  if (one.reading !== 'no') {
    one.reading = 'again';
    return;
  }
  try {
    do {
      one.reading = 'yes';
      const menu = await read(one.place);
      if (!menu) for (const feed of [...one.feeds]) feed.end('over');
      else if (menuCursor(menu) !== menuCursor(one.menu)) show(one, menu);
    } while (isAskedAgain(one));
  } catch (error) {
    failed(error);
  } finally {
    one.reading = 'no';
  }
}

/** Asked while the menu was being read, which the compiler cannot see. */
function isAskedAgain({ reading }: Followed): boolean {
  return reading === 'again';
}

function show(one: Followed, menu: Menu): void {
  one.menu = menu;
  for (const feed of one.feeds) feed.wake();
}

/** Ticks while there is anything to look at, and never while it still looks. */
function createClock(look: () => Promise<void>) {
  let ticker: NodeJS.Timeout | undefined;
  let isLooking = false;
  return {
    start() {
      ticker ??= setInterval(() => {
        if (isLooking) return;
        isLooking = true;
        void look().finally(() => {
          isLooking = false;
        });
      }, lookEveryMs).unref();
    },
    stop() {
      clearInterval(ticker);
      ticker = undefined;
    },
  };
}
