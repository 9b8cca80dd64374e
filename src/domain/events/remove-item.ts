import { z } from 'zod';
import { withLine } from '../bill.js';
import type { LineId } from '../ids.js';
import { defineEvent } from './define.js';
import { lineId, optional, reason } from './fields.js';
import { editableLine, takenOff } from './line-access.js';

interface RemoveItem {
  readonly line_id: LineId;
  readonly reason: string | null;
}

export const removeItem = defineEvent({
  type: 'remove_item',
  version: 1,
  summary: 'A draft line goes; a sent line, by staff with a reason, stays in the list as cancelled.',
  sender: 'guest',
  gate: 'live',
  personal: ['reason'],
  input: z.strictObject({ line_id: lineId, reason: optional(reason) }),
  decide: (input, { bill, actor }): RemoveItem => {
    const line = editableLine(bill, input.line_id, { actor, reason: input.reason });
    return { line_id: line.lineId, reason: input.reason ?? null };
  },
  apply: (bill, { line_id }) => withLine(bill, line_id, takenOff),
  examples: [
    {
      input: { line_id: '01900000-0000-7000-8000-00000000e001' },
      payload: { line_id: '01900000-0000-7000-8000-00000000e001' as LineId, reason: null },
    },
  ],
});
