import { asId, type LocationId, type MenuItemId } from '../domain/ids.js';
import { withItem } from '../domain/menu-edit.js';
import { readItemChange } from '../domain/menu-fields.js';
import { changedItem, newItem } from '../domain/menu-item.js';
import { invalid } from '../domain/rejection.js';
import type { Scope } from '../domain/scope.js';
import { changeMenu, menuPlace } from './change-menu.js';
import type { Deps } from './deps.js';
import { type ItemView, itemView } from './menu-views.js';

/** Adds an item, at the end of its category or at a place in it, by a manager. `fields` are in the words of REST. */
export async function createMenuItem(
  deps: Deps,
  scope: Scope,
  { locationId, fields }: { readonly locationId: LocationId; readonly fields: object },
): Promise<ItemView> {
  const place = menuPlace(scope, locationId);
  const { category_id: categoryId, position, ...change } = readItemChange(fields);
  if (categoryId === undefined) throw invalid([{ path: 'category_id', message: 'is required' }]);
  const menuItemId = asId<MenuItemId>(deps.newId());
  const row = changedItem(newItem(menuItemId, categoryId), change, deps.newId);
  const menu = await changeMenu(deps, place, (now) => withItem(now, row, position));
  return itemView(menu, locationId, menuItemId);
}
