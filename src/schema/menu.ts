import { Field, Int, ObjectType } from 'type-graphql';
import { Allergen, Ordering } from './enums.js';
import { JSONObject, SafeInt, UUID } from './scalars.js';

const nameWords = 'Names in other languages: `{language: {name}}`, by BCP 47 tag.';

@ObjectType({ description: 'One thing to choose inside a group.' })
export class MenuOption {
  @Field(() => UUID, { description: 'Id to order it by.' })
  declare optionId: string;

  @Field(() => String, { description: 'Name.' })
  declare name: string;

  @Field(() => SafeInt, { description: 'Price on top of the item, per portion, in minor units.' })
  declare price: number;

  @Field(() => Boolean, { description: 'False while it is sold out.' })
  declare available: boolean;

  @Field(() => JSONObject, { description: nameWords })
  declare translations: object;
}

@ObjectType({ description: 'A set of options of which the guest picks min to max.' })
export class OptionGroup {
  @Field(() => String, { description: 'Name.' })
  declare name: string;

  @Field(() => Int, { description: 'Fewest options to pick.' })
  declare min: number;

  @Field(() => Int, { description: 'Most options to pick.' })
  declare max: number;

  @Field(() => [MenuOption], { description: 'What there is to choose.' })
  declare options: MenuOption[];

  @Field(() => JSONObject, { description: nameWords })
  declare translations: object;
}

@ObjectType({ description: 'A heading of the menu.' })
export class MenuCategory {
  @Field(() => UUID, { description: 'Id of the heading.' })
  declare categoryId: string;

  @Field(() => UUID, { description: 'The location.' })
  declare locationId: string;

  @Field(() => String, { description: 'Name.' })
  declare name: string;

  @Field(() => Int, { description: 'Place in the menu, from 0.' })
  declare position: number;

  @Field(() => JSONObject, { description: nameWords })
  declare translations: object;
}

@ObjectType({ description: 'One dish or drink.' })
export class MenuItem {
  @Field(() => UUID, { description: 'Id to order it by.' })
  declare menuItemId: string;

  @Field(() => String, { description: 'Name.' })
  declare name: string;

  @Field(() => String, { nullable: true, description: 'What it is.' })
  declare description: string | null;

  @Field(() => UUID, { description: 'The location.' })
  declare locationId: string;

  @Field(() => String, { description: 'Heading under which it stands.' })
  declare category: string;

  @Field(() => UUID, { description: 'Id of that heading.' })
  declare categoryId: string;

  @Field(() => Int, { description: 'Place under its heading, from 0.' })
  declare position: number;

  @Field(() => SafeInt, { description: 'Price per portion without options, in minor units.' })
  declare price: number;

  @Field(() => Boolean, { description: 'False while it is sold out.' })
  declare available: boolean;

  @Field(() => Int, { description: 'Tax in basis points.' })
  declare taxBps: number;

  @Field(() => [OptionGroup], { description: 'What can be chosen with it.' })
  declare optionGroups: OptionGroup[];

  @Field(() => JSONObject, {
    description: 'In other languages: `{language: {name, description}}`, by BCP 47 tag.',
  })
  declare translations: object;

  @Field(() => String, { nullable: true, description: 'Where its picture is.' })
  declare pictureUrl: string | null;

  @Field(() => [Allergen], { description: 'What it contains that some people must not eat.' })
  declare allergens: string[];
}

@ObjectType({ description: 'What a location sells right now.' })
export class Menu {
  @Field(() => UUID, { description: 'The location.' })
  declare locationId: string;

  @Field(() => String, { description: 'ISO 4217 code of all prices.' })
  declare currency: string;

  @Field(() => SafeInt, { description: 'Grows with every change.' })
  declare version: number;

  @Field(() => Ordering, { description: 'Whether orders are taken.' })
  declare ordering: string;

  @Field(() => [String], { description: 'Languages (BCP 47) that parts of it have words in, besides its own.' })
  declare languages: string[];

  @Field(() => [MenuCategory], { description: 'Headings in their order; some may have no items.' })
  declare categories: MenuCategory[];

  @Field(() => [MenuItem], { description: 'Items in the order of the menu.' })
  declare items: MenuItem[];

  @Field(() => String, { description: 'Names this content: the ETag of the REST answer.' })
  declare etag: string;

  @Field(() => String, { description: 'Where a subscription that comes back goes on: pass it as `after`.' })
  declare cursor: string;
}

@ObjectType({ description: 'A heading after something was done to it.' })
export class MenuCategoryPayload {
  @Field(() => MenuCategory, { description: 'The heading as it now is.' })
  declare menuCategory: MenuCategory;
}

@ObjectType({ description: 'An item after something was done to it.' })
export class MenuItemPayload {
  @Field(() => MenuItem, { description: "The item as it now is, in the restaurant's own words." })
  declare menuItem: MenuItem;
}

@ObjectType({ description: 'What was taken out of a menu.' })
export class RemovedFromMenuPayload {
  @Field(() => UUID, { description: 'Its id.' })
  declare id: string;
}

@ObjectType({ description: 'Headings of a menu.' })
export class MenuCategoryList {
  @Field(() => [MenuCategory], { description: 'All of them in their order.' })
  declare nodes: MenuCategory[];
}

@ObjectType({ description: 'Items of a menu.' })
export class MenuItemList {
  @Field(() => [MenuItem], { description: "All of them in their order, in the restaurant's own words." })
  declare nodes: MenuItem[];
}
