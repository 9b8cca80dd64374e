import { z } from 'zod';
import type { Amount } from '../money.js';
import { totalsOf } from '../pricing.js';
import { Rejection } from '../rejection.js';
import { nothingDue } from '../split.js';
import { defineEvent, unchanged } from './define.js';
import { reason } from './fields.js';

interface SessionWrittenOff {
  /** What was due. */
  readonly amount: Amount;
  readonly reason: string;
}

/** The bill stays as it is: money that comes after all is taken as ever. */
export const sessionWrittenOff = defineEvent({
  type: 'session_written_off',
  version: 1,
  summary: 'A cashier gives up what is due on a visit that has ended.',
  sender: 'server',
  gate: 'any',
  personal: ['reason'],
  input: z.strictObject({ reason }),
  decide: (input, { bill, isPast }): SessionWrittenOff | typeof unchanged => {
    if (bill.writtenOff !== null) return unchanged;
    if (bill.status === 'open' && !isPast) {
      throw new Rejection('NOTHING_DUE', 'nothing is overdue: the visit has not ended yet');
    }
    const { due } = totalsOf(bill);
    if (due <= 0) throw nothingDue();
    return { amount: due, reason: input.reason };
  },
  apply: (bill, { amount }) => ({ ...bill, writtenOff: amount }),
  examples: [{ input: { reason: 'left without paying' }, payload: { amount: 85_000, reason: 'left without paying' } }],
});
