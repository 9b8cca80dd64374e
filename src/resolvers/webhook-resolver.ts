import { Arg, Args, Ctx, Mutation, Query, Resolver } from 'type-graphql';
import { asId, isUuid, type TenantId } from '../domain/ids.js';
import { invalid } from '../domain/rejection.js';
import {
  ReplayWebhookInput,
  ReplayWebhookPayload,
  WebhookSamplesArgs,
  WebhooksArgs,
} from '../schema/webhook-inputs.js';
import { type Webhook, WebhookConnection } from '../schema/webhook.js';
import { type WebhookSample, WebhookSampleConnection } from '../schema/webhook-sample.js';
import {
  type ListWebhooks,
  listWebhooks,
  listWebhookSamples,
  type WebhookPage,
  type WebhookRow,
  type WebhookSampleRow,
} from '../services/list-webhooks.js';
import { replayWebhook } from '../services/replay-webhook.js';
import type { ResolverContext } from './context.js';
import { given } from './inputs.js';

@Resolver()
export class WebhookResolver {
  @Query(() => WebhookConnection, {
    description: "A tenant's notices from payment providers, the newest first, with what came of them. For operators.",
  })
  async webhooks(
    @Args(() => WebhooksArgs) wanted: WebhooksArgs,
    @Ctx() { deps, scope }: ResolverContext,
  ): Promise<WebhookConnection> {
    const page = await listWebhooks(deps, scope, { ...whichOf(wanted), verdict: given(wanted.verdict) });
    return connectionOf(page, wanted, presentWebhook);
  }

  @Query(() => WebhookSampleConnection, {
    description: 'A sample of the calls that could not be verified, the newest first. For operators.',
  })
  async webhookSamples(
    @Args(() => WebhookSamplesArgs) wanted: WebhookSamplesArgs,
    @Ctx() { deps, scope }: ResolverContext,
  ): Promise<WebhookSampleConnection> {
    return connectionOf(await listWebhookSamples(deps, scope, whichOf(wanted)), wanted, presentSample);
  }

  @Mutation(() => ReplayWebhookPayload, {
    description:
      'Verifies a notice once more and settles what it says; money that is booked is not booked again. For operators.',
  })
  replayWebhook(
    @Arg('input', () => ReplayWebhookInput, { description: 'Which notice.' }) input: ReplayWebhookInput,
    @Ctx() { deps, scope }: ResolverContext,
  ): Promise<ReplayWebhookPayload> {
    return replayWebhook(deps, scope, { tenantId: asId<TenantId>(input.tenantId), webhookId: input.webhookId });
  }
}

function whichOf({ tenantId, provider, first, after }: WebhookSamplesArgs): ListWebhooks {
  if (after && !isUuid(after)) throw invalid([{ path: 'cursor', message: 'is not a cursor of this list' }]);
  return { tenantId: asId<TenantId>(tenantId), provider: given(provider), first, after: given(after) };
}

function connectionOf<Row, Node extends { id: string }>(
  { rows, hasMore }: WebhookPage<Row>,
  { after }: WebhookSamplesArgs,
  present: (row: Row) => Node,
) {
  const nodes = rows.map(present);
  const edges = nodes.map((node) => ({ cursor: node.id, node }));
  const endCursor = edges.at(-1)?.cursor ?? null;
  const pageInfo = {
    hasNextPage: hasMore,
    hasPreviousPage: Boolean(after),
    startCursor: edges[0]?.cursor ?? null,
    endCursor,
  };
  return { nodes, edges, pageInfo, nextCursor: hasMore ? endCursor : null };
}

/** Far more than any provider sends. */
const shownBytes = 8_192;

function presentWebhook(row: WebhookRow): Webhook {
  const { authorization, ...headers } = row.headers;
  return {
    ...row,
    headers: authorization === undefined ? headers : { ...headers, authorization: '(sealed)' },
    body: row.body.subarray(0, shownBytes).toString('utf8'),
    bodyBytes: row.body.length,
    receivedAt: new Date(row.receivedAt),
    lastReceivedAt: new Date(row.lastReceivedAt),
  };
}

function presentSample(row: WebhookSampleRow): WebhookSample {
  return { ...row, sample: row.sample.toString('utf8'), receivedAt: new Date(row.receivedAt) };
}
