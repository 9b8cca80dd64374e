import type { Sql } from 'postgres';
import type { Actor } from '../../domain/actor.js';
import type { Bill } from '../../domain/bill.js';
import type { StoredEvent } from '../../domain/events/define.js';
import { foldVersion } from '../../domain/fold.js';
import {
  type EventId,
  isUuid,
  type LocationId,
  type Seq,
  type SessionId,
  type TableId,
  type TenantId,
} from '../../domain/ids.js';
import type { SessionStatus } from '../../domain/session.js';
import type { Seal } from '../hash-chain.js';

/** Which part of the log. */
export interface LogPart {
  readonly tenantId?: TenantId | undefined;
  readonly sessionId?: SessionId | undefined;
}

/** What the head says of its session. Times are milliseconds since 1970. */
export interface HeadFigures {
  readonly lastSeq: Seq;
  readonly status: SessionStatus;
  readonly isAnonymised: boolean;
  readonly locationId: LocationId;
  readonly tableId: TableId;
  readonly currency: string;
  readonly openedAt: number;
  readonly expiresAt: number;
  readonly total: number;
  readonly paid: number;
  readonly due: number;
}

/** A row of the log as it stands in the table, with the head of its session at the same moment. */
export interface LogRow {
  readonly tenantId: TenantId;
  readonly sessionId: SessionId;
  readonly event: StoredEvent;
  readonly key: string;
  readonly seal: Seal;
  readonly fingerprintBytes: number;
  readonly head: HeadFigures | undefined;
  /** The bill that a checkpoint keeps for this seq; read only where it is asked for. */
  readonly checkpoint: Bill | undefined;
}

/** A head whose session has no event at all. */
export interface EmptySession {
  readonly tenantId: TenantId;
  readonly sessionId: SessionId;
  readonly lastSeq: Seq;
}

const nowhere = '00000000-0000-0000-0000-000000000000';

/** Equalities of their own where they are wanted, so that one session is one range of the index. */
function onlyOf({ tenantId, sessionId }: LogPart, columns: { tenant: string; session: string }): string {
  if (![tenantId, sessionId].every((id) => id === undefined || isUuid(id))) throw new Error('an id is no UUID');
  const only = [tenantId && `${columns.tenant} = '${tenantId}'`, sessionId && `${columns.session} = '${sessionId}'`];
  return only
    .filter((condition) => condition !== undefined)
    .map((condition) => ` AND ${condition}`)
    .join('');
}

/** Rows and heads are read by one statement a page, so that they are of one moment while others write on. */
const rowsSql = (part: LogPart) => `
SELECT e.tenant_id, e.session_id, e.event_seq, e.event_id, e.event_type, e.version, e.payload, e.actor, e.idempotency_key,
  e.salt, e.personal_digest, e.prev_hash, e.hash, octet_length(e.fingerprint) AS fingerprint_bytes,
  (extract(epoch FROM e.created_at) * 1000)::float8 AS created_at,
  q.last_event_seq AS head_seq, q.status AS head_status, (q.anonymised_at IS NOT NULL)::int AS head_anonymised,
  q.location_id AS head_location, q.table_id AS head_table, q.currency AS head_currency,
  (extract(epoch FROM q.opened_at) * 1000)::float8 AS head_opened_at,
  (extract(epoch FROM q.expires_at) * 1000)::float8 AS head_expires_at,
  q.total::float8 AS head_total, q.paid::float8 AS head_paid, q.due::float8 AS head_due,
  CASE WHEN $4::int = 1 THEN (SELECT c.bill FROM session_checkpoints c WHERE c.tenant_id = e.tenant_id
    AND c.session_id = e.session_id AND c.event_seq = e.event_seq AND c.fold_version = ${foldVersion}) END AS checkpoint
FROM (
  SELECT * FROM session_events r WHERE (r.tenant_id, r.session_id, r.event_seq) >= ($1::uuid, $2::uuid, $3::int)
    ${onlyOf(part, { tenant: 'r.tenant_id', session: 'r.session_id' })}
  ORDER BY r.tenant_id, r.session_id, r.event_seq LIMIT $5::int
) e LEFT JOIN qr_sessions q ON q.tenant_id = e.tenant_id AND q.id = e.session_id
ORDER BY e.tenant_id, e.session_id, e.event_seq`;

interface Row {
  readonly tenant_id: TenantId;
  readonly session_id: SessionId;
  readonly event_seq: number;
  readonly event_id: EventId;
  readonly event_type: string;
  readonly version: number;
  readonly payload: Record<string, unknown>;
  readonly actor: Actor;
  readonly idempotency_key: string;
  readonly salt: Buffer | null;
  readonly personal_digest: Buffer | null;
  readonly prev_hash: Buffer;
  readonly hash: Buffer;
  readonly fingerprint_bytes: number;
  readonly created_at: number;
  readonly head_seq: number | null;
  readonly head_status: SessionStatus;
  readonly head_anonymised: number;
  readonly head_location: LocationId;
  readonly head_table: TableId;
  readonly head_currency: string;
  readonly head_opened_at: number;
  readonly head_expires_at: number;
  readonly head_total: number;
  readonly head_paid: number;
  readonly head_due: number;
  readonly checkpoint: Bill | null;
}

/** How much is read at a time. */
export interface Reading {
  readonly withCheckpoints: boolean;
  readonly pageRows: number;
}

/**
 * All rows of a part of the log, in order, page after page. A page begins with the row that the last one ended with: its head
 * then is of the moment at which it was seen whether anything follows. That row has `isAgain`.
 */
export async function* readLog(
  sql: Sql,
  part: LogPart,
  { withCheckpoints, pageRows }: Reading,
): AsyncGenerator<LogRow & { readonly isAgain: boolean }> {
  const text = rowsSql(part);
  const read = (from: readonly [string, string, number]) =>
    sql.unsafe<Row[]>(text, [...from, withCheckpoints ? 1 : 0, pageRows], { prepare: true });
  let from: readonly [string, string, number] | undefined;
  let reading = read([part.tenantId ?? nowhere, nowhere, 0]);
  for (;;) {
    const rows = await reading;
    const [first, last] = [rows[0], rows.at(-1)];
    const isAgain = first?.tenant_id === from?.[0] && first?.session_id === from?.[1] && first?.event_seq === from?.[2];
    const isLastPage = !last || rows.length < pageRows;
    if (!isLastPage) {
      // The next page is on its way while this one is looked at.
      from = [last.tenant_id, last.session_id, last.event_seq];
      reading = read(from);
      reading.catch(() => undefined);
    }
    for (const row of rows) yield { ...toLogRow(row), isAgain: isAgain && row === first };
    if (isLastPage) return;
  }
}

const emptySql = (part: LogPart) => `
SELECT q.tenant_id, q.id, q.last_event_seq FROM qr_sessions q
WHERE (q.tenant_id, q.id) > ($1::uuid, $2::uuid)${onlyOf(part, { tenant: 'q.tenant_id', session: 'q.id' })}
  AND NOT EXISTS (SELECT FROM session_events e WHERE e.tenant_id = q.tenant_id AND e.session_id = q.id)
ORDER BY q.tenant_id, q.id LIMIT $3::int`;

/** Heads that have no event any more. */
export async function* readEmptySessions(
  sql: Sql,
  part: LogPart,
  { pageRows }: Pick<Reading, 'pageRows'>,
): AsyncGenerator<EmptySession> {
  let from: readonly [string, string] = [part.tenantId ?? nowhere, nowhere];
  for (;;) {
    const rows = await sql.unsafe<{ tenant_id: TenantId; id: SessionId; last_event_seq: number }[]>(
      emptySql(part),
      [...from, pageRows],
      { prepare: true },
    );
    for (const row of rows) yield { tenantId: row.tenant_id, sessionId: row.id, lastSeq: row.last_event_seq };
    const last = rows.at(-1);
    if (!last || rows.length < pageRows) return;
    from = [last.tenant_id, last.id];
  }
}

/** Whose a session is, by its head; undefined where it has none. */
export async function tenantOf(sql: Sql, sessionId: SessionId): Promise<TenantId | undefined> {
  const [head] = await sql<{ tenant_id: TenantId }[]>`SELECT tenant_id FROM qr_sessions WHERE id = ${sessionId}`;
  return head?.tenant_id;
}

function toLogRow(row: Row): LogRow {
  const { tenant_id: tenantId, session_id: sessionId } = row;
  return {
    tenantId,
    sessionId,
    event: {
      id: row.event_id,
      seq: row.event_seq,
      type: row.event_type,
      version: row.version,
      payload: row.payload,
      actor: row.actor,
      createdAt: row.created_at,
    },
    key: row.idempotency_key,
    seal: { salt: row.salt, personalDigest: row.personal_digest, prevHash: row.prev_hash, hash: row.hash },
    fingerprintBytes: row.fingerprint_bytes,
    head: headOf(row),
    checkpoint: row.checkpoint ?? undefined,
  };
}

function headOf(row: Row): HeadFigures | undefined {
  if (row.head_seq === null) return undefined;
  return {
    lastSeq: row.head_seq,
    status: row.head_status,
    isAnonymised: row.head_anonymised === 1,
    locationId: row.head_location,
    tableId: row.head_table,
    currency: row.head_currency,
    openedAt: row.head_opened_at,
    expiresAt: row.head_expires_at,
    total: row.head_total,
    paid: row.head_paid,
    due: row.head_due,
  };
}
