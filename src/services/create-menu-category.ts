import { asId, type LocationId, type MenuCategoryId } from '../domain/ids.js';
import { unplaced, withCategory } from '../domain/menu-edit.js';
import { readCategoryChange } from '../domain/menu-fields.js';
import { invalid } from '../domain/rejection.js';
import type { Scope } from '../domain/scope.js';
import { changeMenu, menuPlace } from './change-menu.js';
import type { Deps } from './deps.js';
import { type CategoryView, categoryView } from './menu-views.js';

/** Adds a heading, at the end of the menu or at a place, by a manager. `fields` are in the words of REST. */
export async function createMenuCategory(
  deps: Deps,
  scope: Scope,
  { locationId, fields }: { readonly locationId: LocationId; readonly fields: object },
): Promise<CategoryView> {
  const place = menuPlace(scope, locationId);
  const { name, translations = {}, position } = readCategoryChange(fields);
  if (name === undefined) throw invalid([{ path: 'name', message: 'is required' }]);
  const categoryId = asId<MenuCategoryId>(deps.newId());
  const row = { categoryId, name, translations, position: unplaced };
  const menu = await changeMenu(deps, place, (now) => withCategory(now, row, position));
  return categoryView(menu, locationId, categoryId);
}
