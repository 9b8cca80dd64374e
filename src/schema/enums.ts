import { registerEnumType } from 'type-graphql';
import { lineStates, serviceKinds } from '../domain/bill.js';
import { eventDefinitions } from '../domain/events/index.js';
import { serviceOutcomes } from '../domain/events/resolve-service.js';
import { allergens } from '../domain/menu.js';
import {
  mismatches,
  paymentDecisions,
  paymentMethods,
  paymentOutcomes,
  paymentReasons,
  paymentStates,
  recordedStates,
  refundStates,
  resolutions,
  splitTypes,
} from '../domain/payment.js';
import { paymentStatuses } from '../domain/pricing.js';
import { admissions, sessionStatuses } from '../domain/session.js';
import { ticketStates } from '../domain/ticket.js';

/** Public enums: UPPER_SNAKE names in GraphQL, whose values are the lower_snake words of REST and of the database. */
function publicEnum<T extends string>(
  values: readonly T[],
  config: { name: string; description: string },
): Readonly<Record<string, T>> {
  const members = Object.fromEntries(values.map((value) => [value.toUpperCase(), value]));
  registerEnumType(members, config);
  return members;
}

export const SessionStatus = publicEnum(sessionStatuses, {
  name: 'SessionStatus',
  description: 'OPEN takes orders; PAID, CLOSED (by staff) and EXPIRED (by time) are final.',
});

export const SessionEventType = publicEnum(Object.keys(eventDefinitions), {
  name: 'SessionEventType',
  description: 'What happened. Each type has an object type of its own that implements SessionEvent.',
});

export const LineState = publicEnum(lineStates, {
  name: 'LineState',
  description: 'DRAFT lines are still on the phones; the others have been sent to the kitchen.',
});

export const TicketState = publicEnum(ticketStates, {
  name: 'TicketState',
  description:
    'How far a round has come: HELD until it is paid where guests pay first, NEW until the kitchen has seen it, DONE when every line is served or cancelled.',
});

export const FloorState = publicEnum(['free', 'ordering', 'sent', 'calling', 'paying', 'paid'], {
  name: 'FloorState',
  description:
    'What goes on at a table. CALLING: they want a waiter. PAYING: they pay, or want the bill. PAID: nothing is due, and they still sit there. SENT: the kitchen has something. ORDERING: they choose.',
});

export const ServiceKind = publicEnum(serviceKinds, {
  name: 'ServiceKind',
  description: 'What guests can ask for.',
});

export const ServiceOutcome = publicEnum(serviceOutcomes, {
  name: 'ServiceOutcome',
  description: 'TAKEN: somebody is on the way. DONE: the guests have what they asked for.',
});

export const DeviceState = publicEnum(['admitted', 'waiting', 'removed'], {
  name: 'DeviceState',
  description: 'WAITING phones read only until somebody of the table or the staff lets them in; REMOVED ones are out.',
});

export const PaymentStatus = publicEnum(paymentStatuses, {
  name: 'PaymentStatus',
  description: 'How much of the total is paid.',
});

export const ActorType = publicEnum(['device', 'staff', 'server', 'worker', 'provider'], {
  name: 'ActorType',
  description: 'Who acted: a phone, a member of staff, the server by itself, a background job, or a payment provider.',
});

export const AdjustmentKind = publicEnum(['discount', 'surcharge'], {
  name: 'AdjustmentKind',
  description: 'Whether an adjustment takes from the bill or adds to it.',
});

export const BillAdjustmentKind = publicEnum(['discount', 'surcharge', 'withdraw'], {
  name: 'BillAdjustmentKind',
  description: 'What a cashier did to the bill; WITHDRAW takes an earlier adjustment back.',
});

export const PaymentMethod = publicEnum(paymentMethods, {
  name: 'PaymentMethod',
  description: 'How money moves.',
});

export const PaymentState = publicEnum(paymentStates, {
  name: 'PaymentState',
  description: 'What has become of a payment. It never moves backwards.',
});

export const PaymentOutcome = publicEnum(paymentOutcomes, {
  name: 'PaymentOutcome',
  description: 'What ended a pending payment; UNCONFIRMED: its time is over and the provider would not say.',
});

export const Mismatch = publicEnum(mismatches, {
  name: 'Mismatch',
  description: 'Received against expected.',
});

export const PaymentReason = publicEnum(paymentReasons, {
  name: 'PaymentReason',
  description: 'Why a person should look at a payment.',
});

export const Resolution = publicEnum(resolutions, {
  name: 'Resolution',
  description: 'What was decided about a payment; ADOPTED: a later delivery found the payment it was for.',
});

export const PaymentDecision = publicEnum(paymentDecisions, {
  name: 'PaymentDecision',
  description:
    'What a person decides about a payment: ACCEPT it as it is, ATTACH it to a session, it was REFUNDED elsewhere, or WRITE_OFF.',
});

export const RecordedState = publicEnum(recordedStates, {
  name: 'RecordedState',
  description: 'What is known of a payment when it is recorded.',
});

export const RefundState = publicEnum(refundStates, {
  name: 'RefundState',
  description: 'PENDING until the provider has given the money back, or refused to.',
});

export const SplitType = publicEnum(splitTypes, {
  name: 'SplitType',
  description: 'Which part of the bill: ALL that is free, an AMOUNT, certain LINES, or an equal SHARE.',
});

export const Admission = publicEnum(admissions, {
  name: 'Admission',
  description:
    "How a phone gets in: OPEN, freely; APPROVE, once somebody lets it in; PER_VISIT, with the session's own code.",
});

export const Allergen = publicEnum(allergens, {
  name: 'Allergen',
  description: 'What a dish may contain that some people must not eat: the list of EU regulation 1169/2011, annex II.',
});

export const MenuFormat = publicEnum(['csv', 'json'], {
  name: 'MenuFormat',
  description: 'How a file with a menu is written.',
});

export const Ordering = publicEnum(['open', 'paused'], {
  name: 'Ordering',
  description: 'PAUSED refuses new items and rounds.',
});

export const OnPaid = publicEnum(['end', 'stay'], {
  name: 'OnPaid',
  description: 'What a full payment does: END the session, or let it STAY open until staff close it.',
});

export const CallerKind = publicEnum(['device', 'key', 'table', 'operator', 'nobody'], {
  name: 'CallerKind',
  description: 'What kind of credential the request carried.',
});

export const Role = publicEnum(['staff', 'cashier', 'manager'], {
  name: 'Role',
  description: 'What an API key may do; each role includes those before it.',
});
