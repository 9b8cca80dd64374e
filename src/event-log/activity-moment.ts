import type { Sql } from 'postgres';
import { LostAnswer } from '../db/lost-answer.js';
import type { TenantId } from '../domain/ids.js';
import { type ActivityPosition, before, type Tx } from './activity.js';
import { withWatchdog } from './watchdog.js';

/** Which transactions had ended at one moment. */
export interface Moment {
  /** Everything before this place was there to be read, and nothing comes there any more. */
  readonly place: ActivityPosition;
  /** The first number that no transaction had yet. */
  readonly next: Tx;
  /** Whether what this transaction wrote was there to be seen. */
  readonly sees: (tx: Tx) => boolean;
}

/** The moment of the statement. */
export async function readMoment(sql: Sql, statementMs: number): Promise<Moment> {
  const statement = sql.unsafe<{ snapshot: string }[]>('SELECT pg_current_snapshot()::text AS snapshot', [], {
    prepare: true,
  });
  const [row] = await withWatchdog(statement, statementMs);
  if (!row) throw new LostAnswer();
  return momentOf(row.snapshot);
}

/** From the database's own text: the oldest that runs, the next one, and all that run: `100:105:100,102`. */
function momentOf(snapshot: string): Moment {
  const [oldest = '', next = '', list = ''] = snapshot.split(':');
  const running = new Set(list.split(',').filter(Boolean).map(BigInt));
  const end = BigInt(next);
  return { place: before(BigInt(oldest)), next: end, sees: (tx) => tx < end && !running.has(tx) };
}

const glanceSql = `
SELECT w.tenant_id AS id, EXISTS (
  SELECT 1 FROM session_events e WHERE uuid_hash(e.tenant_id) = uuid_hash(w.tenant_id) AND e.tx >= w.tx::xid8
)::int AS has_news
FROM unnest($1::uuid[], $2::text[]) w(tenant_id, tx)`;

/** Tells which tenants have events from these transactions on, whether or not they may be given out yet. */
export async function glanceAtTenants(
  sql: Sql,
  tenants: readonly { readonly tenantId: TenantId; readonly readTo: ActivityPosition }[],
  statementMs: number,
): Promise<ReadonlySet<TenantId>> {
  const statement = sql.unsafe<{ id: TenantId; has_news: number }[]>(
    glanceSql,
    [tenants.map(({ tenantId }) => tenantId), tenants.map(({ readTo }) => String(readTo.tx))],
    { prepare: true },
  );
  const rows = await withWatchdog(statement, statementMs);
  if (rows.length < tenants.length) throw new LostAnswer();
  return new Set(rows.filter(({ has_news }) => has_news === 1).map(({ id }) => id));
}
