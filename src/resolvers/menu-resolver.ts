import { Args, Ctx, Query, Resolver, Root, Subscription } from 'type-graphql';
import { asId, type LocationId } from '../domain/ids.js';
import type { Menu as DomainMenu } from '../domain/menu.js';
import { languageTag } from '../domain/menu-language.js';
import { invalid } from '../domain/rejection.js';
import { Menu } from '../schema/menu.js';
import { MenuArgs, MenuChangesArgs } from '../schema/menu-inputs.js';
import { followMenu } from '../services/follow-menu.js';
import { getMenu } from '../services/get-menu.js';
import type { ResolverContext } from './context.js';
import { type FeedIterable, iterate } from './feed-iterable.js';
import { given } from './inputs.js';
import { presentMenu } from './present-menu.js';

@Resolver()
export class MenuResolver {
  @Query(() => Menu, {
    description: 'What a location sells right now. For anybody with a credential of that restaurant.',
  })
  async menu(
    @Args(() => MenuArgs) { locationId, language }: MenuArgs,
    @Ctx() { deps, scope }: ResolverContext,
  ): Promise<Menu> {
    const wanted = languageOf(language);
    return presentMenu(await getMenu(deps, scope, asId<LocationId>(locationId)), wanted);
  }

  @Subscription(() => Menu, {
    description:
      'The whole menu as it is now, and again whenever something of it changes or ordering is paused or resumed: at once on the node that took the change, within two seconds on others. For anybody with a credential of that restaurant.',
    subscribe: ({ args, context }) => follow(args as MenuChangesArgs, context as ResolverContext),
  })
  menuChanges(@Args(() => MenuChangesArgs) { language }: MenuChangesArgs, @Root() menu: DomainMenu): Menu {
    return presentMenu(menu, languageOf(language));
  }
}

async function follow(
  { locationId, language, after }: MenuChangesArgs,
  { deps, scope }: ResolverContext,
): Promise<FeedIterable<DomainMenu>> {
  languageOf(language);
  const feed = await followMenu(deps, scope, { locationId: asId<LocationId>(locationId), after: given(after) });
  return iterate(feed, { isSameForAll: true });
}

/** In its canonical form; none means the restaurant's own words. */
function languageOf(text: string | null | undefined): string | undefined {
  if (text === null || text === undefined) return undefined;
  const tag = languageTag(text);
  if (tag === undefined) throw invalid([{ path: 'language', message: 'is no language tag (BCP 47)' }]);
  return tag;
}
