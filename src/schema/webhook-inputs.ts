import { ArgsType, Field, InputType, Int, ObjectType } from 'type-graphql';
import { UUID } from './scalars.js';

@ArgsType()
export class WebhookSamplesArgs {
  @Field(() => UUID, { description: 'The tenant.' })
  declare tenantId: string;

  @Field(() => String, { nullable: true, description: 'Only those of this provider.' })
  declare provider: string | null;

  @Field(() => Int, { defaultValue: 50, description: 'Page size, 1 to 100.' })
  declare first: number;

  @Field(() => String, { nullable: true, description: 'A cursor: continue behind it.' })
  declare after: string | null;
}

@ArgsType()
export class WebhooksArgs extends WebhookSamplesArgs {
  @Field(() => String, { nullable: true, description: 'Only those with this verdict.' })
  declare verdict: string | null;
}

@InputType({ description: 'A notice to go through once more.' })
export class ReplayWebhookInput {
  @Field(() => UUID, { description: 'The tenant.' })
  declare tenantId: string;

  @Field(() => UUID, { description: 'The notice.' })
  declare webhookId: string;
}

@ObjectType({ description: 'An answer in the words of a provider.' })
export class ProviderAnswer {
  @Field(() => Int, { description: 'HTTP status.' })
  declare status: number;

  @Field(() => String, { description: 'The body, byte for byte; may be empty.' })
  declare body: string;
}

@ObjectType({ description: 'A notice after it was gone through once more.' })
export class ReplayWebhookPayload {
  @Field(() => UUID, { description: 'Id of the notice.' })
  declare webhookId: string;

  @Field(() => String, { description: 'What came of it this time; the notice keeps a verdict that said more.' })
  declare verdict: string;

  @Field(() => UUID, { nullable: true, description: 'The payment that it settled, ended or became.' })
  declare paymentId: string | null;

  @Field(() => ProviderAnswer, { description: 'What the provider would have got.' })
  declare answer: ProviderAnswer;
}
