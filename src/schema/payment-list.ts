import { ArgsType, Field, InputType, Int, ObjectType } from 'type-graphql';
import { PaymentMethod, PaymentReason, PaymentState, Resolution } from './enums.js';
import { PageInfo } from './page-info.js';
import { Payment } from './payment.js';
import { SafeInt, UUID } from './scalars.js';

@InputType({ description: 'Which payments; every condition that is given has to hold.' })
export class PaymentFilter {
  @Field(() => UUID, { nullable: true, description: 'Only those of this location.' })
  declare locationId: string | null;

  @Field(() => UUID, { nullable: true, description: 'Only those of this session.' })
  declare sessionId: string | null;

  @Field(() => PaymentState, { nullable: true, description: 'Only those in this state.' })
  declare status: string | null;

  @Field(() => PaymentMethod, { nullable: true, description: 'Only those made so.' })
  declare method: string | null;

  @Field(() => PaymentReason, { nullable: true, description: 'Only those that wait for a decision for this reason.' })
  declare reason: string | null;

  @Field(() => Boolean, { nullable: true, description: 'True: only those that wait for a decision.' })
  declare unresolved: boolean | null;

  @Field(() => Resolution, {
    nullable: true,
    description:
      'Only those decided so; ADOPTED ones, whose money stands in another payment, are listed in no other way.',
  })
  declare resolution: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      "Whose money came, or which began where none has come, from this time on, or this day: the location's own.",
  })
  declare from: string | null;

  @Field(() => String, { nullable: true, description: 'And before this time, or up to this day and with it.' })
  declare to: string | null;
}

@ArgsType()
export class PaymentsArgs {
  @Field(() => PaymentFilter, { nullable: true, description: 'Which payments; all if left out.' })
  declare filter: PaymentFilter | null;

  @Field(() => Int, { defaultValue: 50, description: 'Page size, 1 to 500.' })
  declare first: number;

  @Field(() => String, { nullable: true, description: 'A cursor: continue behind it.' })
  declare after: string | null;
}

@ObjectType({ description: 'Figures of some payments, in minor units of one currency.' })
class PaymentSums {
  @Field(() => SafeInt, { description: 'How many payments.' })
  declare count: number;

  @Field(() => SafeInt, { description: 'How many of them have their money, given back or not.' })
  declare settledCount: number;

  @Field(() => SafeInt, { description: 'The money of those.' })
  declare received: number;

  @Field(() => SafeInt, { description: 'What of it was given back, whenever that was.' })
  declare refunded: number;

  @Field(() => SafeInt, { description: 'received - refunded.' })
  declare net: number;

  @Field(() => SafeInt, { description: 'How many wait for a decision.' })
  declare openCount: number;

  @Field(() => SafeInt, { description: 'The amounts of those.' })
  declare openAmount: number;
}

@ObjectType({ description: 'Figures of the payments of one method.' })
export class MethodTotals extends PaymentSums {
  @Field(() => PaymentMethod, { description: 'The method.' })
  declare method: string;
}

@ObjectType({
  description: 'Figures of the payments in one currency. ADOPTED ones are left out: their money counts elsewhere.',
})
export class PaymentTotals extends PaymentSums {
  @Field(() => String, { description: 'ISO 4217 code.' })
  declare currency: string;

  @Field(() => [MethodTotals], { description: 'The same by method; methods without payments are left out.' })
  declare methods: MethodTotals[];
}

@ObjectType({ description: 'A payment in a list.' })
export class PaymentEdge {
  @Field(() => String, { description: 'Pass it as `after` to continue behind this payment.' })
  declare cursor: string;

  @Field(() => Payment, { description: 'The payment.' })
  declare node: Payment;
}

@ObjectType({ description: 'A page of payments, the newest first.' })
export class PaymentConnection {
  @Field(() => [PaymentEdge], { description: 'The payments of this page with their cursors.' })
  declare edges: PaymentEdge[];

  @Field(() => [Payment], { description: 'The payments of this page.' })
  declare nodes: Payment[];

  @Field(() => PageInfo, { description: 'Whether there is more.' })
  declare pageInfo: PageInfo;

  @Field(() => String, { nullable: true, description: 'The cursor of the next page; null on the last one.' })
  declare nextCursor: string | null;

  @Field(() => [PaymentTotals], {
    description: 'Figures of the whole search, whatever the page: one entry per currency, none without payments.',
  })
  declare totals: Promise<PaymentTotals[]>;
}
