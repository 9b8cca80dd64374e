import type { LocationId } from '../domain/ids.js';
import type { Menu } from '../domain/menu.js';
import type { Scope } from '../domain/scope.js';
import type { Feed } from '../event-log/feed.js';
import { requireLocation } from './access.js';
import type { Deps } from './deps.js';
import { getMenu } from './get-menu.js';

export interface WantedMenu {
  readonly locationId: LocationId;
  /** The cursor of the menu that the reader has: it gets the next one. */
  readonly after?: string | undefined;
}

/** The menu, and again whenever it changes, for anybody with a credential of that restaurant. */
export async function followMenu(deps: Deps, scope: Scope, { locationId, after }: WantedMenu): Promise<Feed<Menu>> {
  const menu = await getMenu(deps, scope, locationId);
  const { tenantId } = requireLocation(scope, locationId);
  return deps.menus.follow({ tenantId, locationId }, { menu, after });
}
