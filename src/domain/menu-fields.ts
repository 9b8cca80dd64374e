import { z } from 'zod';
import { optional, optionId, text } from './events/fields.js';
import { asId, isUuid, type MenuCategoryId } from './ids.js';
import { type Allergen, allergens, type ItemTranslations, type NameTranslations } from './menu.js';
import { languageTag } from './menu-language.js';
import { type FieldError, invalid } from './rejection.js';

/** What a manager may say of the menu, in the words of REST. What is left out, or null where nothing else is said, stays. */

/** Largest price, in minor units. */
const maxPrice = 10 ** 12;
const maxLanguages = 50;
const maxGroups = 20;
const maxOptions = 100;

/** One line of words, without blanks around it. */
const label = (max: number) =>
  text(max)
    .transform((words) => words.trim())
    .pipe(z.string().min(1, 'must not be empty'))
    .refine((words) => !/\p{Cc}/u.test(words), 'must be one line');

/** Words of any number of lines; nothing is null. */
const paragraph = (max: number) => text(max).transform((words) => words.trim() || null);

const whole = (min: number, max: number) => {
  const message = `must be a whole number from ${min} to ${max}`;
  return z.int(message).min(min, message).max(max, message);
};

const price = whole(0, maxPrice);
const position = whole(0, 10_000);

/** {language: words}, its tags in their canonical form. */
const translated = <T extends z.ZodType>(words: T) =>
  z.record(z.string(), words).transform((given, context) => {
    const entries = Object.entries(given).map(([tag, one]) => [languageTag(tag), one, tag] as const);
    for (const [known, , tag] of entries) {
      if (known === undefined)
        context.addIssue({ code: 'custom', path: [tag], message: 'is no language tag (BCP 47)' });
    }
    if (new Set(entries.map(([known]) => known)).size < entries.length)
      context.addIssue({ code: 'custom', message: 'one language is named twice' });
    if (entries.length > maxLanguages)
      context.addIssue({ code: 'custom', message: `at most ${maxLanguages} languages` });
    return Object.fromEntries(entries.map(([known, one]) => [known, one])) as Readonly<Record<string, z.output<T>>>;
  });

const names = (max: number): z.ZodType<NameTranslations> => translated(z.strictObject({ name: label(max) }));

const itemWords: z.ZodType<ItemTranslations> = translated(
  z
    .strictObject({ name: label(200), description: optional(paragraph(2_000)) })
    .transform(({ name, description }) => ({ name, ...(description && { description }) })),
);

const option = z.strictObject({
  option_id: optional(optionId),
  name: label(100),
  price,
  available: optional(z.boolean()),
  translations: optional(names(100)),
});

const group = z
  .strictObject({
    name: label(100),
    min: whole(0, maxOptions),
    max: whole(1, maxOptions),
    options: z.array(option).min(1, 'must not be empty').max(maxOptions, `at most ${maxOptions} options`),
    translations: optional(names(100)),
  })
  .superRefine(({ min, max, options }, context) => {
    const problem = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message });
    if (max < min) problem('max', 'must not be less than min');
    if (min > options.length) problem('min', 'must not be more than there are options');
    if (hasTwice(options.map(({ name }) => sameName(name)))) problem('options', 'two options have the same name');
  });

const optionGroups = z
  .array(group)
  .max(maxGroups, `at most ${maxGroups} groups`)
  .superRefine((groups, context) => {
    const problem = (message: string) => context.addIssue({ code: 'custom', message });
    if (hasTwice(groups.map(({ name }) => sameName(name)))) problem('two groups have the same name');
    const ids = groups.flatMap(({ options }) => options.flatMap(({ option_id: id }) => id ?? []));
    if (hasTwice(ids)) problem('two options have the same option_id');
  });

const pictureUrl = text(2_000)
  .transform((url) => url.trim() || null)
  .refine((url) => url === null || isPictureUrl(url), 'must be an https:// address');

const allergenList = z
  .array(z.enum(allergens, `must be one of ${allergens.join(', ')}`))
  .max(100)
  .transform((named): readonly Allergen[] => allergens.filter((one) => named.includes(one)));

const categoryId = z
  .string()
  .refine(isUuid, 'must be a UUID')
  .transform((id) => asId<MenuCategoryId>(id));

const categoryChange = z.strictObject({
  name: optional(label(100)),
  translations: optional(names(100)),
  position: optional(position),
});

const itemWithoutPlace = {
  name: optional(label(200)),
  description: paragraph(2_000).nullish(),
  price: optional(price),
  tax_bps: optional(whole(0, 10_000)),
  available: optional(z.boolean()),
  option_groups: optional(optionGroups),
  translations: optional(itemWords),
  picture_url: pictureUrl.nullish(),
  allergens: optional(allergenList),
};

const itemChange = z.strictObject({
  ...itemWithoutPlace,
  category_id: optional(categoryId),
  position: optional(position),
});

/** A category, in a file. */
export const fileCategory = z.strictObject({ name: label(100), translations: optional(names(100)) });

/** An item, in a file: its category has a name there, and its place is the one in the file. */
export const fileItem = z.strictObject({
  ...itemWithoutPlace,
  menu_item_id: optional(z.string().refine(isUuid, 'must be a UUID')),
  category: label(100),
  name: label(200),
});

export type CategoryChange = z.output<typeof categoryChange>;
export type ItemChange = z.output<typeof itemChange>;
export type WantedGroups = z.output<typeof optionGroups>;
export type FileCategory = z.output<typeof fileCategory>;
export type FileItem = z.output<typeof fileItem>;

/** What to make of a category; VALIDATION_FAILED names every bad field. */
export function readCategoryChange(fields: object): CategoryChange {
  return read(categoryChange, fields);
}

/** What to make of an item; VALIDATION_FAILED names every bad field. */
export function readItemChange(fields: object): ItemChange {
  return read(itemChange, fields);
}

function read<T>(schema: z.ZodType<T>, fields: object): T {
  const result = readFields(schema, fields);
  if ('errors' in result) throw invalid(result.errors);
  return result.value;
}

/** The fields as they are kept, or everything that is wrong with them. */
export function readFields<T>(
  schema: z.ZodType<T>,
  fields: unknown,
): { readonly value: T } | { readonly errors: readonly FieldError[] } {
  const result = schema.safeParse(fields, { error: ({ input }) => (input === undefined ? 'is required' : undefined) });
  if (result.success) return { value: result.data };
  const errors = result.error.issues.flatMap((issue) => {
    const at = (...more: readonly PropertyKey[]) => [...issue.path, ...more].map(String).join('.');
    if (issue.code !== 'unrecognized_keys') return [{ path: at(), message: issue.message }];
    return issue.keys.map((key) => ({ path: at(key), message: 'is not a field of this request' }));
  });
  return { errors };
}

/** Names that look the same are the same, however they were typed. */
export function sameName(name: string): string {
  return name.normalize('NFC');
}

function hasTwice(names: readonly string[]): boolean {
  return new Set(names).size < names.length;
}

function isPictureUrl(text: string): boolean {
  if (/[\s\p{Cc}]/u.test(text) || !URL.canParse(text)) return false;
  const { protocol, username, password } = new URL(text);
  return protocol === 'https:' && username === '' && password === '';
}
