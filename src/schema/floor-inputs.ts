import { Field, InputType } from 'type-graphql';

@InputType({ description: 'The kitchen has a ticket.' })
export class AcknowledgeTicketInput {
  @Field(() => String, { description: 'Its name: session and round.' })
  declare ticketId: string;
}
