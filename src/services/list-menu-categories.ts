import type { LocationId } from '../domain/ids.js';
import type { Scope } from '../domain/scope.js';
import { menuPlace, ownMenu } from './change-menu.js';
import type { Deps } from './deps.js';
import { type CategoryView, categoryViews } from './menu-views.js';

/** All headings of a menu in their order, for managers. */
export async function listMenuCategories(
  deps: Deps,
  scope: Scope,
  locationId: LocationId,
): Promise<readonly CategoryView[]> {
  return categoryViews(await ownMenu(deps, menuPlace(scope, locationId)), locationId);
}
