import { Field, ObjectType } from 'type-graphql';
import { PaymentState, PaymentStatus, SessionStatus } from './enums.js';
import { Payment, Refund } from './payment.js';
import { DateTime, SafeInt, UUID } from './scalars.js';

@ObjectType({ description: 'Something to look at; nothing was refused for it.' })
export class AmountWarning {
  @Field(() => String, { description: 'AMOUNT_MISMATCH: another amount than what was due.' })
  declare code: string;

  @Field(() => SafeInt, { description: 'What was due before it, in minor units.' })
  declare expected: number;

  @Field(() => SafeInt, { description: 'What was recorded.' })
  declare received: number;

  @Field(() => SafeInt, { description: 'received - expected; negative when it is short.' })
  declare difference: number;
}

@ObjectType({ description: 'A payment that was recorded, and how its session stands with it.' })
export class RecordPaymentPayload {
  @Field(() => Payment, { description: 'The payment.' })
  declare payment: Payment;

  @Field(() => [AmountWarning], { description: 'One when the amount is not what was due, else none.' })
  declare warnings: AmountWarning[];

  @Field(() => SessionStatus, { description: 'Of the session, as it now is.' })
  declare sessionStatus: string;

  @Field(() => PaymentStatus, { description: 'How much of its total is paid now.' })
  declare paymentStatus: string;

  @Field(() => SafeInt, { description: 'What is due now, in minor units; negative means overpaid.' })
  declare due: number;

  @Field(() => Boolean, { description: 'It was recorded before, by an earlier request with the same content.' })
  declare replayed: boolean;
}

@ObjectType({ description: 'Cash that was taken, and how its session stands with it.' })
export class RecordCashPaymentPayload extends RecordPaymentPayload {
  @Field(() => SafeInt, {
    nullable: true,
    description: 'What to give back; null when nobody said what was handed over.',
  })
  declare change: number | null;
}

@ObjectType({ description: 'Where to send a bank transfer, for guests who cannot scan a code.' })
export class BankTransfer {
  @Field(() => String, { description: 'Number of the bank (NAPAS BIN).' })
  declare bin: string;

  @Field(() => String, { description: 'Number of the account.' })
  declare accountNumber: string;

  @Field(() => String, { nullable: true, description: 'Name of its owner, where it is known.' })
  declare accountName: string | null;

  @Field(() => String, { description: 'What the transfer has to say: by this the payment is found.' })
  declare message: string;
}

@ObjectType({ description: 'A payment that was started, with what a guest needs to pay it.' })
export class PaymentIntent {
  @Field(() => UUID, { description: 'Id of the payment.' })
  declare paymentId: string;

  @Field(() => String, { description: 'Its reference, as the provider gets it.' })
  declare paymentReference: string;

  @Field(() => SafeInt, { description: 'What it comes to, frozen when it was started; in minor units.' })
  declare amount: number;

  @Field(() => SafeInt, { description: 'The seq whose bill it is for.' })
  declare billSeq: number;

  @Field(() => PaymentState, { description: 'PENDING, unless this is the repeat of one that has gone on since.' })
  declare status: string;

  @Field(() => String, { nullable: true, description: "The provider's page." })
  declare payUrl: string | null;

  @Field(() => String, { nullable: true, description: "Opens the provider's app on this phone." })
  declare deeplink: string | null;

  @Field(() => String, { nullable: true, description: 'Text of a QR code to scan with a banking app or wallet.' })
  declare qrPayload: string | null;

  @Field(() => BankTransfer, { nullable: true, description: 'With a bank transfer: the same as text.' })
  declare bank: BankTransfer | null;

  @Field(() => DateTime, { description: 'When its claim on the bill ends.' })
  declare expiresAt: Date;
}

@ObjectType({ description: 'A payment that was started.' })
export class CreatePaymentIntentPayload {
  @Field(() => PaymentIntent, { description: 'The payment.' })
  declare intent: PaymentIntent;

  @Field(() => Boolean, { description: 'It was started before, by an earlier request with the same key and content.' })
  declare replayed: boolean;
}

@ObjectType({ description: 'A payment after a decision.' })
export class ResolvePaymentPayload {
  @Field(() => Payment, { description: 'The payment as it now is.' })
  declare payment: Payment;
}

@ObjectType({ description: 'A refund that was asked for.' })
export class RefundPaymentPayload {
  @Field(() => Refund, { description: 'The refund.' })
  declare refund: Refund;

  @Field(() => PaymentState, { description: 'Of its payment, as it now is.' })
  declare paymentStatus: string;

  @Field(() => Boolean, {
    description: 'It was asked for before, by an earlier request with the same key and content.',
  })
  declare replayed: boolean;
}
