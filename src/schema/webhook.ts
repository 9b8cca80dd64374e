import { Field, Int, ObjectType } from 'type-graphql';
import { PageInfo } from './page-info.js';
import { DateTime, JSONObject, UUID } from './scalars.js';

@ObjectType({ description: 'A notice with a valid signature, as it came, and what came of it.' })
export class Webhook {
  @Field(() => UUID, { description: 'Id of the notice.' })
  declare id: string;

  @Field(() => String, { description: 'Name of the provider.' })
  declare provider: string;

  @Field(() => String, { description: 'The merchant account: `default`, or its id.' })
  declare account: string;

  @Field(() => String, { description: 'HTTP method.' })
  declare method: string;

  @Field(() => String, { description: 'What stood behind the question mark, undecoded.' })
  declare query: string;

  @Field(() => JSONObject, { description: 'Its headers, without credentials.' })
  declare headers: Readonly<Record<string, string>>;

  @Field(() => String, { description: 'The beginning of its body, as text.' })
  declare body: string;

  @Field(() => Int, { description: 'Length of the whole body, in bytes.' })
  declare bodyBytes: number;

  @Field(() => String, {
    description: 'What came of it; `error` and `unknown_order` give way when it comes, or is replayed, once more.',
  })
  declare verdict: string;

  @Field(() => String, { nullable: true, description: "The provider's words in short." })
  declare detail: string | null;

  @Field(() => UUID, { nullable: true, description: 'The payment that it settled, ended or became.' })
  declare paymentId: string | null;

  @Field(() => Int, { description: 'How often it came.' })
  declare deliveries: number;

  @Field(() => DateTime, { description: 'When it came first.' })
  declare receivedAt: Date;

  @Field(() => DateTime, { description: 'When it came last.' })
  declare lastReceivedAt: Date;
}

@ObjectType({ description: 'A notice and its cursor.' })
export class WebhookEdge {
  @Field(() => String, { description: 'Pass it as `after` to continue behind this notice.' })
  declare cursor: string;

  @Field(() => Webhook, { description: 'The notice.' })
  declare node: Webhook;
}

@ObjectType({ description: 'A page of notices, the newest first.' })
export class WebhookConnection {
  @Field(() => [WebhookEdge], { description: 'The notices of this page with their cursors.' })
  declare edges: WebhookEdge[];

  @Field(() => [Webhook], { description: 'The notices of this page.' })
  declare nodes: Webhook[];

  @Field(() => PageInfo, { description: 'Whether there is more.' })
  declare pageInfo: PageInfo;

  @Field(() => String, { nullable: true, description: 'Where the next page starts; null on the last one.' })
  declare nextCursor: string | null;
}
