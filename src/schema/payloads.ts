import { Field, ObjectType } from 'type-graphql';
import { DateTime, SafeInt, UUID } from './scalars.js';
import { Session } from './session.js';
import { SessionEvent } from './session-event.js';
import { Snapshot } from './snapshot.js';

@ObjectType({ description: 'A session after something was done to it.' })
export class SessionPayload {
  @Field(() => Session, { description: 'The session as it now is.' })
  declare session: Session;

  @Field(() => Snapshot, { description: 'The bill as it now is.' })
  declare snapshot: Snapshot;
}

@ObjectType({ description: 'A payment that is still under way in a session that was closed.' })
export class PendingPaymentWarning {
  @Field(() => String, { description: 'PAYMENT_PENDING: its money may still come.' })
  declare code: string;

  @Field(() => UUID, { description: 'The payment.' })
  declare paymentId: string;

  @Field(() => SafeInt, { description: 'How much, in minor units.' })
  declare amount: number;

  @Field(() => DateTime, { description: 'Until when it can be paid.' })
  declare expiresAt: Date;
}

@ObjectType({ description: 'A session that was closed.' })
export class CloseSessionPayload extends SessionPayload {
  @Field(() => [PendingPaymentWarning], { description: 'Payments that guests have begun and not finished.' })
  declare warnings: PendingPaymentWarning[];
}

@ObjectType({ description: 'A phone that is in a session.' })
export class JoinSessionPayload extends SessionPayload {
  @Field(() => UUID, { description: 'Id of this phone.' })
  declare deviceId: string;

  @Field(() => String, { description: 'Proves this phone from now on, as "Authorization: Bearer ...".' })
  declare deviceToken: string;

  @Field(() => Boolean, { description: 'False when the phone was there before.' })
  declare isNewDevice: boolean;
}

@ObjectType({ description: "The table's session, with this phone in it." })
export class CreateSessionPayload extends JoinSessionPayload {
  @Field(() => Boolean, { description: 'This request opened the session; otherwise it was open before.' })
  declare isOpened: boolean;
}

@ObjectType({ description: 'An event that is in the log.' })
export class AppendedEvent {
  @Field(() => SessionEvent, { description: 'The event.' })
  declare event: SessionEvent;

  @Field(() => Boolean, { description: 'It was written before, by an earlier request with the same key and content.' })
  declare replayed: boolean;
}

@ObjectType({ description: 'The appended event, and the bill with it.' })
export class AppendEventPayload extends AppendedEvent {
  @Field(() => Snapshot, { description: 'The bill as it now is.' })
  declare snapshot: Snapshot;
}

@ObjectType({ description: 'The appended events, and the bill with them.' })
export class AppendEventsPayload {
  @Field(() => [AppendedEvent], { description: 'The events in the order of the request.' })
  declare events: AppendedEvent[];

  @Field(() => Snapshot, { description: 'The bill as it now is.' })
  declare snapshot: Snapshot;
}

@ObjectType({ description: 'Lets a client follow the session where it cannot send a header.' })
export class CreateStreamTicketPayload {
  @Field(() => String, {
    description: 'The query parameter `ticket` of the stream: reads this session only, any number of times.',
  })
  declare ticket: string;

  @Field(() => DateTime, { description: 'When it ends, and with it every stream that it opened.' })
  declare expiresAt: Date;
}
