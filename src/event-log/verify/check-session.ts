import type { Bill } from '../../domain/bill.js';
import { canonicalJson } from '../../domain/canonical-json.js';
import { blankBill, fold } from '../../domain/fold.js';
import { totalsOf } from '../../domain/pricing.js';
import { genesis, hashAt } from '../hash-chain.js';
import { checkRow, type Fault, iso } from './check-row.js';
import type { HeadFigures, LogRow } from './read-log.js';

/** Goes through one session's rows in order. */
export interface SessionCheck {
  readonly row: (row: LogRow) => void;
  /** After the last row; the head is of a moment at which no further row was there. */
  readonly end: (head: HeadFigures | undefined) => void;
}

/** So far the clock may have been behind, on another machine that took over (milliseconds). */
const clockStepMs = 1_000;

/** `isDeep` folds the log as well, and holds checkpoints and the head's figures against it. */
export function checkSession(first: LogRow, tell: (fault: Fault) => void, isDeep: boolean): SessionCheck {
  let before: LogRow | undefined;
  /** What the row before may have been sealed as, where it does not fit its own hash: the next one knows. */
  let suspect: { readonly fault: Fault; readonly wouldBe: Buffer } | undefined;
  let bill: Bill | undefined = isDeep ? blankBill(first.tenantId, first.sessionId) : undefined;
  const acquit = () => {
    if (suspect) tell(suspect.fault);
    suspect = undefined;
  };
  return {
    row(row) {
      const { event, seal } = row;
      const hashes = { last: before?.seal.hash ?? genesis, wouldBe: suspect?.wouldBe };
      const isFollower = seal.prevHash.equals(hashes.last);
      if (suspect && !isFollower && hashes.wouldBe?.equals(seal.prevHash)) {
        tell({ seq: suspect.fault.seq, what: 'hash', text: 'its hash was changed' });
        suspect = undefined;
      } else {
        acquit();
        if (!isFollower) hashes.wouldBe = undefined;
      }
      for (const fault of placeFaults(row, before)) tell(fault);
      const own = checkRow(row, hashes.last);
      const isExplained = hashes.wouldBe?.equals(seal.prevHash) || own.some(({ what }) => isOfPlace(what));
      if (!isFollower && !isExplained) tell(linkFault(row));
      for (const fault of own) {
        if (fault.what !== 'content') tell(fault);
        else suspect = { fault, wouldBe: hashAt({ ...row, seq: event.seq }, row, seal) };
      }
      bill = bill && foldOn(bill, row, tell);
      before = row;
    },
    end(head) {
      acquit();
      if (!before) return;
      const { seq } = before.event;
      for (const fault of headFaults(head, seq)) tell(fault);
      if (bill && head?.lastSeq === seq) for (const fault of figureFaults(head, bill)) tell(fault);
    },
  };
}

function isOfPlace(what: Fault['what']): boolean {
  return what === 'prev_hash' || what === 'moved';
}

function linkFault({ event: { seq } }: LogRow): Fault {
  const text =
    seq === 1
      ? 'is not the beginning: its prev_hash is not that of a first event'
      : 'does not follow the event before it: something was taken out, put in or put elsewhere in between';
  return { seq, what: 'link', text };
}

function placeFaults({ event }: LogRow, before: LogRow | undefined): readonly Fault[] {
  const faults: Fault[] = [];
  const expected = (before?.event.seq ?? 0) + 1;
  if (event.seq !== expected) {
    const missing = expected === event.seq - 1 ? `${expected} is` : `${expected} to ${event.seq - 1} are`;
    faults.push({ seq: expected, what: 'gap', text: `seq ${missing} missing` });
  }
  if (before && event.createdAt < before.event.createdAt - clockStepMs) {
    const text = `its time ${iso(event.createdAt)} is before that of the event before it, ${iso(before.event.createdAt)}`;
    faults.push({ seq: event.seq, what: 'created_at', text });
  }
  return faults;
}

function headFaults(head: HeadFigures | undefined, lastSeq: number): readonly Fault[] {
  if (!head) return [{ seq: 0, what: 'head', text: 'has events but no head' }];
  if (head.lastSeq === lastSeq) return [];
  const text =
    head.lastSeq > lastSeq
      ? `the log ends at seq ${lastSeq}, but its head says ${head.lastSeq}: its end was cut off`
      : `the log goes on to seq ${lastSeq}, but its head says ${head.lastSeq}: something was put at its end`;
  return [{ seq: Math.min(head.lastSeq, lastSeq) + 1, what: 'head', text }];
}

/** The bill with this event; none any more where it cannot be folded, or does not follow, which is told as a gap. */
function foldOn(bill: Bill, row: LogRow, tell: (fault: Fault) => void): Bill | undefined {
  const { seq } = row.event;
  if (seq !== bill.lastSeq + 1) return undefined;
  try {
    const next = fold(bill, [row.event]);
    if (row.checkpoint && canonicalJson(row.checkpoint) !== canonicalJson(next)) {
      tell({ seq, what: 'checkpoint', text: 'the checkpoint kept for it is not what the log comes to' });
    }
    return next;
  } catch (error) {
    tell({ seq, what: 'fold', text: `cannot be folded: ${error instanceof Error ? error.message : String(error)}` });
    return undefined;
  }
}

function figureFaults(head: HeadFigures, bill: Bill): readonly Fault[] {
  const { total, paid, due } = totalsOf(bill);
  // Where an expiry writes no event, only the head knows of it.
  const status = bill.status === 'open' && head.status === 'expired' ? 'expired' : bill.status;
  const { locationId, tableId, currency, openedAt, expiresAt } = bill;
  const wanted = { status, locationId, tableId, currency, openedAt, expiresAt, total, paid, due };
  return (Object.keys(wanted) as (keyof typeof wanted)[])
    .filter((name) => head[name] !== wanted[name])
    .map((name) => ({
      seq: 0,
      what: 'head',
      text: `its head says ${name} ${head[name]}, the log ${wanted[name]}`,
    }));
}
