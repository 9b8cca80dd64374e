import { Field, InputType, Int } from 'type-graphql';
import { UUID } from './scalars.js';

@InputType({ description: "Opens a table's session, or joins the one that is open there." })
export class CreateSessionInput {
  @Field(() => UUID, { description: 'The location.' })
  declare locationId: string;

  @Field(() => UUID, { nullable: true, description: 'The table; may be left out with a table token.' })
  declare tableId: string | null;

  @Field(() => String, { nullable: true, description: "The token of the table's printed code." })
  declare tableToken: string | null;

  @Field(() => Int, { nullable: true, description: 'Staff only: seconds until it expires, 1 to 86400.' })
  declare ttlSeconds: number | null;

  @Field(() => String, {
    nullable: true,
    description: "The phone's owner, as the others shall see; at most 60 characters.",
  })
  declare deviceName: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'An earlier token of this phone, which then comes back as itself.',
  })
  declare deviceToken: string | null;

  @Field(() => UUID, {
    nullable: true,
    description: 'A repeat within 24 hours gives the same session and the same device.',
  })
  declare idempotencyKey: string | null;
}

@InputType({ description: 'Lets one more phone into a session.' })
export class JoinSessionInput {
  @Field(() => UUID, { description: 'The session.' })
  declare sessionId: string;

  @Field(() => String, { nullable: true, description: "The session's join token, from its QR code; staff need none." })
  declare joinToken: string | null;

  @Field(() => String, {
    nullable: true,
    description: "The phone's owner, as the others shall see; at most 60 characters.",
  })
  declare deviceName: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'An earlier token of this phone, which then comes back as itself.',
  })
  declare deviceToken: string | null;
}

@InputType({ description: 'One phone of a session.' })
export class DeviceInput {
  @Field(() => UUID, { description: 'The session.' })
  declare sessionId: string;

  @Field(() => UUID, { description: 'The device.' })
  declare deviceId: string;
}

@InputType({ description: 'Ends a visit.' })
export class CloseSessionInput {
  @Field(() => UUID, { description: 'The session.' })
  declare sessionId: string;

  @Field(() => String, { nullable: true, description: 'Why; required while something is due. At most 200 characters.' })
  declare reason: string | null;
}

@InputType({ description: 'Gives up what is due on a visit that has ended.' })
export class WriteOffSessionInput {
  @Field(() => UUID, { description: 'The session.' })
  declare sessionId: string;

  @Field(() => String, { description: 'Why; 1 to 200 characters.' })
  declare reason: string;
}

@InputType({ description: "Moves a session's expiry." })
export class ExtendSessionInput {
  @Field(() => UUID, { description: 'The session.' })
  declare sessionId: string;

  @Field(() => Int, { description: 'Seconds from now, 1 to 86400; the expiry never moves back.' })
  declare ttlSeconds: number;
}

@InputType({ description: 'Moves a visit to another table.' })
export class MoveSessionInput {
  @Field(() => UUID, { description: 'The session.' })
  declare sessionId: string;

  @Field(() => UUID, { description: 'A free table of the same location.' })
  declare tableId: string;
}

@InputType({ description: 'A ticket for following a session where no header can be sent.' })
export class CreateStreamTicketInput {
  @Field(() => UUID, { description: 'The session.' })
  declare sessionId: string;
}
