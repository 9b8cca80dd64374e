import { Field, ObjectType } from 'type-graphql';
import { Mismatch, PaymentMethod, PaymentReason, PaymentState, RefundState, Resolution } from './enums.js';
import { DateTime, JSONObject, SafeInt, UUID } from './scalars.js';
import { Actor } from './snapshot.js';

@ObjectType({ description: 'Money given back, or on its way back.' })
export class Refund {
  @Field(() => UUID, { description: 'Id of the refund.' })
  declare id: string;

  @Field(() => SafeInt, { description: 'How much, in minor units.' })
  declare amount: number;

  @Field(() => RefundState, { description: 'What has become of it.' })
  declare status: string;

  @Field(() => String, { description: 'Why.' })
  declare reason: string;

  @Field(() => Boolean, { description: "Given back by hand: as cash, or in the provider's own portal." })
  declare manual: boolean;

  @Field(() => DateTime, { description: 'When it was asked for.' })
  declare createdAt: Date;
}

@ObjectType({ description: 'A payment of a session, or money that a provider reported and that settled none.' })
export class Payment {
  @Field(() => UUID, { description: 'Id of the payment.' })
  declare id: string;

  @Field(() => String, {
    nullable: true,
    description: 'Ours, as the provider gets it; null for money that settled none.',
  })
  declare paymentReference: string | null;

  @Field(() => String, { nullable: true, description: 'For money that settled none: the reference that came with it.' })
  declare claimedReference: string | null;

  @Field(() => UUID, { nullable: true, description: 'The session; null while nobody knows which.' })
  declare sessionId: string | null;

  @Field(() => SafeInt, { description: 'In minor units.' })
  declare amount: number;

  @Field(() => String, { description: 'ISO 4217 code.' })
  declare currency: string;

  @Field(() => PaymentMethod, { description: 'How the money moves.' })
  declare method: string;

  @Field(() => PaymentState, { description: 'What has become of it.' })
  declare status: string;

  @Field(() => String, { nullable: true, description: 'momo, vnpay, zalopay or vietqr; null when none is asked.' })
  declare provider: string | null;

  @Field(() => String, { nullable: true, description: "The provider's own id of the money's movement." })
  declare providerTransactionId: string | null;

  @Field(() => Mismatch, { description: 'Received against what was expected.' })
  declare mismatch: string;

  @Field(() => [PaymentReason], { description: 'Why a person should look at it; none: nobody has to.' })
  declare reasons: string[];

  @Field(() => SafeInt, { nullable: true, description: 'The seq whose bill it was made for; null while on no bill.' })
  declare billSeq: number | null;

  @Field(() => JSONObject, { nullable: true, description: 'Which part of the bill: {type, ...}, as in the log.' })
  declare split: object | null;

  @Field(() => SafeInt, { description: 'Given back for certain, in minor units.' })
  declare refundedAmount: number;

  @Field(() => [Refund], { description: 'Its refunds in the order they were asked for, failed ones included.' })
  declare refunds: Refund[];

  @Field(() => Actor, { description: 'Who started or recorded it.' })
  declare actor: Actor;

  @Field(() => String, { nullable: true, description: "A person's words, or the provider's." })
  declare note: string | null;

  @Field(() => Resolution, { nullable: true, description: 'What was decided about it; null while nothing was.' })
  declare resolution: string | null;

  @Field(() => String, { nullable: true, description: 'Why it was decided so; not for phones.' })
  declare resolutionNote: string | null;

  @Field(() => Actor, { nullable: true, description: 'Who decided.' })
  declare resolvedBy: Actor | null;

  @Field(() => DateTime, { nullable: true, description: 'When it was decided.' })
  declare resolvedAt: Date | null;

  @Field(() => DateTime, { description: 'When it was started, recorded or first reported.' })
  declare createdAt: Date;

  @Field(() => DateTime, { nullable: true, description: 'When its money came; null while it has not.' })
  declare settledAt: Date | null;
}

@ObjectType({ description: 'The payments of one session.' })
export class SessionPayments {
  @Field(() => [Payment], { description: 'In the order they were made.' })
  declare nodes: Payment[];
}
