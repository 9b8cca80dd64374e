import { asId, type MenuCategoryId, type MenuItemId, type OptionId } from './ids.js';
import type { MenuOption, OptionGroup } from './menu.js';
import { type ItemRow, unplaced } from './menu-edit.js';
import { type ItemChange, sameName, type WantedGroups } from './menu-fields.js';
import { invalid } from './rejection.js';

/** An item of which nothing is said yet: it still needs a name and a price. */
export type ItemDraft = Omit<ItemRow, 'name' | 'price'> & Partial<Pick<ItemRow, 'name' | 'price'>>;

export function newItem(menuItemId: MenuItemId, categoryId: MenuCategoryId): ItemDraft {
  return {
    ...{ menuItemId, categoryId, position: unplaced, description: null, taxBps: 0, available: true },
    ...{ optionGroups: [], translations: {}, pictureUrl: null, allergens: [] },
  };
}

/** The item with what was said of it; what is left out stays. */
export function changedItem(
  item: ItemDraft,
  change: Omit<ItemChange, 'category_id' | 'position'>,
  newId: () => string,
): ItemRow {
  const { name = item.name, price = item.price } = change;
  const missing = Object.entries({ name, price }).filter(([, value]) => value === undefined);
  if (name === undefined || price === undefined)
    throw invalid(missing.map(([path]) => ({ path, message: 'is required' })));
  const { option_groups: groups, picture_url: pictureUrl, description } = change;
  return {
    ...item,
    ...{ name, price },
    description: description === undefined ? item.description : description,
    taxBps: change.tax_bps ?? item.taxBps,
    available: change.available ?? item.available,
    translations: change.translations ?? item.translations,
    pictureUrl: pictureUrl === undefined ? item.pictureUrl : pictureUrl,
    allergens: change.allergens ?? item.allergens,
    optionGroups: groups ? changedGroups(item.optionGroups, groups, newId) : item.optionGroups,
  };
}

/** The groups as wanted. An option without an id is the one that had its name in that group, or else a new one. */
function changedGroups(
  before: readonly OptionGroup[],
  wanted: WantedGroups,
  newId: () => string,
): readonly OptionGroup[] {
  const named = new Set(wanted.flatMap(({ options }) => options.flatMap(({ option_id: id }) => id ?? [])));
  const all = before.flatMap(({ options }) => options);
  return wanted.map((group) => {
    const old = before.find(({ name }) => sameName(name) === sameName(group.name));
    const free = old?.options.filter(({ option_id: id }) => !named.has(id)) ?? [];
    const options = group.options.map((option): MenuOption => {
      const known = option.option_id
        ? all.find(({ option_id: id }) => id === option.option_id)
        : free.find(({ name }) => sameName(name) === sameName(option.name));
      return {
        option_id: option.option_id ?? known?.option_id ?? asId<OptionId>(newId()),
        ...{ name: option.name, price: option.price, available: option.available ?? known?.available ?? true },
        ...kept(option.translations ?? known?.translations),
      };
    });
    const { name, min, max } = group;
    return { ...{ name, min, max, options }, ...kept(group.translations ?? old?.translations) };
  });
}

/** No translations at all are left out, as they are where there never were any. */
function kept<T extends object>(translations: T | undefined): { translations?: T } {
  return translations && Object.keys(translations).length > 0 ? { translations } : {};
}
