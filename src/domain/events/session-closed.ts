import { z } from 'zod';
import { totalsOf } from '../pricing.js';
import { invalid } from '../rejection.js';
import { defineEvent, unchanged } from './define.js';
import { optional, reason } from './fields.js';

interface SessionClosed {
  readonly reason: string | null;
}

export const sessionClosed = defineEvent({
  type: 'session_closed',
  version: 1,
  summary: 'Staff end the visit; a reason is required when something is due.',
  sender: 'server',
  gate: 'live',
  personal: ['reason'],
  input: z.strictObject({ reason: optional(reason) }),
  decide: (input, { bill }): SessionClosed | typeof unchanged => {
    if (bill.status === 'closed') return unchanged;
    const { due } = totalsOf(bill);
    if (due > 0 && !input.reason) {
      throw invalid([{ path: 'reason', message: `is required while ${due} ${bill.currency} is due` }]);
    }
    return { reason: input.reason ?? null };
  },
  apply: (bill) => ({ ...bill, status: 'closed' }),
  examples: [{ input: { reason: 'guests left' }, payload: { reason: 'guests left' } }],
});
