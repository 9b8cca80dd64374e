import { findTableNames } from '../db/table-names.js';
import { type BillDifference, billDifference } from '../domain/bill-difference.js';
import type { Bill } from '../domain/bill.js';
import { describeEvent } from '../domain/describe-event.js';
import type { StoredEvent } from '../domain/events/define.js';
import { blankBill, fold } from '../domain/fold.js';
import type { Seq, SessionId, TableId, TenantId } from '../domain/ids.js';
import { type Totals, totalsOf } from '../domain/pricing.js';
import { invalid } from '../domain/rejection.js';
import type { KeyScope, Scope } from '../domain/scope.js';
import { requireKey } from './access.js';
import type { Deps } from './deps.js';
import { pageBounds } from './list-events.js';
import { seeSession } from './seats.js';

/** One step of a visit, for people. */
export interface HistoryStep {
  readonly event: StoredEvent;
  /** What happened, in English; who did it stands in the event. */
  readonly text: string;
  /** What the bill came to afterwards. */
  readonly totals: Totals;
}

export interface HistoryPage {
  readonly steps: readonly HistoryStep[];
  readonly hasMore: boolean;
  readonly currency: string;
}

/** Everything that happened in a visit behind a seq, who did it, and what the bill came to then. For staff. */
export async function sessionHistory(
  deps: Deps,
  scope: Scope,
  { sessionId, after, first }: { readonly sessionId: SessionId; readonly after: Seq; readonly first: number },
): Promise<HistoryPage> {
  const caller = requireKey(scope, 'staff');
  if (first < pageBounds.min || first > pageBounds.max) {
    throw invalid([{ path: 'limit', message: `must be ${pageBounds.min} to ${pageBounds.max}` }]);
  }
  const { bill: now } = await seeSession(deps, caller, sessionId);
  const { currency, lastSeq } = now;
  if (after >= lastSeq) return { steps: [], hasMore: false, currency };
  const log = { tenantId: caller.tenantId, sessionId };
  const [{ events, hasMore }, before] = await Promise.all([
    deps.log.page(log, { after, limit: first }),
    after === 0 ? blankBill(caller.tenantId, sessionId) : deps.log.billAt(log, after),
  ]);
  const names = await findTableNames(deps.orm, caller.tenantId, tablesIn(events));
  return { steps: stepsOf(before, events, (table) => names.get(table)), hasMore, currency };
}

function stepsOf(
  start: Bill,
  events: readonly StoredEvent[],
  tableName: (table: TableId) => string | undefined,
): readonly HistoryStep[] {
  let before = start;
  return events.map((event) => {
    const after = fold(before, [event]);
    // The first event itself says in which currency.
    const text = describeEvent(event, { before: { ...before, currency: after.currency }, tableName });
    before = after;
    return { event, text, totals: totalsOf(after) };
  });
}

function tablesIn(events: readonly StoredEvent[]): readonly TableId[] {
  const named = events.flatMap(({ payload: { table_id, from_table_id } }) => [table_id, from_table_id]);
  return [...new Set(named.filter((id): id is TableId => typeof id === 'string'))];
}

/** What changed on the bill between two seqs, in either direction. For staff. */
export async function sessionDifference(
  deps: Deps,
  scope: Scope,
  wanted: { readonly sessionId: SessionId; readonly fromSeq: Seq; readonly toSeq: Seq },
): Promise<BillDifference> {
  const caller = requireKey(scope, 'staff');
  const { bill } = await seeSession(deps, caller, wanted.sessionId);
  const outside = (['fromSeq', 'toSeq'] as const).filter((name) => wanted[name] < 1 || wanted[name] > bill.lastSeq);
  if (outside.length > 0) {
    const message = `must be 1 to ${bill.lastSeq}, the session's last seq`;
    throw invalid(outside.map((name) => ({ path: name === 'fromSeq' ? 'from_seq' : 'to_seq', message })));
  }
  const at = (seq: Seq) => billAt(deps, caller, { sessionId: wanted.sessionId, now: bill, seq });
  const [before, after] = await Promise.all([at(wanted.fromSeq), at(wanted.toSeq)]);
  return billDifference(before, after);
}

function billAt(
  { log }: Deps,
  { tenantId }: KeyScope & { readonly tenantId: TenantId },
  { sessionId, now, seq }: { readonly sessionId: SessionId; readonly now: Bill; readonly seq: Seq },
): Bill | Promise<Bill> {
  return seq === now.lastSeq ? now : log.billAt({ tenantId, sessionId }, seq);
}
