import type { Menu as DomainMenu, OptionGroup as DomainGroup } from '../domain/menu.js';
import { languagesOf, menuIn } from '../domain/menu-language.js';
import type { Menu, MenuCategory, MenuItem, OptionGroup } from '../schema/menu.js';
import { type CategoryView, categoryViews, type ItemView, itemViews } from '../services/menu-views.js';

/** A menu in a language, or in the restaurant's own words. */
export function presentMenu(menu: DomainMenu, language?: string): Menu {
  const { locationId, currency, version, ordering } = menu;
  const shown = language === undefined ? menu : menuIn(menu, language);
  const suffix = language === undefined ? '' : `.${language}`;
  return {
    ...{ locationId, currency, version, ordering },
    languages: [...languagesOf(menu)],
    categories: categoryViews(shown, locationId).map(presentCategory),
    items: itemViews(shown, locationId).map(presentItem),
    etag: `"m${version}.${ordering}${suffix}"`,
    cursor: `${version}.${ordering}`,
  };
}

export function presentCategory(view: CategoryView): MenuCategory {
  return view;
}

export function presentItem({ allergens, optionGroups, ...view }: ItemView): MenuItem {
  return { ...view, allergens: [...allergens], optionGroups: optionGroups.map(presentGroup) };
}

function presentGroup({ options, translations = {}, ...group }: DomainGroup): OptionGroup {
  return {
    ...{ ...group, translations },
    options: options.map(({ option_id: optionId, name, price, available, translations: words = {} }) => ({
      ...{ optionId, name, price, available, translations: words },
    })),
  };
}
