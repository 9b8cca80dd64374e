import { z } from 'zod';
import { type Bill, findLine, findRound, type LineState, lineStates, withLine, withRound } from '../bill.js';
import type { LineId } from '../ids.js';
import { stepBetween } from '../line-state.js';
import { invalid, Rejection } from '../rejection.js';
import { defineEvent } from './define.js';
import { lineId, optional, reason } from './fields.js';

interface LineStateSet {
  readonly line_id: LineId;
  readonly from: LineState;
  readonly state: LineState;
  readonly reason: string | null;
}

const input = z.strictObject({
  line_id: lineId,
  state: z.enum(lineStates.filter((state) => state !== 'draft')),
  reason: optional(reason),
});

/** The kitchen and the waiters tell how far a line is. Still possible when the guests have paid and gone. */
export const setLineState = defineEvent({
  type: 'set_line_state',
  version: 1,
  summary: 'A sent line goes on towards the table, one step back, or is cancelled; the latter two take a reason.',
  sender: 'staff',
  gate: 'any',
  personal: ['reason'],
  input,
  decide: ({ line_id, state, reason: why }, { bill }): LineStateSet => {
    const line = findLine(bill, line_id);
    if (!line) throw new Rejection('LINE_NOT_FOUND', `the bill has no line ${line_id}`, { line_id });
    const step = stepBetween(line.state, state);
    if (!step) {
      const facts = { line_id, state: line.state, wanted: state };
      throw new Rejection('INVALID_LINE_STATE', `a line that is ${line.state} does not become ${state}`, facts);
    }
    if (step !== 'forward' && !why) {
      throw invalid([{ path: 'payload.reason', message: 'is required to go back or to cancel' }]);
    }
    return { line_id, from: line.state, state, reason: why ?? null };
  },
  apply: (bill, { line_id, state }, { createdAt }) => {
    const changed = withLine(bill, line_id, (line) => ({ ...line, state }));
    return state === 'cancelled' ? changed : seen(changed, line_id, createdAt);
  },
  examples: [
    {
      input: { line_id: '01900000-0000-7000-8000-00000000e001', state: 'preparing' },
      payload: {
        line_id: '01900000-0000-7000-8000-00000000e001' as LineId,
        from: 'sent',
        state: 'preparing',
        reason: null,
      },
    },
  ],
});

/** Who works on a line has seen its ticket. */
function seen(bill: Bill, lineId: LineId, at: number): Bill {
  const round = findLine(bill, lineId)?.round ?? null;
  if (round === null || findRound(bill, round)?.acknowledgedAt !== null) return bill;
  return withRound(bill, round, { acknowledgedAt: at });
}
