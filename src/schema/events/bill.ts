import { Field, Int, ObjectType } from 'type-graphql';
import { BillAdjustmentKind } from '../enums.js';
import { SafeInt, UUID } from '../scalars.js';
import { SessionEvent } from '../session-event.js';
import { type PayloadOf, payloadOf } from './payload-of.js';

@ObjectType({
  implements: SessionEvent,
  description: 'A cashier gave a discount, added a surcharge, or took one back.',
})
export class AdjustBillEvent extends SessionEvent {
  private get adjustment(): PayloadOf<'adjust_bill'> {
    return payloadOf('adjust_bill', this.stored);
  }

  @Field(() => UUID, { description: 'The adjustment.' })
  get adjustmentId(): string {
    return this.adjustment.adjustment_id;
  }

  @Field(() => BillAdjustmentKind, { description: 'WITHDRAW takes an earlier one back.' })
  get kind(): string {
    return this.adjustment.kind;
  }

  @Field(() => SafeInt, { nullable: true, description: 'A fixed amount in minor units, if it is one.' })
  get amount(): number | null {
    return this.adjustment.amount;
  }

  @Field(() => Int, { nullable: true, description: 'Basis points of the subtotal, if it is relative.' })
  get basisPoints(): number | null {
    return this.adjustment.basis_points;
  }

  @Field(() => String, { nullable: true, description: 'Why.' })
  get reason(): string | null {
    return this.adjustment.reason;
  }
}
