import type { StoredEvent } from '../../domain/events/define.js';
import type { EventType } from '../../domain/events/index.js';
import type { SessionEvent } from '../session-event.js';
import { DeviceApprovedEvent, DeviceJoinedEvent, DeviceRemovedEvent } from './devices.js';
import { AdjustBillEvent } from './bill.js';
import { SetLineStateEvent, SubmitRoundEvent, TicketAcknowledgedEvent, TicketOverdueEvent } from './kitchen.js';
import { AddItemEvent, ModifyQtyEvent, RemoveItemEvent } from './lines.js';
import {
  PaymentEndedEvent,
  PaymentRefundedEvent,
  PaymentSettledEvent,
  PaymentStartedEvent,
  SessionPaidEvent,
} from './payments.js';
import { RequestServiceEvent, ResolveServiceEvent } from './service.js';
import {
  SessionClosedEvent,
  SessionExpiredEvent,
  SessionExtendedEvent,
  SessionMovedEvent,
  SessionOpenedEvent,
} from './session-life.js';
import { SessionWrittenOffEvent } from './write-off.js';

/** The GraphQL class of every event type. */
export const eventClasses = {
  session_opened: SessionOpenedEvent,
  device_joined: DeviceJoinedEvent,
  device_approved: DeviceApprovedEvent,
  device_removed: DeviceRemovedEvent,
  add_item: AddItemEvent,
  remove_item: RemoveItemEvent,
  modify_qty: ModifyQtyEvent,
  submit_round: SubmitRoundEvent,
  ticket_acknowledged: TicketAcknowledgedEvent,
  ticket_overdue: TicketOverdueEvent,
  set_line_state: SetLineStateEvent,
  request_service: RequestServiceEvent,
  resolve_service: ResolveServiceEvent,
  adjust_bill: AdjustBillEvent,
  payment_started: PaymentStartedEvent,
  payment_ended: PaymentEndedEvent,
  payment_settled: PaymentSettledEvent,
  payment_refunded: PaymentRefundedEvent,
  session_moved: SessionMovedEvent,
  session_extended: SessionExtendedEvent,
  session_paid: SessionPaidEvent,
  session_closed: SessionClosedEvent,
  session_expired: SessionExpiredEvent,
  session_written_off: SessionWrittenOffEvent,
} as const satisfies Record<EventType, new (stored: StoredEvent) => SessionEvent>;

/** The GraphQL object of a stored event. */
export function toSessionEvent(stored: StoredEvent): SessionEvent {
  if (!Object.hasOwn(eventClasses, stored.type)) throw new Error(`unknown event type in the log: ${stored.type}`);
  const EventClass = eventClasses[stored.type as EventType];
  return new EventClass(stored);
}
