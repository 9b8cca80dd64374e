import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Adjustment, Line } from '../../../src/domain/bill.js';
import { paymentStatuses, type Totals, totalsOf } from '../../../src/domain/pricing.js';
import { aBill, aLine } from '../../support/bills.js';

/** A rational number that is never rounded until asked. */
class Rational {
  constructor(
    readonly top: bigint,
    readonly bottom: bigint = 1n,
  ) {}
  plus(other: Rational): Rational {
    return new Rational(this.top * other.bottom + other.top * this.bottom, this.bottom * other.bottom);
  }
  times(other: Rational): Rational {
    return new Rational(this.top * other.top, this.bottom * other.bottom);
  }
  /** floor(x + 1/2), by long division. */
  rounded(): bigint {
    const { top, bottom } = this.plus(new Rational(1n, 2n));
    const rest = ((top % bottom) + bottom) % bottom;
    return (top - rest) / bottom;
  }
}

const priced = fc.record({
  quantity: fc.integer({ min: 1, max: 99 }),
  unitPrice: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 500_000 }), fc.integer({ min: 1, max: 1_000_000_000 })),
  optionPrice: fc.integer({ min: 0, max: 20_000 }),
  taxBps: fc.constantFrom(0, 500, 800, 1_000, 1_234),
  isCancelled: fc.boolean(),
});
const adjustment = fc.record({
  kind: fc.constantFrom('discount' as const, 'surcharge' as const),
  amount: fc.option(fc.integer({ min: 0, max: 300_000 })),
  basisPoints: fc.option(fc.integer({ min: 0, max: 10_000 })),
});
const rounding = fc.record({
  kind: fc.constantFrom('discount' as const, 'surcharge' as const),
  amount: fc.integer({ min: 1, max: 500 }),
});
const bill = fc.record({
  lines: fc.array(priced, { maxLength: 12 }),
  adjustments: fc.array(adjustment, { maxLength: 3 }),
  roundings: fc.array(rounding, { maxLength: 2 }),
  taxInclusive: fc.boolean(),
  serviceBps: fc.constantFrom(0, 500, 1_000, 777),
  paid: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 10_000_000 })),
});
type Sketch = typeof bill extends fc.Arbitrary<infer T> ? T : never;

function totals({ lines, adjustments, roundings, taxInclusive, serviceBps, paid }: Sketch): Totals {
  const byCashier = adjustments.map((each) => ({ ...each, isRounding: false }));
  const rounded = roundings.map((each) => ({ ...each, basisPoints: null, isRounding: true }));
  return totalsOf(
    aBill({
      lines: lines.map(lineOf),
      adjustments: [...rounded, ...byCashier].map(
        (each, at): Adjustment => ({ ...each, adjustmentId: `a${at}`, reason: 'r' }),
      ),
      settings: { tax_inclusive: taxInclusive, service_bps: serviceBps },
      paid,
    }),
  );
}

function lineOf({ quantity, unitPrice, optionPrice, taxBps, isCancelled }: Sketch['lines'][number]): Line {
  const options = [{ option_id: 'o' as never, name: 'o', price: optionPrice }];
  return aLine({ quantity, unitPrice, options, taxBps, state: isCancelled ? 'cancelled' : 'draft' });
}

/** The rule of the contract, said once more: shares are walked cent by cent, fractions are kept whole. */
function oracle({ lines, adjustments, roundings, taxInclusive, serviceBps }: Sketch) {
  const worth = lines.map(({ isCancelled, quantity, unitPrice, optionPrice }) =>
    isCancelled ? 0n : BigInt(quantity) * (BigInt(unitPrice) + BigInt(optionPrice)),
  );
  const subtotal = worth.reduce((a, b) => a + b, 0n);
  const part = (of: bigint, bps: number) => new Rational(of).times(new Rational(BigInt(bps), 10_000n)).rounded();
  const sumOf = (kind: string) =>
    adjustments
      .filter((each) => each.kind === kind)
      .map((each) => BigInt(each.amount ?? 0) + part(subtotal, each.basisPoints ?? 0))
      .reduce((a, b) => a + b, 0n);
  const wanted = sumOf('discount');
  const discount = wanted < subtotal ? wanted : subtotal;
  const net = subtotal - discount + sumOf('surcharge');
  const service = part(net, serviceBps);
  const tax = lines
    .map(({ taxBps }, at) => {
      const share = shareOf(net + service, worth, at);
      return new Rational(share * BigInt(taxBps), BigInt(taxInclusive ? 10_000 + taxBps : 10_000));
    })
    .reduce((a, b) => a.plus(b), new Rational(0n))
    .rounded();
  // Cash rounding comes last: nothing is taken on it, and it never makes a bill negative.
  const roundingOf = (kind: string) =>
    roundings.reduce((sum, each) => sum + (each.kind === kind ? BigInt(each.amount) : 0n), 0n);
  const exact = net + service + (taxInclusive ? 0n : tax) + roundingOf('surcharge');
  const down = roundingOf('discount') < exact ? roundingOf('discount') : exact;
  return {
    subtotal,
    discount: discount + down,
    surcharge: sumOf('surcharge') + roundingOf('surcharge'),
    service,
    tax,
    total: exact - down,
  };
}

/** Largest remainder: how many have a better claim to one of the units that are left over? */
function shareOf(whole: bigint, weights: readonly bigint[], at: number): bigint {
  const sum = weights.reduce((a, b) => a + b, 0n);
  if (sum === 0n) return 0n;
  const rest = (index: number) => (whole * (weights[index] ?? 0n)) % sum;
  const floors = weights.map((weight) => (whole * weight) / sum);
  const left = whole - floors.reduce((a, b) => a + b, 0n);
  const better = weights.filter(
    (_, other) => rest(other) > rest(at) || (rest(other) === rest(at) && other < at),
  ).length;
  return (floors[at] ?? 0n) + (BigInt(better) < left ? 1n : 0n);
}

describe('the totals of a bill', () => {
  test('are those of an independent calculation with fractions', () => {
    fc.assert(
      fc.property(bill, (sketch) => {
        const { subtotal, discount, surcharge, serviceCharge, tax, total } = totals(sketch);
        const has = { subtotal, discount, surcharge, service: serviceCharge, tax, total };
        expect(Object.fromEntries(Object.entries(has).map(([key, value]) => [key, BigInt(value)]))).toEqual(
          oracle(sketch),
        );
      }),
      { numRuns: 1_500 },
    );
  });

  test("are safe integers, never negative, sum to the whole, and the cashier's discount stops at the subtotal", () => {
    fc.assert(
      fc.property(bill, (sketch) => {
        const t = totals(sketch);
        const { paymentStatus, due, ...amounts } = t;
        for (const amount of Object.values(amounts)) expect(Number.isSafeInteger(amount) && amount >= 0).toBe(true);
        const net = t.subtotal - t.discount + t.surcharge + t.serviceCharge;
        expect(t.total).toBe(net + (sketch.taxInclusive ? 0 : t.tax));
        if (sketch.taxInclusive && sketch.roundings.length === 0) expect(t.tax).toBeLessThanOrEqual(t.total);
        if (sketch.roundings.length === 0) expect(t.discount).toBeLessThanOrEqual(t.subtotal);
        expect(due).toBe(t.total - t.paid);
        expect(paymentStatuses).toContain(paymentStatus);
        const meaning = {
          none: t.paid === 0,
          partial: t.paid > 0 && due > 0,
          full: t.paid > 0 && due === 0,
          over: due < 0,
        };
        expect(meaning[paymentStatus]).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  test('of a cancelled line are nothing, and of the same bill the same object', () => {
    const cancelled = aBill({ lines: [aLine({ unitPrice: 1_000, state: 'cancelled' })] });
    expect(totalsOf(cancelled).total).toBe(0);
    expect(totalsOf(cancelled)).toBe(totalsOf(cancelled));
  });

  test('show an inclusive tax of 8 % as 8/108 of the price, and add an exclusive one', () => {
    const lines = [aLine({ unitPrice: 108_000, taxBps: 800 })];
    expect(totalsOf(aBill({ lines, settings: { tax_inclusive: true } }))).toMatchObject({ tax: 8_000, total: 108_000 });
    expect(totalsOf(aBill({ lines, settings: { tax_inclusive: false } }))).toMatchObject({
      tax: 8_640,
      total: 116_640,
    });
  });
});
