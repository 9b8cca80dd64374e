import { Field, Int, ObjectType } from 'type-graphql';
import { Admission, OnPaid, Ordering } from './enums.js';
import { PageInfo } from './page-info.js';
import { UUID } from './scalars.js';

@ObjectType({ description: 'One dining table.' })
export class Table {
  @Field(() => UUID, { description: 'Id of the table.' })
  declare id: string;

  @Field(() => UUID, { description: 'The location where it stands.' })
  declare locationId: string;

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

  @Field(() => String, { nullable: true, description: "The guests' page; null: the one that comes with the server." })
  declare guestUrl: string | null;

  @Field(() => Boolean, { description: 'Whether what is ordered moves the expiry of a session forward.' })
  declare sliding: boolean;

  @Field(() => Int, {
    nullable: true,
    description: "How long a session lasts, in seconds; null: the server's `SESSION_TTL_SECONDS`.",
  })
  declare ttlSeconds: number | null;

  @Field(() => OnPaid, { description: 'What a full payment does to a session.' })
  declare onPaid: string;

  @Field(() => Boolean, { description: 'Whether rounds reach the kitchen only once they are paid.' })
  declare payFirst: boolean;

  @Field(() => Int, {
    description: 'Cash totals are rounded half up to a multiple of so many minor units; 1: not at all.',
  })
  declare cashRounding: number;

  @Field(() => Boolean, { description: "Whether a session's expiry is written into its log." })
  declare expiryEvent: boolean;
}

@ObjectType({ description: 'A location after something was done to it.' })
export class LocationPayload {
  @Field(() => Location, { description: 'The location as it now is.' })
  declare location: Location;
}

@ObjectType({ description: 'A location that was given up.' })
export class RemoveLocationPayload {
  @Field(() => UUID, { description: 'Its id.' })
  declare locationId: string;
}

@ObjectType({ description: 'A location in a list.' })
export class LocationEdge {
  @Field(() => String, { description: 'Pass it as `after` to continue behind this location.' })
  declare cursor: string;

  @Field(() => Location, { description: 'The location.' })
  declare node: Location;
}

@ObjectType({ description: 'A page of locations, in the order they were made.' })
export class LocationConnection {
  @Field(() => [LocationEdge], { description: 'The locations of this page.' })
  declare edges: LocationEdge[];

  @Field(() => [Location], { description: 'The locations without their cursors.' })
  declare nodes: Location[];

  @Field(() => PageInfo, { description: 'Whether there is more.' })
  declare pageInfo: PageInfo;

  @Field(() => String, { nullable: true, description: 'The cursor of the next page; null on the last one.' })
  declare nextCursor: string | null;
}

@ObjectType({ description: 'A table after something was done to it.' })
export class TablePayload {
  @Field(() => Table, { description: 'The table as it now is.' })
  declare table: Table;
}

@ObjectType({ description: 'A table that was taken away.' })
export class RemoveTablePayload {
  @Field(() => UUID, { description: 'Its id.' })
  declare tableId: string;
}
