import { asId, type MenuCategoryId, type MenuItemId, type OptionId } from './ids.js';
import type { OptionGroup } from './menu.js';
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
  return wanted.map((group) => {
    const old = before.find(({ name }) => sameName(name) === sameName(group.name))?.options ?? [];
    const idOf = (name: string): OptionId => {
      const known = old.find((one) => sameName(one.name) === sameName(name) && !named.has(one.option_id));
      return known?.option_id ?? asId<OptionId>(newId());
    };
    const { translations, ...rest } = group;
    return {
      ...rest,
      ...kept(translations),
      options: group.options.map(({ option_id: id, name, price, available = true, translations: words }) => ({
        ...{ option_id: id ?? idOf(name), name, price, available },
        ...kept(words),
      })),
    };
  });
}

/** No translations at all are left out, as they are where there never were any. */
function kept<T extends object>(translations: T | undefined): { translations?: T } {
  return translations && Object.keys(translations).length > 0 ? { translations } : {};
}
