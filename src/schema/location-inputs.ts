import { ArgsType, Field, InputType, Int } from 'type-graphql';
import { Admission, OnPaid, Ordering } from './enums.js';
import { UUID } from './scalars.js';

const guestPage =
  "The guests' page: https (http only for localhost), without a fragment; null: the one that comes with the server.";
const lifetime = 'How long a session lasts, 1 to 86400 seconds; null: as the server is set.';

@InputType({ description: 'Opens a location. What is left out has a usual value.' })
export class CreateLocationInput {
  @Field(() => UUID, {
    nullable: true,
    description: 'Whose it is: for operators, who have no restaurant of their own.',
  })
  declare tenantId: string | null;

  @Field(() => String, { description: 'Name, 1 to 100 characters.' })
  declare name: string;

  @Field(() => String, { description: 'ISO 4217 code of its prices, as `VND`.' })
  declare currency: string;

  @Field(() => String, { description: 'IANA time zone of its days, as `Asia/Ho_Chi_Minh`.' })
  declare timezone: string;

  @Field(() => String, { nullable: true, description: guestPage })
  declare guestUrl?: string | null;

  @Field(() => Admission, { nullable: true, description: 'How phones get in; APPROVE if left out.' })
  declare admission: string | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether prices include tax; true if left out.' })
  declare taxInclusive: boolean | null;

  @Field(() => Int, { nullable: true, description: 'Service charge in basis points, 0 to 10000; 0 if left out.' })
  declare serviceBps: number | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether orders move the expiry forward; false if left out.' })
  declare sliding: boolean | null;

  @Field(() => Int, { nullable: true, description: lifetime })
  declare ttlSeconds?: number | null;

  @Field(() => OnPaid, { nullable: true, description: 'What a full payment does; END if left out.' })
  declare onPaid: string | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether rounds wait for payment; false if left out.' })
  declare payFirst: boolean | null;

  @Field(() => Int, {
    nullable: true,
    description:
      'What cash totals are rounded to, 1 to 1000000 minor units; 1000 for VND and 1 for others if left out.',
  })
  declare cashRounding: number | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether expiry is written into the log; true if left out.' })
  declare expiryEvent: boolean | null;

  @Field(() => Ordering, { nullable: true, description: 'Whether orders are taken; OPEN if left out.' })
  declare ordering: string | null;
}

@InputType({ description: 'Changes a location. What is left out stays as it is; running sessions stay as they are.' })
export class UpdateLocationInput {
  @Field(() => UUID, { description: 'The location.' })
  declare locationId: string;

  @Field(() => String, { nullable: true, description: 'Name, 1 to 100 characters.' })
  declare name: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'ISO 4217 code of its prices; it cannot change once a session was opened there.',
  })
  declare currency: string | null;

  @Field(() => String, { nullable: true, description: 'IANA time zone of its days.' })
  declare timezone: string | null;

  @Field(() => String, { nullable: true, description: guestPage })
  declare guestUrl?: string | null;

  @Field(() => Admission, { nullable: true, description: 'How phones get in.' })
  declare admission: string | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether prices include tax.' })
  declare taxInclusive: boolean | null;

  @Field(() => Int, { nullable: true, description: 'Service charge in basis points, 0 to 10000.' })
  declare serviceBps: number | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether orders move the expiry forward.' })
  declare sliding: boolean | null;

  @Field(() => Int, { nullable: true, description: lifetime })
  declare ttlSeconds?: number | null;

  @Field(() => OnPaid, { nullable: true, description: 'What a full payment does.' })
  declare onPaid: string | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether rounds wait for payment.' })
  declare payFirst: boolean | null;

  @Field(() => Int, { nullable: true, description: 'What cash totals are rounded to, 1 to 1000000 minor units.' })
  declare cashRounding: number | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether expiry is written into the log.' })
  declare expiryEvent: boolean | null;

  @Field(() => Ordering, { nullable: true, description: 'Whether orders are taken: obeyed at once.' })
  declare ordering: string | null;
}

@InputType({ description: 'Gives a location up.' })
export class RemoveLocationInput {
  @Field(() => UUID, { description: 'The location.' })
  declare locationId: string;
}

@ArgsType()
export class LocationsArgs {
  @Field(() => UUID, { nullable: true, description: 'Whose: for operators, who have no restaurant of their own.' })
  declare tenantId: string | null;

  @Field(() => Int, { defaultValue: 50, description: 'Page size, 1 to 500.' })
  declare first: number;

  @Field(() => String, { nullable: true, description: 'A cursor: continue behind it.' })
  declare after: string | null;
}
