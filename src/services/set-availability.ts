import type { MenuItemId, OptionId } from '../domain/ids.js';
import { withAvailability, withItem } from '../domain/menu-edit.js';
import type { Scope } from '../domain/scope.js';
import { changeMenu } from './change-menu.js';
import type { Deps } from './deps.js';
import { type ItemView, itemView, ownItem, placeOfItem } from './menu-views.js';

export interface WantedAvailability {
  readonly menuItemId: MenuItemId;
  readonly available: boolean;
  /** Only this option of it. */
  readonly optionId?: OptionId | undefined;
}

/** Says that a dish, or one option of it, is sold out or to be had again, by anybody of the staff. */
export async function setAvailability(deps: Deps, scope: Scope, wanted: WantedAvailability): Promise<ItemView> {
  const { menuItemId, available, optionId } = wanted;
  const place = await placeOfItem(deps, scope, { menuItemId, role: 'staff' });
  const menu = await changeMenu(deps, place, (now) =>
    withItem(now, withAvailability(ownItem(now, menuItemId), available, optionId)),
  );
  return itemView(menu, place.locationId, menuItemId);
}
