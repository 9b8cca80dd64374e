import { Arg, Args, Ctx, Mutation, Query, Resolver } from 'type-graphql';
import { asId, type TenantId } from '../domain/ids.js';
import {
  CreateTenantInput,
  type Tenant,
  TenantConnection,
  TenantPayload,
  TenantsArgs,
  UpdateTenantInput,
} from '../schema/tenant.js';
import { createTenant } from '../services/create-tenant.js';
import { listTenants, type TenantRow } from '../services/list-tenants.js';
import { updateTenant } from '../services/update-tenant.js';
import { connectionOf, idCursor } from './connection.js';
import type { ResolverContext } from './context.js';
import { given } from './inputs.js';

@Resolver()
export class TenantResolver {
  @Query(() => TenantConnection, { description: 'All tenants. For operators.' })
  async tenants(
    @Args(() => TenantsArgs) wanted: TenantsArgs,
    @Ctx() { deps, scope }: ResolverContext,
  ): Promise<TenantConnection> {
    const after = idCursor(wanted.after);
    const { tenants, hasMore } = await listTenants(deps, scope, { first: wanted.first, after });
    return connectionOf(tenants.map(present), { after, hasMore });
  }

  @Mutation(() => TenantPayload, {
    description: 'Takes a restaurant business in. For operators, who give it a location and a key next.',
  })
  async createTenant(
    @Arg('input', () => CreateTenantInput, { description: 'The tenant.' }) { name }: CreateTenantInput,
    @Ctx() { deps, scope }: ResolverContext,
  ): Promise<TenantPayload> {
    return { tenant: present(await createTenant(deps, scope, { name })) };
  }

  @Mutation(() => TenantPayload, { description: 'Renames a tenant. For operators.' })
  async updateTenant(
    @Arg('input', () => UpdateTenantInput, { description: 'Which tenant, and what of it.' }) input: UpdateTenantInput,
    @Ctx() { deps, scope }: ResolverContext,
  ): Promise<TenantPayload> {
    const change = { tenantId: asId<TenantId>(input.tenantId), name: given(input.name) };
    return { tenant: present(await updateTenant(deps, scope, change)) };
  }
}

function present({ id, name, createdAt }: TenantRow): Tenant {
  return { id, name, createdAt: new Date(createdAt) };
}
