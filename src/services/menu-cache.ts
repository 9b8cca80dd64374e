import type { Orm } from '../db/connect.js';
import { type MenuHead, readMenuCategories, readMenuHead, readMenuItems } from '../db/menus.js';
import type { LocationId, TenantId } from '../domain/ids.js';
import type { Menu } from '../domain/menu.js';

/**
 * Menus in memory. A change is obeyed at once by the node that made it (`forget`) and within 2 s by all others, because
 * nothing older than a second is used without asking for the version.
 */
export interface MenuCache {
  /** The menu, at most a second old; undefined where the tenant has no such location. */
  get(tenantId: TenantId, locationId: LocationId): Promise<Menu | undefined>;
  /** The newest menu that this process has. */
  peek(tenantId: TenantId, locationId: LocationId): Menu | undefined;
  forget(tenantId: TenantId, locationId: LocationId): void;
}

interface Entry {
  readonly menu: Menu;
  /** On the monotonic clock. */
  readonly checkedAt: number;
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
  const underway = new Map<string, Promise<Menu | undefined>>();

  async function refresh(tenantId: TenantId, locationId: LocationId): Promise<Menu | undefined> {
    const key = `${tenantId}/${locationId}`;
    const askedAt = performance.now();
    const head = await readMenuHead(orm, tenantId, locationId);
    if (!head) {
      entries.delete(key);
      return undefined;
    }
    const known = entries.get(key)?.menu;
    const isSame = known?.version === head.version && known.ordering === head.ordering;
    const menu = isSame ? known : await readMenu(orm, tenantId, head);
    if (entries.size >= maxMenus) entries.clear();
    entries.set(key, { menu, checkedAt: askedAt });
    return menu;
  }

  return {
    get(tenantId, locationId) {
      const key = `${tenantId}/${locationId}`;
      const entry = entries.get(key);
      if (entry && performance.now() - entry.checkedAt < freshMs) return Promise.resolve(entry.menu);
      const known = underway.get(key);
      if (known) return known;
      const fresh = refresh(tenantId, locationId).finally(() => underway.delete(key));
      underway.set(key, fresh);
      return fresh;
    },
    peek: (tenantId, locationId) => entries.get(`${tenantId}/${locationId}`)?.menu,
    forget: (tenantId, locationId) => void entries.delete(`${tenantId}/${locationId}`),
  };
}
