import type { LocationId } from '../domain/ids.js';
import type { Menu } from '../domain/menu.js';
import type { Scope } from '../domain/scope.js';
import { noSuchLocation, requireLocation } from './access.js';
import type { Deps } from './deps.js';

/** What a location sells right now, for anybody with a credential of that restaurant. */
export async function getMenu(deps: Deps, scope: Scope, locationId: LocationId): Promise<Menu> {
  const { tenantId } = requireLocation(scope, locationId);
  const menu = await deps.menus.get(tenantId, locationId);
  if (!menu) throw noSuchLocation();
  return menu;
}
