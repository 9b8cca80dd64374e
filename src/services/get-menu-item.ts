import type { MenuItemId } from '../domain/ids.js';
import type { Scope } from '../domain/scope.js';
import { ownMenu } from './change-menu.js';
import type { Deps } from './deps.js';
import { type ItemView, itemView, placeOfItem } from './menu-views.js';

/** One item, for managers. */
export async function getMenuItem(deps: Deps, scope: Scope, menuItemId: MenuItemId): Promise<ItemView> {
  const place = await placeOfItem(deps, scope, { menuItemId });
  return itemView(await ownMenu(deps, place), place.locationId, menuItemId);
}
