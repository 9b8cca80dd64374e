import { Field, ObjectType } from 'type-graphql';
import { Session } from './session.js';
import { SessionEvent } from './session-event.js';

@ObjectType({ description: 'Something that happened in a session of a location.' })
export class LocationActivity {
  @Field(() => String, { description: 'Pass it as `after` to continue behind this event, at this location.' })
  declare cursor: string;

  @Field(() => Session, {
    description: 'The session as it was when the event was read, so perhaps later than the event.',
  })
  declare session: Session;

  @Field(() => SessionEvent, { description: 'The event.' })
  declare event: SessionEvent;
}
