import { describe, expect, test } from 'vitest';
import { v7 } from 'uuid';
import type { Bill, Device } from '../../../src/domain/bill.js';
import { type Caller, decideCommand } from '../../../src/domain/decide.js';
import { parseInput, type StoredEvent } from '../../../src/domain/events/define.js';
import { eventDefinition, type EventType } from '../../../src/domain/events/index.js';
import { fold } from '../../../src/domain/fold.js';
import type { DeviceId, TableId } from '../../../src/domain/ids.js';
import type { MenuItem } from '../../../src/domain/menu.js';
import { totalsOf } from '../../../src/domain/pricing.js';
import { Rejection } from '../../../src/domain/rejection.js';
import { aBill, aLine } from '../../support/bills.js';
import { beer, item, menu, menuOf, pho, soldOut, waiter } from '../../support/heart-acts.js';

const [size, extras] = pho.optionGroups;
const optionId = (group: MenuItem['optionGroups'][number] | undefined, at: number): string =>
  group?.options[at]?.option_id ?? '';
const wantPho = { menu_item_id: pho.menuItemId, quantity: 1 };

describe('an added item', () => {
  test('costs what the menu says: item and options, named in the order of the menu', () => {
    const options = [optionId(extras, 1), optionId(size, 1)];
    const { payload } = decide(aBill({}), 'add_item', { ...wantPho, quantity: 2, options });
    expect(payload).toMatchObject({
      unit_price: 75_000,
      options: [
        { name: 'Tô lớn', price: 15_000 },
        { name: 'Quẩy', price: 5_000 },
      ],
    });
  });

  test('keeps its price and tax when the menu changes later', () => {
    const bill = aBill({});
    const after = fold(bill, [decide(bill, 'add_item', { menu_item_id: beer.menuItemId, quantity: 3 })]);
    expect(after.lines[0]).toMatchObject({ unitPrice: 22_000, taxBps: 1000 });
    const dearer = menuOf([{ ...beer, price: 99_000 }]);
    const again = fold(after, [
      decide(after, 'modify_qty', { line_id: after.lines[0]?.lineId, quantity: 4 }, { menu: dearer }),
    ]);
    expect(totalsOf(again).subtotal).toBe(4 * 22_000);
  });

  test.each([
    ['a sold-out item', { menu_item_id: soldOut.menuItemId, quantity: 1 }, 'ITEM_UNAVAILABLE'],
    ['an item of no menu', { menu_item_id: v7(), quantity: 1 }, 'UNKNOWN_MENU_ITEM'],
    ['no portion', { ...wantPho, quantity: 0 }, 'QUANTITY_OUT_OF_RANGE'],
    ['100 portions', { ...wantPho, quantity: 100 }, 'QUANTITY_OUT_OF_RANGE'],
    ['two sizes', { ...wantPho, options: [optionId(size, 0), optionId(size, 1)] }, 'INVALID_OPTIONS'],
    ['the same option twice', { ...wantPho, options: [optionId(extras, 0), optionId(extras, 0)] }, 'INVALID_OPTIONS'],
    ['an option of another dish', { ...wantPho, options: [v7()] }, 'INVALID_OPTIONS'],
  ])('is refused with %s', (_, input, code) => {
    expect(codeOf(() => decide(aBill({}), 'add_item', input))).toBe(code);
  });

  test('is refused while ordering is paused, and so is one portion more, but never one less', () => {
    const bill = aBill({ lines: [aLine({ menuItemId: pho.menuItemId, quantity: 2 })] });
    const line_id = bill.lines[0]?.lineId;
    const paused = { menu: menuOf([pho], 'paused') };
    expect(codeOf(() => decide(bill, 'add_item', wantPho, paused))).toBe('ORDERING_PAUSED');
    expect(codeOf(() => decide(bill, 'modify_qty', { line_id, delta: 1 }, paused))).toBe('ORDERING_PAUSED');
    expect(codeOf(() => decide(bill, 'modify_qty', { line_id, delta: -1 }, paused))).toBeUndefined();
    expect(codeOf(() => decide(bill, 'remove_item', { line_id }, paused))).toBeUndefined();
  });

  test('may be for a guest, if staff add it and the guest is there', () => {
    const device: Device = { deviceId: v7() as DeviceId, name: 'Minh', state: 'admitted' };
    const bill = aBill({ devices: [device, { ...device, deviceId: v7() as DeviceId, state: 'removed' }] });
    const input = { ...wantPho, for_device_id: device.deviceId };
    const after = fold(bill, [decide(bill, 'add_item', input)]);
    expect(after.lines[0]?.addedBy).toEqual({ type: 'device', id: device.deviceId, name: 'Minh' });
    const phone: Caller = { kind: 'device', deviceId: device.deviceId } as Caller;
    expect(codeOf(() => decide(bill, 'add_item', input, { caller: phone }))).toBe('VALIDATION_FAILED');
    const gone = { ...wantPho, for_device_id: bill.devices[1]?.deviceId };
    expect(codeOf(() => decide(bill, 'add_item', gone))).toBe('VALIDATION_FAILED');
  });

  test('is refused when the session has 5,000 lines', () => {
    const full = aBill({ lines: Array.from({ length: 5_000 }, () => aLine({ unitPrice: 0 })) });
    expect(codeOf(() => decide(full, 'add_item', wantPho))).toBe('VALIDATION_FAILED');
    expect(codeOf(() => decide({ ...full, lines: full.lines.slice(1) }, 'add_item', wantPho))).toBeUndefined();
  });
});

describe('a bill never grows past the largest amount', () => {
  const gold = item('Vàng', { price: 10 ** 12 });
  const vault = menuOf([gold]);

  test('by adding', () => {
    const bill = aBill({ lines: Array.from({ length: 99 }, () => aLine({ unitPrice: 10 ** 12 })) });
    const add = (quantity: number) =>
      codeOf(() => decide(bill, 'add_item', { menu_item_id: gold.menuItemId, quantity }, { menu: vault }));
    expect(add(1)).toBeUndefined();
    expect(add(2)).toBe('VALIDATION_FAILED');
  });

  test('by raising a quantity', () => {
    const lines = Array.from({ length: 100 }, () => aLine({ unitPrice: 10 ** 12, menuItemId: gold.menuItemId }));
    const bill = aBill({ lines });
    const line_id = lines[0]?.lineId;
    expect(codeOf(() => decide(bill, 'modify_qty', { line_id, quantity: 99 }, { menu: vault }))).toBe(
      'VALIDATION_FAILED',
    );
    expect(codeOf(() => decide(bill, 'modify_qty', { line_id, delta: 1 }, { menu: vault }))).toBe('VALIDATION_FAILED');
    expect(codeOf(() => decide(bill, 'modify_qty', { line_id, quantity: 0 }, { menu: vault }))).toBeUndefined();
  });
});

describe('a line that was sent', () => {
  const sent = aLine({ state: 'sent', round: 1, quantity: 3, menuItemId: pho.menuItemId });
  const guest: Device = { deviceId: v7() as DeviceId, name: null, state: 'admitted' };
  const bill = aBill({ lines: [sent], devices: [guest] });
  const byGuest = { caller: { kind: 'device', deviceId: guest.deviceId } as Caller };
  const line_id = sent.lineId;

  test('is changed by staff with a reason only', () => {
    for (const [type, input] of [
      ['remove_item', { line_id }],
      ['modify_qty', { line_id, quantity: 1 }],
    ] as const) {
      expect(codeOf(() => decide(bill, type, { ...input, reason: 'x' }, byGuest))).toBe('LINE_LOCKED');
      expect(codeOf(() => decide(bill, type, input))).toBe('VALIDATION_FAILED');
      expect(codeOf(() => decide(bill, type, { ...input, reason: 'dropped' }))).toBeUndefined();
    }
  });

  test('stays in the list as cancelled, costs nothing then, and is not touched again', () => {
    const after = fold(bill, [decide(bill, 'modify_qty', { line_id, quantity: 0, reason: 'dropped' })]);
    expect(after.lines).toMatchObject([{ state: 'cancelled', round: 1 }]);
    expect(totalsOf(after).total).toBe(0);
    expect(codeOf(() => decide(after, 'remove_item', { line_id, reason: 'x' }))).toBe('LINE_LOCKED');
  });
});

test('a session takes 60 phones, removed ones included', () => {
  const devices = Array.from(
    { length: 60 },
    (): Device => ({ deviceId: v7() as DeviceId, name: null, state: 'removed' }),
  );
  expect(codeOf(() => decide(aBill({ devices }), 'device_joined', { device_id: v7() }))).toBe('VALIDATION_FAILED');
});

test("a phone that has scanned a table's code gets in only while they sit there", () => {
  const [here, elsewhere] = [v7() as TableId, v7() as TableId];
  const bill = aBill({ tableId: here });
  const join = (at_table: TableId | undefined) => decide(bill, 'device_joined', { device_id: v7(), at_table });
  expect([join(here).payload.state, join(undefined).payload.state]).toEqual(['admitted', 'admitted']);
  expect(codeOf(() => join(elsewhere))).toBe('SESSION_NOT_OPEN');
});

test('staff let a phone wait for nobody; otherwise it waits where approval is asked for', () => {
  const bill = aBill({ admission: 'approve' });
  expect(decide(bill, 'device_joined', { device_id: v7() }).payload.state).toBe('waiting');
  expect(decide(bill, 'device_joined', { device_id: v7(), by_staff: true }).payload.state).toBe('admitted');
});

interface Manner {
  readonly menu?: typeof menu;
  readonly caller?: Caller;
}

/** The event that one command comes to; throws its rejection. */
function decide(bill: Bill, type: EventType, input: unknown, manner: Manner = {}): StoredEvent {
  const append = { key: v7(), fingerprint: '', type, input: parseInput(eventDefinition(type), input) };
  const { decided } = decideCommand(
    {
      tenantId: bill.tenantId,
      sessionId: bill.sessionId,
      caller: manner.caller ?? waiter,
      appends: [append],
      menu: () => manner.menu ?? menu,
    },
    { bill, isPast: false, isGraceOver: false, findKey: () => undefined, now: 0, newId: v7 },
  );
  const [first] = decided;
  if (!first) throw new Error('nothing was decided');
  return first.event;
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
