import { Field, Int, ObjectType } from 'type-graphql';
import {
  ActorType,
  AdjustmentKind,
  DeviceState,
  LineState,
  PaymentStatus,
  ServiceKind,
  SessionStatus,
  TicketState,
} from './enums.js';
import { DateTime, SafeInt, UUID } from './scalars.js';

@ObjectType({ description: 'Who did something.' })
export class Actor {
  @Field(() => ActorType, { description: 'The kind of actor.' })
  declare type: string;

  @Field(() => String, { description: 'Device id, key id, or the name of the job or provider.' })
  declare id: string;

  @Field(() => String, { nullable: true, description: 'What people call it; null once erased.' })
  declare name: string | null;
}

@ObjectType({ description: 'A chosen option, with the price it had when it was ordered.' })
export class LineOption {
  @Field(() => UUID, { description: 'Id of the option on the menu.' })
  declare optionId: string;

  @Field(() => String, { description: 'Name when it was ordered.' })
  declare name: string;

  @Field(() => SafeInt, { description: 'Price on top of the item, per portion, in minor units.' })
  declare price: number;
}

@ObjectType({ description: 'One added item with its options and note.' })
export class Line {
  @Field(() => UUID, { description: 'Id of the line, given by the server.' })
  declare lineId: string;

  @Field(() => UUID, { description: 'The item on the menu.' })
  declare menuItemId: string;

  @Field(() => String, { description: 'Name when it was ordered.' })
  declare name: string;

  @Field(() => Int, { description: 'Portions, 1 to 99.' })
  declare quantity: number;

  @Field(() => SafeInt, { description: 'Price per portion without options, in minor units.' })
  declare unitPrice: number;

  @Field(() => [LineOption], { description: 'Chosen options in the order of the menu.' })
  declare options: LineOption[];

  @Field(() => String, { nullable: true, description: 'What the guest asked of the kitchen.' })
  declare note: string | null;

  @Field(() => SafeInt, { description: 'Quantity x (unit price + option prices), in minor units; 0 when cancelled.' })
  declare lineTotal: number;

  @Field(() => LineState, { description: 'Where the line is on its way to the table.' })
  declare state: string;

  @Field(() => Int, { nullable: true, description: 'The round it was sent in; null while it is a draft.' })
  declare round: number | null;

  @Field(() => Actor, { description: 'Who added it, or for whom staff did.' })
  declare addedBy: Actor;
}

@ObjectType({ description: 'Lines that went to the kitchen together, as one ticket.' })
export class Round {
  @Field(() => Int, { description: 'Number of the round in its session: 1, 2, 3.' })
  declare round: number;

  @Field(() => String, { description: "Name of the kitchen's ticket: session and round." })
  declare ticketId: string;

  @Field(() => TicketState, { description: 'How far it has come.' })
  declare state: string;

  @Field(() => DateTime, { description: 'When it was sent.' })
  declare sentAt: Date;

  @Field(() => DateTime, {
    nullable: true,
    description: 'When the kitchen could begin; null while it waits for payment.',
  })
  declare releasedAt: Date | null;

  @Field(() => DateTime, { nullable: true, description: 'When the kitchen said that it has it.' })
  declare acknowledgedAt: Date | null;

  @Field(() => Boolean, {
    description: 'True once nobody in the kitchen has acknowledged it for a minute, until somebody does.',
  })
  declare overdue: boolean;
}

@ObjectType({ description: 'Guests asked for somebody, and wait.' })
export class ServiceCall {
  @Field(() => UUID, { description: 'Names the call.' })
  declare callId: string;

  @Field(() => ServiceKind, { description: 'What they want.' })
  declare kind: string;

  @Field(() => String, { nullable: true, description: 'In their own words.' })
  declare note: string | null;

  @Field(() => Actor, { description: 'Who asked.' })
  declare requestedBy: Actor;

  @Field(() => DateTime, { description: 'Since when they wait.' })
  declare requestedAt: Date;

  @Field(() => Actor, { nullable: true, description: 'Who is on the way.' })
  declare takenBy: Actor | null;
}

@ObjectType({ description: 'One phone of the session.' })
export class Device {
  @Field(() => UUID, { description: 'Id of the device.' })
  declare deviceId: string;

  @Field(() => String, { nullable: true, description: 'The name its owner gave.' })
  declare name: string | null;

  @Field(() => DeviceState, { description: 'Whether it may order.' })
  declare state: string;
}

@ObjectType({ description: 'A discount or surcharge by the cashier.' })
export class Adjustment {
  @Field(() => UUID, { description: 'Id of the adjustment.' })
  declare adjustmentId: string;

  @Field(() => AdjustmentKind, { description: 'Taken off or added.' })
  declare kind: string;

  @Field(() => SafeInt, { nullable: true, description: 'A fixed amount in minor units, if it is one.' })
  declare amount: number | null;

  @Field(() => Int, { nullable: true, description: 'Basis points of the subtotal, if it is relative.' })
  declare basisPoints: number | null;

  @Field(() => String, { description: 'Why.' })
  declare reason: string;
}

@ObjectType({ description: 'The part of the bill that a pending payment holds.' })
export class Claim {
  @Field(() => UUID, { description: 'The pending payment.' })
  declare paymentId: string;

  @Field(() => UUID, { nullable: true, description: 'The phone that is paying.' })
  declare deviceId: string | null;

  @Field(() => SafeInt, { description: 'What it holds, in minor units.' })
  declare amount: number;

  @Field(() => DateTime, { description: 'When it lets go.' })
  declare expiresAt: Date;
}

@ObjectType({ description: 'What has come onto the bill since it was last paid for.' })
export class AddedSincePayment {
  @Field(() => SafeInt, { description: 'The seq whose bill the latest payment was made for.' })
  declare billSeq: number;

  @Field(() => Int, { description: 'How many lines.' })
  declare lines: number;

  @Field(() => SafeInt, { description: 'What the bill comes to now, less what it came to then; in minor units.' })
  declare amount: number;
}

@ObjectType({ description: "The fold of a session's events up to lastEventSeq: the whole shared bill." })
export class Snapshot {
  @Field(() => UUID, { description: 'The session.' })
  declare sessionId: string;

  @Field(() => UUID, { description: 'The tenant.' })
  declare tenantId: string;

  @Field(() => UUID, { description: 'The location.' })
  declare locationId: string;

  @Field(() => UUID, { description: 'The table where the guests sit now.' })
  declare tableId: string;

  @Field(() => SessionStatus, { description: 'An open session past its expiry reads as EXPIRED at once.' })
  declare status: string;

  @Field(() => String, { description: 'ISO 4217 code of all amounts.' })
  declare currency: string;

  @Field(() => [Line], { description: 'Lines in the order they were added.' })
  declare items: Line[];

  @Field(() => [Round], { description: 'What went to the kitchen, in order.' })
  declare rounds: Round[];

  @Field(() => [ServiceCall], { description: 'Service calls that nobody has dealt with yet.' })
  declare serviceCalls: ServiceCall[];

  @Field(() => [Device], { description: 'Phones in the order they joined.' })
  declare devices: Device[];

  @Field(() => SafeInt, { description: 'Sum of the line totals, in minor units like all amounts here.' })
  declare subtotal: number;

  @Field(() => SafeInt, { description: 'Taken off; never more than the subtotal.' })
  declare discount: number;

  @Field(() => SafeInt, { description: 'Added by the cashier.' })
  declare surcharge: number;

  @Field(() => SafeInt, { description: 'Service charge on subtotal - discount + surcharge.' })
  declare serviceCharge: number;

  @Field(() => SafeInt, { description: 'Tax; part of the prices when taxInclusive, else added.' })
  declare tax: number;

  @Field(() => Boolean, { description: 'Whether the prices include the tax.' })
  declare taxInclusive: boolean;

  @Field(() => [Adjustment], { description: 'Discounts and surcharges that stand.' })
  declare adjustments: Adjustment[];

  @Field(() => SafeInt, { description: 'What the table owes altogether.' })
  declare total: number;

  @Field(() => SafeInt, { description: 'What has been paid.' })
  declare paid: number;

  @Field(() => SafeInt, { description: 'total - paid; negative means overpaid.' })
  declare due: number;

  @Field(() => PaymentStatus, { description: 'How much of the total is paid.' })
  declare paymentStatus: string;

  @Field(() => SafeInt, {
    nullable: true,
    description: 'What was due when a cashier gave it up; null unless one has.',
  })
  declare writtenOff: number | null;

  @Field(() => [Claim], { description: 'Parts of the bill that pending payments hold.' })
  declare claims: Claim[];

  @Field(() => AddedSincePayment, {
    nullable: true,
    description: 'What was added since the last payment; null unless something is due although somebody has paid.',
  })
  declare addedSincePayment: AddedSincePayment | null;

  @Field(() => SafeInt, { description: 'The last event folded in.' })
  declare lastEventSeq: number;

  @Field(() => DateTime, { description: 'When the session expires unless it is extended.' })
  declare expiresAt: Date;

  @Field(() => String, { description: 'Names this content: the ETag of the REST answer.' })
  declare etag: string;
}
