import { Arg, Args, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql';
import { asId, type LocationId, type TenantId } from '../domain/ids.js';
import {
  CreateLocationInput,
  LocationsArgs,
  RemoveLocationInput,
  UpdateLocationInput,
} from '../schema/location-inputs.js';
import { Location, LocationConnection, LocationPayload, RemoveLocationPayload, Table } from '../schema/location.js';
import { UUID } from '../schema/scalars.js';
import { createLocation } from '../services/create-location.js';
import { getLocation, getTables } from '../services/get-location.js';
import { listLocations } from '../services/list-locations.js';
import type { GivenSettings } from '../services/location-fields.js';
import { removeLocation } from '../services/remove-location.js';
import { updateLocation } from '../services/update-location.js';
import { connectionOf, idCursor } from './connection.js';
import type { ResolverContext } from './context.js';
import { given } from './inputs.js';

@Resolver(() => Location)
export class LocationResolver {
  @Query(() => Location, { description: 'A location. For anybody with a credential of that restaurant.' })
  location(
    @Arg('id', () => UUID, { description: 'The location.' }) id: string,
    @Ctx() { deps, scope }: ResolverContext,
  ): Promise<Location> {
    return getLocation(deps, scope, asId<LocationId>(id));
  }

  @Query(() => LocationConnection, {
    description: "A restaurant's locations. For managers, and for operators who name the tenant.",
  })
  async locations(
    @Args(() => LocationsArgs) wanted: LocationsArgs,
    @Ctx() { deps, scope }: ResolverContext,
  ): Promise<LocationConnection> {
    const after = idCursor(wanted.after);
    const which = { tenantId: tenantOf(wanted), first: wanted.first, after };
    const { locations, hasMore } = await listLocations(deps, scope, which);
    return connectionOf<Location>([...locations], { after, hasMore });
  }

  @Mutation(() => LocationPayload, {
    description: 'Opens a location. For managers of the whole restaurant, and for operators who name the tenant.',
  })
  async createLocation(
    @Arg('input', () => CreateLocationInput, { description: 'The location.' }) input: CreateLocationInput,
    @Ctx() { deps, scope }: ResolverContext,
  ): Promise<LocationPayload> {
    const { tenantId: _, ...settings } = input;
    const wanted = { tenantId: tenantOf(input), settings: givenSettings(settings) };
    return { location: await createLocation(deps, scope, wanted) };
  }

  @Mutation(() => LocationPayload, {
    description: 'Changes a location; sessions that run keep what they were opened with. For its managers.',
  })
  async updateLocation(
    @Arg('input', () => UpdateLocationInput, { description: 'Which location, and what of it.' })
    { locationId, ...settings }: UpdateLocationInput,
    @Ctx() { deps, scope }: ResolverContext,
  ): Promise<LocationPayload> {
    const change = { locationId: asId<LocationId>(locationId), settings: givenSettings(settings) };
    return { location: await updateLocation(deps, scope, change) };
  }

  @Mutation(() => RemoveLocationPayload, {
    description:
      'Gives a location up, with its codes and the keys bound to it, once nobody sits there. For its managers.',
  })
  async removeLocation(
    @Arg('input', () => RemoveLocationInput, { description: 'The location.' }) input: RemoveLocationInput,
    @Ctx() { deps, scope }: ResolverContext,
  ): Promise<RemoveLocationPayload> {
    return { locationId: await removeLocation(deps, scope, asId<LocationId>(input.locationId)) };
  }

  @FieldResolver(() => [Table], { description: 'Its tables, T2 before T10. For staff.' })
  async tables(@Root() location: Location, @Ctx() { deps, scope }: ResolverContext): Promise<Table[]> {
    return [...(await getTables(deps, scope, location.id as LocationId))];
  }
}

/** To these, null means something else than nothing: what the server has of its own. */
const nullable = ['guestUrl', 'ttlSeconds'];

function givenSettings(input: object): GivenSettings {
  const isGiven = ([name, value]: [string, unknown]) =>
    value !== undefined && (value !== null || nullable.includes(name));
  return Object.fromEntries(Object.entries(input).filter(isGiven));
}

function tenantOf({ tenantId }: { readonly tenantId: string | null }): TenantId | undefined {
  const id = given(tenantId);
  return id === undefined ? undefined : asId<TenantId>(id);
}
