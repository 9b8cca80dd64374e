import type { Adjustment, Bill, Device, Line } from './bill.js';
import { canonicalJson } from './canonical-json.js';
import type { Seq, TableId } from './ids.js';
import type { BillPayment } from './payment.js';
import { type Totals, totalsOf } from './pricing.js';
import type { SessionStatus } from './session.js';

/** One thing in two bills: null where a bill does not have it. */
export interface Change<T> {
  readonly before: T | null;
  readonly after: T | null;
}

/** What a bill comes to, and where it stands. */
export interface BillStand {
  readonly seq: Seq;
  readonly status: SessionStatus;
  readonly tableId: TableId;
  readonly totals: Totals;
}

/** What two bills of one session do not have in common; what is equal in both is left out of the lists. */
export interface BillDifference {
  readonly lines: readonly Change<Line>[];
  readonly adjustments: readonly Change<Adjustment>[];
  readonly payments: readonly Change<BillPayment>[];
  readonly devices: readonly Change<Device>[];
  readonly before: BillStand;
  readonly after: BillStand;
}

/** Gone and changed things in the order of the earlier bill, then new ones in that of the later. */
export function billDifference(before: Bill, after: Bill): BillDifference {
  const between = <T>(listOf: (bill: Bill) => readonly T[], idOf: (one: T) => string) =>
    changes({ before: listOf(before), after: listOf(after) }, idOf);
  return {
    lines: between(
      (bill) => bill.lines,
      ({ lineId }) => lineId,
    ),
    adjustments: between(
      (bill) => bill.adjustments,
      ({ adjustmentId }) => adjustmentId,
    ),
    payments: between(
      (bill) => bill.payments,
      ({ paymentId }) => paymentId,
    ),
    devices: between(
      (bill) => bill.devices,
      ({ deviceId }) => deviceId,
    ),
    before: standOf(before),
    after: standOf(after),
  };
}

function standOf(bill: Bill): BillStand {
  return { seq: bill.lastSeq, status: bill.status, tableId: bill.tableId, totals: totalsOf(bill) };
}

function changes<T>(
  { before, after }: { readonly before: readonly T[]; readonly after: readonly T[] },
  idOf: (one: T) => string,
): readonly Change<T>[] {
  const now = new Map(after.map((one) => [idOf(one), one]));
  const known = new Set(before.map(idOf));
  const goneOrChanged = before.flatMap((one) => {
    const successor = now.get(idOf(one)) ?? null;
    return successor !== null && isSame(one, successor) ? [] : [{ before: one, after: successor }];
  });
  const fresh = after.filter((one) => !known.has(idOf(one))).map((one) => ({ before: null, after: one }));
  return [...goneOrChanged, ...fresh];
}

function isSame(a: unknown, b: unknown): boolean {
  return a === b || canonicalJson(a) === canonicalJson(b);
}
