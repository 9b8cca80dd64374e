import { ArgsType, Field, Int } from 'type-graphql';
import type { SessionStatus as Status } from '../domain/session.js';
import { SessionStatus } from './enums.js';
import { UUID } from './scalars.js';

@ArgsType()
export class SessionsArgs {
  @Field(() => UUID, { description: 'The location.' })
  declare locationId: string;

  @Field(() => SessionStatus, { nullable: true, description: 'Only sessions in this status.' })
  declare status: Status | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'True: only those that ended with something due for what the kitchen got, and that nobody has written off.',
  })
  declare unpaid: boolean | null;

  @Field(() => String, { nullable: true, description: 'Opened from this time, or this day of the location, on.' })
  declare from: string | null;

  @Field(() => String, { nullable: true, description: 'And before this time, or up to this day and with it.' })
  declare to: string | null;

  @Field(() => Int, { defaultValue: 50, description: 'Page size, 1 to 500.' })
  declare first: number;

  @Field(() => String, { nullable: true, description: 'A cursor: continue behind it.' })
  declare after: string | null;
}

@ArgsType()
export class EventsArgs {
  @Field(() => UUID, { description: 'The session.' })
  declare sessionId: string;

  @Field(() => String, { nullable: true, description: 'A cursor: the decimal seq behind which to start.' })
  declare after: string | null;

  @Field(() => Int, { defaultValue: 100, description: 'Page size, 1 to 500.' })
  declare first: number;

  @Field(() => Int, {
    defaultValue: 0,
    description: 'When nothing is new, wait up to so many seconds for it: 0 to 25.',
  })
  declare wait: number;
}
