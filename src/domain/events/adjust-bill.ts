import { z } from 'zod';
import { maxAmount } from '../money.js';
import { invalid } from '../rejection.js';
import { defineEvent } from './define.js';
import { optional, reason } from './fields.js';
import { refuseOverflow } from './largest-bill.js';

interface BillAdjusted {
  readonly adjustment_id: string;
  /** `withdraw` takes an earlier adjustment back. */
  readonly kind: 'discount' | 'surcharge' | 'withdraw';
  /** In minor units; null when it is a part of the subtotal. */
  readonly amount: number | null;
  /** Of the subtotal; null when it is a fixed amount. */
  readonly basis_points: number | null;
  readonly reason: string | null;
}

const input = z
  .strictObject({
    kind: optional(z.enum(['discount', 'surcharge'])),
    amount: optional(
      z
        .int()
        .min(1)
        .max(maxAmount / 1000),
    ),
    basis_points: optional(z.int().min(1).max(10_000)),
    reason: optional(reason),
    withdraw: optional(z.string().max(36)),
  })
  .superRefine((given, check) => {
    const say = (path: string, message: string) => check.addIssue({ code: 'custom', path: [path], message });
    if (given.withdraw !== undefined) {
      if (given.kind ?? given.amount ?? given.basis_points) say('withdraw', 'must stand alone, or with a reason');
      return;
    }
    if (given.kind === undefined) say('kind', 'must be discount or surcharge');
    if ((given.amount === undefined) === (given.basis_points === undefined)) {
      say('amount', 'give either amount or basis_points');
    }
    if (given.reason === undefined) say('reason', 'is required');
  });

/** Most adjustments that stand at once. */
const maxAdjustments = 50;

export const adjustBill = defineEvent({
  type: 'adjust_bill',
  version: 1,
  summary: 'A cashier gives a discount or adds a surcharge, with a reason, or takes one back.',
  sender: 'cashier',
  gate: 'live',
  personal: ['reason'],
  input,
  decide: ({ kind, amount, basis_points, reason: why, withdraw }, { bill, newId }): BillAdjusted => {
    if (withdraw !== undefined) {
      const standing = bill.adjustments.find(
        ({ adjustmentId, isRounding }) => adjustmentId === withdraw && !isRounding,
      );
      if (!standing) throw invalid([{ path: 'payload.withdraw', message: 'is no adjustment of this bill' }]);
      return { adjustment_id: withdraw, kind: 'withdraw', amount: null, basis_points: null, reason: why ?? null };
    }
    if (bill.adjustments.length >= maxAdjustments) {
      throw invalid([{ path: '', message: `a bill takes at most ${maxAdjustments} adjustments` }]);
    }
    if (kind === 'surcharge') refuseOverflow(bill, amount ?? 0);
    return {
      adjustment_id: newId(),
      kind: kind ?? 'discount',
      amount: amount ?? null,
      basis_points: basis_points ?? null,
      reason: why ?? null,
    };
  },
  apply: (bill, { adjustment_id, kind, amount, basis_points, reason: why }) => {
    if (kind === 'withdraw') {
      return { ...bill, adjustments: bill.adjustments.filter(({ adjustmentId }) => adjustmentId !== adjustment_id) };
    }
    const adjustment = { adjustmentId: adjustment_id, kind, amount, basisPoints: basis_points };
    return { ...bill, adjustments: [...bill.adjustments, { ...adjustment, reason: why ?? '', isRounding: false }] };
  },
  examples: [
    {
      input: { kind: 'discount', basis_points: 1000, reason: 'waited too long' },
      payload: {
        adjustment_id: '01900000-0000-7000-8000-000000000801',
        kind: 'discount',
        amount: null,
        basis_points: 1000,
        reason: 'waited too long',
      },
    },
  ],
});
