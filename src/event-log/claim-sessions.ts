import type { Sql } from 'postgres';
import type { SessionId, TenantId } from '../domain/ids.js';

/**
 * Holds sessions for one node for a moment: its batch statement passes the guard, other nodes' wait. A node that keeps
 * losing races claims what it loses, or the fastest node could win every one of them. The write itself ends the claim; a
 * node that dies loses it to time.
 */
const claimSql = `
WITH held AS MATERIALIZED (
  SELECT w.tenant_id, w.id
  FROM (SELECT * FROM unnest($1::uuid[], $2::uuid[]) u(tenant_id, id) ORDER BY 1, 2) w
  CROSS JOIN LATERAL (
    SELECT 1 FROM qr_sessions s WHERE s.tenant_id = w.tenant_id AND s.id = w.id FOR NO KEY UPDATE
  ) locked
)
UPDATE qr_sessions s SET claim_by = $3::text, claim_until = clock_timestamp() + interval '250 ms'
FROM held h
WHERE s.tenant_id = h.tenant_id AND s.id = h.id
  AND (s.claim_until IS NULL OR s.claim_by = $3::text OR s.claim_until < clock_timestamp())`;

/** Claims those sessions that no other node holds; who did not get one sees so when it loads the session. */
export function claimSessions(
  sql: Sql,
  node: string,
  sessions: readonly { readonly tenantId: TenantId; readonly sessionId: SessionId }[],
) {
  return sql.unsafe(
    claimSql,
    [sessions.map(({ tenantId }) => tenantId), sessions.map(({ sessionId }) => sessionId), node],
    { prepare: true },
  );
}
