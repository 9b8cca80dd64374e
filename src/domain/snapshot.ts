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

export function snapshotOf(bill: Bill, status: SessionStatus): Snapshot {
  const etag = `"${bill.lastSeq}.${status}.${bill.expiresAt.toString(36)}.${foldVersion}"`;
  return { bill, status, etag, totals: totalsOf(bill) };
}

/** The snapshot of a session as the database last told of it: an open one past its time reads as expired. */
export function snapshotNow(state: { bill: Bill; status: SessionStatus; isPast: boolean }): Snapshot {
  return snapshotOf(state.bill, statusNow(state));
}

/** The status that every reader sees. */
export function statusNow({ status, isPast }: { status: SessionStatus; isPast: boolean }): SessionStatus {
  return status === 'open' && isPast ? 'expired' : status;
}
