import { Directive, Field, InputType, Int } from 'type-graphql';
import { AdjustmentKind, LineState, ServiceKind, ServiceOutcome } from './enums.js';
import { SafeInt, UUID } from './scalars.js';

@InputType({ description: 'Orders an item: a new draft line.' })
export class AddItemInput {
  @Field(() => UUID, { description: 'The item on the menu.' })
  declare menuItemId: string;

  @Field(() => Int, { description: 'Portions, 1 to 99.' })
  declare quantity: number;

  @Field(() => [UUID], { nullable: true, description: "Chosen options, within each group's min and max." })
  declare options: string[] | null;

  @Field(() => String, { nullable: true, description: 'For the kitchen; at most 200 characters.' })
  declare note: string | null;

  @Field(() => UUID, { nullable: true, description: 'Staff only: the guest for whom it is.' })
  declare forDeviceId: string | null;
}

@InputType({ description: 'Takes a line off.' })
export class RemoveItemInput {
  @Field(() => UUID, { description: 'The line.' })
  declare lineId: string;

  @Field(() => String, {
    nullable: true,
    description: 'Why; required for a line that was sent. At most 200 characters.',
  })
  declare reason: string | null;
}

@InputType({ description: 'Changes the portions of a line: give either quantity or delta.' })
export class ModifyQtyInput {
  @Field(() => UUID, { description: 'The line.' })
  declare lineId: string;

  @Field(() => Int, { nullable: true, description: 'Portions it shall have, 0 to 99; 0 takes it off.' })
  declare quantity: number | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Portions more or less, so that two phones tapping + at once both count.',
  })
  declare delta: number | null;

  @Field(() => String, {
    nullable: true,
    description: 'Why; required for a line that was sent. At most 200 characters.',
  })
  declare reason: string | null;
}

@InputType({
  description: 'Discount or surcharge, by a cashier: kind, reason and either amount or basisPoints; or withdraw.',
})
export class AdjustBillInput {
  @Field(() => AdjustmentKind, { nullable: true, description: 'Whether it takes from the bill or adds to it.' })
  declare kind: string | null;

  @Field(() => SafeInt, { nullable: true, description: 'A fixed amount in minor units.' })
  declare amount: number | null;

  @Field(() => Int, { nullable: true, description: 'Basis points of the subtotal, 1 to 10000.' })
  declare basisPoints: number | null;

  @Field(() => String, { nullable: true, description: 'Why; at most 200 characters.' })
  declare reason: string | null;

  @Field(() => UUID, { nullable: true, description: 'The adjustment to take back.' })
  declare withdraw: string | null;
}

@InputType({ description: 'Sends draft lines to the kitchen together, as one ticket.' })
export class SubmitRoundInput {
  @Field(() => [UUID], { nullable: true, description: 'Which draft lines; all of them if left out.' })
  declare lineIds: string[] | null;
}

@InputType({ description: 'Tells how far a sent line is; for staff.' })
export class SetLineStateInput {
  @Field(() => UUID, { description: 'The line.' })
  declare lineId: string;

  @Field(() => LineState, { description: 'Forward, also over several; one step back; or CANCELLED.' })
  declare state: string;

  @Field(() => String, {
    nullable: true,
    description: 'Why; required to go back or to cancel. At most 200 characters.',
  })
  declare reason: string | null;
}

@InputType({ description: 'Asks for somebody.' })
export class RequestServiceInput {
  @Field(() => ServiceKind, { description: 'What is wanted.' })
  declare kind: string;

  @Field(() => String, { nullable: true, description: 'In the own words of the guest; at most 200 characters.' })
  declare note: string | null;
}

@InputType({ description: 'Answers a service call; for staff.' })
export class ResolveServiceInput {
  @Field(() => ServiceKind, { description: 'Which call.' })
  declare kind: string;

  @Field(() => ServiceOutcome, { nullable: true, description: 'DONE if left out.' })
  declare outcome: string | null;
}

@Directive('@oneOf')
@InputType({ description: 'Exactly one kind of event.' })
export class EventInput {
  @Field(() => AddItemInput, { nullable: true, description: 'Order an item.' })
  declare addItem: AddItemInput | null;

  @Field(() => RemoveItemInput, { nullable: true, description: 'Take a line off.' })
  declare removeItem: RemoveItemInput | null;

  @Field(() => ModifyQtyInput, { nullable: true, description: "Change a line's portions." })
  declare modifyQty: ModifyQtyInput | null;

  @Field(() => SubmitRoundInput, { nullable: true, description: 'Send draft lines to the kitchen.' })
  declare submitRound: SubmitRoundInput | null;

  @Field(() => SetLineStateInput, { nullable: true, description: 'Tell how far a sent line is; for staff.' })
  declare setLineState: SetLineStateInput | null;

  @Field(() => RequestServiceInput, { nullable: true, description: 'Ask for a waiter or for the bill.' })
  declare requestService: RequestServiceInput | null;

  @Field(() => ResolveServiceInput, { nullable: true, description: 'Take a service call, or end it; for staff.' })
  declare resolveService: ResolveServiceInput | null;

  @Field(() => AdjustBillInput, { nullable: true, description: 'Give a discount or add a surcharge; for cashiers.' })
  declare adjustBill: AdjustBillInput | null;
}

@InputType({ description: 'One event of a batch.' })
export class KeyedEventInput {
  @Field(() => String, { description: 'Minted at the tap and kept over retries: 8 to 128 printable ASCII characters.' })
  declare idempotencyKey: string;

  @Field(() => EventInput, { description: 'The event.' })
  declare event: EventInput;
}

@InputType({ description: 'Appends one event to a session.' })
export class AppendEventInput extends KeyedEventInput {
  @Field(() => UUID, { description: 'The session.' })
  declare sessionId: string;

  @Field(() => SafeInt, { nullable: true, description: 'Refuse with SEQ_CONFLICT unless this is the last seq.' })
  declare expectedSeq: number | null;
}

@InputType({ description: 'Appends 1 to 50 events to a session, all or none.' })
export class AppendEventsInput {
  @Field(() => UUID, { description: 'The session.' })
  declare sessionId: string;

  @Field(() => [KeyedEventInput], { description: 'The events in order; every key once.' })
  declare events: KeyedEventInput[];

  @Field(() => SafeInt, { nullable: true, description: 'Refuse with SEQ_CONFLICT unless this is the last seq.' })
  declare expectedSeq: number | null;
}
