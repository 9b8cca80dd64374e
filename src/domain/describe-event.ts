import { type Bill, findDevice, findLine, findPayment, lineTotal, type ServiceKind } from './bill.js';
import type { StoredEvent } from './events/define.js';
import { type EventType, eventDefinition, type eventDefinitions } from './events/index.js';
import type { DeviceId, LineId, PaymentId, TableId } from './ids.js';
import { amountText } from './money-text.js';
import type { PaymentMethod, PaymentOutcome } from './payment.js';

/** What a sentence needs to know besides the event. */
export interface Telling {
  /** The bill before the event. */
  readonly before: Bill;
  /** The name of a table; undefined where it has none any more. */
  readonly tableName: (table: TableId) => string | undefined;
}

/** What happened, in one English sentence without its actor. */
export function describeEvent(event: StoredEvent, telling: Telling): string {
  const { type } = eventDefinition(event.type);
  // The registry pairs each type with its own payload; the type is what selects the pair.
  const say = sentences[type as EventType] as (payload: unknown, telling: Telling) => string;
  return say(event.payload, telling);
}

type PayloadOf<T extends EventType> = Parameters<(typeof eventDefinitions)[T]['apply']>[1];

const sentences: { readonly [T in EventType]: (payload: PayloadOf<T>, telling: Telling) => string } = {
  session_opened: ({ table_id, currency }, { tableName }) =>
    `The visit began at ${atTable(tableName(table_id))}, in ${currency}`,
  device_joined: ({ name, state }) => `${name ?? 'A phone'} ${state === 'waiting' ? 'asked to be let in' : 'joined'}`,
  device_approved: ({ device_id }, { before }) => `Let ${phone(before, device_id)} in`,
  device_removed: ({ device_id }, { before }) => `Took ${phone(before, device_id)} out`,
  add_item: (payload, { before }) => {
    const { name, quantity, options, note, for_device_id: guest } = payload;
    const chosen = options.length > 0 ? ` (${options.map((option) => option.name).join(', ')})` : '';
    const price = lineTotal({ quantity, options, unitPrice: payload.unit_price, state: 'draft' });
    const forWhom = guest ? ` for ${phone(before, guest)}` : '';
    return `Added ${quantity} × ${name}${chosen}, ${money(before, price)}${forWhom}${quoted(note)}`;
  },
  remove_item: ({ line_id, reason }, { before }) =>
    `${isDraft(before, line_id) ? 'Removed' : 'Cancelled'} ${lineName(before, line_id)}${because(reason)}`,
  modify_qty: ({ line_id, quantity, reason }, { before }) =>
    `Changed ${lineName(before, line_id)} from ${findLine(before, line_id)?.quantity ?? '?'} to ${quantity}${because(reason)}`,
  submit_round: ({ round, line_ids, held }) =>
    `Sent ${counted(line_ids.length, 'line')} as round ${round}${held ? '; it waits for its payment' : ' to the kitchen'}`,
  ticket_acknowledged: ({ round }) => `The kitchen has round ${round}`,
  ticket_overdue: ({ round }) => `Nobody in the kitchen had seen round ${round} in time`,
  set_line_state: ({ line_id, from, state, reason }, { before }) =>
    `Set ${lineName(before, line_id)} from ${from} to ${state}${because(reason)}`,
  request_service: ({ kind, note, repeats }) => `Asked ${repeats ? 'again ' : ''}for ${service(kind)}${quoted(note)}`,
  resolve_service: ({ kind, outcome }) =>
    outcome === 'taken' ? `Took the call for ${service(kind)}` : `Dealt with the call for ${service(kind)}`,
  adjust_bill: ({ adjustment_id, kind, amount, basis_points, reason }, { before }) => {
    if (kind === 'withdraw') return `Took ${withdrawn(before, adjustment_id)} back${because(reason)}`;
    const size = amount === null ? `${(basis_points ?? 0) / 100} %` : money(before, amount);
    return `${kind === 'discount' ? 'Gave a discount' : 'Added a surcharge'} of ${size}${because(reason)}`;
  },
  payment_started: ({ method, amount }, { before }) => `Began to pay ${money(before, amount)} ${by(method)}`,
  payment_ended: ({ payment_id, outcome }, { before }) =>
    `The payment ${ofPayment(before, payment_id)}${endings[outcome]}`,
  payment_settled: ({ method, amount, late, change }, { before }) =>
    `Paid ${money(before, amount)} ${by(method)}${change ? `, change ${money(before, change)}` : ''}${late ? ', after the end' : ''}`,
  payment_refunded: ({ amount, reason, manual }, { before }) =>
    `Gave ${money(before, amount)} back${manual ? ' by hand' : ''}${because(reason)}`,
  session_moved: ({ table_id, from_table_id }, { tableName }) =>
    `Moved from ${atTable(tableName(from_table_id))} to ${atTable(tableName(table_id))}`,
  session_extended: ({ expires_at }) => `Extended the visit until ${expires_at}`,
  session_paid: () => 'Everything was paid: the visit ended',
  session_closed: ({ reason }) => `Closed the visit${because(reason)}`,
  session_expired: () => 'Time ended the visit',
  session_written_off: ({ amount, reason }, { before }) => `Wrote ${money(before, amount)} off${because(reason)}`,
};

const services: Readonly<Record<ServiceKind, string>> = { waiter: 'a waiter', bill: 'the bill' };

function service(kind: string): string {
  return services[kind as ServiceKind];
}

const endings: Readonly<Record<PaymentOutcome, string>> = {
  cancelled: 'was called off',
  replaced: 'gave way to another one',
  failed: 'failed',
  expired: 'ran out of time',
  unconfirmed: 'ran out of time, and the provider would not say what came of it',
};

const methods: Readonly<Record<PaymentMethod, string>> = {
  cash: 'in cash',
  momo: 'by MoMo',
  vnpay: 'by VNPay',
  zalopay: 'by ZaloPay',
  bank_transfer: 'by bank transfer',
  other: 'some other way',
};

function by(method: PaymentMethod): string {
  return methods[method];
}

function money({ currency }: Bill, amount: number): string {
  return `${amountText(amount, currency)} ${currency}`;
}

function phone(bill: Bill, deviceId: DeviceId): string {
  return findDevice(bill, deviceId)?.name ?? 'a phone';
}

function lineName(bill: Bill, lineId: LineId): string {
  return findLine(bill, lineId)?.name ?? 'a line';
}

function isDraft(bill: Bill, lineId: LineId): boolean {
  return findLine(bill, lineId)?.state === 'draft';
}

function withdrawn(bill: Bill, id: string): string {
  const adjustment = bill.adjustments.find(({ adjustmentId }) => adjustmentId === id);
  return adjustment ? `the ${adjustment.kind} “${adjustment.reason}”` : 'an adjustment';
}

function ofPayment(bill: Bill, paymentId: PaymentId): string {
  const payment = findPayment(bill, paymentId);
  return payment ? `of ${money(bill, payment.amount)} ${by(payment.method)} ` : '';
}

function atTable(name: string | undefined): string {
  return name === undefined ? 'a table' : `table ${name}`;
}

function because(reason: string | null): string {
  return reason === null ? '' : `: ${reason}`;
}

function quoted(note: string | null): string {
  return note === null ? '' : `, “${note}”`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
