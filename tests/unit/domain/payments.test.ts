import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { v7 } from 'uuid';
import { findPayment } from '../../../src/domain/bill.js';
import { cashDue } from '../../../src/domain/cash.js';
import type { PaymentId, RefundId } from '../../../src/domain/ids.js';
import { totalsOf } from '../../../src/domain/pricing.js';
import { Rejection } from '../../../src/domain/rejection.js';
import { aBill, aLine } from '../../support/bills.js';
import { aPhone, cashier, play, type Play } from '../../support/payment-play.js';

const [lan, minh] = [aPhone('Lan'), aPhone('Minh')];
const bill = aBill({ devices: [lan, minh], lines: [aLine({ unitPrice: 100_000 })] });
const typesOf = ({ log }: Play) => log.map(({ event }) => event.type);

describe('a settlement', () => {
  test('of the whole bill ends the session in the same act', () => {
    const table = play(bill);
    const { decided } = table.settle(table.start(lan.deviceId, { type: 'all' }).paymentId);
    expect(decided.map(({ event }) => event.type)).toEqual(['payment_settled', 'submit_round', 'session_paid']);
    expect(table.bill.status).toBe('paid');
  });

  test('is the same however often it is told', () => {
    const table = play(bill);
    const { paymentId } = table.start(lan.deviceId, { type: 'amount', amount: 40_000 });
    table.settle(paymentId);
    expect(table.settle(paymentId).decided.map(({ replayed }) => replayed)).toEqual([true]);
    expect(typesOf(table)).toEqual(['payment_started', 'payment_settled']);
    expect(table.bill.paid).toBe(40_000);
  });

  test('told again after a void that made the bill paid does not end the session', () => {
    const table = play(aBill({ ...bill, lines: [aLine({ unitPrice: 100_000 }), aLine({ unitPrice: 50_000 })] }));
    const { paymentId } = table.start(lan.deviceId, { type: 'amount', amount: 100_000 });
    table.settle(paymentId);
    const [, second] = table.bill.lines;
    table.act(cashier, [
      { key: v7(), fingerprint: '', type: 'remove_item', input: { line_id: second?.lineId, reason: undefined } },
    ]);
    expect(totalsOf(table.bill).due).toBe(0);
    table.settle(paymentId);
    expect(table.bill.status).toBe('open');
  });

  test('goes forward only: pending, failed, succeeded; and never back', () => {
    const table = play(bill);
    const { paymentId } = table.start(lan.deviceId, { type: 'all' });
    table.end(paymentId, 'failed');
    expect(findPayment(table.bill, paymentId)?.status).toBe('failed');
    table.settle(paymentId);
    table.end(paymentId, 'expired');
    expect(findPayment(table.bill, paymentId)?.status).toBe('succeeded');
    expect(typesOf(table)).toEqual([
      'payment_started',
      'payment_ended',
      'payment_settled',
      'submit_round',
      'session_paid',
    ]);
  });

  test.each(['stay', 'pay first'])('leaves the session open where guests %s', (how) => {
    const settings = how === 'stay' ? { on_paid: 'stay' as const } : { pay_first: true };
    const table = play({ ...bill, settings: { ...bill.settings, ...settings } });
    table.settle(table.start(lan.deviceId, { type: 'all' }).paymentId);
    expect(table.bill.status).toBe('open');
    expect(totalsOf(table.bill).paymentStatus).toBe('full');
  });

  test('that lands when time has ended the session is late, and opens nothing', () => {
    const table = play(bill);
    const { paymentId } = table.start(lan.deviceId, { type: 'all' });
    table.expire();
    table.settle(paymentId);
    expect(typesOf(table)).toEqual(['payment_started', 'payment_settled']);
    expect(findPayment(table.bill, paymentId)).toMatchObject({ status: 'succeeded', reasons: ['late'] });
    expect(table.bill.paid).toBe(100_000);
  });

  test('of a claim that was let go meanwhile is kept in full and flagged as too much', () => {
    const table = play({ ...bill, settings: { ...bill.settings, on_paid: 'stay' } });
    const first = table.start(lan.deviceId, { type: 'all' });
    table.end(first.paymentId, 'cancelled');
    table.settle(table.start(minh.deviceId, { type: 'all' }).paymentId);
    table.settle(first.paymentId, 'T2');
    expect(findPayment(table.bill, first.paymentId)?.reasons).toEqual(['over']);
    expect(totalsOf(table.bill)).toMatchObject({ paid: 200_000, due: -100_000, paymentStatus: 'over' });
  });
});

describe('cash', () => {
  const rounding = (amount: number, cash: Parameters<Play['cash']>[0] = {}) => {
    const table = play(
      aBill({ lines: [aLine({ unitPrice: amount })], settings: { cash_rounding: 1_000, service_bps: 500 } }),
    );
    return { table, payment: table.cash(cash) };
  };

  test('is what is due, rounded half up, and the rounding stands on the bill', () => {
    const { table, payment } = rounding(118_000, { tendered: 200_000 });
    // 118,000 + 5 % = 123,900
    expect(payment).toMatchObject({ amount: 124_000, change: 76_000, mismatch: 'none' });
    expect(table.bill.adjustments).toMatchObject([{ kind: 'surcharge', amount: 100, reason: 'cash rounding' }]);
    expect(totalsOf(table.bill)).toMatchObject({ total: 124_000, due: 0, paymentStatus: 'full' });
    expect(table.bill.status).toBe('paid');
  });

  test('that is named as it is due is not rounded; as it is rounded, it is', () => {
    expect(rounding(117_000, { amount: 122_850 }).table.bill).toMatchObject({ adjustments: [], status: 'paid' });
    expect(rounding(117_000, { amount: 123_000 }).table.bill).toMatchObject({ status: 'paid', paid: 123_000 });
  });

  test('less than the amount cannot be handed over', () => {
    expect(() => rounding(100_000, { amount: 50_000, tendered: 49_999 })).toThrow(Rejection);
  });

  test('more than is due is taken, and said to be over', () => {
    const { payment } = rounding(100_000, { amount: 200_000 });
    expect(payment).toMatchObject({ mismatch: 'over', reasons: ['over'] });
  });

  test('always comes out even: due is a multiple away, never half a multiple or more', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10 ** 9 }), fc.constantFrom(1, 100, 500, 1_000, 5_000), (due, multiple) => {
        const { amount, rounding: added } = cashDue(due, undefined, multiple);
        expect(due + added).toBe(amount);
        if (amount !== due || due % multiple === 0) expect(amount % multiple).toBe(0);
        expect(Math.abs(added) * 2).toBeLessThanOrEqual(multiple);
        if (Math.abs(added) * 2 === multiple) expect(added).toBeGreaterThan(0);
        expect(amount).toBeGreaterThan(0);
      }),
    );
  });
});

describe('refunds', () => {
  test('of any sizes never come to more than was paid, and the log, the payment and the bill agree', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 60_000 }), { minLength: 1, maxLength: 8 }), (amounts) => {
        const table = play(bill);
        const { paymentId } = table.start(lan.deviceId, { type: 'all' });
        table.settle(paymentId);
        let given = 0;
        for (const amount of amounts) {
          const isRefused = refund(table, paymentId, amount) === 'REFUND_TOO_LARGE';
          expect(isRefused).toBe(given + amount > 100_000);
          if (!isRefused) given += amount;
          expect(table.bill.paid).toBe(100_000 - given);
          expect(findPayment(table.bill, paymentId)?.refunded).toBe(given);
        }
        const expected = given === 0 ? 'succeeded' : given === 100_000 ? 'refunded' : 'partially_refunded';
        expect(findPayment(table.bill, paymentId)?.status).toBe(expected);
        expect(table.bill.status).toBe('paid');
      }),
    );
  });

  function refund(table: Play, payment_id: PaymentId, amount: number): string | undefined {
    const input = {
      payment_id,
      refund_id: v7() as RefundId,
      amount,
      reason: 'cold',
      manual: false,
      provider_refund_id: null,
    };
    try {
      table.act(cashier, [{ key: v7(), fingerprint: '', type: 'payment_refunded', input }]);
      return undefined;
    } catch (error) {
      if (error instanceof Rejection) return error.code;
      throw error;
    }
  }
});

describe('an adjustment of the bill', () => {
  const adjust = (table: Play, input: object, caller = cashier) =>
    table.act(caller, [{ key: v7(), fingerprint: '', type: 'adjust_bill', input }]);

  test('takes from the bill or adds to it, and can be withdrawn', () => {
    const table = play(bill);
    adjust(table, { kind: 'discount', basis_points: 1_000, reason: 'late soup' });
    expect(totalsOf(table.bill).total).toBe(90_000);
    adjust(table, { kind: 'surcharge', amount: 5_000, reason: 'cake plate' });
    expect(totalsOf(table.bill).total).toBe(95_000);
    adjust(table, { withdraw: table.bill.adjustments[0]?.adjustmentId });
    expect(totalsOf(table.bill).total).toBe(105_000);
  });

  test('is for cashiers, and never ends a session', () => {
    const table = play(bill);
    expect(() => adjust(table, { kind: 'discount', amount: 1, reason: 'x' }, { ...cashier, role: 'staff' })).toThrow(
      expect.objectContaining({ code: 'FORBIDDEN' }),
    );
    table.cash({ amount: 60_000 });
    adjust(table, { kind: 'discount', amount: 40_000, reason: 'x' });
    expect(totalsOf(table.bill).due).toBe(0);
    expect(table.bill.status).toBe('open');
  });

  test('cannot withdraw what is not there, nor the rounding of cash', () => {
    const table = play({ ...bill, settings: { ...bill.settings, cash_rounding: 30_000, on_paid: 'stay' } });
    table.cash({});
    expect(table.bill.adjustments).toHaveLength(1);
    for (const withdraw of [v7(), table.bill.adjustments[0]?.adjustmentId]) {
      expect(() => adjust(table, { withdraw })).toThrow(expect.objectContaining({ code: 'VALIDATION_FAILED' }));
    }
  });
});
