import type { Menu, MenuItem, OptionGroup } from './menu.js';

const maxTag = 35;

/** The tag in its canonical form (`EN-gb` is `en-GB`); undefined for what is no language tag of BCP 47. */
export function languageTag(text: string): string | undefined {
  if (text.length > maxTag) return undefined;
  try {
    return Intl.getCanonicalLocales(text)[0];
  } catch {
    return undefined;
  }
}

/** The menu in this language, and in the restaurant's own words where it has no other: an item may be half translated. */
export function menuIn(menu: Menu, language: string): Menu {
  const tags = tagsFor(language);
  const headings = new Map(
    menu.categories.map(({ categoryId, name, translations }) => [
      categoryId,
      wordsIn(translations, tags)?.name ?? name,
    ]),
  );
  const items = menu.items.map((item) => itemIn(item, tags, headings.get(item.categoryId) ?? item.category));
  return {
    ...menu,
    categories: menu.categories.map((one) => ({ ...one, name: headings.get(one.categoryId) ?? one.name })),
    items,
    byId: new Map(items.map((item) => [item.menuItemId, item])),
  };
}

/** All languages that any part of the menu has words in. */
export function languagesOf({ categories, items }: Pick<Menu, 'categories' | 'items'>): readonly string[] {
  const groups = items.flatMap(({ optionGroups }) => optionGroups);
  const parts = [...categories, ...items, ...groups, ...groups.flatMap(({ options }) => options)];
  return [...new Set(parts.flatMap(({ translations }) => Object.keys(translations ?? {})))].sort();
}

function itemIn(item: MenuItem, tags: readonly string[], category: string): MenuItem {
  const words = wordsIn(item.translations, tags);
  return {
    ...item,
    category,
    name: words?.name ?? item.name,
    description: words?.description ?? item.description,
    optionGroups: item.optionGroups.map(
      (group): OptionGroup => ({
        ...group,
        name: wordsIn(group.translations, tags)?.name ?? group.name,
        options: group.options.map((option) => ({
          ...option,
          name: wordsIn(option.translations, tags)?.name ?? option.name,
        })),
      }),
    ),
  };
}

/** The tag, and what is left of it from the right: `zh-Hant-TW`, `zh-Hant`, `zh` (RFC 4647, lookup). */
function tagsFor(language: string): readonly string[] {
  const parts = language.split('-');
  return parts.map((_, cut) => parts.slice(0, parts.length - cut).join('-'));
}

function wordsIn<T>(translations: Readonly<Record<string, T>> | undefined, tags: readonly string[]): T | undefined {
  const tag = tags.find((one) => translations && Object.hasOwn(translations, one));
  return tag === undefined ? undefined : translations?.[tag];
}
