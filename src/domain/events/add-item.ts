import { z } from 'zod';
import { findDevice, type Bill, type Line, type LineOption, lineTotal } from '../bill.js';
import { asId, type DeviceId, type LineId, type MenuItemId, type OptionId } from '../ids.js';
import { orderableItem, priceOptions } from '../menu.js';
import type { Amount, BasisPoints } from '../money.js';
import { invalid } from '../rejection.js';
import { maxLines } from '../session.js';
import { defineEvent, type EventMeta, type RuleContext } from './define.js';
import { deviceId, menuItemId, optional, optionId, text } from './fields.js';
import { refuseOverflow } from './largest-bill.js';
import { lineQuantity } from './quantity.js';

interface AddItem {
  readonly line_id: LineId;
  readonly menu_item_id: MenuItemId;
  readonly name: string;
  readonly quantity: number;
  readonly unit_price: Amount;
  readonly options: readonly LineOption[];
  readonly tax_bps: BasisPoints;
  readonly note: string | null;
  /** The guest for whom staff added it. */
  readonly for_device_id?: DeviceId;
}

const input = z.strictObject({
  menu_item_id: menuItemId,
  quantity: z.int(),
  options: optional(z.array(optionId).max(50)),
  note: optional(text(200)),
  for_device_id: optional(deviceId),
});

/** Prices come from the menu at this moment and are copied, so that a later menu change never touches the line. */
export const addItem = defineEvent({
  type: 'add_item',
  version: 1,
  summary: 'A new draft line. Identical adds stay separate lines.',
  sender: 'guest',
  gate: 'live',
  personal: ['note'],
  input,
  decide: (wanted, context): AddItem => {
    const item = orderableItem(context.menu(), wanted.menu_item_id);
    const line: AddItem = {
      line_id: asId<LineId>(context.newId()),
      menu_item_id: item.menuItemId,
      name: item.name,
      quantity: lineQuantity(wanted.quantity),
      unit_price: item.price,
      options: priceOptions(item, wanted.options ?? []),
      tax_bps: item.taxBps,
      note: wanted.note || null,
      ...forGuest(wanted.for_device_id, context),
    };
    refuseCrowd(context.bill);
    refuseOverflow(context.bill, lineTotal({ ...line, unitPrice: line.unit_price, state: 'draft' }));
    return line;
  },
  apply: (bill, payload, meta) => ({ ...bill, lines: [...bill.lines, draftLine(bill, payload, meta)] }),
  examples: [
    {
      input: {
        menu_item_id: '01900000-0000-7000-8000-000000000201',
        quantity: 2,
        options: ['01900000-0000-7000-8000-000000000301'],
        note: 'không hành',
      },
      payload: {
        line_id: '01900000-0000-7000-8000-00000000e001' as LineId,
        menu_item_id: '01900000-0000-7000-8000-000000000201' as MenuItemId,
        name: 'Phở bò tái',
        quantity: 2,
        unit_price: 75_000,
        options: [{ option_id: '01900000-0000-7000-8000-000000000301' as OptionId, name: 'Tô thường', price: 0 }],
        tax_bps: 0,
        note: 'không hành',
      },
    },
  ],
});

function draftLine(bill: Bill, payload: AddItem, { actor, seq }: EventMeta): Line {
  const guest = payload.for_device_id && findDevice(bill, payload.for_device_id);
  return {
    lineId: payload.line_id,
    menuItemId: payload.menu_item_id,
    name: payload.name,
    quantity: payload.quantity,
    unitPrice: payload.unit_price,
    options: payload.options,
    taxBps: payload.tax_bps,
    note: payload.note,
    state: 'draft',
    round: null,
    addedSeq: seq,
    addedBy: guest ? { type: 'device', id: guest.deviceId, name: guest.name } : actor,
  };
}

function forGuest(wanted: DeviceId | undefined, { bill, actor }: RuleContext): { for_device_id?: DeviceId } {
  if (!wanted) return {};
  if (actor.type !== 'staff') throw invalid([{ path: 'payload.for_device_id', message: 'only staff add for a guest' }]);
  const guest = findDevice(bill, wanted);
  if (!guest || guest.state === 'removed') {
    throw invalid([{ path: 'payload.for_device_id', message: 'the session has no such device' }]);
  }
  return { for_device_id: wanted };
}

function refuseCrowd(bill: Bill): void {
  if (bill.lines.length >= maxLines)
    throw invalid([{ path: '', message: `a session takes at most ${maxLines} lines` }]);
}
