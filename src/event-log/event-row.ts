import type { Actor } from '../domain/actor.js';
import type { KeyedEvent } from '../domain/decide.js';
import type { EventId } from '../domain/ids.js';

/** The columns of `eventRow`, as one JSON array per event: what `json_agg` gives the loader in a single statement. */
export const eventRowSql = `json_build_array(e.event_seq, e.event_id, e.event_type, e.version, e.payload, e.actor,
  (extract(epoch FROM e.created_at) * 1000)::bigint, e.idempotency_key, encode(e.fingerprint, 'hex'))`;

export type EventRow = readonly [
  seq: number,
  id: string,
  type: string,
  version: number,
  payload: Record<string, unknown>,
  actor: Actor,
  createdAt: number,
  key: string,
  fingerprint: string,
];

/** Reads one row of the log. */
export function fromEventRow([
  seq,
  id,
  type,
  version,
  payload,
  actor,
  createdAt,
  key,
  fingerprint,
]: EventRow): KeyedEvent {
  return { event: { seq, id: id as EventId, type, version, payload, actor, createdAt }, key, fingerprint };
}
