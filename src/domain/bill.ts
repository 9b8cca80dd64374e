import type { Actor } from './actor.js';
import type {
  DeviceId,
  LineId,
  LocationId,
  MenuItemId,
  OptionId,
  PaymentId,
  Seq,
  SessionId,
  TableId,
  TenantId,
} from './ids.js';
import type { Amount, BasisPoints } from './money.js';
import type { BillPayment } from './payment.js';
import type { Admission, SessionSettings, SessionStatus } from './session.js';

/** One chosen option with the price it had when it was added. */
export interface LineOption {
  readonly option_id: OptionId;
  readonly name: string;
  readonly price: Amount;
}

export const lineStates = ['draft', 'sent', 'preparing', 'ready', 'served', 'cancelled'] as const;
export type LineState = (typeof lineStates)[number];

/** One added item. Prices and tax are those of the moment it was added. */
export interface Line {
  readonly lineId: LineId;
  readonly menuItemId: MenuItemId;
  readonly name: string;
  readonly quantity: number;
  readonly unitPrice: Amount;
  readonly options: readonly LineOption[];
  readonly taxBps: BasisPoints;
  readonly note: string | null;
  readonly state: LineState;
  /** The round it was sent in; null while it is a draft. */
  readonly round: number | null;
  readonly addedBy: Actor;
  readonly addedSeq: Seq;
}

/** One phone of the table. `waiting` reads only; `removed` is out. */
export interface Device {
  readonly deviceId: DeviceId;
  readonly name: string | null;
  readonly state: 'admitted' | 'waiting' | 'removed';
}

/** A discount or surcharge: by the cashier, a fixed amount or basis points of the subtotal; or the rounding of cash. */
export interface Adjustment {
  readonly adjustmentId: string;
  readonly kind: 'discount' | 'surcharge';
  readonly amount: Amount | null;
  readonly basisPoints: BasisPoints | null;
  readonly reason: string;
  /** Makes a cash total round: neither service nor tax is taken on it. */
  readonly isRounding: boolean;
}

/** Lines that went to the kitchen together. Its ticket is named by session and round. Times are milliseconds since 1970. */
export interface Round {
  /** 1, 2, 3 in the order they were sent. */
  readonly round: number;
  readonly sentAt: number;
  /** When the kitchen may begin; null while the round waits for its payment. */
  readonly releasedAt: number | null;
  /** When the kitchen said that it has it, or began. */
  readonly acknowledgedAt: number | null;
  /** When it had been without acknowledgement for too long. */
  readonly overdueAt: number | null;
  /** Lines that are neither served nor cancelled. */
  readonly openLines: number;
}

export const serviceKinds = ['waiter', 'bill'] as const;
export type ServiceKind = (typeof serviceKinds)[number];

/** Guests asked for somebody. Rings once, however often they ask, until staff have dealt with it. */
export interface ServiceCall {
  readonly callId: string;
  readonly kind: ServiceKind;
  readonly note: string | null;
  readonly requestedBy: Actor;
  readonly requestedAt: number;
  /** Who is on the way. */
  readonly takenBy: Actor | null;
}

/** The fold of a session's events up to `lastSeq`: everything that the log says. Times are milliseconds since 1970. */
export interface Bill {
  readonly tenantId: TenantId;
  readonly sessionId: SessionId;
  readonly locationId: LocationId;
  readonly tableId: TableId;
  readonly currency: string;
  readonly settings: SessionSettings;
  readonly status: SessionStatus;
  readonly admission: Admission;
  readonly openedAt: number;
  readonly expiresAt: number;
  /** When sliding last moved the expiry. */
  readonly slidAt: number;
  /** The TTL that the last extension asked for, to know its repeat. */
  readonly extendedBySeconds: number | null;
  readonly lines: readonly Line[];
  readonly rounds: readonly Round[];
  /** Service calls that nobody has dealt with yet. */
  readonly calls: readonly ServiceCall[];
  readonly devices: readonly Device[];
  readonly adjustments: readonly Adjustment[];
  /** Every payment that was ever started, settled or given back here, in the order they came. */
  readonly payments: readonly BillPayment[];
  /** Settled less given back. */
  readonly paid: Amount;
  /** What was due when a cashier gave it up; null unless one has. */
  readonly writtenOff: Amount | null;
  readonly lastSeq: Seq;
}

/** Quantity x (unit price + option prices); nothing for a cancelled line. */
export function lineTotal(line: Pick<Line, 'quantity' | 'unitPrice' | 'options' | 'state'>): Amount {
  if (line.state === 'cancelled') return 0;
  const each = line.options.reduce((sum, option) => sum + option.price, line.unitPrice);
  return line.quantity * each;
}

export function findLine(bill: Bill, lineId: LineId): Line | undefined {
  return bill.lines.find((line) => line.lineId === lineId);
}

export function findDevice(bill: Bill, deviceId: DeviceId): Device | undefined {
  return bill.devices.find((device) => device.deviceId === deviceId);
}

/** The bill with one line replaced, or taken out by `undefined`. */
export function withLine(bill: Bill, lineId: LineId, change: (line: Line) => Line | undefined): Bill {
  const at = bill.lines.findIndex((line) => line.lineId === lineId);
  const line = bill.lines[at];
  if (!line) return bill;
  const changed = change(line);
  const lines = changed ? bill.lines.with(at, changed) : bill.lines.toSpliced(at, 1);
  return { ...bill, lines, rounds: roundsOf(bill.rounds, lines, line.round) };
}

/** A round counts its open lines, so that its ticket is done when they are. */
function roundsOf(rounds: Bill['rounds'], lines: Bill['lines'], changed: number | null): Bill['rounds'] {
  if (changed === null) return rounds;
  return rounds.map((round) => (round.round === changed ? { ...round, openLines: openLines(lines, changed) } : round));
}

/** How many lines of a round are neither served nor cancelled. */
function openLines(lines: Bill['lines'], round: number): number {
  return lines.filter((line) => line.round === round && line.state !== 'served' && line.state !== 'cancelled').length;
}

export function findRound(bill: Bill, round: number): Round | undefined {
  return bill.rounds.find((each) => each.round === round);
}

/** The bill with one of its rounds changed. */
export function withRound(bill: Bill, round: number, change: Partial<Round>): Bill {
  return { ...bill, rounds: bill.rounds.map((each) => (each.round === round ? { ...each, ...change } : each)) };
}

/** The bill with one device's state replaced. */
export function withDeviceState(bill: Bill, deviceId: DeviceId, state: Device['state']): Bill {
  return {
    ...bill,
    devices: bill.devices.map((device) => (device.deviceId === deviceId ? { ...device, state } : device)),
  };
}

export function findPayment(bill: Bill, paymentId: PaymentId): BillPayment | undefined {
  return bill.payments.find((payment) => payment.paymentId === paymentId);
}

/** The bill with one payment replaced, or added if it was not there. */
export function withPayment(bill: Bill, payment: BillPayment): Bill {
  const at = bill.payments.findIndex(({ paymentId }) => paymentId === payment.paymentId);
  return { ...bill, payments: at < 0 ? [...bill.payments, payment] : bill.payments.with(at, payment) };
}
