import { ArgsType, Field, InputType, Int, ObjectType } from 'type-graphql';
import { PageInfo } from './page-info.js';
import { DateTime, UUID } from './scalars.js';

@ObjectType({ description: 'A restaurant business: its locations, keys and bills are visible to nobody else.' })
export class Tenant {
  @Field(() => UUID, { description: 'Id of the tenant.' })
  declare id: string;

  @Field(() => String, { description: 'Name.' })
  declare name: string;

  @Field(() => DateTime, { description: 'When it was taken in.' })
  declare createdAt: Date;
}

@ObjectType({ description: 'A tenant after something was done to it.' })
export class TenantPayload {
  @Field(() => Tenant, { description: 'The tenant as it now is.' })
  declare tenant: Tenant;
}

@ObjectType({ description: 'A tenant in a list.' })
export class TenantEdge {
  @Field(() => String, { description: 'Pass it as `after` to continue behind this tenant.' })
  declare cursor: string;

  @Field(() => Tenant, { description: 'The tenant.' })
  declare node: Tenant;
}

@ObjectType({ description: 'A page of tenants, in the order they were made.' })
export class TenantConnection {
  @Field(() => [TenantEdge], { description: 'The tenants of this page.' })
  declare edges: TenantEdge[];

  @Field(() => [Tenant], { description: 'The tenants without their cursors.' })
  declare nodes: Tenant[];

  @Field(() => PageInfo, { description: 'Whether there is more.' })
  declare pageInfo: PageInfo;

  @Field(() => String, { nullable: true, description: 'The cursor of the next page; null on the last one.' })
  declare nextCursor: string | null;
}

@InputType({ description: 'Takes a restaurant business in.' })
export class CreateTenantInput {
  @Field(() => String, { description: 'Name, 1 to 100 characters.' })
  declare name: string;
}

@InputType({ description: 'Changes a tenant. What is left out stays as it is.' })
export class UpdateTenantInput {
  @Field(() => UUID, { description: 'The tenant.' })
  declare tenantId: string;

  @Field(() => String, { nullable: true, description: 'Name, 1 to 100 characters.' })
  declare name: string | null;
}

@ArgsType()
export class TenantsArgs {
  @Field(() => Int, { defaultValue: 50, description: 'Page size, 1 to 500.' })
  declare first: number;

  @Field(() => String, { nullable: true, description: 'A cursor: continue behind it.' })
  declare after: string | null;
}
