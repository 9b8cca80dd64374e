import type { Line, LineOption } from './bill.js';
import type { LocationId, MenuCategoryId, MenuItemId, OptionId } from './ids.js';
import type { Amount, BasisPoints } from './money.js';
import { Rejection } from './rejection.js';

/** Words in other languages than the location's own, by BCP 47 tag (`en`, `zh-Hans`). */
export type NameTranslations = Readonly<Record<string, { readonly name: string }>>;
export type ItemTranslations = Readonly<
  Record<string, { readonly name: string; readonly description?: string | undefined }>
>;

/** What a dish may contain that some people must not eat: the list of EU regulation 1169/2011, annex II. */
export const allergens = [
  ...(['gluten', 'crustaceans', 'eggs', 'fish', 'peanuts', 'soybeans', 'milk', 'nuts', 'celery', 'mustard'] as const),
  ...(['sesame', 'sulphites', 'lupin', 'molluscs'] as const),
] as const;
export type Allergen = (typeof allergens)[number];

/** One thing to choose inside a group, with its price on top of the item's. */
export interface MenuOption {
  readonly option_id: OptionId;
  readonly name: string;
  readonly price: Amount;
  readonly available: boolean;
  readonly translations?: NameTranslations | undefined;
}

/** A set of options of which the guest picks `min` to `max`. */
export interface OptionGroup {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly options: readonly MenuOption[];
  readonly translations?: NameTranslations | undefined;
}

/** A heading of the menu. */
export interface MenuCategory {
  readonly categoryId: MenuCategoryId;
  readonly name: string;
  readonly translations: NameTranslations;
}

/** One dish or drink. */
export interface MenuItem {
  readonly menuItemId: MenuItemId;
  readonly name: string;
  readonly description: string | null;
  readonly categoryId: MenuCategoryId;
  /** Name of its heading. */
  readonly category: string;
  readonly price: Amount;
  readonly taxBps: BasisPoints;
  readonly available: boolean;
  readonly optionGroups: readonly OptionGroup[];
  readonly translations: ItemTranslations;
  readonly pictureUrl: string | null;
  readonly allergens: readonly Allergen[];
}

/** What one location sells right now. */
export interface Menu {
  readonly locationId: LocationId;
  readonly currency: string;
  /** Grows with every change. */
  readonly version: number;
  readonly ordering: 'open' | 'paused';
  /** In menu order, like the items. */
  readonly categories: readonly MenuCategory[];
  readonly items: readonly MenuItem[];
  readonly byId: ReadonlyMap<MenuItemId, MenuItem>;
}

/** The item if it can be ordered now; sold out and unknown are refused, and so is any order while ordering is paused. */
export function orderableItem(menu: Menu, menuItemId: MenuItemId): MenuItem {
  refuseWhilePaused(menu);
  const item = menu.byId.get(menuItemId);
  if (!item)
    throw new Rejection('UNKNOWN_MENU_ITEM', `the menu has no item ${menuItemId}`, { menu_item_id: menuItemId });
  if (!item.available) throw soldOut(item.name, menuItemId);
  return item;
}

/** ORDERING_PAUSED while the restaurant takes neither items nor rounds. */
export function refuseWhilePaused(menu: Menu): void {
  if (menu.ordering === 'paused')
    throw new Rejection('ORDERING_PAUSED', 'the restaurant has paused ordering; try again a little later');
}

/** Those lines whose item or one of whose options cannot be had any more. */
export function soldOutLines<L extends Pick<Line, 'menuItemId' | 'options'>>(
  menu: Menu,
  lines: readonly L[],
): readonly L[] {
  return lines.filter(({ menuItemId, options }) => {
    const item = menu.byId.get(menuItemId);
    if (!item?.available) return true;
    const offered = item.optionGroups.flatMap((group) => group.options);
    return options.some(
      ({ option_id }) => !offered.some((option) => option.option_id === option_id && option.available),
    );
  });
}

/** The chosen options with their prices, in the menu's order, checked against every group's bounds. */
export function priceOptions(item: MenuItem, chosen: readonly OptionId[]): readonly LineOption[] {
  const wanted = new Set(chosen);
  if (wanted.size !== chosen.length) throw badOptions(item, 'an option is named twice');
  const picked: LineOption[] = [];
  for (const group of item.optionGroups) {
    const options = group.options.filter((option) => wanted.delete(option.option_id));
    const gone = options.find((option) => !option.available);
    if (gone) throw soldOut(gone.name, item.menuItemId);
    if (options.length < group.min || options.length > group.max) {
      throw badOptions(item, `"${group.name}" takes ${group.min} to ${group.max} options, not ${options.length}`);
    }
    picked.push(...options.map(({ option_id, name, price }) => ({ option_id, name, price })));
  }
  const [stranger] = wanted;
  if (stranger) throw badOptions(item, `there is no option ${stranger}`);
  return picked;
}

function soldOut(name: string, menuItemId: MenuItemId): Rejection {
  return new Rejection('ITEM_UNAVAILABLE', `"${name}" is sold out`, { menu_item_id: menuItemId });
}

function badOptions(item: MenuItem, why: string): Rejection {
  return new Rejection('INVALID_OPTIONS', `${item.name}: ${why}`, { menu_item_id: item.menuItemId });
}
