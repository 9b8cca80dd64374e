import type { Seq, SessionId } from '../domain/ids.js';
import { invalid } from '../domain/rejection.js';
import type { Scope } from '../domain/scope.js';
import { type Snapshot, snapshotNow, snapshotOf } from '../domain/snapshot.js';
import { requireSession } from './access.js';
import type { Deps } from './deps.js';
import { seeSession } from './seats.js';

/** The fold of a session's events, up to the last one or up to a given seq. */
export async function getSnapshot(
  deps: Deps,
  scope: Scope,
  { sessionId, atSeq }: { readonly sessionId: SessionId; readonly atSeq?: Seq | undefined },
): Promise<Snapshot> {
  const caller = requireSession(scope, sessionId);
  const state = await seeSession(deps, caller, sessionId);
  const last = state.bill.lastSeq;
  if (atSeq === undefined || atSeq === last) return snapshotNow(state);
  if (atSeq < 1 || atSeq > last)
    throw invalid([{ path: 'at_seq', message: `must be 1 to ${last}, the session's last seq` }]);
  const bill = await deps.log.billAt({ tenantId: caller.tenantId, sessionId }, atSeq);
  return snapshotOf(bill, { status: bill.status, isAnonymised: state.isAnonymised });
}
