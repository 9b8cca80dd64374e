import type { ShownHead } from '../db/sessions.js';
import type { StoredEvent } from '../domain/events/define.js';
import type { LocationId, Seq, SessionId, TenantId } from '../domain/ids.js';

/** One restaurant, whose sessions are followed all at once. */
export interface LocationName {
  readonly tenantId: TenantId;
  readonly locationId: LocationId;
}

/** An event of one of a location's sessions. */
export interface Activity extends ActivityPosition {
  readonly event: StoredEvent;
  /** Where a later feed of this location goes on. */
  readonly cursor: string;
  /** The session's head as it was when the event was read. */
  readonly head: ShownHead;
}

/** The number of a transaction, from all databases of the server, in order of their first write. */
export type Tx = bigint;

/**
 * A place in the order of what happens at a location: by transaction, then by session and seq. No number tells the order of
 * commits; but whatever lies below every transaction still running can no longer grow, so reading only that misses nothing.
 * Within a session it is the order of seqs, because a write begins after the one before it has committed.
 */
export interface ActivityPosition {
  readonly tx: Tx;
  readonly sessionId: SessionId;
  readonly seq: Seq;
}

/** The place before everything that this transaction and later ones write. */
export function before(tx: Tx): ActivityPosition {
  return { tx, sessionId: '00000000-0000-0000-0000-000000000000' as SessionId, seq: 0 };
}

export function isBehind(a: ActivityPosition, b: ActivityPosition): boolean {
  if (a.tx !== b.tx) return a.tx > b.tx;
  return a.sessionId === b.sessionId ? a.seq > b.seq : a.sessionId > b.sessionId;
}
