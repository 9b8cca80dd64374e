import { Arg, Ctx, Query, Resolver } from 'type-graphql';
import { asId, type LocationId } from '../domain/ids.js';
import { Menu } from '../schema/menu.js';
import { UUID } from '../schema/scalars.js';
import { getMenu } from '../services/get-menu.js';
import type { ResolverContext } from './context.js';
import { presentMenu } from './present.js';

@Resolver()
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
}
