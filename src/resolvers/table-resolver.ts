import { Arg, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql';
import { asId, type LocationId, type TableId } from '../domain/ids.js';
import { RemoveTablePayload, Table, TablePayload } from '../schema/location.js';
import { UUID } from '../schema/scalars.js';
import { CreateTableInput, RemoveTableInput, RotateTableTokenInput, UpdateTableInput } from '../schema/table-inputs.js';
import { createTable } from '../services/create-table.js';
import { type CodedTable, getTable, getTableQrUrl } from '../services/get-table.js';
import { removeTable } from '../services/remove-table.js';
import { rotateTableToken } from '../services/rotate-table-token.js';
import { updateTable } from '../services/update-table.js';
import type { ResolverContext } from './context.js';
import { given } from './inputs.js';

@Resolver(() => Table)
export class TableResolver {
  @Query(() => Table, { description: 'A table. For staff.' })
  table(
    @Arg('id', () => UUID, { description: 'The table.' }) id: string,
    @Ctx() { deps, scope }: ResolverContext,
  ): Promise<Table> {
    return getTable(deps, scope, asId<TableId>(id));
  }

  @Mutation(() => TablePayload, { description: 'Puts a table up, with a code of its own. For managers.' })
  async createTable(
    @Arg('input', () => CreateTableInput, { description: 'Where, and what to call it.' }) input: CreateTableInput,
    @Ctx() { deps, scope }: ResolverContext,
  ): Promise<TablePayload> {
    const wanted = { locationId: asId<LocationId>(input.locationId), name: input.name };
    return { table: await createTable(deps, scope, wanted) };
  }

  @Mutation(() => TablePayload, { description: 'Renames a table. For managers.' })
  async updateTable(
    @Arg('input', () => UpdateTableInput, { description: 'Which table, and what of it.' }) input: UpdateTableInput,
    @Ctx() { deps, scope }: ResolverContext,
  ): Promise<TablePayload> {
    const change = { tableId: asId<TableId>(input.tableId), name: given(input.name) };
    return { table: await updateTable(deps, scope, change) };
  }

  @Mutation(() => RemoveTablePayload, {
    description: 'Takes a table away, and its code with it, once nobody sits at it. For managers.',
  })
  async removeTable(
    @Arg('input', () => RemoveTableInput, { description: 'The table.' }) input: RemoveTableInput,
    @Ctx() { deps, scope }: ResolverContext,
  ): Promise<RemoveTablePayload> {
    return { tableId: await removeTable(deps, scope, asId<TableId>(input.tableId)) };
  }

  @Mutation(() => TablePayload, {
    description: 'Gives a table another code: the printed one opens nothing any more. For managers.',
  })
  async rotateTableToken(
    @Arg('input', () => RotateTableTokenInput, { description: 'The table.' }) input: RotateTableTokenInput,
    @Ctx() { deps, scope }: ResolverContext,
  ): Promise<TablePayload> {
    return { table: await rotateTableToken(deps, scope, asId<TableId>(input.tableId)) };
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: 'What its code says. Null where it cannot be printed again: then rotate its token. For managers.',
  })
  qrUrl(@Root() table: Table, @Ctx() { deps, scope }: ResolverContext): string | null {
    // Every table that goes out comes from the services above, or from those of its location.
    return getTableQrUrl(deps, scope, table as CodedTable);
  }
}
