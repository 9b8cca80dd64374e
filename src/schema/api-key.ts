import { ArgsType, Field, InputType, Int, ObjectType } from 'type-graphql';
import type { Role as RoleWord } from '../domain/scope.js';
import { Role } from './enums.js';
import { PageInfo } from './page-info.js';
import { DateTime, UUID } from './scalars.js';

@ObjectType({ description: 'A key of a restaurant. Its secret is shown when it is made, and never again.' })
export class ApiKey {
  @Field(() => UUID, { description: 'Id of the key: not its secret.' })
  declare id: string;

  @Field(() => String, { description: 'Who or what uses it.' })
  declare name: string;

  @Field(() => Role, { description: 'What it may do.' })
  declare role: string;

  @Field(() => UUID, { nullable: true, description: 'The only location where it works; null: all of the tenant.' })
  declare locationId: string | null;

  @Field(() => Boolean, { description: 'Several people use it, so some acts need `X-Actor-Name`.' })
  declare shared: boolean;

  @Field(() => DateTime, { description: 'When it was made.' })
  declare createdAt: Date;

  @Field(() => DateTime, { nullable: true, description: 'When it was last used, to the minute; null: never.' })
  declare lastUsedAt: Date | null;

  @Field(() => DateTime, { nullable: true, description: 'From when on it proves nothing; null: until it is revoked.' })
  declare expiresAt: Date | null;

  @Field(() => DateTime, { nullable: true, description: 'When it was revoked; null: it is in use.' })
  declare revokedAt: Date | null;
}

@ObjectType({ description: 'A new key.' })
export class CreateApiKeyPayload {
  @Field(() => ApiKey, { description: 'The key.' })
  declare apiKey: ApiKey;

  @Field(() => String, { description: 'What to send as `Bearer`. Keep it now: only its hash is stored.' })
  declare secret: string;
}

@ObjectType({ description: 'A key after something was done to it.' })
export class ApiKeyPayload {
  @Field(() => ApiKey, { description: 'The key as it now is.' })
  declare apiKey: ApiKey;
}

@ObjectType({ description: 'A key in a list.' })
export class ApiKeyEdge {
  @Field(() => String, { description: 'Pass it as `after` to continue behind this key.' })
  declare cursor: string;

  @Field(() => ApiKey, { description: 'The key.' })
  declare node: ApiKey;
}

@ObjectType({ description: 'A page of keys, in the order they were made; revoked ones stay in the list.' })
export class ApiKeyConnection {
  @Field(() => [ApiKeyEdge], { description: 'The keys of this page.' })
  declare edges: ApiKeyEdge[];

  @Field(() => [ApiKey], { description: 'The keys without their cursors.' })
  declare nodes: ApiKey[];

  @Field(() => PageInfo, { description: 'Whether there is more.' })
  declare pageInfo: PageInfo;

  @Field(() => String, { nullable: true, description: 'The cursor of the next page; null on the last one.' })
  declare nextCursor: string | null;
}

@InputType({ description: 'Makes a key.' })
export class CreateApiKeyInput {
  @Field(() => UUID, {
    nullable: true,
    description: 'Whose it is: for operators, who have no restaurant of their own.',
  })
  declare tenantId: string | null;

  @Field(() => String, { description: 'Who or what will use it, 1 to 60 characters.' })
  declare name: string;

  @Field(() => Role, { description: 'What it may do.' })
  declare role: RoleWord;

  @Field(() => UUID, {
    nullable: true,
    description:
      'The only location where it works; left out: all of the tenant, or the one that your own key is bound to.',
  })
  declare locationId: string | null;

  @Field(() => Boolean, {
    defaultValue: false,
    description: 'Several people will use it, so some acts need `X-Actor-Name`.',
  })
  declare shared: boolean;

  @Field(() => DateTime, {
    nullable: true,
    description: 'From when on it proves nothing; left out: until it is revoked.',
  })
  declare expiresAt: Date | null;
}

@InputType({ description: 'Ends a key.' })
export class RevokeApiKeyInput {
  @Field(() => UUID, {
    nullable: true,
    description: 'Whose it is: for operators, who have no restaurant of their own.',
  })
  declare tenantId: string | null;

  @Field(() => UUID, { description: 'The key: its id, not its secret.' })
  declare keyId: string;
}

@ArgsType()
export class ApiKeysArgs {
  @Field(() => UUID, { nullable: true, description: 'Whose: for operators, who have no restaurant of their own.' })
  declare tenantId: string | null;

  @Field(() => Int, { defaultValue: 50, description: 'Page size, 1 to 500.' })
  declare first: number;

  @Field(() => String, { nullable: true, description: 'A cursor: continue behind it.' })
  declare after: string | null;
}
