/** Looks at a session's rows as an auditor would: with nothing but the rows. */
import type { Sql } from 'postgres';
import type { Bill } from '../../src/domain/bill.js';
import type { StoredEvent } from '../../src/domain/events/define.js';
import { blankBill, fold } from '../../src/domain/fold.js';
import type { SessionId, TenantId } from '../../src/domain/ids.js';
import { totalsOf } from '../../src/domain/pricing.js';
import { genesis, sealFaults } from '../../src/event-log/hash-chain.js';

/** A row of the log; bytes are hex. */
export interface LogRow {
  readonly tenant_id: TenantId;
  readonly session_id: SessionId;
  readonly event_seq: number;
  readonly event_id: string;
  readonly idempotency_key: string;
  readonly fingerprint: string;
  readonly event_type: string;
  readonly version: number;
  readonly payload: Record<string, unknown>;
  readonly actor: StoredEvent['actor'];
  readonly salt: string | null;
  readonly personal_digest: string | null;
  readonly prev_hash: string;
  readonly hash: string;
  readonly created_at: number;
}

export interface HeadRow {
  readonly last_event_seq: number;
  readonly status: string;
  readonly expires_at: number;
  readonly total: number;
  readonly draft_lines: number;
}

export async function readRows(sql: Sql, sessionId: SessionId): Promise<readonly LogRow[]> {
  return sql<LogRow[]>`
    SELECT tenant_id, session_id, event_seq, event_id, idempotency_key, encode(fingerprint, 'hex') AS fingerprint,
      event_type, version, payload, actor, encode(salt, 'hex') AS salt,
      encode(personal_digest, 'hex') AS personal_digest, encode(prev_hash, 'hex') AS prev_hash,
      encode(hash, 'hex') AS hash, (extract(epoch FROM created_at) * 1000)::float8 AS created_at
    FROM session_events WHERE session_id = ${sessionId} ORDER BY event_seq`;
}

export async function readHead(sql: Sql, sessionId: SessionId): Promise<HeadRow> {
  const [head] = await sql<HeadRow[]>`
    SELECT last_event_seq, status, (extract(epoch FROM expires_at) * 1000)::float8 AS expires_at, total::float8 AS total,
      draft_lines
    FROM qr_sessions WHERE id = ${sessionId}`;
  if (!head) throw new Error(`there is no session ${sessionId}`);
  return head;
}

export function eventOf(row: LogRow): StoredEvent {
  return {
    id: row.event_id as StoredEvent['id'],
    seq: row.event_seq,
    type: row.event_type,
    version: row.version,
    payload: row.payload,
    actor: row.actor,
    createdAt: row.created_at,
  };
}

export function foldRows(rows: readonly LogRow[]): Bill {
  const [first] = rows;
  if (!first) throw new Error('an empty log has no bill');
  return fold(blankBill(first.tenant_id, first.session_id), rows.map(eventOf));
}

/** What is wrong with a session's chain, by seq; empty when it is whole. */
export function chainFaults(rows: readonly LogRow[]): readonly string[] {
  let previous = genesis.toString('hex');
  return rows.flatMap((row, index) => {
    const faults: string[] = [];
    if (row.event_seq !== index + 1) faults.push(`seq ${row.event_seq} stands at place ${index + 1}`);
    if (row.prev_hash !== previous) faults.push(`seq ${row.event_seq} does not follow the hash before it`);
    if (!isRowIntact(row)) faults.push(`seq ${row.event_seq} is not what was sealed`);
    previous = row.hash;
    return faults;
  });
}

function isRowIntact(row: LogRow): boolean {
  const bytes = (hex: string | null): Buffer | null => (hex === null ? null : Buffer.from(hex, 'hex'));
  const position = { tenantId: row.tenant_id, sessionId: row.session_id, seq: row.event_seq };
  const faults = sealFaults(
    position,
    { event: eventOf(row), key: row.idempotency_key },
    {
      salt: bytes(row.salt),
      personalDigest: bytes(row.personal_digest),
      prevHash: Buffer.from(row.prev_hash, 'hex'),
      hash: Buffer.from(row.hash, 'hex'),
    },
  );
  return faults.length === 0;
}

/** Everything that must hold between a session's log and its head; empty when all does. */
export async function logFaults(sql: Sql, sessionId: SessionId): Promise<readonly string[]> {
  const [rows, head] = await Promise.all([readRows(sql, sessionId), readHead(sql, sessionId)]);
  const bill = foldRows(rows);
  const keys = new Set(rows.map((row) => row.idempotency_key));
  const claims: readonly (readonly [string, unknown, unknown])[] = [
    ['last seq', head.last_event_seq, rows.length],
    ['distinct keys', keys.size, rows.length],
    ['distinct ids', new Set(rows.map((row) => row.event_id)).size, rows.length],
    ['expiry', head.expires_at, bill.expiresAt],
    ['total', head.total, totalsOf(bill).total],
    ['draft lines', head.draft_lines, bill.lines.length],
    ['time in order', rows.every((row, at) => at === 0 || row.created_at >= (rows[at - 1]?.created_at ?? 0)), true],
  ];
  const faults = claims.filter(([, has, wants]) => has !== wants);
  return [
    ...chainFaults(rows),
    ...faults.map(([what, has, wants]) => `${what}: ${String(has)} instead of ${String(wants)}`),
  ];
}
