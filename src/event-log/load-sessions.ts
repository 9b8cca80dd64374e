import type { Sql } from 'postgres';
import type { Bill } from '../domain/bill.js';
import type { KeyedEvent } from '../domain/decide.js';
import { blankBill, foldVersion } from '../domain/fold.js';
import type { SessionId, TenantId } from '../domain/ids.js';
import type { SessionStatus } from '../domain/session.js';
import type { DatabaseClock } from './database-clock.js';
import { type EventRow, eventRowSql, fromEventRow } from './event-row.js';
import { genesis } from './hash-chain.js';
import { laneKey } from './lane.js';
import { LostAnswer } from '../db/lost-answer.js';
import { advance, type SessionState } from './session-state.js';
import { withWatchdog } from './watchdog.js';

/** One session to bring up to date from `known`, with keys to look up in its log. */
export interface LoadRequest {
  readonly tenantId: TenantId;
  readonly sessionId: SessionId;
  readonly known: SessionState | undefined;
  readonly keys: readonly string[];
}

export interface Loaded {
  readonly state: SessionState;
  readonly foundKeys: ReadonlyMap<string, KeyedEvent>;
  /** Another node holds the session for a moment. */
  readonly isClaimedElsewhere: boolean;
}

/**
 * Answers by lane key; a session that is not in the answer does not exist for that tenant. An Error stands for a session
 * whose log cannot be folded; its neighbours are none the worse for it.
 */
export type SessionLoader = (requests: readonly LoadRequest[]) => Promise<ReadonlyMap<string, Loaded | Error>>;

/**
 * Reads heads, the tails of their logs since what is known, and the asked-for keys, all of one moment: one statement. It
 * gives a row for every session that was asked for, so that a lost answer is never taken for a missing session. A session whose
 * guests' names were erased since it was last read is read from its beginning: what is known of it has the names.
 */
export const loadSql = `
WITH wanted AS MATERIALIZED (
  SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::int[], $8::int[]) w(tenant_id, id, known_seq, knows_names)
)
SELECT w.tenant_id, w.id, (s.id IS NULL)::int AS is_missing, s.status, s.last_event_seq AS seq,
  (s.status = 'expired' OR (s.status = 'open' AND s.expires_at <= session_clock()))::int AS is_past,
  (CASE WHEN s.status = 'open' THEN s.expires_at ELSE s.ended_at END
    + make_interval(secs => $6::int) <= session_clock())::int AS is_grace_over,
  (s.claim_until > clock_timestamp() AND s.claim_by <> $7::text)::int AS is_claimed_elsewhere,
  (s.anonymised_at IS NOT NULL)::int AS is_anonymised, f.from_seq,
  (extract(epoch FROM session_clock()) * 1000)::float8 AS now,
  (SELECT encode(e.hash, 'hex') FROM session_events e
    WHERE e.tenant_id = s.tenant_id AND e.session_id = s.id
    ORDER BY e.event_seq DESC LIMIT 1) AS last_hash,
  checkpoint.event_seq AS checkpoint_seq, checkpoint.bill AS checkpoint_bill,
  (SELECT json_agg(${eventRowSql} ORDER BY e.event_seq) FROM session_events e
    WHERE e.tenant_id = s.tenant_id AND e.session_id = s.id
      AND e.event_seq > coalesce(checkpoint.event_seq, f.from_seq)) AS tail,
  (SELECT json_agg(${eventRowSql}) FROM unnest($4::uuid[], $5::text[]) k(session_id, key)
    CROSS JOIN LATERAL (SELECT * FROM session_events x WHERE x.tenant_id = s.tenant_id AND x.session_id = s.id
      AND x.idempotency_key = k.key LIMIT 1) e
    WHERE k.session_id = s.id) AS found
FROM wanted w
LEFT JOIN LATERAL (SELECT * FROM qr_sessions q WHERE q.tenant_id = w.tenant_id AND q.id = w.id) s ON true
CROSS JOIN LATERAL (
  SELECT CASE WHEN s.anonymised_at IS NOT NULL AND w.knows_names = 1 THEN 0 ELSE w.known_seq END AS from_seq
) f
LEFT JOIN LATERAL (
  SELECT c.event_seq, c.bill FROM session_checkpoints c
  WHERE c.tenant_id = s.tenant_id AND c.session_id = s.id AND c.fold_version = ${foldVersion}
    AND c.event_seq > f.from_seq AND c.event_seq <= s.last_event_seq AND f.from_seq = 0
  ORDER BY c.event_seq DESC LIMIT 1
) checkpoint ON true`;

interface Row {
  readonly tenant_id: TenantId;
  readonly id: SessionId;
  readonly is_missing: number;
  readonly status: SessionStatus;
  readonly seq: number;
  readonly is_past: number;
  readonly is_grace_over: number;
  readonly is_claimed_elsewhere: number | null;
  readonly is_anonymised: number;
  readonly from_seq: number;
  readonly now: number;
  readonly last_hash: string | null;
  readonly checkpoint_bill: Bill | null;
  readonly tail: readonly EventRow[] | null;
  readonly found: readonly EventRow[] | null;
}

/** A loader on the given connections. `node` names this process in claims. */
export function createSessionLoader(options: {
  sql: Sql;
  clock: DatabaseClock;
  graceSeconds: number;
  node: string;
  /** A read without an answer by then is given up. */
  statementMs: number;
}): SessionLoader {
  return async (requests) => {
    const keys = requests.flatMap(({ sessionId, keys }) => keys.map((key) => [sessionId, key] as const));
    const statement = options.sql.unsafe<Row[]>(
      loadSql,
      [
        requests.map(({ tenantId }) => tenantId),
        requests.map(({ sessionId }) => sessionId),
        requests.map(({ known }) => known?.bill.lastSeq ?? 0),
        keys.map(([sessionId]) => sessionId),
        keys.map(([, key]) => key),
        options.graceSeconds,
        options.node,
        requests.map(({ known }) => (known && !known.isAnonymised ? 1 : 0)),
      ],
      { prepare: true },
    );
    const rows = await withWatchdog(statement, options.statementMs);
    if (rows.length < requests.length) throw new LostAnswer();
    if (rows[0]) options.clock.learn(rows[0].now);
    const requestByKey = new Map(requests.map((request) => [laneKey(request.tenantId, request.sessionId), request]));
    return new Map(
      rows.filter(isThere).map((row) => {
        const key = laneKey(row.tenant_id, row.id);
        return [key, loadedOrError(row, requestByKey.get(key))];
      }),
    );
  };
}

function isThere({ is_missing }: Row): boolean {
  return is_missing === 0;
}

function loadedOrError(row: Row, request: LoadRequest | undefined): Loaded | Error {
  try {
    return toLoaded(row, request);
  } catch (error) {
    return new Error(`session ${row.id} cannot be read`, { cause: error });
  }
}

function toLoaded(row: Row, request: LoadRequest | undefined): Loaded {
  if (!request) throw new Error(`the database answered for session ${row.id}, which was not asked for`);
  const start = request.known && row.from_seq > 0 ? request.known : startingState(row, request);
  const head = {
    status: row.status,
    isPast: row.is_past === 1,
    isGraceOver: row.is_grace_over === 1,
    isAnonymised: row.is_anonymised === 1,
    lastHash: row.last_hash === null ? genesis : Buffer.from(row.last_hash, 'hex'),
  };
  const state = advance(start, (row.tail ?? []).map(fromEventRow), head);
  if (state.bill.lastSeq !== row.seq) {
    throw new Error(`session ${row.id}: the log ends at seq ${state.bill.lastSeq}, its head at ${row.seq}`);
  }
  const found = (row.found ?? []).map(fromEventRow);
  return {
    state,
    foundKeys: new Map(found.map((keyed) => [keyed.key, keyed])),
    isClaimedElsewhere: row.is_claimed_elsewhere === 1,
  };
}

function startingState(row: Row, { tenantId, sessionId }: LoadRequest): SessionState {
  return {
    bill: row.checkpoint_bill ?? blankBill(tenantId, sessionId),
    status: 'open',
    isPast: false,
    isGraceOver: false,
    isAnonymised: false,
    lastHash: genesis,
    recent: new Map(),
    knowsAllKeys: row.checkpoint_bill === null,
  };
}
