import { Arg, Args, Ctx, Mutation, Query, Resolver } from 'type-graphql';
import { asId, type LocationId, type MenuCategoryId, type MenuItemId, type OptionId } from '../domain/ids.js';
import {
  MenuCategoryList,
  MenuCategoryPayload,
  MenuItem,
  MenuItemList,
  MenuItemPayload,
  RemovedFromMenuPayload,
} from '../schema/menu.js';
import {
  CreateMenuCategoryInput,
  CreateMenuItemInput,
  DeleteMenuCategoryInput,
  DeleteMenuItemInput,
  MenuItemsArgs,
  type OptionGroupInput,
  SetAvailabilityInput,
  UpdateMenuCategoryInput,
  UpdateMenuItemInput,
} from '../schema/menu-inputs.js';
import { UUID } from '../schema/scalars.js';
import { createMenuCategory } from '../services/create-menu-category.js';
import { createMenuItem } from '../services/create-menu-item.js';
import { deleteMenuCategory } from '../services/delete-menu-category.js';
import { deleteMenuItem } from '../services/delete-menu-item.js';
import { getMenuItem } from '../services/get-menu-item.js';
import { listMenuCategories } from '../services/list-menu-categories.js';
import { listMenuItems } from '../services/list-menu-items.js';
import { setAvailability } from '../services/set-availability.js';
import { updateMenuCategory } from '../services/update-menu-category.js';
import { updateMenuItem } from '../services/update-menu-item.js';
import type { ResolverContext } from './context.js';
import { snakeFields } from './inputs.js';
import { presentCategory, presentItem } from './present-menu.js';

@Resolver()
export class MenuAdminResolver {
  @Query(() => MenuCategoryList, { description: "A menu's headings. For managers." })
  async menuCategories(
    @Arg('locationId', () => UUID, { description: 'The location.' }) locationId: string,
    @Ctx() { deps, scope }: ResolverContext,
  ): Promise<MenuCategoryList> {
    const views = await listMenuCategories(deps, scope, asId<LocationId>(locationId));
    return { nodes: views.map(presentCategory) };
  }

  @Query(() => MenuItemList, { description: "A menu's items. For managers." })
  async menuItems(
    @Args(() => MenuItemsArgs) { locationId, categoryId }: MenuItemsArgs,
    @Ctx() { deps, scope }: ResolverContext,
  ): Promise<MenuItemList> {
    const views = await listMenuItems(deps, scope, {
      locationId: asId<LocationId>(locationId),
      categoryId: categoryId ? asId<MenuCategoryId>(categoryId) : undefined,
    });
    return { nodes: views.map(presentItem) };
  }

  @Query(() => MenuItem, { description: "An item in the restaurant's own words. For managers." })
  async menuItem(
    @Arg('id', () => UUID, { description: 'The item.' }) id: string,
    @Ctx() { deps, scope }: ResolverContext,
  ): Promise<MenuItem> {
    return presentItem(await getMenuItem(deps, scope, asId<MenuItemId>(id)));
  }

  @Mutation(() => MenuCategoryPayload, { description: 'Adds a heading to a menu. For managers.' })
  async createMenuCategory(
    @Arg('input', () => CreateMenuCategoryInput, { description: 'The heading.' }) input: CreateMenuCategoryInput,
    @Ctx() { deps, scope }: ResolverContext,
  ): Promise<MenuCategoryPayload> {
    const { locationId, ...rest } = input;
    const wanted = { locationId: asId<LocationId>(locationId), fields: snakeFields(rest) };
    return { menuCategory: presentCategory(await createMenuCategory(deps, scope, wanted)) };
  }

  @Mutation(() => MenuCategoryPayload, { description: 'Renames, translates or moves a heading. For managers.' })
  async updateMenuCategory(
    @Arg('input', () => UpdateMenuCategoryInput, { description: 'Which heading, and what of it.' })
    input: UpdateMenuCategoryInput,
    @Ctx() { deps, scope }: ResolverContext,
  ): Promise<MenuCategoryPayload> {
    const { categoryId, ...rest } = input;
    const wanted = { categoryId: asId<MenuCategoryId>(categoryId), fields: snakeFields(rest) };
    return { menuCategory: presentCategory(await updateMenuCategory(deps, scope, wanted)) };
  }

  @Mutation(() => RemovedFromMenuPayload, { description: 'Takes a heading without items out of a menu. For managers.' })
  async deleteMenuCategory(
    @Arg('input', () => DeleteMenuCategoryInput, { description: 'The heading.' })
    { categoryId }: DeleteMenuCategoryInput,
    @Ctx() { deps, scope }: ResolverContext,
  ): Promise<RemovedFromMenuPayload> {
    await deleteMenuCategory(deps, scope, asId<MenuCategoryId>(categoryId));
    return { id: categoryId };
  }

  @Mutation(() => MenuItemPayload, { description: 'Adds an item to a menu. For managers.' })
  async createMenuItem(
    @Arg('input', () => CreateMenuItemInput, { description: 'The item.' }) input: CreateMenuItemInput,
    @Ctx() { deps, scope }: ResolverContext,
  ): Promise<MenuItemPayload> {
    const { locationId, ...rest } = input;
    const wanted = { locationId: asId<LocationId>(locationId), fields: itemFields(rest) };
    return { menuItem: presentItem(await createMenuItem(deps, scope, wanted)) };
  }

  @Mutation(() => MenuItemPayload, { description: 'Changes or moves an item. For managers.' })
  async updateMenuItem(
    @Arg('input', () => UpdateMenuItemInput, { description: 'Which item, and what of it.' }) input: UpdateMenuItemInput,
    @Ctx() { deps, scope }: ResolverContext,
  ): Promise<MenuItemPayload> {
    const { menuItemId, ...rest } = input;
    const wanted = { menuItemId: asId<MenuItemId>(menuItemId), fields: itemFields(rest) };
    return { menuItem: presentItem(await updateMenuItem(deps, scope, wanted)) };
  }

  @Mutation(() => RemovedFromMenuPayload, {
    description: 'Takes an item out of a menu; bills that have it stay as they are. For managers.',
  })
  async deleteMenuItem(
    @Arg('input', () => DeleteMenuItemInput, { description: 'The item.' }) { menuItemId }: DeleteMenuItemInput,
    @Ctx() { deps, scope }: ResolverContext,
  ): Promise<RemovedFromMenuPayload> {
    await deleteMenuItem(deps, scope, asId<MenuItemId>(menuItemId));
    return { id: menuItemId };
  }

  @Mutation(() => MenuItemPayload, {
    description:
      'Says that an item, or one option of it, is sold out or to be had again; orders of what is sold out are refused from then on. For staff.',
  })
  async setAvailability(
    @Arg('input', () => SetAvailabilityInput, { description: 'What is sold out, or is not.' })
    { menuItemId, available, optionId }: SetAvailabilityInput,
    @Ctx() { deps, scope }: ResolverContext,
  ): Promise<MenuItemPayload> {
    const view = await setAvailability(deps, scope, {
      menuItemId: asId<MenuItemId>(menuItemId),
      available,
      optionId: optionId ? asId<OptionId>(optionId) : undefined,
    });
    return { menuItem: presentItem(view) };
  }
}

/** Fields in the words of REST; what stands by language keeps its words. */
function itemFields({
  optionGroups,
  ...rest
}: {
  readonly optionGroups?: readonly OptionGroupInput[] | null | undefined;
}): object {
  const groups = optionGroups?.map(({ options, ...group }) => ({
    ...snakeFields(group),
    options: options.map(snakeFields),
  }));
  return { ...snakeFields(rest), ...(groups && { option_groups: groups }) };
}
