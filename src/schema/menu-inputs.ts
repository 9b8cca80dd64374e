import { ArgsType, Field, InputType, Int } from 'type-graphql';
import { Allergen, MenuFormat } from './enums.js';
import { JSONObject, SafeInt, UUID } from './scalars.js';

const nameWords = 'All names in other languages, at most 50: `{language: {name}}`, by BCP 47 tag.';

@InputType({ description: 'Adds a heading to a menu.' })
export class CreateMenuCategoryInput {
  @Field(() => UUID, { description: 'The location.' })
  declare locationId: string;

  @Field(() => String, { description: 'Name, 1 to 100 characters, of which the menu has no other.' })
  declare name: string;

  @Field(() => Int, { nullable: true, description: 'Place in the menu, from 0; left out: the end.' })
  declare position: number | null;

  @Field(() => JSONObject, { nullable: true, description: nameWords })
  declare translations: object | null;
}

@InputType({ description: 'Changes a heading. What is left out stays as it is.' })
export class UpdateMenuCategoryInput {
  @Field(() => UUID, { description: 'The heading.' })
  declare categoryId: string;

  @Field(() => String, { nullable: true, description: 'Name, 1 to 100 characters, of which the menu has no other.' })
  declare name: string | null;

  @Field(() => Int, { nullable: true, description: 'Place in the menu, from 0; the others keep their order.' })
  declare position: number | null;

  @Field(() => JSONObject, { nullable: true, description: nameWords })
  declare translations: object | null;
}

@InputType({ description: 'Takes a heading without items out of a menu.' })
export class DeleteMenuCategoryInput {
  @Field(() => UUID, { description: 'The heading.' })
  declare categoryId: string;
}

@InputType({ description: 'One thing to choose inside a group.' })
export class MenuOptionInput {
  @Field(() => UUID, {
    nullable: true,
    description: 'Id to order it by; left out: that of the option with this name in this group, or else a new one.',
  })
  declare optionId: string | null;

  @Field(() => String, { description: 'Name, 1 to 100 characters, of which the group has no other.' })
  declare name: string;

  @Field(() => SafeInt, { description: 'Price on top of the item, per portion, in minor units, 0 to 10^12.' })
  declare price: number;

  @Field(() => Boolean, { nullable: true, description: 'False while it is sold out; true if left out.' })
  declare available: boolean | null;

  @Field(() => JSONObject, { nullable: true, description: nameWords })
  declare translations: object | null;
}

@InputType({ description: 'A set of options of which the guest picks min to max.' })
export class OptionGroupInput {
  @Field(() => String, { description: 'Name, 1 to 100 characters, of which the item has no other.' })
  declare name: string;

  @Field(() => Int, { description: 'Fewest options to pick: 0 to as many as there are.' })
  declare min: number;

  @Field(() => Int, { description: 'Most options to pick: 1 to 100, and not less than min.' })
  declare max: number;

  @Field(() => [MenuOptionInput], { description: 'What there is to choose, 1 to 100.' })
  declare options: MenuOptionInput[];

  @Field(() => JSONObject, { nullable: true, description: nameWords })
  declare translations: object | null;
}

/** What can be said of an item when it is made, and changed afterwards. */
@InputType()
abstract class MenuItemFields {
  @Field(() => String, { nullable: true, description: 'What it is, up to 2,000 characters; null or empty: nothing.' })
  declare description?: string | null;

  @Field(() => Int, { nullable: true, description: 'Place under its heading, from 0; the others keep their order.' })
  declare position?: number | null;

  @Field(() => Int, { nullable: true, description: 'Tax in basis points, 0 to 10000.' })
  declare taxBps?: number | null;

  @Field(() => Boolean, { nullable: true, description: 'False while it is sold out.' })
  declare available?: boolean | null;

  @Field(() => [OptionGroupInput], {
    nullable: true,
    description: 'All that can be chosen with it, at most 20 groups.',
  })
  declare optionGroups?: OptionGroupInput[] | null;

  @Field(() => JSONObject, {
    nullable: true,
    description: 'All its words in other languages, at most 50: `{language: {name, description}}`, by BCP 47 tag.',
  })
  declare translations?: object | null;

  @Field(() => String, { nullable: true, description: 'Where its picture is: an https address; null or empty: none.' })
  declare pictureUrl?: string | null;

  @Field(() => [Allergen], { nullable: true, description: 'All that it contains that some people must not eat.' })
  declare allergens?: string[] | null;
}

@InputType({ description: 'Adds an item to a menu.' })
export class CreateMenuItemInput extends MenuItemFields {
  @Field(() => UUID, { description: 'The location.' })
  declare locationId: string;

  @Field(() => UUID, { description: 'Its heading.' })
  declare categoryId: string;

  @Field(() => String, { description: 'Name, 1 to 200 characters.' })
  declare name: string;

  @Field(() => SafeInt, { description: 'Price per portion without options, in minor units, 0 to 10^12.' })
  declare price: number;
}

@InputType({ description: 'Changes an item. What is left out stays as it is.' })
export class UpdateMenuItemInput extends MenuItemFields {
  @Field(() => UUID, { description: 'The item.' })
  declare menuItemId: string;

  @Field(() => UUID, { nullable: true, description: 'Another heading of the same menu.' })
  declare categoryId?: string | null;

  @Field(() => String, { nullable: true, description: 'Name, 1 to 200 characters.' })
  declare name?: string | null;

  @Field(() => SafeInt, {
    nullable: true,
    description: 'Price per portion without options, in minor units, 0 to 10^12. Bills keep the price that they have.',
  })
  declare price?: number | null;
}

@InputType({ description: 'Takes an item out of a menu.' })
export class DeleteMenuItemInput {
  @Field(() => UUID, { description: 'The item.' })
  declare menuItemId: string;
}

@InputType({ description: 'Says that something is sold out, or to be had again.' })
export class SetAvailabilityInput {
  @Field(() => UUID, { description: 'The item.' })
  declare menuItemId: string;

  @Field(() => Boolean, { description: 'Whether it is to be had.' })
  declare available: boolean;

  @Field(() => UUID, { nullable: true, description: 'Only this option of it.' })
  declare optionId: string | null;
}

@InputType({ description: 'A menu out of a file.' })
export class ImportMenuInput {
  @Field(() => UUID, { description: 'The location.' })
  declare locationId: string;

  @Field(() => MenuFormat, { description: 'How the file is written.' })
  declare format: string;

  @Field(() => String, { description: 'The text of the file: at most 2,000 items.' })
  declare content: string;

  @Field(() => Boolean, { defaultValue: false, description: 'True tells what would happen, and does nothing.' })
  declare dryRun: boolean;

  @Field(() => Boolean, { defaultValue: false, description: 'True removes what is not in the file.' })
  declare replace: boolean;
}

const languageWords =
  "A BCP 47 tag: words in this language, else in its base language (`zh` for `zh-Hant`), else the restaurant's own.";

@ArgsType()
export class MenuArgs {
  @Field(() => UUID, { description: 'The location.' })
  declare locationId: string;

  @Field(() => String, { nullable: true, description: languageWords })
  declare language: string | null;
}

@ArgsType()
export class MenuChangesArgs extends MenuArgs {
  @Field(() => String, {
    nullable: true,
    description: 'The `cursor` of the menu that the client has: while it still is the present one, nothing comes.',
  })
  declare after: string | null;
}

@ArgsType()
export class MenuItemsArgs {
  @Field(() => UUID, { description: 'The location.' })
  declare locationId: string;

  @Field(() => UUID, { nullable: true, description: 'Only those under this heading.' })
  declare categoryId: string | null;
}
