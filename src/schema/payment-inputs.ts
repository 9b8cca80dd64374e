import { Field, InputType, Int } from 'type-graphql';
import { PaymentDecision, PaymentMethod, RecordedState, SplitType } from './enums.js';
import { SafeInt, UUID } from './scalars.js';

@InputType({ description: 'Records a payment by hand, or as another system tells of it.' })
export class RecordPaymentInput {
  @Field(() => UUID, { description: 'The session.' })
  declare sessionId: string;

  @Field(() => String, { description: 'Its key: 1 to 64 of 0-9 A-Z a-z . _ -, once per restaurant.' })
  declare paymentReference: string;

  @Field(() => SafeInt, { description: 'In minor units, at least 1.' })
  declare amount: number;

  @Field(() => String, { nullable: true, description: "ISO 4217 code; the session's own when left out." })
  declare currency: string | null;

  @Field(() => PaymentMethod, { description: 'How the money moves.' })
  declare method: string;

  @Field(() => RecordedState, { description: 'What is known of it.' })
  declare status: string;

  @Field(() => String, {
    nullable: true,
    description: "The provider's own id of the money's movement, at most 64 characters.",
  })
  declare providerTransactionId: string | null;

  @Field(() => String, { nullable: true, description: 'At most 500 characters.' })
  declare note: string | null;
}

@InputType({ description: 'Takes cash.' })
export class RecordCashPaymentInput {
  @Field(() => UUID, { description: 'The session.' })
  declare sessionId: string;

  @Field(() => SafeInt, {
    nullable: true,
    description: 'In minor units; what is due, rounded as the location rounds cash, when left out.',
  })
  declare amount: number | null;

  @Field(() => SafeInt, { nullable: true, description: 'What was handed over; at least the amount.' })
  declare tendered: number | null;

  @Field(() => String, { nullable: true, description: 'At most 500 characters.' })
  declare note: string | null;

  @Field(() => String, { description: '8 to 128 printable characters; a repeat takes no second payment.' })
  declare idempotencyKey: string;
}

@InputType({ description: 'Which part of the bill somebody pays. Never more than is due and nobody else is paying.' })
export class SplitInput {
  @Field(() => SplitType, { description: 'Which kind of part.' })
  declare type: string;

  @Field(() => SafeInt, { nullable: true, description: 'With AMOUNT, and required there: how much, in minor units.' })
  declare amount: number | null;

  @Field(() => [UUID], {
    nullable: true,
    description: 'With LINES: 1 to 500 lines; those that this phone added when left out.',
  })
  declare lineIds: string[] | null;

  @Field(() => Int, {
    nullable: true,
    description: 'With SHARE: how many share, 2 to 20; the first share of a bill has to say it.',
  })
  declare parts: number | null;
}

@InputType({ description: 'Starts a payment through a provider.' })
export class CreatePaymentIntentInput {
  @Field(() => UUID, { description: 'The session.' })
  declare sessionId: string;

  @Field(() => String, { description: '8 to 128 printable characters; a repeat gives the same payment.' })
  declare idempotencyKey: string;

  @Field(() => PaymentMethod, { description: 'MOMO, VNPAY, ZALOPAY or BANK_TRANSFER.' })
  declare method: string;

  @Field(() => SplitInput, { nullable: true, description: 'Which part of the bill; all that is free when left out.' })
  declare split: SplitInput | null;
}

@InputType({ description: 'Turns away from a pending payment.' })
export class CancelPaymentIntentInput {
  @Field(() => UUID, { description: 'The session.' })
  declare sessionId: string;

  @Field(() => UUID, { description: 'The payment.' })
  declare paymentId: string;
}

@InputType({ description: "A person's decision about a payment that needs one." })
export class ResolvePaymentInput {
  @Field(() => UUID, { description: 'The payment.' })
  declare paymentId: string;

  @Field(() => PaymentDecision, { description: 'The decision.' })
  declare resolution: string;

  @Field(() => String, { description: 'Why, 1 to 200 characters.' })
  declare note: string;

  @Field(() => UUID, {
    nullable: true,
    description: 'With ATTACH, and required there: the session that gets the money.',
  })
  declare sessionId: string | null;
}

@InputType({ description: 'Gives money back.' })
export class RefundPaymentInput {
  @Field(() => UUID, { description: 'The payment.' })
  declare paymentId: string;

  @Field(() => SafeInt, { nullable: true, description: 'In minor units; all that is left of it when left out.' })
  declare amount: number | null;

  @Field(() => String, { description: 'Why, 1 to 200 characters.' })
  declare reason: string;

  @Field(() => String, { description: '8 to 128 printable characters; a repeat gives nothing back a second time.' })
  declare idempotencyKey: string;

  @Field(() => Boolean, {
    nullable: true,
    description: "It was made in the provider's own portal, and is only recorded here.",
  })
  declare manual: boolean | null;
}
