import { ArgsType, Field, InputType, Int } from 'type-graphql';
import { JSONObject, UUID } from './scalars.js';

const ranges = 'Addresses and ranges (CIDR) that its webhooks may come from, at most 100; empty: any.';

@InputType({ description: 'Makes an account with a payment provider.' })
export class CreateMerchantAccountInput {
  @Field(() => String, { description: 'Name of the provider: `momo`, `vnpay`, `zalopay` or `vietqr`.' })
  declare provider: string;

  @Field(() => String, { description: 'What to call it, 1 to 100 characters.' })
  declare name: string;

  @Field(() => UUID, {
    nullable: true,
    description: 'The only location to serve; left out: all of the tenant, or the one that the key is bound to.',
  })
  declare locationId: string | null;

  @Field(() => JSONObject, {
    description:
      'By provider: momo `partner_code`; vnpay `tmn_code`; zalopay `app_id`; vietqr `bank_bin`, `account_number`, and the like.',
  })
  declare settings: object;

  @Field(() => JSONObject, {
    description:
      'By provider: momo `access_key`, `secret_key`; vnpay `hash_secret`; zalopay `key1`, `key2`; vietqr `sepay_secret`.',
  })
  declare secrets: object;

  @Field(() => [String], { nullable: true, description: ranges })
  declare allowedAddresses: string[] | null;
}

@InputType({ description: 'Changes an account. What is left out stays as it is.' })
export class UpdateMerchantAccountInput {
  @Field(() => UUID, { description: 'The account.' })
  declare accountId: string;

  @Field(() => String, { nullable: true, description: 'What to call it, 1 to 100 characters.' })
  declare name: string | null;

  @Field(() => JSONObject, { nullable: true, description: 'All settings: they take the place of those before.' })
  declare settings: object | null;

  @Field(() => [String], { nullable: true, description: ranges })
  declare allowedAddresses: string[] | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'True takes it out of use for new payments; false takes it back.',
  })
  declare disabled: boolean | null;
}

@InputType({ description: 'Takes new secrets into use.' })
export class RotateMerchantSecretsInput {
  @Field(() => UUID, { description: 'The account.' })
  declare accountId: string;

  @Field(() => JSONObject, { description: 'All secrets of the account, under the names it was made with.' })
  declare secrets: object;

  @Field(() => Int, {
    defaultValue: 86_400,
    description: 'How long the secrets before still verify notices, 0 to 2592000 seconds; 0 when they have leaked.',
  })
  declare keepPreviousSeconds: number;
}

@InputType({ description: 'Takes an account out of use.' })
export class DisableMerchantAccountInput {
  @Field(() => UUID, { description: 'The account.' })
  declare accountId: string;
}

@ArgsType()
export class MerchantAccountsArgs {
  @Field(() => Int, { defaultValue: 50, description: 'Page size, 1 to 500.' })
  declare first: number;

  @Field(() => String, { nullable: true, description: 'A cursor: continue behind it.' })
  declare after: string | null;
}
