import type { Bill } from '../bill.js';
import { addItem } from './add-item.js';
import { adjustBill } from './adjust-bill.js';
import type { EventDefinition, StoredEvent } from './define.js';
import { deviceApproved } from './device-approved.js';
import { deviceJoined } from './device-joined.js';
import { deviceRemoved } from './device-removed.js';
import { modifyQty } from './modify-qty.js';
import { paymentEnded } from './payment-ended.js';
import { paymentRefunded } from './payment-refunded.js';
import { paymentSettled } from './payment-settled.js';
import { paymentStarted } from './payment-started.js';
import { removeItem } from './remove-item.js';
import { requestService } from './request-service.js';
import { resolveService } from './resolve-service.js';
import { sessionClosed } from './session-closed.js';
import { sessionExpired } from './session-expired.js';
import { sessionExtended } from './session-extended.js';
import { sessionMoved } from './session-moved.js';
import { sessionOpened } from './session-opened.js';
import { sessionPaid } from './session-paid.js';
import { sessionWrittenOff } from './session-written-off.js';
import { setLineState } from './set-line-state.js';
import { submitRound } from './submit-round.js';
import { ticketAcknowledged } from './ticket-acknowledged.js';
import { ticketOverdue } from './ticket-overdue.js';

/** Every event type that the log can hold. A new type is one file and one line here. */
export const eventDefinitions = {
  session_opened: sessionOpened,
  device_joined: deviceJoined,
  device_approved: deviceApproved,
  device_removed: deviceRemoved,
  add_item: addItem,
  remove_item: removeItem,
  modify_qty: modifyQty,
  submit_round: submitRound,
  ticket_acknowledged: ticketAcknowledged,
  ticket_overdue: ticketOverdue,
  set_line_state: setLineState,
  request_service: requestService,
  resolve_service: resolveService,
  adjust_bill: adjustBill,
  payment_started: paymentStarted,
  payment_ended: paymentEnded,
  payment_settled: paymentSettled,
  payment_refunded: paymentRefunded,
  session_moved: sessionMoved,
  session_extended: sessionExtended,
  session_paid: sessionPaid,
  session_closed: sessionClosed,
  session_expired: sessionExpired,
  session_written_off: sessionWrittenOff,
} as const;

export type EventType = keyof typeof eventDefinitions;

/** Any definition, its own types forgotten: input is what its parser gave, payload what its rule gave. */
export type AnyEventDefinition = EventDefinition<string, unknown, Readonly<Record<string, unknown>>>;

/** The definition of a type; a type that the registry does not know is an error, never skipped. */
export function eventDefinition(type: string): AnyEventDefinition {
  if (!Object.hasOwn(eventDefinitions, type)) throw new Error(`unknown event type in the log: ${type}`);
  // The registry pairs each type with its own payload; a row's type is what selects the pair.
  return eventDefinitions[type as EventType] as unknown as AnyEventDefinition;
}

/** Folds one event into a bill. */
export function applyEvent(bill: Bill, event: StoredEvent): Bill {
  const folded = eventDefinition(event.type).apply(bill, event.payload, event);
  return { ...folded, lastSeq: event.seq };
}
