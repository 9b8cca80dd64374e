import { Arg, Ctx, Query, Resolver } from 'type-graphql';
import { asId, type SessionId } from '../domain/ids.js';
import { Receipt } from '../schema/receipt.js';
import { UUID } from '../schema/scalars.js';
import { getReceipt } from '../services/get-receipt.js';
import type { ResolverContext } from './context.js';
import { presentSnapshot } from './present.js';

@Resolver()
export class ReceiptResolver {
  @Query(() => Receipt, {
    description: 'What guests take home of a visit. For its phones, until its grace is over, and staff.',
  })
  async receipt(
    @Arg('sessionId', () => UUID, { description: 'The session.' }) sessionId: string,
    @Ctx() { deps, scope }: ResolverContext,
  ): Promise<Receipt> {
    const { snapshot, payments, openedAt, endedAt, ...place } = await getReceipt(
      deps,
      scope,
      asId<SessionId>(sessionId),
    );
    return {
      ...place,
      openedAt: new Date(openedAt),
      endedAt: endedAt === null ? null : new Date(endedAt),
      snapshot: presentSnapshot(snapshot),
      payments: [...payments],
    };
  }
}
