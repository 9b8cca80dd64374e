import type { MenuCategoryId } from '../domain/ids.js';
import { withCategory } from '../domain/menu-edit.js';
import { readCategoryChange } from '../domain/menu-fields.js';
import type { Scope } from '../domain/scope.js';
import { changeMenu } from './change-menu.js';
import type { Deps } from './deps.js';
import { type CategoryView, categoryView, ownCategory, placeOfCategory } from './menu-views.js';

/** Renames, translates or moves a heading, by a manager; what is left out stays, and the others keep their order. */
export async function updateMenuCategory(
  deps: Deps,
  scope: Scope,
  { categoryId, fields }: { readonly categoryId: MenuCategoryId; readonly fields: object },
): Promise<CategoryView> {
  const place = await placeOfCategory(deps, scope, categoryId);
  const { name, translations, position } = readCategoryChange(fields);
  const menu = await changeMenu(deps, place, (now) => {
    const row = ownCategory(now, categoryId);
    const changed = { ...row, name: name ?? row.name, translations: translations ?? row.translations };
    return withCategory(now, changed, position);
  });
  return categoryView(menu, place.locationId, categoryId);
}
