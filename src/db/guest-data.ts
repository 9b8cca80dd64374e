import { sql } from 'drizzle-orm';
import type { SessionId, TenantId } from '../domain/ids.js';
import type { Orm } from './connect.js';

/** How long guests stay known by name after the end of their visit. */
export interface NamesKept {
  readonly days: number;
  /** Phones still act so long after the end; their names are not erased before. */
  readonly graceSeconds: number;
}

/** A session whose guests are still known by name; a list goes on behind the last one's `endedAt` and id. */
export interface NamedSession {
  readonly tenantId: TenantId;
  readonly sessionId: SessionId;
  readonly endedAt: string;
}

const keptFor = ({ days, graceSeconds }: NamesKept) =>
  sql`greatest(make_interval(days => ${days}::int), make_interval(secs => ${graceSeconds}::int))`;

/** Sessions of all tenants whose guests' names are to be erased, the oldest first. */
export async function listNamedSessions(
  orm: Orm,
  kept: NamesKept,
  { after, limit }: { readonly after: NamedSession | undefined; readonly limit: number },
): Promise<readonly NamedSession[]> {
  const from = after?.endedAt ?? '-infinity';
  const fromId = after?.sessionId ?? '00000000-0000-0000-0000-000000000000';
  return orm.execute<NamedSession & Record<string, unknown>>(sql`
    SELECT tenant_id AS "tenantId", id AS "sessionId", ended_at::text AS "endedAt" FROM qr_sessions
    WHERE ended_at IS NOT NULL AND anonymised_at IS NULL AND ended_at <= session_clock() - ${keptFor(kept)}
      AND ended_at >= ${from}::timestamptz AND (ended_at, id) > (${from}::timestamptz, ${fromId}::uuid)
    ORDER BY ended_at, id LIMIT ${limit}::int`);
}

/**
 * Erases what guests are known by, in one statement: names and words in what their phones wrote to the log (the salt goes along,
 * so that the digest says nothing, and the chain of hashes stays whole), their names beside payments, their phones, and folds
 * that have the names. `personal`: the fields of each type of event that describe a person. False: another node has it, or had it.
 */
export async function eraseGuests(
  orm: Orm,
  { tenantId, sessionId }: Pick<NamedSession, 'tenantId' | 'sessionId'>,
  { kept, personal }: { readonly kept: NamesKept; readonly personal: Readonly<Record<string, readonly string[]>> },
): Promise<boolean> {
  const erased = await orm.execute(sql`
    WITH head AS MATERIALIZED (
      SELECT tenant_id, id FROM qr_sessions
      WHERE tenant_id = ${tenantId}::uuid AND id = ${sessionId}::uuid AND anonymised_at IS NULL AND status <> 'open'
        AND ended_at <= session_clock() - ${keptFor(kept)}
      FOR UPDATE SKIP LOCKED
    ), guests AS MATERIALIZED (
      SELECT e.tenant_id, (e.payload->>'device_id')::uuid AS device_id FROM head h
        JOIN session_events e ON e.tenant_id = h.tenant_id AND e.session_id = h.id AND e.event_type = 'device_joined'
    ), words AS (
      UPDATE session_events e SET salt = NULL, actor = jsonb_set(e.actor, '{name}', 'null'),
        payload = e.payload || coalesce((SELECT jsonb_object_agg(field, NULL::text)
          FROM jsonb_array_elements_text(${JSON.stringify(personal)}::text::jsonb -> e.event_type) field
          WHERE e.payload ? field), '{}')
      FROM head h
      WHERE e.tenant_id = h.tenant_id AND e.session_id = h.id AND e.salt IS NOT NULL
        AND (e.actor->>'type' = 'device' OR e.event_type = 'device_joined')
    ), money AS (
      UPDATE payments p SET actor = jsonb_set(p.actor, '{name}', 'null') FROM head h
      WHERE p.tenant_id = h.tenant_id AND p.session_id = h.id AND p.actor->>'type' = 'device'
    ), phones AS (
      DELETE FROM devices d USING guests g WHERE d.tenant_id = g.tenant_id AND d.id = g.device_id
    ), folds AS (
      DELETE FROM session_checkpoints c USING head h WHERE c.tenant_id = h.tenant_id AND c.session_id = h.id
    )
    UPDATE qr_sessions q SET anonymised_at = session_clock() FROM head h
    WHERE q.tenant_id = h.tenant_id AND q.id = h.id RETURNING q.id`);
  return erased.length > 0;
}
