import { Field, Int, ObjectType } from 'type-graphql';
import { PaymentMethod, PaymentReason } from './enums.js';
import { DateTime, SafeInt, UUID } from './scalars.js';

@ObjectType({ description: 'Money in and out, in minor units.' })
export class Takings {
  @Field(() => SafeInt, { description: 'Payments whose money came.' })
  declare count: number;

  @Field(() => SafeInt, { description: 'The money that came.' })
  declare received: number;

  @Field(() => SafeInt, { description: 'The money that was given back, for payments of whatever day.' })
  declare refunded: number;

  @Field(() => SafeInt, { description: 'received - refunded.' })
  declare net: number;
}

@ObjectType({ description: 'Money in and out by one method.' })
export class MethodTakings extends Takings {
  @Field(() => PaymentMethod, { description: 'The method.' })
  declare method: string;
}

@ObjectType({ description: 'Money that one person took or recorded by hand, or gave back.' })
export class CashierTakings extends Takings {
  @Field(() => String, { nullable: true, description: 'The person, or the name of the key; null once erased.' })
  declare name: string | null;

  @Field(() => SafeInt, { description: 'The cash of it: what it has added to the drawer.' })
  declare cash: number;
}

@ObjectType({ description: 'Money in and out within one hour.' })
export class HourTakings extends Takings {
  @Field(() => Int, { description: 'The hour by the clock on the wall, 0 to 23.' })
  declare hour: number;
}

@ObjectType({ description: 'Money that was given back.' })
export class DayRefund {
  @Field(() => UUID, { description: 'Id of the refund.' })
  declare id: string;

  @Field(() => UUID, { description: 'Its payment.' })
  declare paymentId: string;

  @Field(() => PaymentMethod, { description: 'How the payment was made.' })
  declare method: string;

  @Field(() => SafeInt, { description: 'How much, in minor units.' })
  declare amount: number;

  @Field(() => String, { description: 'Why.' })
  declare reason: string;

  @Field(() => Boolean, { description: "Given back by hand: as cash, or in the provider's own portal." })
  declare manual: boolean;

  @Field(() => String, { nullable: true, description: 'Who did it.' })
  declare by: string | null;

  @Field(() => DateTime, { description: 'When it was given back.' })
  declare finishedAt: Date;
}

@ObjectType({ description: 'Payments that wait for a decision for one reason.' })
export class OpenReason {
  @Field(() => PaymentReason, { description: 'The reason.' })
  declare reason: string;

  @Field(() => SafeInt, { description: 'How many; one with two reasons counts for both.' })
  declare count: number;

  @Field(() => SafeInt, { description: 'Their amounts, in minor units.' })
  declare amount: number;
}

@ObjectType({ description: "The day's payments that still wait for a person's decision." })
export class OpenItems {
  @Field(() => SafeInt, { description: 'How many.' })
  declare count: number;

  @Field(() => SafeInt, { description: 'Their amounts, in minor units.' })
  declare amount: number;

  @Field(() => [OpenReason], { description: 'The same by reason.' })
  declare reasons: OpenReason[];
}

@ObjectType({ description: 'Sessions that were opened that day, as they are now.' })
export class DaySessions {
  @Field(() => SafeInt, { description: 'How many.' })
  declare opened: number;

  @Field(() => SafeInt, { description: 'How many of them were paid, or have a bill with nothing due.' })
  declare paid: number;

  @Field(() => SafeInt, {
    description: 'How many ended with something due for what the kitchen got, and were not written off.',
  })
  declare unpaid: number;

  @Field(() => SafeInt, { description: 'What is due there, in minor units.' })
  declare unpaidDue: number;

  @Field(() => SafeInt, { description: 'How many sessions, of whatever day, were written off that day.' })
  declare writtenOff: number;

  @Field(() => SafeInt, { description: 'What was due there, in minor units.' })
  declare writtenOffAmount: number;
}

@ObjectType({ description: 'A visit of the day that ended with something due for what the kitchen got.' })
export class UnpaidSession {
  @Field(() => UUID, { description: 'Id of the session.' })
  declare id: string;

  @Field(() => UUID, { description: 'The table where the guests sat last.' })
  declare tableId: string;

  @Field(() => DateTime, { description: 'When it was opened.' })
  declare openedAt: Date;

  @Field(() => DateTime, { description: 'When it ended.' })
  declare endedAt: Date;

  @Field(() => SafeInt, { description: 'What the table owes altogether, in minor units.' })
  declare total: number;

  @Field(() => SafeInt, { description: 'What has been paid.' })
  declare paid: number;

  @Field(() => SafeInt, { description: 'total - paid.' })
  declare due: number;
}

@ObjectType({ description: 'What a cashier gave up of a visit that had ended.' })
export class DayWriteOff {
  @Field(() => UUID, { description: 'The session.' })
  declare sessionId: string;

  @Field(() => SafeInt, { description: 'What was due, in minor units.' })
  declare amount: number;

  @Field(() => String, { description: 'Why.' })
  declare reason: string;

  @Field(() => String, { nullable: true, description: 'Who did it.' })
  declare by: string | null;

  @Field(() => DateTime, { description: 'When.' })
  declare createdAt: Date;
}

@ObjectType({ description: 'What a location took in and gave back on one of its local days.' })
export class DayReport {
  @Field(() => UUID, { description: 'The location.' })
  declare locationId: string;

  @Field(() => String, { description: 'The day, as 2026-01-31.' })
  declare date: string;

  @Field(() => String, { description: "IANA name of the location's time zone." })
  declare timezone: string;

  @Field(() => DateTime, { description: 'When the day begins.' })
  declare from: Date;

  @Field(() => DateTime, { description: 'When the next day begins.' })
  declare to: Date;

  @Field(() => String, { description: 'ISO 4217 code of all amounts.' })
  declare currency: string;

  @Field(() => Takings, { description: 'All of it.' })
  declare total: Takings;

  @Field(() => [MethodTakings], { description: 'By method; those without any are left out.' })
  declare methods: MethodTakings[];

  @Field(() => [CashierTakings], { description: 'By person, for what went by hand and for all refunds.' })
  declare cashiers: CashierTakings[];

  @Field(() => [HourTakings], { description: 'By hour; those without any are left out.' })
  declare hours: HourTakings[];

  @Field(() => [DayRefund], { description: 'What was given back that day, in that order.' })
  declare refunds: DayRefund[];

  @Field(() => OpenItems, {
    description: 'What still waits for a decision; to keys of all locations, money of no location as well.',
  })
  declare open: OpenItems;

  @Field(() => DaySessions, { description: 'The visits of the day.' })
  declare sessions: DaySessions;

  @Field(() => [UnpaidSession], { description: 'Visits of the day that ended unpaid; the first 500.' })
  declare unpaid: UnpaidSession[];

  @Field(() => [DayWriteOff], { description: 'What was written off that day, in that order.' })
  declare writeOffs: DayWriteOff[];
}
