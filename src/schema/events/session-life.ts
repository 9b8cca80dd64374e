import { Field, Int, ObjectType } from 'type-graphql';
import { Admission } from '../enums.js';
import { DateTime, UUID } from '../scalars.js';
import { SessionEvent } from '../session-event.js';
import { type PayloadOf, payloadOf } from './payload-of.js';

@ObjectType({ implements: SessionEvent, description: 'A visit at a table began: seq 1 of every session.' })
export class SessionOpenedEvent extends SessionEvent {
  private get opening(): PayloadOf<'session_opened'> {
    return payloadOf('session_opened', this.stored);
  }

  @Field(() => UUID, { description: 'The table.' })
  get tableId(): string {
    return this.opening.table_id;
  }

  @Field(() => UUID, { description: 'The location.' })
  get locationId(): string {
    return this.opening.location_id;
  }

  @Field(() => String, { description: 'ISO 4217 code of all amounts.' })
  get currency(): string {
    return this.opening.currency;
  }

  @Field(() => Int, { description: 'Seconds from opening to expiry.' })
  get ttlSeconds(): number {
    return this.opening.settings.ttl_seconds;
  }

  @Field(() => Admission, { description: 'How phones get in.' })
  get admission(): string {
    return this.opening.settings.admission;
  }
}

@ObjectType({ implements: SessionEvent, description: 'Staff moved the expiry.' })
export class SessionExtendedEvent extends SessionEvent {
  private get extension(): PayloadOf<'session_extended'> {
    return payloadOf('session_extended', this.stored);
  }

  @Field(() => Int, { description: 'Seconds asked for.' })
  get ttlSeconds(): number {
    return this.extension.ttl_seconds;
  }

  @Field(() => DateTime, { description: 'The new expiry.' })
  get expiresAt(): Date {
    return new Date(this.extension.expires_at);
  }
}

@ObjectType({ implements: SessionEvent, description: 'Staff ended the visit.' })
export class SessionClosedEvent extends SessionEvent {
  @Field(() => String, { nullable: true, description: 'Why; required when something was due.' })
  get reason(): string | null {
    return payloadOf('session_closed', this.stored).reason;
  }
}

@ObjectType({ implements: SessionEvent, description: 'Time ended the visit.' })
export class SessionExpiredEvent extends SessionEvent {}

@ObjectType({ implements: SessionEvent, description: 'Staff moved the visit to another table; its phones follow.' })
export class SessionMovedEvent extends SessionEvent {
  private get move(): PayloadOf<'session_moved'> {
    return payloadOf('session_moved', this.stored);
  }

  @Field(() => UUID, { description: 'Where the guests sit now.' })
  get tableId(): string {
    return this.move.table_id;
  }

  @Field(() => UUID, { description: 'Where they sat before.' })
  get fromTableId(): string {
    return this.move.from_table_id;
  }
}
