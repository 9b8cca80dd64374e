import type { LocationId } from '../domain/ids.js';
import type { Scope } from '../domain/scope.js';
import { menuPlace, ownMenu } from './change-menu.js';
import type { Deps } from './deps.js';
import { type CategoryView, categoryViews, type ItemView, itemViews } from './menu-views.js';

/** A whole menu, for managers. Its file, imported again, changes nothing. */
export async function exportMenu(
  deps: Deps,
  scope: Scope,
  locationId: LocationId,
): Promise<{ readonly categories: readonly CategoryView[]; readonly items: readonly ItemView[] }> {
  const menu = await ownMenu(deps, menuPlace(scope, locationId));
  return { categories: categoryViews(menu, locationId), items: itemViews(menu, locationId) };
}
