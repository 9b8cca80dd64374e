import { Arg, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import { asId, type LocationId } from '../domain/ids.js';
import { Location, Table } from '../schema/location.js';
import { UUID } from '../schema/scalars.js';
import { getLocation, getTables } from '../services/get-location.js';
import type { ResolverContext } from './context.js';

@Resolver(() => Location)
export class LocationResolver {
  @Query(() => Location, { description: 'A location. For anybody with a credential of that restaurant.' })
  location(
    @Arg('id', () => UUID, { description: 'The location.' }) id: string,
    @Ctx() { deps, scope }: ResolverContext,
  ): Promise<Location> {
    return getLocation(deps, scope, asId<LocationId>(id));
  }

  @FieldResolver(() => [Table], { description: 'Its tables by name. For staff.' })
  async tables(@Root() location: Location, @Ctx() { deps, scope }: ResolverContext): Promise<Table[]> {
    return [...(await getTables(deps, scope, location.id as LocationId))];
  }
}
