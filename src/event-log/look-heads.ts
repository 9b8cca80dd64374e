import type { Sql } from 'postgres';
import { LostAnswer } from '../db/lost-answer.js';
import type { Seq, SessionId, TenantId } from '../domain/ids.js';
import type { LogName } from './read-events.js';
import { withWatchdog } from './watchdog.js';

/** How far a session's log reaches, and whether its time is over, as the database says. */
export interface Glance extends LogName {
  readonly seq: Seq;
  readonly isPast: boolean;
}

const glanceSql = `
SELECT w.tenant_id, w.id, coalesce(s.last_event_seq, 0) AS seq,
  (s.status <> 'open' OR s.expires_at <= session_clock())::int AS is_past
FROM unnest($1::uuid[], $2::uuid[]) w(tenant_id, id)
LEFT JOIN qr_sessions s ON s.tenant_id = w.tenant_id AND s.id = w.id`;

/** Looks at heads by key, without their logs: what nobody rang a bell for is found this way. */
export async function glanceAtHeads(
  sql: Sql,
  logs: readonly LogName[],
  statementMs: number,
): Promise<readonly Glance[]> {
  const statement = sql.unsafe<{ tenant_id: TenantId; id: SessionId; seq: Seq; is_past: number | null }[]>(
    glanceSql,
    [logs.map(({ tenantId }) => tenantId), logs.map(({ sessionId }) => sessionId)],
    { prepare: true },
  );
  const rows = await withWatchdog(statement, statementMs);
  if (rows.length < logs.length) throw new LostAnswer();
  return rows.map((row) => ({ tenantId: row.tenant_id, sessionId: row.id, seq: row.seq, isPast: row.is_past === 1 }));
}
