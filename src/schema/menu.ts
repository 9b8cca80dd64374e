import { Field, Int, ObjectType } from 'type-graphql';
import { Ordering } from './enums.js';
import { SafeInt, UUID } from './scalars.js';

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
}

@ObjectType({ description: 'One dish or drink.' })
export class MenuItem {
  @Field(() => UUID, { description: 'Id to order it by.' })
  declare menuItemId: string;

  @Field(() => String, { description: 'Name.' })
  declare name: string;

  @Field(() => String, { nullable: true, description: 'What it is.' })
  declare description: string | null;

  @Field(() => String, { description: 'Heading under which it stands.' })
  declare category: string;

  @Field(() => SafeInt, { description: 'Price per portion without options, in minor units.' })
  declare price: number;

  @Field(() => Boolean, { description: 'False while it is sold out.' })
  declare available: boolean;

  @Field(() => [OptionGroup], { description: 'What can be chosen with it.' })
  declare optionGroups: OptionGroup[];
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

  @Field(() => [MenuItem], { description: 'Items in the order of the menu.' })
  declare items: MenuItem[];

  @Field(() => String, { description: 'Names this content: the ETag of the REST answer.' })
  declare etag: string;
}
