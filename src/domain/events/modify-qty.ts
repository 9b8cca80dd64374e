import { z } from 'zod';
import { lineTotal, withLine } from '../bill.js';
import type { LineId } from '../ids.js';
import { orderableItem } from '../menu.js';
import { defineEvent } from './define.js';
import { lineId, optional, reason } from './fields.js';
import { refuseOverflow } from './largest-bill.js';
import { editableLine, takenOff } from './line-access.js';
import { lineQuantity, quantityBounds } from './quantity.js';

interface ModifyQty {
  readonly line_id: LineId;
  /** The resulting number of portions; 0 takes the line off. */
  readonly quantity: number;
  /** What was asked for, when it was relative. */
  readonly delta: number | null;
  readonly reason: string | null;
}

const input = z
  .strictObject({
    line_id: lineId,
    quantity: optional(z.int()),
    delta: optional(z.int().min(-quantityBounds.max).max(quantityBounds.max)),
    reason: optional(reason),
  })
  .refine(({ quantity, delta }) => (quantity === undefined) !== (delta === undefined), {
    message: 'give either quantity or delta',
    path: ['quantity'],
  });

/** A relative change is added to what the line has when it is written, so two phones tapping + at once both count. */
export const modifyQty = defineEvent({
  type: 'modify_qty',
  version: 1,
  summary: 'Changes the portions of a line, absolutely or relatively; 0 takes it off.',
  sender: 'guest',
  gate: 'live',
  personal: ['reason'],
  input,
  decide: (wanted, { bill, actor, menu }): ModifyQty => {
    const line = editableLine(bill, wanted.line_id, { actor, reason: wanted.reason });
    const quantity = wanted.quantity ?? line.quantity + (wanted.delta ?? 0);
    if (quantity !== 0) lineQuantity(quantity);
    if (quantity > line.quantity) orderableItem(menu(), line.menuItemId);
    refuseOverflow(bill, lineTotal({ ...line, quantity }) - lineTotal(line));
    return { line_id: line.lineId, quantity, delta: wanted.delta ?? null, reason: wanted.reason ?? null };
  },
  apply: (bill, { line_id, quantity }) =>
    withLine(bill, line_id, (line) => (quantity === 0 ? takenOff(line) : { ...line, quantity })),
  examples: [
    {
      input: { line_id: '01900000-0000-7000-8000-00000000e001', delta: 1 },
      payload: { line_id: '01900000-0000-7000-8000-00000000e001' as LineId, quantity: 3, delta: 1, reason: null },
    },
  ],
});
