import { Args, Ctx, Query, Resolver } from 'type-graphql';
import type {
  BillDifference as DomainDifference,
  BillStand as DomainStand,
  Change,
} from '../domain/bill-difference.js';
import { asId, type SessionId } from '../domain/ids.js';
import { invalid } from '../domain/rejection.js';
import type { BillPayment } from '../domain/payment.js';
import {
  BillDifference,
  type BilledPayment,
  type BillStand,
  DifferenceArgs,
  HistoryArgs,
  HistoryConnection,
  type HistoryStep,
} from '../schema/history.js';
import { type HistoryStep as Step, sessionDifference, sessionHistory } from '../services/session-history.js';
import type { ResolverContext } from './context.js';
import { presentLine } from './present.js';

@Resolver()
export class HistoryResolver {
  @Query(() => HistoryConnection, {
    description:
      'Everything that happened in a visit: who did what and when, and what the bill came to then. For staff.',
  })
  async history(
    @Args(() => HistoryArgs) { sessionId, after, first }: HistoryArgs,
    @Ctx() { deps, scope }: ResolverContext,
  ): Promise<HistoryConnection> {
    if (after < 0) throw invalid([{ path: 'cursor', message: 'must be a seq, 0 or more' }]);
    const page = await sessionHistory(deps, scope, { sessionId: asId<SessionId>(sessionId), after, first });
    const nodes = page.steps.map(presentStep);
    const last = nodes.at(-1)?.seq;
    const pageInfo = {
      hasNextPage: page.hasMore,
      hasPreviousPage: after > 0,
      startCursor: nodes[0] ? String(nodes[0].seq) : null,
      endCursor: last === undefined ? null : String(last),
    };
    return { nodes, pageInfo, nextCursor: page.hasMore && last !== undefined ? last : null, currency: page.currency };
  }

  @Query(() => BillDifference, {
    description: 'What changed on a bill between two seqs, in either direction. For staff.',
  })
  async billDifference(
    @Args(() => DifferenceArgs) { sessionId, fromSeq, toSeq }: DifferenceArgs,
    @Ctx() { deps, scope }: ResolverContext,
  ): Promise<BillDifference> {
    const wanted = { sessionId: asId<SessionId>(sessionId), fromSeq, toSeq };
    return presentDifference(await sessionDifference(deps, scope, wanted));
  }
}

function presentStep({ event, text, totals: { total, paid, due } }: Step): HistoryStep {
  const { seq, id: eventId, type, actor, createdAt } = event;
  return { seq, eventId, type, actor, text, at: new Date(createdAt), total, paid, due };
}

function presentDifference({ before, after, ...lists }: DomainDifference): BillDifference {
  return {
    before: presentStand(before),
    after: presentStand(after),
    lines: lists.lines.map((change) => both(change, presentLine)),
    adjustments: lists.adjustments.map((change) => both(change, (one) => one)),
    payments: lists.payments.map((change) => both(change, presentBilled)),
    devices: lists.devices.map((change) => both(change, (one) => one)),
  };
}

function presentStand({ totals, ...stand }: DomainStand): BillStand {
  return { ...stand, ...totals };
}

function presentBilled({ paymentId, method, status, amount, refunded, actor }: BillPayment): BilledPayment {
  return { paymentId, method, status, amount, refundedAmount: refunded, actor };
}

function both<T, Shown>({ before, after }: Change<T>, present: (one: T) => Shown) {
  return { before: before === null ? null : present(before), after: after === null ? null : present(after) };
}
