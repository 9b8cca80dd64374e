import { Field, Int, ObjectType } from 'type-graphql';
import { MenuCategory, MenuItem } from './menu.js';

@ObjectType({ description: 'A whole menu to be kept in a file.' })
export class MenuFile {
  @Field(() => [MenuCategory], { description: 'All headings in their order.' })
  declare categories: MenuCategory[];

  @Field(() => [MenuItem], { description: "All items in the order of the menu, in the restaurant's own words." })
  declare items: MenuItem[];
}

@ObjectType({ description: 'What a file makes of headings.' })
export class MenuImportCounts {
  @Field(() => Int, { description: 'New ones.' })
  declare created: number;

  @Field(() => Int, { description: 'Those that are changed, or stand in another order.' })
  declare updated: number;

  @Field(() => Int, { description: 'Those that go, because the file does not have them.' })
  declare removed: number;

  @Field(() => Int, { description: 'Those of the file that are as it says already.' })
  declare unchanged: number;
}

@ObjectType({ description: 'Something that is wrong with a file.' })
export class MenuFileError {
  @Field(() => Int, { nullable: true, description: 'Line of the file, from 1; null: the file as a whole.' })
  declare line: number | null;

  @Field(() => String, { description: 'What of it: a field or a column; empty: all that stands there.' })
  declare path: string;

  @Field(() => String, { description: 'What is wrong with it.' })
  declare message: string;
}

@ObjectType({ description: 'What a file has made of the items of a menu, or would make of them.' })
export class MenuImportPayload {
  @Field(() => Int, { description: 'New items.' })
  declare created: number;

  @Field(() => Int, { description: 'Items that are changed, or stand in another order.' })
  declare updated: number;

  @Field(() => Int, { description: 'Items that go, because the file does not have them.' })
  declare removed: number;

  @Field(() => Int, { description: 'Items of the file that are as it says already.' })
  declare unchanged: number;

  @Field(() => MenuImportCounts, { description: 'The same of headings.' })
  declare categories: MenuImportCounts;

  @Field(() => [MenuFileError], {
    description: 'What is wrong with the file, at most 100 errors, told by a dry run only: otherwise they refuse it.',
  })
  declare errors: MenuFileError[];
}
