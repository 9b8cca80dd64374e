import type { MenuItemId } from '../domain/ids.js';
import { withoutItem } from '../domain/menu-edit.js';
import type { Scope } from '../domain/scope.js';
import { changeMenu } from './change-menu.js';
import type { Deps } from './deps.js';
import { ownItem, placeOfItem } from './menu-views.js';

/** Takes an item out of the menu, by a manager. Bills keep the words and the price that they have of it. */
export async function deleteMenuItem(deps: Deps, scope: Scope, menuItemId: MenuItemId): Promise<void> {
  const place = await placeOfItem(deps, scope, { menuItemId });
  await changeMenu(deps, place, (now) => withoutItem(now, ownItem(now, menuItemId).menuItemId));
}
