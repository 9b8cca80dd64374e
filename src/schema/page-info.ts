import { Field, ObjectType } from 'type-graphql';

@ObjectType({ description: 'Where a page stands in its list (Relay).' })
export class PageInfo {
  @Field(() => Boolean, { description: 'More follows this page.' })
  declare hasNextPage: boolean;

  @Field(() => Boolean, { description: 'Something stands before this page.' })
  declare hasPreviousPage: boolean;

  @Field(() => String, { nullable: true, description: "The first edge's cursor." })
  declare startCursor: string | null;

  @Field(() => String, { nullable: true, description: "The last edge's cursor." })
  declare endCursor: string | null;
}
