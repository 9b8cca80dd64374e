import { type Adjustment, type Bill, lineTotal } from './bill.js';
import { type Amount, apportion, partOf, sumOfFractions } from './money.js';

/** The figures under a bill, each rounded half up once, in this order. */
export interface Totals {
  readonly subtotal: Amount;
  readonly discount: Amount;
  readonly surcharge: Amount;
  readonly serviceCharge: Amount;
  /** Shown only, when the location's prices include tax; added to the total otherwise. */
  readonly tax: Amount;
  readonly total: Amount;
  readonly paid: Amount;
  /** total - paid; negative means overpaid. */
  readonly due: Amount;
  readonly paymentStatus: PaymentStatus;
}

export const paymentStatuses = ['none', 'partial', 'full', 'over'] as const;
export type PaymentStatus = (typeof paymentStatuses)[number];

type Priced = Pick<Bill, 'lines' | 'adjustments' | 'settings' | 'paid'>;

const remembered = new WeakMap<Priced, Totals>();

/** The totals of a bill. A bill never changes, so its totals are worked out once. */
export function totalsOf(bill: Priced): Totals {
  const known = remembered.get(bill);
  if (known) return known;
  const totals = workOut(bill);
  remembered.set(bill, totals);
  return totals;
}

function workOut(bill: Priced): Totals {
  const lineTotals = bill.lines.map(lineTotal);
  const subtotal = lineTotals.reduce((sum, amount) => sum + amount, 0);
  const byCashier = bill.adjustments.filter(({ isRounding }) => !isRounding);
  const rounding = bill.adjustments.filter(({ isRounding }) => isRounding);
  const discounted = Math.min(adjusted(byCashier, 'discount', subtotal), subtotal);
  const surcharged = adjusted(byCashier, 'surcharge', subtotal);
  const net = subtotal - discounted + surcharged;
  const serviceCharge = partOf(net, bill.settings.service_bps);
  const tax = taxOn(bill, lineTotals, net + serviceCharge);
  const exact = net + serviceCharge + (bill.settings.tax_inclusive ? 0 : tax);
  const roundedUp = adjusted(rounding, 'surcharge', subtotal);
  const roundedDown = Math.min(adjusted(rounding, 'discount', subtotal), exact + roundedUp);
  const discount = discounted + roundedDown;
  const surcharge = surcharged + roundedUp;
  const total = exact + roundedUp - roundedDown;
  const due = total - bill.paid;
  return {
    subtotal,
    discount,
    surcharge,
    serviceCharge,
    tax,
    total,
    paid: bill.paid,
    due,
    paymentStatus: paymentStatusOf(bill.paid, due),
  };
}

function adjusted(adjustments: readonly Adjustment[], kind: Adjustment['kind'], subtotal: Amount): Amount {
  return adjustments
    .filter((adjustment) => adjustment.kind === kind)
    .reduce(
      (sum, { amount, basisPoints }) => sum + (amount ?? 0) + (basisPoints ? partOf(subtotal, basisPoints) : 0),
      0,
    );
}

function taxOn(bill: Priced, lineTotals: readonly Amount[], base: Amount): Amount {
  if (bill.lines.every((line) => line.taxBps === 0)) return 0;
  const baseByRate = new Map<number, Amount>();
  apportion(base, lineTotals).forEach((share, index) => {
    const rate = bill.lines[index]?.taxBps ?? 0;
    baseByRate.set(rate, (baseByRate.get(rate) ?? 0) + share);
  });
  return sumOfFractions(
    [...baseByRate].map(([rate, share]) => {
      const whole = bill.settings.tax_inclusive ? 10_000 + rate : 10_000;
      return [BigInt(share) * BigInt(rate), BigInt(whole)] as const;
    }),
  );
}

/** How much of the bill is paid. */
export function paymentStatusOf(paid: Amount, due: Amount): PaymentStatus {
  if (paid === 0) return 'none';
  if (due > 0) return 'partial';
  return due === 0 ? 'full' : 'over';
}
