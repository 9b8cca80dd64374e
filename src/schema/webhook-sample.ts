import { Field, ObjectType } from 'type-graphql';
import { PageInfo } from './page-info.js';
import { DateTime, UUID } from './scalars.js';

@ObjectType({ description: 'The beginning of a call that could not be verified, and so changed nothing.' })
export class WebhookSample {
  @Field(() => UUID, { description: 'Id of the sample.' })
  declare id: string;

  @Field(() => String, { description: 'Name of the provider whose way it came.' })
  declare provider: string;

  @Field(() => String, { description: 'The merchant account: `default`, or its id.' })
  declare account: string;

  @Field(() => String, { description: 'Why it was refused.' })
  declare reason: string;

  @Field(() => String, { description: 'The address that it came from.' })
  declare address: string;

  @Field(() => String, {
    description: 'Method, query, headers without credentials, and the beginning of the body, as text: 8 KB at most.',
  })
  declare sample: string;

  @Field(() => DateTime, { description: 'When it came.' })
  declare receivedAt: Date;
}

@ObjectType({ description: 'A sample and its cursor.' })
export class WebhookSampleEdge {
  @Field(() => String, { description: 'Pass it as `after` to continue behind this sample.' })
  declare cursor: string;

  @Field(() => WebhookSample, { description: 'The sample.' })
  declare node: WebhookSample;
}

@ObjectType({ description: 'A page of samples, the newest first.' })
export class WebhookSampleConnection {
  @Field(() => [WebhookSampleEdge], { description: 'The samples of this page with their cursors.' })
  declare edges: WebhookSampleEdge[];

  @Field(() => [WebhookSample], { description: 'The samples of this page.' })
  declare nodes: WebhookSample[];

  @Field(() => PageInfo, { description: 'Whether there is more.' })
  declare pageInfo: PageInfo;

  @Field(() => String, { nullable: true, description: 'Where the next page starts; null on the last one.' })
  declare nextCursor: string | null;
}
