import type { Sql } from 'postgres';
import { LostAnswer } from '../db/lost-answer.js';
import type { ShownHead } from '../db/sessions.js';
import type { LocationId, Seq, SessionId, TenantId } from '../domain/ids.js';
import { type Activity, type ActivityPosition, before, type Tx } from './activity.js';
import { toCursor } from './activity-cursor.js';
import { type EventRow, eventRowSql, fromEventRow } from './event-row.js';
import { withWatchdog } from './watchdog.js';

/** What stands behind a position in the events of some of a tenant's locations, in order and without a gap. */
export interface ActivityPage {
  readonly items: readonly Activity[];
  /** Nothing that this page does not have stands before here, nor ever will. */
  readonly to: ActivityPosition;
  /** Perhaps more can be had behind `to` already. */
  readonly hasMore: boolean;
  /** The newest transaction whose events were there to be seen, whether or not they may be given out yet. */
  readonly newest: Tx;
}

/** Some of a tenant's locations, and from where on. */
export interface ActivityRange {
  readonly tenantId: TenantId;
  readonly locationIds: readonly LocationId[];
  readonly after: ActivityPosition;
}

export type ReadActivity = (range: ActivityRange) => Promise<ActivityPage>;

/** Events of other locations that a page may pass over, for each that it may give. */
const scanFactor = 4;

/**
 * At most so many of the tenant's events are looked at (`reach` is the transaction up to which they reach), in order, by the
 * one index that knows `uuid_hash`; those of the wanted locations are kept. Heads are found by key (OFFSET 0 keeps it so):
 * a location has many more sessions than a page meets.
 */
const sqlFor = ({ pageEvents, scanEvents }: { pageEvents: number; scanEvents: number }) => `
WITH reach AS MATERIALIZED (
  SELECT e.tx FROM session_events e
  WHERE uuid_hash(e.tenant_id) = uuid_hash($1::uuid)
    AND e.tx >= $2::xid8 AND e.tx < pg_snapshot_xmin(pg_current_snapshot())
  ORDER BY e.tx OFFSET ${scanEvents - 1} LIMIT 1
), scanned AS MATERIALIZED (
  SELECT e.* FROM session_events e
  WHERE uuid_hash(e.tenant_id) = uuid_hash($1::uuid)
    AND e.tx >= $2::xid8 AND e.tx < pg_snapshot_xmin(pg_current_snapshot())
    AND e.tx <= coalesce((SELECT tx FROM reach), pg_snapshot_xmin(pg_current_snapshot()))
    AND (e.tx, e.session_id, e.event_seq) > ($2::xid8, $3::uuid, $4::int)
  ORDER BY e.tx, e.session_id, e.event_seq LIMIT ${scanEvents}
), heads AS MATERIALIZED (
  SELECT s.* FROM (SELECT DISTINCT session_id FROM scanned) met
  CROSS JOIN LATERAL (SELECT * FROM qr_sessions q WHERE q.tenant_id = $1::uuid AND q.id = met.session_id OFFSET 0) s
  WHERE s.location_id = ANY ($5::uuid[])
), found AS MATERIALIZED (
  SELECT e.* FROM scanned e WHERE e.tenant_id = $1::uuid AND e.session_id IN (SELECT h.id FROM heads h)
  ORDER BY e.tx, e.session_id, e.event_seq LIMIT ${pageEvents}
)
SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS xmin,
  (SELECT tx::text FROM reach) AS reach,
  (SELECT json_build_array(e.tx::text, e.session_id, e.event_seq) FROM scanned e
    ORDER BY e.tx, e.session_id, e.event_seq OFFSET ${scanEvents - 1}) AS last,
  (SELECT json_agg(json_build_array(e.tx::text, e.session_id, ${eventRowSql}) ORDER BY e.tx, e.session_id, e.event_seq)
    FROM found e) AS items,
  (SELECT json_agg(json_build_object('id', h.id, 'tenantId', h.tenant_id, 'locationId', h.location_id,
    'tableId', h.table_id, 'status', h.status, 'isPast', h.expires_at <= session_clock(), 'currency', h.currency,
    'openedAt', h.opened_at, 'expiresAt', h.expires_at, 'lastEventSeq', h.last_event_seq,
    'total', h.total, 'paid', h.paid, 'due', h.due)) FROM heads h) AS heads,
  (SELECT e.tx::text FROM session_events e WHERE uuid_hash(e.tenant_id) = uuid_hash($1::uuid)
    ORDER BY e.tx DESC LIMIT 1) AS newest`;

interface Row {
  readonly xmin: string;
  readonly reach: string | null;
  /** The last one that was looked at, if there may be more of its transaction. */
  readonly last: readonly [tx: string, sessionId: SessionId, seq: Seq] | null;
  readonly items: readonly (readonly [tx: string, sessionId: SessionId, event: EventRow])[] | null;
  readonly heads: readonly ShownHead[] | null;
  readonly newest: string | null;
}

/** Reads up to `pageEvents` events at a time: two index ranges and a head per session, however large the tables are. */
export function createActivityReader(
  sql: Sql,
  { pageEvents, statementMs }: { readonly pageEvents: number; readonly statementMs: number },
): ReadActivity {
  const text = sqlFor({ pageEvents, scanEvents: pageEvents * scanFactor });
  return async ({ tenantId, locationIds, after: { tx, sessionId, seq } }) => {
    const parameters = [tenantId, String(tx), sessionId, seq, [...locationIds]];
    const [row] = await withWatchdog(sql.unsafe<Row[]>(text, parameters, { prepare: true }), statementMs);
    if (!row) throw new LostAnswer();
    return toPage(row, pageEvents);
  };
}

function toPage({ xmin, reach, last, items, heads, newest }: Row, pageEvents: number): ActivityPage {
  const headOf = new Map((heads ?? []).map((head) => [head.id, head]));
  const found = (items ?? []).map(([tx, sessionId, row]): Activity => {
    const { event } = fromEventRow(row);
    const head = headOf.get(sessionId);
    if (!head) throw new Error(`session ${sessionId} has events and no head`);
    const place = { tx: BigInt(tx), sessionId, seq: event.seq };
    return {
      ...{ ...place, event, head },
      // Made only for those who want it.
      get cursor() {
        return toCursor(head, place);
      },
    };
  });
  const page = { items: found, newest: BigInt(newest ?? 0) };
  const lastFound = found.length === pageEvents ? found.at(-1) : undefined;
  if (lastFound) return { ...page, to: placeOf(lastFound), hasMore: true };
  if (last) return { ...page, to: { tx: BigInt(last[0]), sessionId: last[1], seq: last[2] }, hasMore: true };
  if (reach !== null) return { ...page, to: before(BigInt(reach) + 1n), hasMore: true };
  return { ...page, to: before(BigInt(xmin)), hasMore: false };
}

/** Only the place, so that it does not keep the event. */
function placeOf({ tx, sessionId, seq }: ActivityPosition): ActivityPosition {
  return { tx, sessionId, seq };
}
