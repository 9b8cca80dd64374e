import { Field, Int, ObjectType } from 'type-graphql';
import { Admission, Ordering } from './enums.js';
import { UUID } from './scalars.js';

@ObjectType({ description: 'One dining table.' })
export class Table {
  @Field(() => UUID, { description: 'Id of the table.' })
  declare id: string;

  @Field(() => String, { description: 'What staff call it.' })
  declare name: string;
}

@ObjectType({ description: 'One restaurant of a tenant.' })
export class Location {
  @Field(() => UUID, { description: 'Id of the location.' })
  declare id: string;

  @Field(() => UUID, { description: 'The tenant.' })
  declare tenantId: string;

  @Field(() => String, { description: 'Name.' })
  declare name: string;

  @Field(() => String, { description: 'ISO 4217 code of its prices.' })
  declare currency: string;

  @Field(() => String, { description: 'IANA time zone of its days.' })
  declare timezone: string;

  @Field(() => Admission, { description: 'How phones get in.' })
  declare admission: string;

  @Field(() => Ordering, { description: 'Whether orders are taken.' })
  declare ordering: string;

  @Field(() => Boolean, { description: 'Whether prices include tax.' })
  declare taxInclusive: boolean;

  @Field(() => Int, { description: 'Service charge in basis points.' })
  declare serviceBps: number;
}
