import { Field, InterfaceType, ObjectType } from 'type-graphql';
import type { StoredEvent } from '../domain/events/define.js';
import { SessionEventType } from './enums.js';
import { PageInfo } from './page-info.js';
import { DateTime, JSONObject, SafeInt, UUID } from './scalars.js';
import { Actor } from './snapshot.js';

@InterfaceType({
  description: "One entry of a session's log. Each type has its own fields; `payload` has them all as stored.",
  resolveType: (event: SessionEvent) => event.constructor.name,
})
export abstract class SessionEvent {
  constructor(protected readonly stored: StoredEvent) {}

  @Field(() => UUID, { description: 'Id of the event.' })
  get id(): string {
    return this.stored.id;
  }

  @Field(() => SafeInt, { description: 'Position in the log: 1, 2, 3 ... without gaps.' })
  get seq(): number {
    return this.stored.seq;
  }

  @Field(() => SessionEventType, { description: 'What happened.' })
  get type(): string {
    return this.stored.type;
  }

  @Field(() => JSONObject, { description: 'The stored JSON, in the snake_case words of REST.' })
  get payload(): Readonly<Record<string, unknown>> {
    return this.stored.payload;
  }

  @Field(() => Actor, { description: 'Who did it.' })
  get actor(): Actor {
    return this.stored.actor;
  }

  @Field(() => DateTime, { description: "When it was written, by the database's clock." })
  get createdAt(): Date {
    return new Date(this.stored.createdAt);
  }
}

@ObjectType({ description: 'An event and its cursor.' })
export class SessionEventEdge {
  @Field(() => String, { description: 'The decimal seq: pass it as `after` to continue behind this event.' })
  declare cursor: string;

  @Field(() => SessionEvent, { description: 'The event.' })
  declare node: SessionEvent;
}

@ObjectType({ description: "A page of a session's log, in order and without a gap." })
export class SessionEventConnection {
  @Field(() => [SessionEventEdge], { description: 'The events of this page with their cursors.' })
  declare edges: SessionEventEdge[];

  @Field(() => [SessionEvent], { description: 'The events of this page.' })
  declare nodes: SessionEvent[];

  @Field(() => PageInfo, { description: 'Whether there is more.' })
  declare pageInfo: PageInfo;

  @Field(() => SafeInt, { description: 'Where the next read starts; unchanged when nothing is new.' })
  declare nextCursor: number;

  @Field(() => SafeInt, { description: 'Position of the last event of the session.' })
  declare lastSeq: number;

  @Field(() => SafeInt, { description: 'How long a polling client should wait before it asks again, in milliseconds.' })
  declare pollAfterMs: number;
}
