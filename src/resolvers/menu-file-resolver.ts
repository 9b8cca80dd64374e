import { Arg, Ctx, Mutation, Query, Resolver } from 'type-graphql';
import { asId, type LocationId } from '../domain/ids.js';
import { MenuFile, MenuImportPayload } from '../schema/menu-file.js';
import { ImportMenuInput } from '../schema/menu-inputs.js';
import { UUID } from '../schema/scalars.js';
import { exportMenu } from '../services/export-menu.js';
import { importMenu } from '../services/import-menu.js';
import type { ResolverContext } from './context.js';
import { presentCategory, presentItem } from './present-menu.js';

@Resolver()
export class MenuFileResolver {
  @Query(() => MenuFile, { description: 'A whole menu to be kept in a file. For managers.' })
  async exportMenu(
    @Arg('locationId', () => UUID, { description: 'The location.' }) locationId: string,
    @Ctx() { deps, scope }: ResolverContext,
  ): Promise<MenuFile> {
    const { categories, items } = await exportMenu(deps, scope, asId<LocationId>(locationId));
    return { categories: categories.map(presentCategory), items: items.map(presentItem) };
  }

  @Mutation(() => MenuImportPayload, {
    description: 'Makes of a menu what a file says: all of it, or nothing where anything is wrong. For managers.',
  })
  async importMenu(
    @Arg('input', () => ImportMenuInput, { description: 'The file, and what to do with it.' })
    { locationId, format, content, dryRun, replace }: ImportMenuInput,
    @Ctx() { deps, scope }: ResolverContext,
  ): Promise<MenuImportPayload> {
    const { counts, errors } = await importMenu(deps, scope, {
      ...{ locationId: asId<LocationId>(locationId), content, isDryRun: dryRun, replace },
      format: format === 'csv' ? 'csv' : 'json',
    });
    return { ...counts, errors: [...errors] };
  }
}
