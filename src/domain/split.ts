import { type Bill, findLine, lineTotal } from './bill.js';
import { billClaimed, holding, unclaimedDue } from './claims.js';
import type { DeviceId, LineId } from './ids.js';
import { type Amount, apportion } from './money.js';
import { type BillPayment, isSettled, type Split } from './payment.js';
import { totalsOf } from './pricing.js';
import { invalid, Rejection } from './rejection.js';

/** Which part of the bill somebody wants to pay. */
export type WantedSplit =
  | { readonly type: 'all' }
  | { readonly type: 'amount'; readonly amount: Amount }
  | { readonly type: 'lines'; readonly line_ids?: readonly LineId[] | undefined }
  | { readonly type: 'share'; readonly parts?: number | undefined };

/** What it comes to. */
export interface SplitPart {
  readonly amount: Amount;
  readonly split: Split;
}

/** What the split is taken of; times are milliseconds since 1970. */
export interface SplitOf {
  readonly bill: Bill;
  readonly deviceId: DeviceId | null;
  readonly now: number;
}

/**
 * The amount of a wanted part, never more than what is due and unclaimed. Throws NOTHING_DUE when the bill is paid, and
 * BILL_CLAIMED when others are paying what is left of it.
 */
export function partOfBill(wanted: WantedSplit, of: SplitOf): SplitPart {
  const { bill, now } = of;
  if (totalsOf(bill).due <= 0) throw nothingDue();
  const available = unclaimedDue(bill, now);
  if (available === 0) throw billClaimed(bill, now, undefined);
  switch (wanted.type) {
    case 'all':
      return { amount: available, split: { type: 'all' } };
    case 'amount':
      return { amount: amountPart(wanted.amount, available, of), split: { type: 'amount' } };
    case 'lines':
      return linesPart(wanted.line_ids, available, of);
    case 'share':
      return sharePart(wanted.parts, available, of);
  }
}

export function nothingDue(): Rejection {
  return new Rejection('NOTHING_DUE', 'nothing is due on this bill');
}

/** An amount past what is due is a mistake of the payer's; one past what is unclaimed is somebody else's claim. */
function amountPart(amount: Amount, available: Amount, { bill, now }: SplitOf): Amount {
  if (amount <= available) return amount;
  if (amount <= totalsOf(bill).due) throw billClaimed(bill, now, undefined);
  throw new Rejection('AMOUNT_NOT_PAYABLE', `at most ${available} can be paid`, { min: 1, max: available });
}

function linesPart(wanted: readonly LineId[] | undefined, available: Amount, of: SplitOf): SplitPart {
  const { bill, now } = of;
  const ids = [...new Set(wanted ?? ownUnpaidLines(of))];
  for (const id of ids) {
    if (!findLine(bill, id)) throw new Rejection('LINE_NOT_FOUND', `the bill has no line ${id}`, { line_id: id });
  }
  const taken = holding(bill, now).find(({ split }) => coversAny(split, ids));
  if (taken) throw billClaimed(bill, now, taken);
  const paid = ids.filter((id) => isPaidLine(bill, id));
  if (paid.length > 0) throw new Rejection('NOTHING_DUE', 'some of these lines are paid', { line_ids: paid });
  const parts = apportion(totalsOf(bill).total, bill.lines.map(lineTotal));
  const amount = bill.lines.reduce(
    (sum, line, index) => sum + (ids.includes(line.lineId) ? (parts[index] ?? 0) : 0),
    0,
  );
  if (amount === 0) throw nothingDue();
  return { amount: Math.min(amount, available), split: { type: 'lines', line_ids: ids } };
}

function ownUnpaidLines({ bill, deviceId }: SplitOf): readonly LineId[] {
  if (deviceId === null) throw invalid([{ path: 'split.line_ids', message: 'is required, as no phone is paying' }]);
  const own = bill.lines.filter(({ addedBy, state }) => addedBy.id === deviceId && state !== 'cancelled');
  return own.map(({ lineId }) => lineId).filter((id) => !isPaidLine(bill, id));
}

function isPaidLine(bill: Bill, lineId: LineId): boolean {
  return bill.payments.some((payment) => isStanding(payment) && coversAny(payment.split, [lineId]));
}

/** Settled, and not given back altogether. */
function isStanding(payment: BillPayment): boolean {
  return isSettled(payment) && payment.status !== 'refunded';
}

function coversAny(split: Split | null, ids: readonly LineId[]): boolean {
  return split?.type === 'lines' && split.line_ids.some((id) => ids.includes(id));
}

/** The first share fixes how many parts of how much; each later one takes the lowest part that nobody pays or has paid. */
function sharePart(wantedParts: number | undefined, available: Amount, { bill, now }: SplitOf): SplitPart {
  const held = new Set(holding(bill, now));
  const live = bill.payments.filter((payment) => held.has(payment) || isStanding(payment));
  const plan = sharingPlan(live) ?? newPlan(wantedParts, available, bill);
  if (wantedParts !== undefined && wantedParts !== plan.parts) {
    throw invalid([{ path: 'split.parts', message: `must be ${plan.parts}: so the table shares this bill already` }]);
  }
  const part = plan.free[0];
  if (part === undefined) throw billClaimed(bill, now, undefined);
  const amount = Math.min(Math.floor(plan.base / plan.parts) + (part < plan.base % plan.parts ? 1 : 0), available);
  if (amount === 0)
    throw new Rejection('AMOUNT_NOT_PAYABLE', 'there is less to share than people', { min: 1, max: available });
  const { parts, base } = plan;
  return { amount, split: { type: 'share', parts, part, base, plan: plan.plan } };
}

interface SharingPlan {
  readonly parts: number;
  readonly base: Amount;
  readonly plan: number;
  /** Parts that nobody pays or has paid, lowest first. */
  readonly free: readonly number[];
}

/** How the bill is being shared; undefined when it is not, or when every part is paid. */
function sharingPlan(live: readonly BillPayment[]): SharingPlan | undefined {
  const shares = live.flatMap((payment) =>
    payment.split?.type === 'share' ? [{ payment, split: payment.split }] : [],
  );
  const last = shares.at(-1)?.split;
  if (!last) return undefined;
  const mine = shares.filter(({ split }) => split.plan === last.plan);
  const free = partsFrom(last.parts).filter((part) => !mine.some(({ split }) => split.part === part));
  if (free.length === 0 && mine.every(({ payment }) => isSettled(payment))) return undefined;
  return { parts: last.parts, base: last.base, plan: last.plan, free };
}

function newPlan(parts: number | undefined, base: Amount, bill: Bill): SharingPlan {
  if (parts === undefined) {
    throw invalid([{ path: 'split.parts', message: 'is required: this is the first share of the bill' }]);
  }
  return { parts, base, plan: bill.lastSeq, free: partsFrom(parts) };
}

function partsFrom(parts: number): readonly number[] {
  return Array.from({ length: parts }, (_, part) => part);
}
