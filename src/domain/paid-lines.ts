import type { Bill } from './bill.js';
import type { LineId } from './ids.js';
import { isSettled } from './payment.js';
import { totalsOf } from './pricing.js';

/** True once everything on the bill is paid, or nothing is to be paid. */
export function isPaidUp(bill: Bill): boolean {
  return totalsOf(bill).due <= 0;
}

/** Lines that somebody has paid for as lines: their payments stand. */
function paidByLine({ payments }: Pick<Bill, 'payments'>): ReadonlySet<LineId> {
  const standing = payments.filter((payment) => isSettled(payment) && payment.status !== 'refunded');
  return new Set(standing.flatMap(({ split }) => (split?.type === 'lines' ? split.line_ids : [])));
}

/** Where guests pay before they eat: what is paid, be it all or line by line, goes on to the kitchen. */
export function releasePaidRounds(bill: Bill, at: number): Bill {
  if (!bill.settings.pay_first || bill.rounds.every(({ releasedAt }) => releasedAt !== null)) return bill;
  const isAllPaid = isPaidUp(bill);
  const paid = paidByLine(bill);
  const isPaid = (round: number) =>
    isAllPaid ||
    bill.lines.every((line) => line.round !== round || line.state === 'cancelled' || paid.has(line.lineId));
  const rounds = bill.rounds.map((each) =>
    each.releasedAt === null && isPaid(each.round) ? { ...each, releasedAt: at } : each,
  );
  return rounds.some((round, index) => round !== bill.rounds[index]) ? { ...bill, rounds } : bill;
}
