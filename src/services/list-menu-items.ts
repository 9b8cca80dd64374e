import type { LocationId, MenuCategoryId } from '../domain/ids.js';
import type { Scope } from '../domain/scope.js';
import { menuPlace, ownMenu } from './change-menu.js';
import type { Deps } from './deps.js';
import { type ItemView, itemViews, ownCategory } from './menu-views.js';

export interface WantedItems {
  readonly locationId: LocationId;
  /** Only those under this heading. */
  readonly categoryId?: MenuCategoryId | undefined;
}

/** A menu's items in their order, for managers, in the restaurant's own words. */
export async function listMenuItems(
  deps: Deps,
  scope: Scope,
  { locationId, categoryId }: WantedItems,
): Promise<readonly ItemView[]> {
  const menu = await ownMenu(deps, menuPlace(scope, locationId));
  const items = itemViews(menu, locationId);
  if (categoryId === undefined) return items;
  const { categoryId: wanted } = ownCategory(menu, categoryId);
  return items.filter((item) => item.categoryId === wanted);
}
