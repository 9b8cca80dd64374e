import { Arg, Args, Ctx, Mutation, Query, Resolver } from 'type-graphql';
import { asId, type LocationId, type TenantId } from '../domain/ids.js';
import {
  type ApiKey,
  ApiKeyConnection,
  ApiKeyPayload,
  ApiKeysArgs,
  CreateApiKeyInput,
  CreateApiKeyPayload,
  RevokeApiKeyInput,
} from '../schema/api-key.js';
import { createApiKey } from '../services/create-api-key.js';
import { type ApiKeyRow, listApiKeys } from '../services/list-api-keys.js';
import { revokeApiKey } from '../services/revoke-api-key.js';
import { connectionOf, idCursor } from './connection.js';
import type { ResolverContext } from './context.js';
import { given } from './inputs.js';

@Resolver()
export class ApiKeyResolver {
  @Query(() => ApiKeyConnection, {
    description: "A restaurant's keys without their secrets. For managers, and for operators who name the tenant.",
  })
  async apiKeys(
    @Args(() => ApiKeysArgs) wanted: ApiKeysArgs,
    @Ctx() { deps, scope }: ResolverContext,
  ): Promise<ApiKeyConnection> {
    const after = idCursor(wanted.after);
    const which = { tenantId: tenantOf(wanted), first: wanted.first, after };
    const { keys, hasMore } = await listApiKeys(deps, scope, which);
    return connectionOf(keys.map(present), { after, hasMore });
  }

  @Mutation(() => CreateApiKeyPayload, {
    description: 'Makes a key, and shows its secret this once. For managers, and for operators who name the tenant.',
  })
  async createApiKey(
    @Arg('input', () => CreateApiKeyInput, { description: 'The key.' }) input: CreateApiKeyInput,
    @Ctx() { deps, scope }: ResolverContext,
  ): Promise<CreateApiKeyPayload> {
    const { name, role, shared } = input;
    const { key, secret } = await createApiKey(deps, scope, {
      ...{ tenantId: tenantOf(input), name, role, shared },
      locationId: input.locationId ? asId<LocationId>(input.locationId) : undefined,
      expiresAt: given(input.expiresAt),
    });
    return { apiKey: present(key), secret };
  }

  @Mutation(() => ApiKeyPayload, {
    description: 'Ends a key other than the one in use. For managers, and for operators who name the tenant.',
  })
  async revokeApiKey(
    @Arg('input', () => RevokeApiKeyInput, { description: 'The key.' }) input: RevokeApiKeyInput,
    @Ctx() { deps, scope }: ResolverContext,
  ): Promise<ApiKeyPayload> {
    const wanted = { tenantId: tenantOf(input), keyId: input.keyId };
    return { apiKey: present(await revokeApiKey(deps, scope, wanted)) };
  }
}

function tenantOf({ tenantId }: { readonly tenantId: string | null }): TenantId | undefined {
  return tenantId ? asId<TenantId>(tenantId) : undefined;
}

function present({ id, name, role, locationId, shared, ...times }: ApiKeyRow): ApiKey {
  return {
    ...{ id, name, role, locationId, shared },
    createdAt: new Date(times.createdAt),
    lastUsedAt: times.lastUsedAt === null ? null : new Date(times.lastUsedAt),
    expiresAt: times.expiresAt === null ? null : new Date(times.expiresAt),
    revokedAt: times.revokedAt === null ? null : new Date(times.revokedAt),
  };
}
