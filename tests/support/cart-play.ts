/** Plays random commands through the rules, and beside them through a model that shares no code with them. */
import fc from 'fast-check';
import type { Bill } from '../../src/domain/bill.js';
import { type Caller, decideCommand } from '../../src/domain/decide.js';
import { parseInput, type StoredEvent } from '../../src/domain/events/define.js';
import { eventDefinition, type EventType } from '../../src/domain/events/index.js';
import { blankBill, fold } from '../../src/domain/fold.js';
import type { DeviceId } from '../../src/domain/ids.js';
import type { Menu } from '../../src/domain/menu.js';
import { Rejection } from '../../src/domain/rejection.js';
import type { SessionSettings } from '../../src/domain/session.js';
import { totalsOf } from '../../src/domain/pricing.js';

const id = (kind: string, n: number): string => `01900000-0000-7000-8000-${kind}${String(n).padStart(8, '0')}`;
const tenantId = id('aaaa', 1) as Bill['tenantId'];
const sessionId = id('aaaa', 2) as Bill['sessionId'];
const start = Date.UTC(2026, 0, 1);

const prices = [75_000, 22_000, 0];
const soldOutDish = 3;
const unknownDish = 4;
const dishId = (dish: number) => id('cccc', dish) as Menu['items'][number]['menuItemId'];
const items = [...prices, 9_000].map((price, dish) => ({
  menuItemId: dishId(dish),
  name: `dish ${dish}`,
  description: null,
  categoryId: id('cccc', 100) as Menu['items'][number]['categoryId'],
  category: 'c',
  price,
  taxBps: 0,
  available: dish !== soldOutDish,
  optionGroups: [],
  translations: {},
  pictureUrl: null,
  allergens: [],
}));
const menu: Menu = {
  locationId: id('aaaa', 3) as Menu['locationId'],
  currency: 'VND',
  version: 1,
  ordering: 'open',
  categories: [],
  items,
  byId: new Map(items.map((item) => [item.menuItemId, item])),
};

export interface Wanted {
  readonly act: 'add' | 'remove' | 'set' | 'delta' | 'join' | 'approve' | 'kick' | 'extend' | 'close' | 'send' | 'step';
  /** Who: -1 is staff, others are phones, joined or not. */
  readonly who: number;
  /** Which line or phone, by its place in the order of their making. */
  readonly which: number;
  readonly amount: number;
  readonly wait: number;
}

const anAct = fc.oneof(
  { weight: 8, arbitrary: fc.constant('add' as const) },
  { weight: 12, arbitrary: fc.constantFrom('remove' as const, 'set' as const, 'delta' as const) },
  { weight: 5, arbitrary: fc.constant('join' as const) },
  { weight: 3, arbitrary: fc.constantFrom('approve' as const, 'kick' as const, 'extend' as const) },
  { weight: 4, arbitrary: fc.constant('send' as const) },
  { weight: 8, arbitrary: fc.constant('step' as const) },
  { weight: 1, arbitrary: fc.constant('close' as const) },
);

export const commandArbitrary: fc.Arbitrary<Wanted> = fc.record({
  act: anAct,
  // Staff may do most, and phones have to join first: so that lives get somewhere.
  who: fc.oneof({ weight: 2, arbitrary: fc.constant(-1) }, { weight: 3, arbitrary: fc.integer({ min: -1, max: 4 }) }),
  which: fc.nat({ max: 8 }),
  amount: fc.oneof(fc.integer({ min: 0, max: 6 }), fc.integer({ min: -120, max: 120 })),
  wait: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 100_000 })),
});

export interface Play {
  readonly bill: Bill;
  readonly events: readonly StoredEvent[];
  readonly model: CartModel;
  readonly now: number;
  readonly answers: readonly { readonly code: string | undefined; readonly expected: string | undefined }[];
}

export function aSession(settings: Partial<SessionSettings> = {}): Play {
  const payload = {
    table_id: id('aaaa', 4),
    location_id: menu.locationId,
    currency: 'VND',
    settings: {
      admission: 'open',
      tax_inclusive: true,
      service_bps: 0,
      sliding: false,
      ttl_seconds: 3600,
      on_paid: 'end',
      pay_first: false,
      cash_rounding: 1,
      expiry_event: true,
      timezone: 'UTC',
      ...settings,
    },
  };
  const opened: StoredEvent = {
    id: id('dddd', 0) as StoredEvent['id'],
    seq: 1,
    type: 'session_opened',
    version: 1,
    payload,
    actor: { type: 'server', id: 'server', name: null },
    createdAt: start,
  };
  return {
    bill: fold(blankBill(tenantId, sessionId), [opened]),
    events: [opened],
    model: new CartModel(),
    now: start,
    answers: [],
  };
}

export function playAll(session: Play, commands: readonly Wanted[]): Play {
  let counter = 0;
  const newId = (): string => id('eeee', (counter += 1));
  return commands.reduce((play, wanted) => playOne(play, wanted, newId), session);
}

function playOne(play: Play, wanted: Wanted, newId: () => string): Play {
  const now = play.now + wanted.wait;
  const { type, input } = requestOf(wanted, play);
  const caller = callerOf(wanted);
  const before = play.model.copy();
  let code: string | undefined;
  let fresh: StoredEvent[] = [];
  try {
    const append = { key: newId(), fingerprint: '', type, input: parseInput(eventDefinition(type), input) };
    const { decided } = decideCommand(
      { tenantId, sessionId, caller, appends: [append], menu: () => menu },
      { bill: play.bill, isPast: false, isGraceOver: false, findKey: () => undefined, now, newId },
    );
    fresh = decided.map(({ event }) => ({ ...event, createdAt: now }));
  } catch (error) {
    if (!(error instanceof Rejection)) throw error;
    code = error.code;
  }
  const expected = before.apply(wanted, {
    lineId: fresh[0]?.payload.line_id as string | undefined,
    due: totalsOf(play.bill).due,
  });
  const bill = fold(play.bill, fresh);
  return {
    bill,
    events: [...play.events, ...fresh],
    model: before,
    now,
    answers: [...play.answers, { code, expected }],
  };
}

function callerOf({ who, act, which }: Wanted): Caller {
  if (act === 'join')
    return { kind: 'joining', deviceId: phoneId(which), name: `guest ${which}`, locationId: menu.locationId };
  if (who < 0)
    return {
      kind: 'key',
      tenantId,
      locationId: null,
      keyId: 'k',
      role: 'staff',
      name: 'Lan',
      isShared: false,
      isNamed: false,
    };
  return { kind: 'device', tenantId, locationId: menu.locationId, sessionId, deviceId: phoneId(who) };
}

function phoneId(n: number): DeviceId {
  return id('ffff', n) as DeviceId;
}

function requestOf({ act, which, amount }: Wanted, { model }: Play): { type: EventType; input: unknown } {
  const line_id = model.made[which] ?? id('eeee', 99_999_999);
  switch (act) {
    case 'add':
      return { type: 'add_item', input: { menu_item_id: dishId(which % 5), quantity: amount } };
    case 'remove':
      return { type: 'remove_item', input: { line_id, ...reasonOf(amount) } };
    case 'set':
      return { type: 'modify_qty', input: { line_id, quantity: amount, ...reasonOf(amount) } };
    case 'delta':
      return { type: 'modify_qty', input: { line_id, delta: amount, ...reasonOf(amount) } };
    case 'join':
      return { type: 'device_joined', input: { device_id: phoneId(which), name: `guest ${which}` } };
    case 'approve':
      return { type: 'device_approved', input: { device_id: phoneId(which) } };
    case 'kick':
      return { type: 'device_removed', input: { device_id: phoneId(which) } };
    case 'send':
      return { type: 'submit_round', input: {} };
    case 'step':
      return { type: 'set_line_state', input: { line_id, state: stepOf(amount), ...reasonOf(amount) } };
    case 'extend':
      return { type: 'session_extended', input: { ttl_seconds: Math.abs(amount) * 600 + 1 } };
    case 'close':
      return { type: 'session_closed', input: amount % 2 ? { reason: 'done' } : {} };
  }
}

const steps = ['sent', 'preparing', 'ready', 'served', 'cancelled'] as const;

function stepOf(amount: number): (typeof steps)[number] {
  return steps[Math.abs(amount) % steps.length] ?? 'sent';
}

function reasonOf(amount: number): { readonly reason?: string } {
  return amount % 3 === 0 ? { reason: 'because' } : {};
}

interface ModelLine {
  readonly lineId: string;
  quantity: number;
  readonly dish: number;
  state: 'draft' | (typeof steps)[number];
  round: number | null;
}

/** What a cart is, as one would explain it at the table. */
class CartModel {
  /** Every line ever made. */
  made: string[] = [];
  private lines: ModelLine[] = [];
  private phones = new Map<number, 'admitted' | 'waiting' | 'removed'>();
  private rounds = 0;
  private isClosed = false;
  private asksApproval = false;

  copy(): CartModel {
    const copy = new CartModel();
    copy.made = [...this.made];
    copy.lines = this.lines.map((line) => ({ ...line }));
    copy.phones = new Map(this.phones);
    copy.rounds = this.rounds;
    copy.isClosed = this.isClosed;
    copy.asksApproval = this.asksApproval;
    return copy;
  }

  summary() {
    return {
      status: this.isClosed ? 'closed' : 'open',
      lines: this.lines.map(({ lineId, quantity, dish, state, round }) => ({
        ...{ lineId, quantity, state, round },
        unitPrice: prices[dish],
      })),
      openLines: Array.from({ length: this.rounds }, (_, at) => {
        const lines = this.lines.filter(({ round }) => round === at + 1);
        return lines.filter(({ state }) => state !== 'served' && state !== 'cancelled').length;
      }),
      devices: [...this.phones].map(([n, state]) => ({ deviceId: phoneId(n), state })),
      admission: this.asksApproval ? 'approve' : 'open',
    };
  }

  /** Does it, or says with which code it is refused. */
  apply(wanted: Wanted, fact: { lineId: string | undefined; due: number }): string | undefined {
    const { act, who, amount } = wanted;
    if (act === 'delta' && Math.abs(amount) > 99) return 'VALIDATION_FAILED';
    if (act !== 'join' && who >= 0 && (this.phones.get(who) ?? 'removed') === 'removed') return 'UNAUTHENTICATED';
    if (act === 'step') return who < 0 ? this.step(wanted) : 'FORBIDDEN';
    if (this.isClosed)
      return act === 'close' && !this.isWaiting(wanted)
        ? undefined
        : act === 'close'
          ? 'NOT_ADMITTED'
          : 'SESSION_NOT_OPEN';
    if (this.isWaiting(wanted)) return 'NOT_ADMITTED';
    if (act === 'add') return this.add(wanted, fact.lineId);
    if (act === 'send') return this.send();
    if (act === 'join' || act === 'approve' || act === 'kick') return this.changePhone(wanted);
    if (act === 'close') return this.close(amount % 2 !== 0, fact.due);
    return act === 'extend' ? undefined : this.changeLine(wanted);
  }

  private isWaiting({ act, who }: Wanted): boolean {
    return act !== 'join' && who >= 0 && this.phones.get(who) === 'waiting';
  }

  private add({ which, amount }: Wanted, lineId: string | undefined): string | undefined {
    const dish = which % 5;
    if (dish === unknownDish) return 'UNKNOWN_MENU_ITEM';
    if (dish === soldOutDish) return 'ITEM_UNAVAILABLE';
    if (amount < 1 || amount > 99) return 'QUANTITY_OUT_OF_RANGE';
    if (lineId === undefined) return 'a line should have been added';
    this.made.push(lineId);
    this.lines.push({ lineId, quantity: amount, dish, state: 'draft', round: null });
    return undefined;
  }

  private send(): string | undefined {
    const drafts = this.lines.filter(({ state }) => state === 'draft');
    if (drafts.length === 0) return 'NO_DRAFT_LINES';
    this.rounds += 1;
    for (const line of drafts) Object.assign(line, { state: 'sent', round: this.rounds });
    return undefined;
  }

  private step({ which, amount }: Wanted): string | undefined {
    const line = this.lines.find(({ lineId }) => lineId === this.made[which]);
    if (!line) return 'LINE_NOT_FOUND';
    if (line.state === 'draft' || line.state === 'cancelled') return 'INVALID_LINE_STATE';
    const [from, to] = [steps.indexOf(line.state), steps.indexOf(stepOf(amount))];
    const isCancel = to === steps.indexOf('cancelled');
    if (to === from || (!isCancel && to < from - 1)) return 'INVALID_LINE_STATE';
    if ((isCancel || to < from) && !reasonOf(amount).reason) return 'VALIDATION_FAILED';
    line.state = stepOf(amount);
    return undefined;
  }

  private changeLine({ act, who, which, amount }: Wanted): string | undefined {
    const line = this.lines.find(({ lineId }) => lineId === this.made[which]);
    if (!line) return 'LINE_NOT_FOUND';
    if (line.state !== 'draft') {
      if (who >= 0 || line.state === 'cancelled') return 'LINE_LOCKED';
      if (!reasonOf(amount).reason) return 'VALIDATION_FAILED';
    }
    const result = act === 'remove' ? 0 : act === 'set' ? amount : line.quantity + amount;
    if (result < 0 || result > 99) return 'QUANTITY_OUT_OF_RANGE';
    if (result === 0 && line.state !== 'draft') line.state = 'cancelled';
    else if (result === 0) this.lines = this.lines.filter((other) => other !== line);
    else line.quantity = result;
    return undefined;
  }

  private changePhone({ act, which }: Wanted): string | undefined {
    const state = this.phones.get(which);
    if (act === 'join') {
      if (!state) this.phones.set(which, this.asksApproval ? 'waiting' : 'admitted');
    } else if (act === 'approve') {
      if (!state || state === 'removed') return 'NOT_FOUND';
      this.phones.set(which, 'admitted');
    } else {
      if (!state) return 'NOT_FOUND';
      if (state !== 'removed') this.asksApproval = true;
      this.phones.set(which, 'removed');
    }
    return undefined;
  }

  private close(hasReason: boolean, due: number): string | undefined {
    if (due > 0 && !hasReason) return 'VALIDATION_FAILED';
    this.isClosed = true;
    return undefined;
  }
}
