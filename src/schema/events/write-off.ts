import { Field, ObjectType } from 'type-graphql';
import { SafeInt } from '../scalars.js';
import { SessionEvent } from '../session-event.js';
import { type PayloadOf, payloadOf } from './payload-of.js';

@ObjectType({ implements: SessionEvent, description: 'A cashier gave up what was due on a visit that had ended.' })
export class SessionWrittenOffEvent extends SessionEvent {
  private get writeOff(): PayloadOf<'session_written_off'> {
    return payloadOf('session_written_off', this.stored);
  }

  @Field(() => SafeInt, { description: 'What was due, in minor units.' })
  get amount(): number {
    return this.writeOff.amount;
  }

  @Field(() => String, { nullable: true, description: 'Why; null once erased.' })
  get reason(): string | null {
    return this.writeOff.reason;
  }
}
