import { Arg, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import { asId, type LocationId } from '../domain/ids.js';
import { Location, Table } from '../schema/location.js';
import { Menu } from '../schema/menu.js';
import { UUID } from '../schema/scalars.js';
import { getLocation, getTables } from '../services/get-location.js';
import { getMenu } from '../services/get-menu.js';
import type { ResolverContext } from './context.js';
import { presentMenu } from './present.js';

@Resolver(() => Location)
export class MenuResolver {
  @Query(() => Menu, {
    description: 'What a location sells right now. For anybody with a credential of that restaurant.',
  })
  async menu(
    @Arg('locationId', () => UUID, { description: 'The location.' }) locationId: string,
    @Ctx() { deps, scope }: ResolverContext,
  ): Promise<Menu> {
    return presentMenu(await getMenu(deps, scope, asId<LocationId>(locationId)));
  }

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
