import type { Sql } from 'postgres';
import type { Bill } from '../domain/bill.js';
import { foldVersion } from '../domain/fold.js';

/** A checkpoint is kept about every so many events, which bounds what a cold load folds. */
const every = 256;

/**
 * The lock is the weakest that waits for whoever erases the guests' names, and lets writes pass: a bill with their names is not
 * kept after that.
 */
const insertSql = `
INSERT INTO session_checkpoints (tenant_id, session_id, event_seq, fold_version, bill)
SELECT s.tenant_id, s.id, $3::int, $4::int, $5::text::jsonb FROM qr_sessions s
WHERE s.tenant_id = $1::uuid AND s.id = $2::uuid AND s.anonymised_at IS NULL FOR KEY SHARE
ON CONFLICT (tenant_id, session_id, event_seq) DO UPDATE SET fold_version = excluded.fold_version, bill = excluded.bill
WHERE session_checkpoints.fold_version <> excluded.fold_version`;

/** Keeps the bill if it has crossed a multiple of 256 events since `before`. It is a cache: nobody waits for it. */
export async function saveCheckpoint(sql: Sql, before: Bill, bill: Bill): Promise<void> {
  if (Math.floor(before.lastSeq / every) === Math.floor(bill.lastSeq / every)) return;
  await sql.unsafe(insertSql, [bill.tenantId, bill.sessionId, bill.lastSeq, foldVersion, JSON.stringify(bill)], {
    prepare: true,
  });
}
