import type { Sql } from 'postgres';
import type { Gate } from '../domain/events/define.js';
import { movesExpiry } from '../domain/fold.js';
import type { SessionId, TenantId } from '../domain/ids.js';
import { totalsOf } from '../domain/pricing.js';
import { sliding } from '../domain/session.js';
import { effectParameters, effectsSql, hasEffects } from './row-effects.js';
import type { SessionWrite } from './session-write.js';

/** A session whose head still was as expected, and whose events are therefore in the log. */
export interface Moved {
  readonly tenant_id: TenantId;
  readonly id: SessionId;
  /** The database's time of the write, which is the events' time. */
  readonly now: number;
}

const gateCode: Record<Gate, number> = { live: 0, due: 1, any: 2 };

/** The guard, tested before and after the row lock: seq and status as expected, the time rule, nobody else's claim. */
const guard = `s.tenant_id = h.tenant_id AND s.id = h.id AND s.last_event_seq = h.exp_seq AND s.status = h.exp_status
    AND (h.gate = 2 OR (h.gate = 0) = (s.expires_at > session_clock()))
    AND (s.claim_until IS NULL OR s.claim_by = $30::text OR s.claim_until < clock_timestamp())`;

/**
 * Writes a batch: many sessions, many events, one statement. A known key makes only its own session miss (`dup`); heads
 * are locked in one order, so that two nodes never deadlock (`locked`); the guard holds under the lock, so commit order
 * is seq order (`moved`); events go in only for sessions that moved (as IS TRUE it stays a hashed lookup: as a join, without
 * hash joins, it is quadratic). `more` writes rows of other tables. docs/adr/0001 has the reasons.
 */
const sqlWith = (more: string) => `
WITH dup AS MATERIALIZED (
  SELECT k.session_id FROM unnest($16::uuid[], $17::uuid[], $20::text[]) k(tenant_id, session_id, key)
  CROSS JOIN LATERAL (
    SELECT 1 FROM session_events x
    WHERE x.tenant_id = k.tenant_id AND x.session_id = k.session_id AND x.idempotency_key = k.key LIMIT 1
  ) known
), locked AS MATERIALIZED (
  SELECT h.* FROM (
    SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::int[], $4::text[], $5::int[], $6::text[], $7::int[], $8::int[],
      $9::text[], $10::bigint[], $11::bigint[], $12::bigint[], $13::int[], $14::int[], $31::uuid[])
      h(tenant_id, id, exp_seq, exp_status, new_seq, new_status, gate, slides, extend_to, total, paid, due, draft_lines,
        sent_lines, table_id)
    ORDER BY tenant_id, id
  ) h
  CROSS JOIN LATERAL (SELECT 1 FROM qr_sessions s WHERE ${guard} FOR NO KEY UPDATE) l
  WHERE h.id NOT IN (SELECT session_id FROM dup)
), moved AS (
  UPDATE qr_sessions s SET
    last_event_seq = h.new_seq,
    status = h.new_status,
    table_id = h.table_id,
    total = h.total, paid = h.paid, due = h.due, draft_lines = h.draft_lines, sent_lines = h.sent_lines,
    expires_at = greatest(s.expires_at, h.extend_to::timestamptz, CASE WHEN ${slides()} THEN
      least(session_clock() + make_interval(secs => s.ttl_seconds), s.opened_at + make_interval(secs => $15::int)) END),
    slid_at = CASE WHEN ${slides()} THEN session_clock() ELSE s.slid_at END,
    ended_at = CASE h.new_status WHEN 'open' THEN NULL WHEN 'expired' THEN coalesce(s.ended_at, s.expires_at)
      ELSE coalesce(s.ended_at, session_clock()) END,
    claim_by = NULL, claim_until = NULL,
    updated_at = session_clock()
  FROM locked h WHERE ${guard}
  RETURNING s.tenant_id, s.id
), written AS (
  INSERT INTO session_events (tenant_id, session_id, event_seq, event_id, idempotency_key, fingerprint, event_type,
    version, payload, actor, salt, personal_digest, prev_hash, hash)
  SELECT e.tenant_id, e.session_id, e.event_seq, e.event_id, e.idempotency_key, decode(e.fingerprint, 'hex'),
    e.event_type, e.version, e.payload::jsonb, e.actor::jsonb, decode(e.salt, 'hex'), decode(e.personal_digest, 'hex'),
    decode(e.prev_hash, 'hex'), decode(e.hash, 'hex')
  FROM unnest($16::uuid[], $17::uuid[], $18::int[], $19::uuid[], $20::text[], $21::text[], $22::text[], $23::int[],
    $24::text[], $25::text[], $26::text[], $27::text[], $28::text[], $29::text[])
    e(tenant_id, session_id, event_seq, event_id, idempotency_key, fingerprint, event_type, version, payload, actor,
      salt, personal_digest, prev_hash, hash)
  WHERE ((e.tenant_id, e.session_id) IN (SELECT m.tenant_id, m.id FROM moved m)) IS TRUE
)${more}
SELECT m.tenant_id, m.id, (extract(epoch FROM session_clock()) * 1000)::float8 AS now FROM moved m`;

function slides(): string {
  return `h.slides = 1 AND s.sliding AND s.status = 'open' AND s.expires_at > session_clock() AND session_clock() >= s.slid_at + interval '${sliding.everyMs} milliseconds'`;
}

/** What goes out for commands that only write events, as most do. */
export const batchSql: string = sqlWith('');

const fullBatchSql = sqlWith(effectsSql(31));

/** The same, but a session whose row somebody else has locked is missed instead of waited for. */
const impatient = (sql: string) => sql.replace('FOR NO KEY UPDATE', 'FOR NO KEY UPDATE SKIP LOCKED');

const impatientBatchSql = impatient(batchSql);
const impatientFullBatchSql = impatient(fullBatchSql);

/** Sessions to write together, by the node of this name. */
export interface Batch {
  readonly node: string;
  readonly writes: readonly SessionWrite[];
  readonly waitsForLocks: boolean;
}

/** Starts the statement. The caller awaits it, and may cancel it. */
export function writeBatch(sql: Sql, batch: Batch) {
  const isFull = hasEffects(batch.writes);
  const patient = isFull ? fullBatchSql : batchSql;
  const text = batch.waitsForLocks ? patient : isFull ? impatientFullBatchSql : impatientBatchSql;
  const more = isFull ? effectParameters(batch.writes) : [];
  return sql.unsafe<Moved[]>(text, [...batchParameters(batch), ...more], { prepare: true });
}

/**
 * $1 to $14 are columns of heads, $15 the sliding cap in seconds, $16 to $29 columns of events, $30 the node, $31 the heads'
 * tables; effects follow.
 */
export function batchParameters({ node, writes }: Batch) {
  const heads = columnsOf(writes.map(headRow), 14);
  const events = columnsOf(writes.flatMap(eventRows), 14);
  return [...heads, sliding.capMs / 1000, ...events, node, writes.map(({ after }) => after.tableId)];
}

function headRow({ before, after, gate, events }: SessionWrite): readonly (string | number | null)[] {
  const totals = totalsOf(after);
  const drafts = after.lines.filter((line) => line.state === 'draft').length;
  const sent = after.lines.filter((line) => line.state !== 'draft' && line.state !== 'cancelled').length;
  return [
    after.tenantId,
    after.sessionId,
    before.bill.lastSeq,
    before.status,
    after.lastSeq,
    after.status === 'open' ? before.status : after.status,
    gateCode[gate],
    events.some(({ event }) => movesExpiry(event)) ? 1 : 0,
    after.expiresAt > before.bill.expiresAt ? new Date(after.expiresAt).toISOString() : null,
    totals.total,
    totals.paid,
    totals.due,
    drafts,
    sent,
  ];
}

function eventRows({ after, events }: SessionWrite): readonly (readonly (string | number | null)[])[] {
  return events.map(({ event, key, fingerprint, seal }) => [
    after.tenantId,
    after.sessionId,
    event.seq,
    event.id,
    key,
    fingerprint,
    event.type,
    event.version,
    JSON.stringify(event.payload),
    JSON.stringify(event.actor),
    seal.salt?.toString('hex') ?? null,
    seal.personalDigest?.toString('hex') ?? null,
    seal.prevHash.toString('hex'),
    seal.hash.toString('hex'),
  ]);
}

/** Rows to columns, as `unnest` takes them. */
function columnsOf<T>(rows: readonly (readonly T[])[], width: number): T[][] {
  return Array.from({ length: width }, (_, column) => rows.map((row) => row[column] as T));
}
