import type { Orm } from '../db/connect.js';
import type { MenuPlace } from '../db/menu-rows.js';
import { type MenuHead, readMenuCategories, readMenuHead, readMenuItems } from '../db/menus.js';
import type { LocationId, TenantId } from '../domain/ids.js';
import type { Menu } from '../domain/menu.js';

/**
 * Menus in memory. A change is obeyed at once by the node that made it (`forget`) and within 2 s by all others, because
 * nothing older than a second is used without asking for the version.
 */
export interface MenuCache {
  /** The menu, at most a second old; undefined where the tenant has no such location. */
  readonly get: (tenantId: TenantId, locationId: LocationId) => Promise<Menu | undefined>;
  /** The newest menu that this process has. */
  readonly peek: (tenantId: TenantId, locationId: LocationId) => Menu | undefined;
  readonly forget: (tenantId: TenantId, locationId: LocationId) => void;
}

interface Entry {
  readonly menu: Menu;
  /** On the monotonic clock. */
  readonly checkedAt: number;
}

interface Reading {
  readonly menu: Promise<Menu | undefined>;
}

const freshMs = 1_000;
const maxMenus = 5_000;

async function readMenu(orm: Orm, tenantId: TenantId, head: MenuHead): Promise<Menu> {
  const [categories, items] = await Promise.all([
    readMenuCategories(orm, tenantId, head.locationId),
    readMenuItems(orm, tenantId, head.locationId),
  ]);
  return { ...head, categories, items, byId: new Map(items.map((item) => [item.menuItemId, item])) };
}

export function createMenuCache(orm: Orm): MenuCache {
  const entries = new Map<string, Entry>();
  /** A reading that began before its menu was forgotten is not in here any more, and leaves nothing behind. */
  const underway = new Map<string, Reading>();

  async function refresh(key: string, place: MenuPlace, reading: Reading): Promise<Menu | undefined> {
    const checkedAt = performance.now();
    const known = entries.get(key)?.menu;
    const head = await readMenuHead(orm, place.tenantId, place.locationId);
    const isSame = head !== undefined && known?.version === head.version && known.ordering === head.ordering;
    const menu = isSame ? known : head && (await readMenu(orm, place.tenantId, head));
    if (underway.get(key) !== reading) return menu;
    if (entries.size >= maxMenus) entries.clear();
    if (menu) entries.set(key, { menu, checkedAt });
    else entries.delete(key);
    return menu;
  }

  return {
    get(tenantId, locationId) {
      const key = `${tenantId}/${locationId}`;
      const entry = entries.get(key);
      if (entry && performance.now() - entry.checkedAt < freshMs) return Promise.resolve(entry.menu);
      const known = underway.get(key);
      if (known) return known.menu;
      const reading: { menu: Promise<Menu | undefined> } = { menu: Promise.resolve(undefined) };
      underway.set(key, reading);
      reading.menu = refresh(key, { tenantId, locationId }, reading).finally(() => {
        if (underway.get(key) === reading) underway.delete(key);
      });
      return reading.menu;
    },
    peek: (tenantId, locationId) => entries.get(`${tenantId}/${locationId}`)?.menu,
    forget(tenantId, locationId) {
      entries.delete(`${tenantId}/${locationId}`);
      underway.delete(`${tenantId}/${locationId}`);
    },
  };
}
