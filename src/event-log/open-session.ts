import { setTimeout as pause } from 'node:timers/promises';
import type { Sql } from 'postgres';
import { type Actor, worker } from '../domain/actor.js';
import type { StoredEvent } from '../domain/events/define.js';
import { sessionOpened } from '../domain/events/session-opened.js';
import type { EventId, LocationId, Seq, SessionId, TableId, TenantId } from '../domain/ids.js';
import type { SessionSettings } from '../domain/session.js';
import { expiredFingerprint } from './expiry.js';
import { fingerprintOf } from './fingerprint.js';
import { contentHash, genesis, seal } from './hash-chain.js';
import { LostAnswer } from '../db/lost-answer.js';
import { serverKeys } from './server-keys.js';
import { isTransient, sqlCode } from '../db/sql-errors.js';
import { withWatchdog } from './watchdog.js';
import type { WriterLimits } from './writer-limits.js';

/** A visit to open at a table, unless one is open there already. */
export interface Opening {
  readonly tenantId: TenantId;
  readonly locationId: LocationId;
  readonly tableId: TableId;
  readonly currency: string;
  readonly settings: SessionSettings;
  readonly actor: Actor;
}

export interface OpenedOrFound {
  readonly sessionId: SessionId;
  /** This call opened it; otherwise it was open before, or a twin was faster. */
  readonly isFresh: boolean;
  /** The found session has just run out of time: ask again. */
  readonly isPast: boolean;
  /** The table's session before, whose time was over: this call wrote its end. */
  readonly expired: { readonly sessionId: SessionId; readonly seq: Seq } | undefined;
}

/**
 * Expires the table's session if its time is over (with its event, where the location wants one), and opens a new one
 * unless a live one is there: one statement. Should a late event slip in between, the missing previous hash fails the
 * statement as a whole rather than leave a gap; `openOrFind` tries again.
 */
const openSql = `
WITH stale AS (
  UPDATE qr_sessions s SET status = 'expired', last_event_seq = s.last_event_seq + s.expiry_event::int,
    ended_at = s.expires_at, updated_at = session_clock()
  WHERE s.tenant_id = $1::uuid AND s.table_id = $3::uuid AND s.status = 'open' AND s.expires_at <= session_clock()
  RETURNING s.tenant_id, s.id, s.last_event_seq, s.expiry_event
), stale_event AS (
  INSERT INTO session_events (tenant_id, session_id, event_seq, event_id, idempotency_key, fingerprint, event_type,
    version, payload, actor, prev_hash, hash)
  SELECT st.tenant_id, st.id, st.last_event_seq, $15::uuid, $16::text, decode($17::text, 'hex'), 'session_expired', 1,
    '{}', $18::text::jsonb, prev.hash,
    sha256(prev.hash || uuid_send(st.tenant_id) || uuid_send(st.id) || int8send(st.last_event_seq::bigint)
      || decode($19::text, 'hex'))
  FROM stale st LEFT JOIN session_events prev
    ON prev.tenant_id = st.tenant_id AND prev.session_id = st.id AND prev.event_seq = st.last_event_seq - 1
  WHERE st.expiry_event
), opened AS (
  INSERT INTO qr_sessions AS s (tenant_id, id, location_id, table_id, status, last_event_seq, expires_at, slid_at,
    opened_at, ttl_seconds, sliding, expiry_event, currency, updated_at)
  SELECT $1::uuid, $4::uuid, $2::uuid, $3::uuid, 'open', 1, session_clock() + make_interval(secs => $5::int),
    session_clock(), session_clock(), $5::int, $6::int = 1, $7::int = 1, $8::text, session_clock()
  FROM (SELECT count(*) FROM stale) expired_first
  ON CONFLICT (tenant_id, table_id) WHERE status = 'open' DO UPDATE SET table_id = excluded.table_id
  RETURNING s.tenant_id, s.id, s.id = $4::uuid AS is_fresh, s.expires_at <= session_clock() AS is_past
), opened_event AS (
  INSERT INTO session_events (tenant_id, session_id, event_seq, event_id, idempotency_key, fingerprint, event_type,
    version, payload, actor, salt, personal_digest, prev_hash, hash)
  SELECT o.tenant_id, o.id, 1, $9::uuid, $10::text, decode($11::text, 'hex'), 'session_opened', ${sessionOpened.version},
    $12::text::jsonb, $13::text::jsonb, decode($14::text, 'hex'), decode($20::text, 'hex'), decode($21::text, 'hex'),
    decode($22::text, 'hex')
  FROM opened o WHERE o.is_fresh
)
SELECT o.id, o.is_fresh, o.is_past, st.id AS expired_id, st.last_event_seq AS expired_seq
FROM opened o LEFT JOIN stale st ON true`;

/** Tries against somebody who wrote, or whose time ended, in the same moment. */
const rivalTries = 5;
const pauseMs = 25;
/** not_null_violation: the previous event was not there yet when this statement began. */
const missingPreviousHash = '23502';

/**
 * Opens or finds the table's session; `newId` mints UUIDv7s. Tries again, with fresh ids, after a lost connection and after
 * a lost race against a last event, until the deadline of a command: whoever opened it, the caller finds it.
 */
export async function openOrFind(
  sql: Sql,
  opening: Opening,
  { newId, limits }: { newId: () => string; limits: Pick<WriterLimits, 'statementMs' | 'commandMs'> },
): Promise<OpenedOrFound> {
  const deadline = performance.now() + limits.commandMs;
  for (let tries = 1; ; tries += 1) {
    try {
      const patience = Math.min(limits.statementMs, deadline - performance.now());
      const [row] = await withWatchdog(startOpening(sql, opening, newId), patience);
      if (!row) throw new LostAnswer();
      if (!row.is_past || tries >= rivalTries) return toOpened(row);
    } catch (error) {
      const isWorthIt = isTransient(error) || (sqlCode(error) === missingPreviousHash && tries < rivalTries);
      if (!isWorthIt || performance.now() + pauseMs * tries >= deadline) throw error;
      await pause(pauseMs * tries);
    }
  }
}

interface Row {
  readonly id: SessionId;
  readonly is_fresh: boolean;
  readonly is_past: boolean;
  readonly expired_id: SessionId | null;
  readonly expired_seq: Seq | null;
}

function toOpened({ id, is_fresh, is_past, expired_id, expired_seq }: Row): OpenedOrFound {
  const expired = expired_id && expired_seq ? { sessionId: expired_id, seq: expired_seq } : undefined;
  return { sessionId: id, isFresh: is_fresh, isPast: is_past, expired };
}

function startOpening(sql: Sql, opening: Opening, newId: () => string) {
  const { tenantId, locationId, tableId, settings, currency } = opening;
  const sessionId = newId() as SessionId;
  const event = openedEvent(opening, newId);
  const sealed = seal({ tenantId, sessionId, seq: 1 }, { event, key: serverKeys.opened }, genesis);
  const expired = expiredEvent(newId);
  return sql.unsafe<Row[]>(
    openSql,
    [
      ...[tenantId, locationId, tableId, sessionId, settings.ttl_seconds],
      ...[settings.sliding ? 1 : 0, settings.expiry_event ? 1 : 0, currency],
      ...[
        event.id,
        serverKeys.opened,
        fingerprintOf({ operation: 'open', actor: opening.actor.id, content: event.payload }),
      ],
      ...[JSON.stringify(event.payload), JSON.stringify(event.actor), hex(sealed.salt)],
      ...[expired.id, serverKeys.expired, expiredFingerprint, JSON.stringify(worker)],
      ...[contentHash({ event: expired, key: serverKeys.expired }, null).toString('hex')],
      ...[hex(sealed.personalDigest), hex(sealed.prevHash), hex(sealed.hash)],
    ],
    { prepare: true },
  );
}

function openedEvent({ tableId, locationId, currency, settings, actor }: Opening, newId: () => string): StoredEvent {
  const payload = { table_id: tableId, location_id: locationId, currency, settings };
  return {
    id: newId() as EventId,
    seq: 1,
    type: 'session_opened',
    version: sessionOpened.version,
    payload,
    actor,
    createdAt: 0,
  };
}

function expiredEvent(newId: () => string): StoredEvent {
  return {
    id: newId() as EventId,
    seq: 0,
    type: 'session_expired',
    version: 1,
    payload: {},
    actor: worker,
    createdAt: 0,
  };
}

function hex(bytes: Buffer | null): string | null {
  return bytes?.toString('hex') ?? null;
}
