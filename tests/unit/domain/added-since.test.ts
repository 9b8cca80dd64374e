import { v7 } from 'uuid';
import { describe, expect, test } from 'vitest';
import { addedSincePayment } from '../../../src/domain/added-since.js';
import type { Adjustment, Bill } from '../../../src/domain/bill.js';
import type { PaymentId } from '../../../src/domain/ids.js';
import type { BillPayment } from '../../../src/domain/payment.js';
import { aBill, aLine } from '../../support/bills.js';

const aPayment = (facts: Partial<BillPayment>): BillPayment => ({
  ...{ paymentId: v7() as PaymentId, reference: 'R', claimedReference: null, method: 'cash', provider: null },
  ...{ account: null, status: 'succeeded', amount: 100_000, refunded: 0, billSeq: 5, billTotal: 100_000, split: null },
  ...{ deviceId: null, actor: { type: 'staff', id: 'k', name: 'Mai' }, note: null, providerTransactionId: null },
  ...{ expected: null, mismatch: 'none', reasons: [], tendered: null, change: null, expiresAt: null },
  ...{ holdsClaim: false, refunds: [] },
  ...facts,
});

const before = [aLine({ unitPrice: 60_000, addedSeq: 2 }), aLine({ unitPrice: 40_000, addedSeq: 5 })];
const after = [aLine({ unitPrice: 50_000, addedSeq: 7 }), aLine({ unitPrice: 35_000, addedSeq: 9 })];
const paidBill = (facts: Partial<Bill>): Bill =>
  aBill({ lines: [...before, ...after], paid: 100_000, payments: [aPayment({})], ...facts });

describe('what was added since the last payment', () => {
  test('is the lines behind the bill that was paid, and what they come to', () => {
    expect(addedSincePayment(paidBill({}))).toEqual({ billSeq: 5, lines: 2, amount: 85_000 });
  });

  test('is nothing while nobody has paid, however much is due', () => {
    expect(addedSincePayment(paidBill({ payments: [], paid: 0 }))).toBeNull();
    const unsettled = [aPayment({ status: 'pending' }), aPayment({ status: 'failed' })];
    expect(addedSincePayment(paidBill({ payments: unsettled, paid: 0 }))).toBeNull();
    const givenBack = [aPayment({ status: 'refunded', refunded: 100_000 })];
    expect(addedSincePayment(paidBill({ payments: givenBack, paid: 0 }))).toBeNull();
  });

  test('is nothing once all of it is paid', () => {
    expect(addedSincePayment(paidBill({ paid: 185_000 }))).toBeNull();
    expect(addedSincePayment(paidBill({ paid: 200_000 }))).toBeNull();
  });

  test('counts from the newest bill that was paid, whichever payment landed last', () => {
    const payments = [aPayment({ billSeq: 8, billTotal: 150_000, amount: 50_000 }), aPayment({ amount: 50_000 })];
    expect(addedSincePayment(paidBill({ payments }))).toEqual({ billSeq: 8, lines: 1, amount: 35_000 });
  });

  test('leaves out lines that were cancelled', () => {
    const lines = [...before, aLine({ unitPrice: 50_000, addedSeq: 7 }), aLine({ addedSeq: 9, state: 'cancelled' })];
    expect(addedSincePayment(paidBill({ lines }))).toEqual({ billSeq: 5, lines: 1, amount: 50_000 });
  });

  test('is nothing new on a bill that is paid in part', () => {
    const payments = [aPayment({ amount: 30_000 })];
    expect(addedSincePayment(paidBill({ lines: before, payments, paid: 30_000 }))).toEqual({
      ...{ billSeq: 5, lines: 0, amount: 0 },
    });
  });

  test.each([
    { kind: 'discount' as const, bill: 100_400, says: 'down' },
    { kind: 'surcharge' as const, bill: 99_600, says: 'up' },
  ])('does not take the rounding $says of the cash itself for something that was ordered', ({ kind, bill }) => {
    const paymentId = v7() as PaymentId;
    const rounding: Adjustment = {
      ...{ adjustmentId: paymentId, kind, amount: 400, basisPoints: null, reason: 'cash rounding', isRounding: true },
    };
    const lines = [aLine({ unitPrice: bill, addedSeq: 2 }), ...after];
    const payments = [aPayment({ paymentId, billTotal: bill })];
    expect(addedSincePayment(paidBill({ lines, payments, adjustments: [rounding] }))).toEqual({
      ...{ billSeq: 5, lines: 2, amount: 85_000 },
    });
  });
});
