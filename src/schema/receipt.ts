import { Field, ObjectType } from 'type-graphql';
import { PaymentMethod } from './enums.js';
import { DateTime, SafeInt } from './scalars.js';
import { Snapshot } from './snapshot.js';

@ObjectType({ description: 'Money on a receipt; who paid is not told.' })
export class ReceiptPayment {
  @Field(() => PaymentMethod, { description: 'How it was paid.' })
  declare method: string;

  @Field(() => SafeInt, { description: 'How much, in minor units.' })
  declare amount: number;

  @Field(() => SafeInt, { description: 'What of it was given back.' })
  declare refunded: number;

  @Field(() => String, { nullable: true, description: 'The last signs of its reference; null for cash.' })
  declare referenceEnd: string | null;
}

@ObjectType({ description: 'What guests take home: the bill with its place and time.' })
export class Receipt {
  @Field(() => String, { description: "The restaurant's name." })
  declare restaurant: string;

  @Field(() => String, { nullable: true, description: 'The table where the guests sat last.' })
  declare table: string | null;

  @Field(() => String, { description: "IANA name of the restaurant's time zone." })
  declare timezone: string;

  @Field(() => DateTime, { description: 'When the visit began.' })
  declare openedAt: Date;

  @Field(() => DateTime, { nullable: true, description: 'When it ended; null while it goes on.' })
  declare endedAt: Date | null;

  @Field(() => Snapshot, { description: 'The bill as it is now.' })
  declare snapshot: Snapshot;

  @Field(() => [ReceiptPayment], { description: 'Payments whose money is there.' })
  declare payments: ReceiptPayment[];
}
