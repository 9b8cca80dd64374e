import type { MenuCategoryId } from '../domain/ids.js';
import { withoutCategory } from '../domain/menu-edit.js';
import type { Scope } from '../domain/scope.js';
import { changeMenu } from './change-menu.js';
import type { Deps } from './deps.js';
import { ownCategory, placeOfCategory } from './menu-views.js';

/** Takes a heading without items out of the menu, by a manager. */
export async function deleteMenuCategory(deps: Deps, scope: Scope, categoryId: MenuCategoryId): Promise<void> {
  const place = await placeOfCategory(deps, scope, categoryId);
  await changeMenu(deps, place, (now) => withoutCategory(now, ownCategory(now, categoryId).categoryId));
}
