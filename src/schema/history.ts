import { ArgsType, Field, Int, ObjectType } from 'type-graphql';
import { PageInfo } from './page-info.js';
import { PaymentMethod, PaymentState, SessionEventType, SessionStatus } from './enums.js';
import { DateTime, SafeInt, UUID } from './scalars.js';
import { Actor, Adjustment, Device, Line } from './snapshot.js';

@ArgsType()
export class HistoryArgs {
  @Field(() => UUID, { description: 'The session.' })
  declare sessionId: string;

  @Field(() => SafeInt, { defaultValue: 0, description: 'The seq behind which to start; 0: from the beginning.' })
  declare after: number;

  @Field(() => Int, { defaultValue: 100, description: 'Page size, 1 to 500.' })
  declare first: number;
}

@ArgsType()
export class DifferenceArgs {
  @Field(() => UUID, { description: 'The session.' })
  declare sessionId: string;

  @Field(() => SafeInt, { description: 'The seq of the bill that is compared with.' })
  declare fromSeq: number;

  @Field(() => SafeInt, { description: 'The seq of the other one.' })
  declare toSeq: number;
}

@ObjectType({ description: 'One step of a visit, as one would tell it.' })
export class HistoryStep {
  @Field(() => SafeInt, { description: 'Position in the log: the bill of this moment is `snapshot(atSeq)`.' })
  declare seq: number;

  @Field(() => UUID, { description: 'Id of the event.' })
  declare eventId: string;

  @Field(() => SessionEventType, { description: 'What happened.' })
  declare type: string;

  @Field(() => DateTime, { description: "When, by the database's clock." })
  declare at: Date;

  @Field(() => Actor, { description: 'Who did it.' })
  declare actor: Actor;

  @Field(() => String, { description: 'What happened, in one English sentence.' })
  declare text: string;

  @Field(() => SafeInt, { description: 'What the table owed altogether afterwards, in minor units.' })
  declare total: number;

  @Field(() => SafeInt, { description: 'What had been paid then.' })
  declare paid: number;

  @Field(() => SafeInt, { description: 'total - paid.' })
  declare due: number;
}

@ObjectType({ description: "A page of a visit's steps, in order and without a gap." })
export class HistoryConnection {
  @Field(() => [HistoryStep], { description: 'The steps of this page.' })
  declare nodes: HistoryStep[];

  @Field(() => PageInfo, { description: 'Whether there is more; cursors are decimal seqs.' })
  declare pageInfo: PageInfo;

  @Field(() => SafeInt, { nullable: true, description: 'Pass it as `after` for the next page; null on the last one.' })
  declare nextCursor: number | null;

  @Field(() => String, { description: 'ISO 4217 code of all amounts.' })
  declare currency: string;
}

@ObjectType({ description: 'A line in two bills; null where a bill does not have it.' })
export class LineChange {
  @Field(() => Line, { nullable: true, description: 'As it was.' })
  declare before: Line | null;

  @Field(() => Line, { nullable: true, description: 'As it was later.' })
  declare after: Line | null;
}

@ObjectType({ description: 'An adjustment in two bills; null where a bill does not have it.' })
export class AdjustmentChange {
  @Field(() => Adjustment, { nullable: true, description: 'As it was.' })
  declare before: Adjustment | null;

  @Field(() => Adjustment, { nullable: true, description: 'As it was later.' })
  declare after: Adjustment | null;
}

@ObjectType({ description: 'A phone in two bills; null where a bill does not have it.' })
export class DeviceChange {
  @Field(() => Device, { nullable: true, description: 'As it was.' })
  declare before: Device | null;

  @Field(() => Device, { nullable: true, description: 'As it was later.' })
  declare after: Device | null;
}

@ObjectType({ description: 'A payment as a bill had it.' })
export class BilledPayment {
  @Field(() => UUID, { description: 'Id of the payment.' })
  declare paymentId: string;

  @Field(() => PaymentMethod, { description: 'How the money moves.' })
  declare method: string;

  @Field(() => PaymentState, { description: 'What had become of it.' })
  declare status: string;

  @Field(() => SafeInt, { description: 'In minor units.' })
  declare amount: number;

  @Field(() => SafeInt, { description: 'What of it had been given back.' })
  declare refundedAmount: number;

  @Field(() => Actor, { description: 'Who began or recorded it.' })
  declare actor: Actor;
}

@ObjectType({ description: 'A payment in two bills; null where a bill does not have it.' })
export class BilledPaymentChange {
  @Field(() => BilledPayment, { nullable: true, description: 'As it was.' })
  declare before: BilledPayment | null;

  @Field(() => BilledPayment, { nullable: true, description: 'As it was later.' })
  declare after: BilledPayment | null;
}

@ObjectType({ description: 'Where a bill stood. Amounts are in minor units.' })
export class BillStand {
  @Field(() => SafeInt, { description: 'The last event folded in.' })
  declare seq: number;

  @Field(() => SessionStatus, { description: 'What the log said of the visit.' })
  declare status: string;

  @Field(() => UUID, { description: 'The table where the guests sat.' })
  declare tableId: string;

  @Field(() => SafeInt, { description: 'Sum of the line totals.' })
  declare subtotal: number;

  @Field(() => SafeInt, { description: 'Taken off.' })
  declare discount: number;

  @Field(() => SafeInt, { description: 'Added by the cashier.' })
  declare surcharge: number;

  @Field(() => SafeInt, { description: 'Service charge.' })
  declare serviceCharge: number;

  @Field(() => SafeInt, { description: 'Tax.' })
  declare tax: number;

  @Field(() => SafeInt, { description: 'What the table owed altogether.' })
  declare total: number;

  @Field(() => SafeInt, { description: 'What had been paid.' })
  declare paid: number;

  @Field(() => SafeInt, { description: 'total - paid.' })
  declare due: number;
}

@ObjectType({ description: 'What two bills of one visit do not have in common; what is equal in both is left out.' })
export class BillDifference {
  @Field(() => BillStand, { description: 'The bill at the first seq.' })
  declare before: BillStand;

  @Field(() => BillStand, { description: 'The bill at the second seq.' })
  declare after: BillStand;

  @Field(() => [LineChange], { description: 'Lines that came, went or changed.' })
  declare lines: LineChange[];

  @Field(() => [AdjustmentChange], { description: 'Discounts and surcharges that came or went.' })
  declare adjustments: AdjustmentChange[];

  @Field(() => [BilledPaymentChange], { description: 'Payments that came or changed.' })
  declare payments: BilledPaymentChange[];

  @Field(() => [DeviceChange], { description: 'Phones that came or changed.' })
  declare devices: DeviceChange[];
}
