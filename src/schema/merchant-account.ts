import { Field, ObjectType } from 'type-graphql';
import { PageInfo } from './page-info.js';
import { DateTime, JSONObject, UUID } from './scalars.js';

@ObjectType({ description: 'An account with a payment provider. Its secrets go in and never come out.' })
export class MerchantAccount {
  @Field(() => UUID, { description: 'Id of the account.' })
  declare id: string;

  @Field(() => String, { description: 'Name of the provider: `momo`, `vnpay`, `zalopay` or `vietqr`.' })
  declare provider: string;

  @Field(() => String, { description: 'What it is called here.' })
  declare name: string;

  @Field(() => UUID, { nullable: true, description: 'The only location it serves; null: all of the tenant.' })
  declare locationId: string | null;

  @Field(() => JSONObject, { description: 'What the provider needs besides the secrets; its fields depend on it.' })
  declare settings: Readonly<Record<string, unknown>>;

  @Field(() => [String], {
    nullable: true,
    description: 'Names of the secrets that are set; null when the server cannot open them and needs them anew.',
  })
  declare secretNames: string[] | null;

  @Field(() => DateTime, { nullable: true, description: 'When its secrets were set; null when they do not open.' })
  declare rotatedAt: Date | null;

  @Field(() => DateTime, { nullable: true, description: 'Until when the secrets before these still verify notices.' })
  declare previousUntil: Date | null;

  @Field(() => [String], { description: 'Addresses and ranges that its webhooks may come from; empty: any.' })
  declare allowedAddresses: string[];

  @Field(() => String, {
    description: "Where the provider has to send its notices: enter it in the provider's portal.",
  })
  declare webhookUrl: string;

  @Field(() => Boolean, { description: 'Takes no new payments; notices for earlier ones are still taken.' })
  declare disabled: boolean;

  @Field(() => DateTime, { description: 'When it was made.' })
  declare createdAt: Date;

  @Field(() => DateTime, { description: 'When it was last changed.' })
  declare updatedAt: Date;
}

@ObjectType({ description: 'An account after something was done to it.' })
export class MerchantAccountPayload {
  @Field(() => MerchantAccount, { description: 'The account as it now is.' })
  declare merchantAccount: MerchantAccount;
}

@ObjectType({ description: 'An account in a list.' })
export class MerchantAccountEdge {
  @Field(() => String, { description: 'Pass it as `after` to continue behind this account.' })
  declare cursor: string;

  @Field(() => MerchantAccount, { description: 'The account.' })
  declare node: MerchantAccount;
}

@ObjectType({ description: 'A page of accounts, in the order they were made.' })
export class MerchantAccountConnection {
  @Field(() => [MerchantAccountEdge], { description: 'The accounts of this page.' })
  declare edges: MerchantAccountEdge[];

  @Field(() => [MerchantAccount], { description: 'The accounts without their cursors.' })
  declare nodes: MerchantAccount[];

  @Field(() => PageInfo, { description: 'Whether there is more.' })
  declare pageInfo: PageInfo;

  @Field(() => String, { nullable: true, description: 'The cursor of the next page; null on the last one.' })
  declare nextCursor: string | null;
}
