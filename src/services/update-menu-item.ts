import type { MenuItemId } from '../domain/ids.js';
import { withItem } from '../domain/menu-edit.js';
import { readItemChange } from '../domain/menu-fields.js';
import { changedItem } from '../domain/menu-item.js';
import type { Scope } from '../domain/scope.js';
import { changeMenu } from './change-menu.js';
import type { Deps } from './deps.js';
import { type ItemView, itemView, ownItem, placeOfItem } from './menu-views.js';

/** Changes or moves an item, by a manager; what is left out stays, and the others keep their order. */
export async function updateMenuItem(
  deps: Deps,
  scope: Scope,
  { menuItemId, fields }: { readonly menuItemId: MenuItemId; readonly fields: object },
): Promise<ItemView> {
  const place = await placeOfItem(deps, scope, { menuItemId });
  const { category_id: categoryId, position, ...change } = readItemChange(fields);
  const menu = await changeMenu(deps, place, (now) => {
    const row = changedItem(ownItem(now, menuItemId), change, deps.newId);
    return withItem(now, { ...row, categoryId: categoryId ?? row.categoryId }, position);
  });
  return itemView(menu, place.locationId, menuItemId);
}
