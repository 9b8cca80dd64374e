import type { Sql } from 'postgres';
import type { Bill } from '../domain/bill.js';
import type { StoredEvent } from '../domain/events/define.js';
import { blankBill, fold, foldVersion } from '../domain/fold.js';
import type { Seq, SessionId, TenantId } from '../domain/ids.js';
import { type EventRow, eventRowSql, fromEventRow } from './event-row.js';
import { LostAnswer } from '../db/lost-answer.js';
import { withWatchdog } from './watchdog.js';

/** Which session's log. */
export interface LogName {
  readonly tenantId: TenantId;
  readonly sessionId: SessionId;
}

/** A stretch of the log after a cursor, in order and without a gap. */
export interface EventPage {
  readonly events: readonly StoredEvent[];
  /** More events stood behind these when they were read. */
  readonly hasMore: boolean;
}

const pageSql = `
SELECT ${eventRowSql} AS event FROM session_events e
WHERE e.tenant_id = $1::uuid AND e.session_id = $2::uuid AND e.event_seq > $3::int
ORDER BY e.event_seq LIMIT $4::int`;

/** Reads up to `limit` events after the cursor: one index range. */
export async function readPage(
  sql: Sql,
  { tenantId, sessionId }: LogName,
  { after, limit, statementMs }: { after: Seq; limit: number; statementMs: number },
): Promise<EventPage> {
  const statement = sql.unsafe<{ event: EventRow }[]>(pageSql, [tenantId, sessionId, after, limit + 1], {
    prepare: true,
  });
  const rows = await withWatchdog(statement, statementMs);
  const events = rows.slice(0, limit).map(({ event }) => fromEventRow(event).event);
  return { events, hasMore: rows.length > limit };
}

const historySql = `
SELECT c.bill, (
  SELECT json_agg(${eventRowSql} ORDER BY e.event_seq) FROM session_events e
  WHERE e.tenant_id = $1::uuid AND e.session_id = $2::uuid
    AND e.event_seq > coalesce(c.event_seq, 0) AND e.event_seq <= $3::int
) AS tail
FROM (SELECT 1) one LEFT JOIN LATERAL (
  SELECT k.event_seq, k.bill FROM session_checkpoints k
  WHERE k.tenant_id = $1::uuid AND k.session_id = $2::uuid AND k.event_seq <= $3::int AND k.fold_version = ${foldVersion}
  ORDER BY k.event_seq DESC LIMIT 1
) c ON true`;

/** The bill as it was at a seq: the nearest checkpoint before it, and the events from there. */
export async function readBillAt(
  sql: Sql,
  log: LogName,
  { seq, statementMs }: { seq: Seq; statementMs: number },
): Promise<Bill> {
  const statement = sql.unsafe<{ bill: Bill | null; tail: EventRow[] | null }[]>(
    historySql,
    [log.tenantId, log.sessionId, seq],
    { prepare: true },
  );
  const [row] = await withWatchdog(statement, statementMs);
  if (!row) throw new LostAnswer();
  const events = (row.tail ?? []).map((event) => fromEventRow(event).event);
  return fold(row.bill ?? blankBill(log.tenantId, log.sessionId), events);
}
