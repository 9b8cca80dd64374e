import type { Orm } from '../db/connect.js';
import { readMenuHeads } from '../db/menus.js';
import { createMenuCache, type MenuCache } from './menu-cache.js';
import { createMenuHub, menuCursor, type MenuHub, menuKey } from './menu-hub.js';

/** Menus in memory, and those who follow them. */
export interface Menus extends MenuCache, Pick<MenuHub, 'follow' | 'drain'> {
  /** Feeds that are open. */
  readonly followers: number;
}

/** `failed` hears why a look at the database came to nothing; it is made again a second later. */
export function createMenus(orm: Orm, failed: (error: unknown) => void): Menus {
  const cache = createMenuCache(orm);
  const hub = createMenuHub({
    failed,
    async look(places) {
      const heads = await readMenuHeads(orm, places);
      return new Map(heads.map((head) => [menuKey(head), menuCursor(head)]));
    },
    read({ tenantId, locationId }) {
      cache.forget(tenantId, locationId);
      return cache.get(tenantId, locationId);
    },
  });
  return {
    get: cache.get,
    peek: cache.peek,
    forget(tenantId, locationId) {
      cache.forget(tenantId, locationId);
      hub.changed({ tenantId, locationId });
    },
    follow(place, from) {
      const feed = hub.follow(place, from);
      // It may have changed since it was read, when nobody followed it.
      if (cache.peek(place.tenantId, place.locationId) !== from.menu) hub.changed(place);
      return feed;
    },
    drain: hub.drain,
    get followers() {
      return hub.followers;
    },
  };
}
