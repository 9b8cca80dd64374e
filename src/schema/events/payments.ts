import { Field, ObjectType } from 'type-graphql';
import { PaymentMethod, PaymentOutcome } from '../enums.js';
import { DateTime, JSONObject, SafeInt, UUID } from '../scalars.js';
import { SessionEvent } from '../session-event.js';
import { type PayloadOf, payloadOf } from './payload-of.js';

@ObjectType({
  implements: SessionEvent,
  description: 'Somebody is paying: a part of the bill is held until the expiry.',
})
export class PaymentStartedEvent extends SessionEvent {
  private get start(): PayloadOf<'payment_started'> {
    return payloadOf('payment_started', this.stored);
  }

  @Field(() => UUID, { description: 'The payment.' })
  get paymentId(): string {
    return this.start.payment_id;
  }

  @Field(() => UUID, { nullable: true, description: 'The phone that is paying.' })
  get deviceId(): string | null {
    return this.start.device_id;
  }

  @Field(() => PaymentMethod, { description: 'How.' })
  get method(): string {
    return this.start.method;
  }

  @Field(() => SafeInt, { description: 'How much, in minor units.' })
  get amount(): number {
    return this.start.amount;
  }

  @Field(() => SafeInt, { description: 'The seq whose bill it is for.' })
  get billSeq(): number {
    return this.start.bill_seq;
  }

  @Field(() => JSONObject, { nullable: true, description: 'Which part of the bill: {type, ...}.' })
  get split(): object | null {
    return this.start.split;
  }

  @Field(() => DateTime, { nullable: true, description: 'When its claim ends; null when it holds none.' })
  get expiresAt(): Date | null {
    return this.start.expires_at === null ? null : new Date(this.start.expires_at);
  }
}

@ObjectType({ implements: SessionEvent, description: 'A payment came to nothing: its part of the bill is free again.' })
export class PaymentEndedEvent extends SessionEvent {
  private get end(): PayloadOf<'payment_ended'> {
    return payloadOf('payment_ended', this.stored);
  }

  @Field(() => UUID, { description: 'The payment.' })
  get paymentId(): string {
    return this.end.payment_id;
  }

  @Field(() => UUID, { nullable: true, description: 'The phone that was paying.' })
  get deviceId(): string | null {
    return this.end.device_id;
  }

  @Field(() => PaymentOutcome, { description: 'What ended it.' })
  get outcome(): string {
    return this.end.outcome;
  }
}

@ObjectType({ implements: SessionEvent, description: 'Money is there: paid and due have changed.' })
export class PaymentSettledEvent extends SessionEvent {
  private get settled(): PayloadOf<'payment_settled'> {
    return payloadOf('payment_settled', this.stored);
  }

  @Field(() => UUID, { description: 'The payment.' })
  get paymentId(): string {
    return this.settled.payment_id;
  }

  @Field(() => PaymentMethod, { description: 'How.' })
  get method(): string {
    return this.settled.method;
  }

  @Field(() => SafeInt, { description: 'How much, in minor units.' })
  get amount(): number {
    return this.settled.amount;
  }

  @Field(() => SafeInt, { description: 'The seq whose bill it is for.' })
  get billSeq(): number {
    return this.settled.bill_seq;
  }

  @Field(() => Boolean, { description: 'It landed when the session had ended.' })
  get late(): boolean {
    return this.settled.late;
  }
}

@ObjectType({ implements: SessionEvent, description: 'Money was given back: paid and due have changed.' })
export class PaymentRefundedEvent extends SessionEvent {
  private get refund(): PayloadOf<'payment_refunded'> {
    return payloadOf('payment_refunded', this.stored);
  }

  @Field(() => UUID, { description: 'The payment.' })
  get paymentId(): string {
    return this.refund.payment_id;
  }

  @Field(() => UUID, { description: 'The refund.' })
  get refundId(): string {
    return this.refund.refund_id;
  }

  @Field(() => SafeInt, { description: 'How much, in minor units.' })
  get amount(): number {
    return this.refund.amount;
  }

  @Field(() => String, { description: 'Why.' })
  get reason(): string {
    return this.refund.reason;
  }
}

@ObjectType({ implements: SessionEvent, description: 'The whole bill is paid, and the visit has ended.' })
export class SessionPaidEvent extends SessionEvent {
  @Field(() => UUID, { description: 'The payment that did it.' })
  get paymentId(): string {
    return payloadOf('session_paid', this.stored).payment_id;
  }
}
