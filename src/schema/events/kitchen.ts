import { Field, Int, ObjectType } from 'type-graphql';
import { LineState } from '../enums.js';
import { UUID } from '../scalars.js';
import { SessionEvent } from '../session-event.js';
import { type PayloadOf, payloadOf } from './payload-of.js';

@ObjectType({ implements: SessionEvent, description: 'Draft lines went to the kitchen together, as one ticket.' })
export class SubmitRoundEvent extends SessionEvent {
  private get sent(): PayloadOf<'submit_round'> {
    return payloadOf('submit_round', this.stored);
  }

  @Field(() => Int, { description: 'Number of the round in its session: 1, 2, 3.' })
  get round(): number {
    return this.sent.round;
  }

  @Field(() => [UUID], { description: 'Its lines, in the order they were added.' })
  get lineIds(): string[] {
    return [...this.sent.line_ids];
  }

  @Field(() => Boolean, { description: 'It waits for its payment before the kitchen gets it.' })
  get held(): boolean {
    return this.sent.held;
  }
}

@ObjectType({ implements: SessionEvent, description: 'The kitchen has the ticket of a round.' })
export class TicketAcknowledgedEvent extends SessionEvent {
  @Field(() => Int, { description: 'The round.' })
  get round(): number {
    return payloadOf('ticket_acknowledged', this.stored).round;
  }
}

@ObjectType({ implements: SessionEvent, description: 'Nobody in the kitchen has acknowledged a ticket for a minute.' })
export class TicketOverdueEvent extends SessionEvent {
  @Field(() => Int, { description: 'The round.' })
  get round(): number {
    return payloadOf('ticket_overdue', this.stored).round;
  }
}

@ObjectType({
  implements: SessionEvent,
  description: 'A sent line went on towards the table, a step back, or was cancelled.',
})
export class SetLineStateEvent extends SessionEvent {
  private get step(): PayloadOf<'set_line_state'> {
    return payloadOf('set_line_state', this.stored);
  }

  @Field(() => UUID, { description: 'The line.' })
  get lineId(): string {
    return this.step.line_id;
  }

  @Field(() => LineState, { description: 'What it was.' })
  get from(): string {
    return this.step.from;
  }

  @Field(() => LineState, { description: 'What it is.' })
  get state(): string {
    return this.step.state;
  }

  @Field(() => String, { nullable: true, description: 'Why, when it went back or was cancelled.' })
  get reason(): string | null {
    return this.step.reason;
  }
}
