import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { v7 } from 'uuid';
import type { Line } from '../../../src/domain/bill.js';
import { claimsOf } from '../../../src/domain/claims.js';
import { isSettled } from '../../../src/domain/payment.js';
import { totalsOf } from '../../../src/domain/pricing.js';
import { Rejection } from '../../../src/domain/rejection.js';
import { aBill, aLine } from '../../support/bills.js';
import { aPhone, play, type Play } from '../../support/payment-play.js';

const [lan, minh, hoa] = [aPhone('Lan'), aPhone('Minh'), aPhone('Hoa')];
const devices = [lan, minh, hoa];
const by = (phone: typeof lan) => ({ type: 'device' as const, id: phone.deviceId, name: phone.name });

function tableOwing(...prices: readonly number[]): Play {
  return play(aBill({ devices, lines: prices.map((unitPrice) => aLine({ unitPrice, addedBy: by(lan) })) }));
}

function codeOf(act: () => unknown): string | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    if (error instanceof Rejection) return error.code;
    throw error;
  }
}

describe('a bill shared by three', () => {
  test.each([
    [100_000, [33_334, 33_333, 33_333]],
    [100_001, [33_334, 33_334, 33_333]],
  ])('of %i sums exactly, whoever comes first, and the last payer can pay', (owed, parts) => {
    const table = tableOwing(owed);
    const payments = [
      table.start(hoa.deviceId, { type: 'share', parts: 3 }),
      table.start(lan.deviceId, { type: 'share' }),
      table.start(minh.deviceId, { type: 'share', parts: 3 }),
    ];
    expect(payments.map(({ amount }) => amount)).toEqual(parts);
    for (const { paymentId } of payments) table.settle(paymentId);
    expect(totalsOf(table.bill)).toMatchObject({ paid: owed, due: 0, paymentStatus: 'full' });
    expect(table.bill.status).toBe('paid');
  });

  test('offers the part that somebody let go of to the next one', () => {
    const table = tableOwing(100_001);
    const first = table.start(lan.deviceId, { type: 'share', parts: 3 });
    table.start(minh.deviceId, { type: 'share' });
    table.end(first.paymentId, 'failed');
    expect(table.start(hoa.deviceId, { type: 'share' })).toMatchObject({ amount: 33_334, split: { part: 0 } });
  });

  test('is shared by as many as the first one said', () => {
    const table = tableOwing(90_000);
    expect(codeOf(() => table.start(lan.deviceId, { type: 'share' }))).toBe('VALIDATION_FAILED');
    table.start(lan.deviceId, { type: 'share', parts: 3 });
    expect(codeOf(() => table.start(minh.deviceId, { type: 'share', parts: 2 }))).toBe('VALIDATION_FAILED');
  });

  test('may be shared anew when something was added after all had paid', () => {
    const table = tableOwing(90_000);
    table.settle(table.start(lan.deviceId, { type: 'share', parts: 2 }).paymentId);
    const grown = play({ ...table.bill, lines: [...table.bill.lines, aLine({ unitPrice: 30_000 })] });
    const second = grown.start(minh.deviceId, { type: 'share' });
    expect(second.amount).toBe(45_000);
    grown.settle(second.paymentId);
    expect(grown.start(hoa.deviceId, { type: 'share', parts: 3 })).toMatchObject({
      amount: 10_000,
      split: { part: 0 },
    });
  });
});

describe('a claim', () => {
  test('of the whole bill leaves nothing to claim, until it is cancelled', () => {
    const table = tableOwing(50_000);
    const mine = table.start(lan.deviceId, { type: 'all' });
    expect(codeOf(() => table.start(minh.deviceId, { type: 'all' }))).toBe('BILL_CLAIMED');
    table.end(mine.paymentId, 'cancelled');
    expect(table.start(minh.deviceId, { type: 'all' }).amount).toBe(50_000);
  });

  test('tells who is in the way, until when, and how much is free', () => {
    const table = tableOwing(50_000);
    const mine = table.start(lan.deviceId, { type: 'amount', amount: 30_000 });
    expect(() => table.start(minh.deviceId, { type: 'amount', amount: 20_001 })).toThrow(
      expect.objectContaining({
        code: 'BILL_CLAIMED',
        extra: {
          payment_id: mine.paymentId,
          available: 20_000,
          expires_at: new Date(mine.expiresAt ?? 0).toISOString(),
        },
      }),
    );
  });

  test("gives way to the same phone's next one", () => {
    const table = tableOwing(50_000);
    const first = table.start(lan.deviceId, { type: 'all' });
    const second = table.start(lan.deviceId, { type: 'amount', amount: 10_000 });
    expect(claimsOf(table.bill)).toMatchObject([{ paymentId: second.paymentId, amount: 10_000 }]);
    expect(table.bill.payments.find(({ paymentId }) => paymentId === first.paymentId)?.status).toBe('failed');
    expect(table.log.map(({ event }) => event.type)).toEqual(['payment_started', 'payment_ended', 'payment_started']);
  });

  test('whose time is over keeps nobody from paying', () => {
    const table = tableOwing(50_000);
    table.start(lan.deviceId, { type: 'all' });
    table.wait(900_000);
    expect(table.start(minh.deviceId, { type: 'all' }).amount).toBe(50_000);
  });

  test('is for what the provider can carry only', () => {
    const table = tableOwing(900);
    const start = () => table.start(lan.deviceId, { type: 'all' }, { min: 1_000, max: 50_000_000 });
    expect(start).toThrow(
      expect.objectContaining({ code: 'AMOUNT_NOT_PAYABLE', extra: { min: 1_000, max: 50_000_000 } }),
    );
    expect(table.log).toEqual([]);
  });

  test('cannot be for more than is due, nor for a bill that is paid', () => {
    const table = tableOwing(50_000);
    expect(codeOf(() => table.start(lan.deviceId, { type: 'amount', amount: 50_001 }))).toBe('AMOUNT_NOT_PAYABLE');
    table.cash({});
    expect(codeOf(() => table.start(lan.deviceId, { type: 'all' }))).toBe('NOTHING_DUE');
  });
});

describe('a split by lines', () => {
  const line = (unitPrice: number, phone: typeof lan): Line => aLine({ unitPrice, addedBy: by(phone) });

  test("is the phone's own lines by default, with their part of service and tax", () => {
    const lines = [line(100_000, lan), line(50_000, minh), line(50_000, lan)];
    const table = play(aBill({ devices, lines, settings: { service_bps: 1_000 } }));
    expect(table.start(lan.deviceId, { type: 'lines' }).amount).toBe(165_000);
    expect(table.start(minh.deviceId, { type: 'lines' }).amount).toBe(55_000);
  });

  test('refuses lines that somebody else is paying, and lines that are paid', () => {
    const lines = [line(100_000, lan), line(50_000, minh)];
    const table = play(aBill({ devices, lines }));
    const ids = lines.map(({ lineId }) => lineId);
    expect(codeOf(() => table.start(hoa.deviceId, { type: 'lines', line_ids: [v7() as never] }))).toBe(
      'LINE_NOT_FOUND',
    );
    const mine = table.start(lan.deviceId, { type: 'lines', line_ids: [ids[0]!] });
    expect(codeOf(() => table.start(minh.deviceId, { type: 'lines', line_ids: ids }))).toBe('BILL_CLAIMED');
    table.settle(mine.paymentId);
    expect(codeOf(() => table.start(minh.deviceId, { type: 'lines', line_ids: ids }))).toBe('NOTHING_DUE');
    expect(table.start(minh.deviceId, { type: 'lines' }).amount).toBe(50_000);
  });

  test('that pays the bill leaves the session open while others are there', () => {
    const table = play(aBill({ devices, lines: [line(100_000, lan)] }));
    table.settle(table.start(lan.deviceId, { type: 'lines' }).paymentId);
    expect(table.bill.status).toBe('open');
    expect(totalsOf(table.bill).paymentStatus).toBe('full');
    const alone = play(aBill({ devices: [lan], lines: [line(100_000, lan)] }));
    alone.settle(alone.start(lan.deviceId, { type: 'lines' }).paymentId);
    expect(alone.bill.status).toBe('paid');
  });
});

describe('whatever phones and cashiers do', () => {
  const act = fc.oneof(
    fc.record({ kind: fc.constant('share' as const), who: fc.nat(2), parts: fc.integer({ min: 2, max: 5 }) }),
    fc.record({ kind: fc.constant('amount' as const), who: fc.nat(2), amount: fc.integer({ min: 1, max: 200_000 }) }),
    fc.record({ kind: fc.constantFrom('all' as const, 'lines' as const), who: fc.nat(2) }),
    fc.record({ kind: fc.constantFrom('settle' as const, 'fail' as const, 'cancel' as const), which: fc.nat(9) }),
    fc.record({ kind: fc.constant('cash' as const), amount: fc.option(fc.integer({ min: 1, max: 100_000 })) }),
    fc.record({ kind: fc.constant('wait' as const), minutes: fc.integer({ min: 1, max: 20 }) }),
  );
  type Act = typeof act extends fc.Arbitrary<infer T> ? T : never;

  function perform(table: Play, wanted: Act): void {
    const phone = 'who' in wanted ? devices[wanted.who]!.deviceId : lan.deviceId;
    const payment = 'which' in wanted ? table.bill.payments[wanted.which] : undefined;
    switch (wanted.kind) {
      case 'share':
        return void table.start(phone, { type: 'share', parts: wanted.parts });
      case 'amount':
        return void table.start(phone, { type: 'amount', amount: wanted.amount });
      case 'all':
      case 'lines':
        return void table.start(phone, { type: wanted.kind });
      case 'cash':
        return void table.cash({ ...(wanted.amount !== null && { amount: wanted.amount }) });
      case 'wait':
        return table.wait(wanted.minutes * 60_000);
      case 'settle':
        return void (payment && table.settle(payment.paymentId));
      case 'fail':
      case 'cancel':
        return void (payment && table.end(payment.paymentId, wanted.kind === 'fail' ? 'failed' : 'cancelled'));
    }
  }

  test('the claims that were granted never come to more than was free, paid is the sum of what was settled, and no part of a share is given out twice', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 150_000 }), { minLength: 1, maxLength: 5 }),
        fc.array(act, { maxLength: 25 }),
        (prices, acts) => {
          const table = tableOwing(...prices);
          for (const wanted of acts) {
            const before = totalsOf(table.bill).due;
            const held = claimsOf(table.bill).length;
            try {
              perform(table, wanted);
            } catch (error) {
              if (!(error instanceof Rejection)) throw error;
              continue;
            }
            const claims = claimsOf(table.bill);
            const isNew = claims.length > held || 'who' in wanted;
            if (isNew) expect(claims.at(-1)!.amount).toBeLessThanOrEqual(before);
            if (wanted.kind === 'share') checkShare(table);
            const settled = table.bill.payments.filter(isSettled);
            expect(table.bill.paid).toBe(settled.reduce((sum, { amount }) => sum + amount, 0));
          }
        },
      ),
      { numRuns: 1_500 },
    );
  });

  /** A new share is no larger than its part, and nobody else is paying that part or has paid it. */
  function checkShare({ bill, now }: Play): void {
    const [payment, ...earlier] = bill.payments.toReversed();
    if (payment?.split?.type !== 'share') return;
    const { base, parts, part, plan } = payment.split;
    expect(payment.amount).toBeLessThanOrEqual(Math.floor(base / parts) + (part < base % parts ? 1 : 0));
    const others = earlier.filter((other) => isSettled(other) || (other.holdsClaim && (other.expiresAt ?? 0) > now));
    const takers = others.filter(({ split }) => split?.type === 'share' && split.plan === plan && split.part === part);
    expect(takers).toEqual([]);
  }

  test.each([2, 3, 7, 20])('%i equal shares sum to the bill exactly', (parts) => {
    fc.assert(
      fc.property(fc.integer({ min: parts, max: 5_000_000 }), (owed) => {
        const phones = Array.from({ length: parts }, (_, at) => aPhone(`P${at}`));
        const table = play(aBill({ devices: phones, lines: [aLine({ unitPrice: owed })] }));
        const shares = phones.map(({ deviceId }) => table.start(deviceId, { type: 'share', parts }));
        expect(shares.reduce((sum, { amount }) => sum + amount, 0)).toBe(owed);
        for (const { paymentId } of shares) table.settle(paymentId);
        expect(table.bill.status).toBe('paid');
      }),
      { numRuns: 100 },
    );
  });
});
