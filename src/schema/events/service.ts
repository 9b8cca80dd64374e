import { Field, ObjectType } from 'type-graphql';
import { ServiceKind, ServiceOutcome } from '../enums.js';
import { UUID } from '../scalars.js';
import { SessionEvent } from '../session-event.js';
import { type PayloadOf, payloadOf } from './payload-of.js';

@ObjectType({ implements: SessionEvent, description: 'Guests asked for a waiter or for the bill.' })
export class RequestServiceEvent extends SessionEvent {
  private get request(): PayloadOf<'request_service'> {
    return payloadOf('request_service', this.stored);
  }

  @Field(() => UUID, { description: 'Names the call; asking again while it stands does not make another.' })
  get callId(): string {
    return this.request.call_id;
  }

  @Field(() => ServiceKind, { description: 'What they want.' })
  get kind(): string {
    return this.request.kind;
  }

  @Field(() => String, { nullable: true, description: 'In their own words.' })
  get note(): string | null {
    return this.request.note;
  }

  @Field(() => Boolean, { description: 'They were waiting for the same already: nothing rings again.' })
  get repeats(): boolean {
    return this.request.repeats;
  }
}

@ObjectType({ implements: SessionEvent, description: 'Staff took a service call, or have dealt with it.' })
export class ResolveServiceEvent extends SessionEvent {
  private get answer(): PayloadOf<'resolve_service'> {
    return payloadOf('resolve_service', this.stored);
  }

  @Field(() => UUID, { description: 'The call.' })
  get callId(): string {
    return this.answer.call_id;
  }

  @Field(() => ServiceKind, { description: 'What the guests wanted.' })
  get kind(): string {
    return this.answer.kind;
  }

  @Field(() => ServiceOutcome, { description: 'Whether somebody is on the way, or it is done.' })
  get outcome(): string {
    return this.answer.outcome;
  }
}
