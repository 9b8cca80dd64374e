import type { Actor } from './actor.js';
import type { StoredEvent } from './events/define.js';

/** An event in the words of the REST contract. */
export interface PublicEvent {
  readonly event_id: string;
  readonly event_seq: number;
  readonly event_type: string;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly actor: Actor;
  /** RFC 3339 */
  readonly created_at: string;
}

export function publicEvent({ id, seq, type, payload, actor, createdAt }: StoredEvent): PublicEvent {
  return {
    event_id: id,
    event_seq: seq,
    event_type: type,
    payload,
    actor,
    created_at: new Date(createdAt).toISOString(),
  };
}
