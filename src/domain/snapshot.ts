import type { Bill } from './bill.js';
import { foldVersion } from './fold.js';
import { type Totals, totalsOf } from './pricing.js';
import type { SessionStatus } from './session.js';

/** A bill as a reader sees it: with its totals, the status that the clock gives it, and a tag that names this state. */
export interface Snapshot {
  readonly bill: Bill;
  readonly totals: Totals;
  readonly status: SessionStatus;
  /** Equal tags mean equal content. */
  readonly etag: string;
}

/** `isAnonymised`: the guests' names were erased from the log; the same seq gives another content since then. */
export function snapshotOf(bill: Bill, { status, isAnonymised }: Told): Snapshot {
  const etag = `"${bill.lastSeq}.${status}.${bill.expiresAt.toString(36)}.${foldVersion}${isAnonymised ? '.a' : ''}"`;
  return { bill, status, etag, totals: totalsOf(bill) };
}

interface Told {
  readonly status: SessionStatus;
  readonly isAnonymised: boolean;
}

/** The snapshot of a session as the database last told of it: an open one past its time reads as expired. */
export function snapshotNow(state: Told & { readonly bill: Bill; readonly isPast: boolean }): Snapshot {
  return snapshotOf(state.bill, { status: statusNow(state), isAnonymised: state.isAnonymised });
}

/** The status that every reader sees. */
export function statusNow({ status, isPast }: { status: SessionStatus; isPast: boolean }): SessionStatus {
  return status === 'open' && isPast ? 'expired' : status;
}
