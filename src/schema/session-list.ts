import { ArgsType, Field, InputType, Int, ObjectType } from 'type-graphql';
import { PaymentStatus, SessionStatus } from './enums.js';
import { PageInfo } from './page-info.js';
import { DateTime, SafeInt, UUID } from './scalars.js';

@InputType({ description: 'Which sessions; every condition that is given has to hold.' })
export class SessionFilter {
  @Field(() => UUID, { nullable: true, description: 'Only those of this location.' })
  declare locationId: string | null;

  @Field(() => SessionStatus, { nullable: true, description: 'Only those in this status.' })
  declare status: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'True: only those that ended with something due for what the kitchen got, and that nobody has written off.',
  })
  declare unpaid: boolean | null;

  @Field(() => String, {
    nullable: true,
    description: "Opened from this time on, or on this day or later: the location's own.",
  })
  declare from: string | null;

  @Field(() => String, { nullable: true, description: 'And before this time, or up to this day and with it.' })
  declare to: string | null;
}

@ArgsType()
export class SessionSearchArgs {
  @Field(() => SessionFilter, { nullable: true, description: 'Which sessions; all if left out.' })
  declare filter: SessionFilter | null;

  @Field(() => Int, { defaultValue: 50, description: 'Page size, 1 to 500.' })
  declare first: number;

  @Field(() => String, { nullable: true, description: 'A cursor: continue behind it.' })
  declare after: string | null;
}

@ObjectType({ description: 'A visit as a cashier looks it over. Amounts are in minor units.' })
export class ListedSession {
  @Field(() => UUID, { description: 'Id of the session.' })
  declare id: string;

  @Field(() => UUID, { description: 'The location.' })
  declare locationId: string;

  @Field(() => UUID, { description: 'The table where the guests sat last.' })
  declare tableId: string;

  @Field(() => SessionStatus, { description: 'An open session past its expiry reads as EXPIRED at once.' })
  declare status: string;

  @Field(() => String, { description: 'ISO 4217 code of all amounts.' })
  declare currency: string;

  @Field(() => DateTime, { description: 'When it was opened.' })
  declare openedAt: Date;

  @Field(() => DateTime, { nullable: true, description: 'When it was paid, closed or expired.' })
  declare endedAt: Date | null;

  @Field(() => Int, { description: 'Lines that the kitchen got, without the cancelled ones.' })
  declare sentLines: number;

  @Field(() => SafeInt, { description: 'What the table owes altogether.' })
  declare total: number;

  @Field(() => SafeInt, { description: 'What has been paid.' })
  declare paid: number;

  @Field(() => SafeInt, { description: 'total - paid.' })
  declare due: number;

  @Field(() => PaymentStatus, { description: 'How much of the total is paid.' })
  declare paymentStatus: string;

  @Field(() => SafeInt, {
    nullable: true,
    description: 'What was due when a cashier gave it up; null unless one has.',
  })
  declare writtenOff: number | null;
}

@ObjectType({ description: 'Figures of the sessions of a search in one currency, in minor units.' })
export class SessionTotals {
  @Field(() => String, { description: 'ISO 4217 code.' })
  declare currency: string;

  @Field(() => SafeInt, { description: 'How many sessions.' })
  declare count: number;

  @Field(() => SafeInt, { description: 'What their tables owe altogether.' })
  declare total: number;

  @Field(() => SafeInt, { description: 'What has been paid of it.' })
  declare paid: number;

  @Field(() => SafeInt, { description: 'total - paid.' })
  declare due: number;
}

@ObjectType({ description: 'A session in a search.' })
export class ListedSessionEdge {
  @Field(() => String, { description: 'Pass it as `after` to continue behind this session.' })
  declare cursor: string;

  @Field(() => ListedSession, { description: 'The session.' })
  declare node: ListedSession;
}

@ObjectType({ description: 'A page of sessions, the newest first.' })
export class SessionSearchConnection {
  @Field(() => [ListedSessionEdge], { description: 'The sessions of this page with their cursors.' })
  declare edges: ListedSessionEdge[];

  @Field(() => [ListedSession], { description: 'The sessions of this page.' })
  declare nodes: ListedSession[];

  @Field(() => PageInfo, { description: 'Whether there is more.' })
  declare pageInfo: PageInfo;

  @Field(() => String, { nullable: true, description: 'The cursor of the next page; null on the last one.' })
  declare nextCursor: string | null;

  @Field(() => [SessionTotals], {
    description: 'Figures of the whole search, whatever the page: one entry per currency, none without sessions.',
  })
  declare totals: Promise<SessionTotals[]>;
}
