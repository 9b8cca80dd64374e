import { Arg, Args, Ctx, Query, Resolver } from 'type-graphql';
import { asId, isUuid, type LocationId, type PaymentId, type SessionId } from '../domain/ids.js';
import type { PaymentMethod, PaymentReason, PaymentState, Resolution } from '../domain/payment.js';
import { invalid } from '../domain/rejection.js';
import { DayReport } from '../schema/day-report.js';
import { PaymentConnection, type PaymentFilter, PaymentsArgs } from '../schema/payment-list.js';
import { SessionPayments } from '../schema/payment.js';
import { UUID } from '../schema/scalars.js';
import { dayReport } from '../services/day-report.js';
import { listSessionPayments } from '../services/list-session-payments.js';
import { type SearchPayments, searchPayments } from '../services/search-payments.js';
import type { ResolverContext } from './context.js';
import { given } from './inputs.js';
import { presentDayReport, presentPayment, presentTotals } from './present-payment.js';

@Resolver()
export class PaymentListResolver {
  @Query(() => SessionPayments, {
    description: "A session's payments, and the money that came for it and settled none. For its phones and cashiers.",
  })
  async sessionPayments(
    @Arg('sessionId', () => UUID, { description: 'The session.' }) sessionId: string,
    @Ctx() { deps, scope }: ResolverContext,
  ): Promise<SessionPayments> {
    const views = await listSessionPayments(deps, scope, asId<SessionId>(sessionId));
    return { nodes: views.map(presentPayment) };
  }

  @Query(() => PaymentConnection, {
    description: 'Payments of all sessions, and money of none, the newest first, with totals. For cashiers.',
  })
  async payments(
    @Args(() => PaymentsArgs) wanted: PaymentsArgs,
    @Ctx() { deps, scope }: ResolverContext,
  ): Promise<PaymentConnection> {
    const { payments, hasMore, sums } = await searchPayments(deps, scope, searchOf(wanted));
    const nodes = payments.map(presentPayment);
    const edges = nodes.map((node) => ({ cursor: node.id, node }));
    const endCursor = edges.at(-1)?.cursor ?? null;
    const pageInfo = {
      hasNextPage: hasMore,
      hasPreviousPage: Boolean(wanted.after),
      startCursor: edges[0]?.cursor ?? null,
      endCursor,
    };
    return {
      ...{ edges, nodes, pageInfo, nextCursor: hasMore ? endCursor : null },
      /** Added up only when somebody selects it. */
      get totals() {
        return sums().then(presentTotals);
      },
    };
  }

  @Query(() => DayReport, {
    description: 'What a location took in and gave back on one of its local days. For cashiers.',
  })
  async dayReport(
    @Arg('locationId', () => UUID, { description: 'The location.' }) locationId: string,
    @Arg('date', () => String, { description: "A day of the location's calendar, as 2026-01-31." }) date: string,
    @Ctx() { deps, scope }: ResolverContext,
  ): Promise<DayReport> {
    const report = await dayReport(deps, scope, { locationId: asId<LocationId>(locationId), date });
    return presentDayReport(report, { locationId, date });
  }
}

function searchOf({ filter, first, after }: PaymentsArgs): SearchPayments {
  if (after && !isUuid(after)) throw invalid([{ path: 'cursor', message: 'is not a cursor of this list' }]);
  const { locationId, sessionId, status, method, reason, resolution, unresolved, from, to } =
    filter ?? ({} as Partial<PaymentFilter>);
  return {
    locationId: locationId ? asId<LocationId>(locationId) : undefined,
    sessionId: sessionId ? asId<SessionId>(sessionId) : undefined,
    status: given(status) as PaymentState | undefined,
    method: given(method) as PaymentMethod | undefined,
    reason: given(reason) as PaymentReason | undefined,
    resolution: given(resolution) as Resolution | undefined,
    isOpen: unresolved === true,
    ...{ from: given(from), to: given(to), first },
    after: after ? asId<PaymentId>(after) : undefined,
  };
}
