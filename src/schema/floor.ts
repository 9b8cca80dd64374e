import { Field, Int, ObjectType } from 'type-graphql';
import { FloorState, TicketState } from './enums.js';
import { DateTime, SafeInt, UUID } from './scalars.js';
import { Line, ServiceCall } from './snapshot.js';
import { Session } from './session.js';

@ObjectType({ description: 'One table as the staff see it from the door.' })
export class FloorTable {
  @Field(() => UUID, { description: 'The table.' })
  declare tableId: string;

  @Field(() => String, { description: 'What staff call it.' })
  declare tableName: string;

  @Field(() => FloorState, { description: 'What goes on there.' })
  declare state: string;

  @Field(() => Session, { nullable: true, description: 'The visit; null while the table is free.' })
  declare session: Session | null;

  @Field(() => SafeInt, { description: 'What the table owes altogether, in minor units; 0 while it is free.' })
  declare total: number;

  @Field(() => SafeInt, { description: 'total - paid, in minor units.' })
  declare due: number;

  @Field(() => Int, { nullable: true, description: 'Whole minutes since the visit began.' })
  declare minutesOpen: number | null;

  @Field(() => Int, { description: 'Phones that wait to be let in.' })
  declare waitingDevices: number;

  @Field(() => Int, { description: 'Tickets that the kitchen has left without acknowledgement for a minute: red.' })
  declare overdueTickets: number;

  @Field(() => [ServiceCall], { description: 'What the guests wait for.' })
  declare serviceCalls: ServiceCall[];
}

@ObjectType({ description: 'A location as it is now. `locationActivity` tells when to look again.' })
export class Floor {
  @Field(() => UUID, { description: 'The location.' })
  declare locationId: string;

  @Field(() => [FloorTable], { description: 'Every table, by name.' })
  declare tables: FloorTable[];

  @Field(() => [Session], {
    description:
      'Visits of the last two days that ended with something due, oldest first, until somebody takes the money or gives it up.',
  })
  declare unpaidSessions: Session[];

  @Field(() => Int, { description: 'Tickets of the whole location that are red.' })
  declare overdueTickets: number;
}

@ObjectType({ description: 'One round as the kitchen sees it.' })
export class Ticket {
  @Field(() => String, { description: 'Its name: session and round.' })
  declare ticketId: string;

  @Field(() => UUID, { description: 'The session.' })
  declare sessionId: string;

  @Field(() => Int, { description: 'Number of the round in its session.' })
  declare round: number;

  @Field(() => UUID, { description: 'Where the guests sit now.' })
  declare tableId: string;

  @Field(() => String, { description: 'What staff call that table.' })
  declare tableName: string;

  @Field(() => TicketState, { description: 'How far it has come.' })
  declare state: string;

  @Field(() => DateTime, { description: 'When it was sent.' })
  declare sentAt: Date;

  @Field(() => DateTime, { nullable: true, description: 'When the kitchen could begin.' })
  declare releasedAt: Date | null;

  @Field(() => DateTime, { nullable: true, description: 'When the kitchen said that it has it.' })
  declare acknowledgedAt: Date | null;

  @Field(() => Int, { description: 'Whole seconds since the kitchen could begin.' })
  declare ageSeconds: number;

  @Field(() => Boolean, { description: 'True when nobody in the kitchen has acknowledged it for a minute.' })
  declare overdue: boolean;

  @Field(() => [Line], { description: 'Its lines as they are now, cancelled ones too.' })
  declare items: Line[];
}

@ObjectType({ description: 'What lies in the kitchen.' })
export class Kitchen {
  @Field(() => UUID, { description: 'The location.' })
  declare locationId: string;

  @Field(() => [Ticket], { description: 'Oldest first; at most 500.' })
  declare tickets: Ticket[];
}

@ObjectType({ description: 'The ticket that the kitchen now has.' })
export class AcknowledgeTicketPayload {
  @Field(() => Ticket, { description: 'The ticket.' })
  declare ticket: Ticket;
}
