import type { StoredEvent } from '../../domain/events/define.js';
import type { EventType, eventDefinitions } from '../../domain/events/index.js';

/** The stored payload of an event type, as its definition writes it. */
export type PayloadOf<T extends EventType> = Parameters<(typeof eventDefinitions)[T]['apply']>[1];

/** An event's payload under its own type: each GraphQL class is made for exactly one type (see index). */
export function payloadOf<T extends EventType>(type: T, { payload }: StoredEvent): PayloadOf<T>;
export function payloadOf(_type: EventType, { payload }: StoredEvent): unknown {
  return payload;
}
