import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ExecutionResult, GraphQLSchema } from 'graphql';
import { rateLimited } from '../../domain/rejection.js';
import type { ResolverContext } from '../../resolvers/context.js';
import type { PersistedDocuments } from '../../rest/persisted-documents.js';
import { prepareStream, type PreparedStream } from '../../rest/prepare-stream.js';
import type { RestRequest } from '../../rest/request-variables.js';
import type { RestStream, StreamedRoute } from '../../rest/route.js';
import type { Feed } from '../../services/follow-session.js';
import type { RequestContext } from '../context.js';
import { openSubscription, type Subscription } from './open-subscription.js';
import { createRenderings, type Renderings } from './shared-rendering.js';
import type { SseStreams } from './sse-streams.js';
import { streamContextOf } from './stream-context.js';

export interface SseOptions {
  readonly schema: GraphQLSchema;
  readonly documents: PersistedDocuments;
  readonly deps: ResolverContext['deps'];
  readonly streams: SseStreams;
}

/** Answers a route's requests with Server-Sent Events. */
export type SseHandler = (
  call: { readonly request: FastifyRequest; readonly reply: FastifyReply },
  asked: RestRequest,
) => Promise<FastifyReply>;

/** Seconds after which somebody with too many streams may try again. */
const retryAfterSeconds = 5;

/** What every client and whatever stands between must know before the first event. */
const streamHeaders = {
  'Content-Type': 'text/event-stream',
  'Cache-Control': 'no-store, no-transform',
  'X-Accel-Buffering': 'no',
} as const;

/** Prepares a route of the table that streams. */
export function sseHandler(route: StreamedRoute, options: SseOptions): SseHandler {
  const { schema, documents, deps } = options;
  const prepared = prepareStream(schema, documents, route);
  const renderings = createRenderings(schema, (result) => encode(prepared, route.stream, result));
  return async (call, asked) => {
    const { query, path } = asked;
    const ticket = route.stream.takesTicket ? query.ticket : undefined;
    const context = await streamContextOf(deps, call.request, { ticket, sessionId: path.session_id ?? '' });
    const subscription = await open({ schema, renderings, prepared }, context, prepared.variablesOf(asked));
    try {
      return await answer(options, { ...call, context, subscription });
    } catch (error) {
      subscription.close();
      throw error;
    }
  };
}

interface LetIn {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly context: RequestContext;
  readonly subscription: Subscription;
}

async function answer({ deps, streams }: SseOptions, { request, reply, ...letIn }: LetIn): Promise<FastifyReply> {
  const { context, subscription } = letIn;
  const { feed, isOver } = await peekAt(subscription.feed);
  reply.headers({ 'Cache-Control': streamHeaders['Cache-Control'] });
  if (isOver || request.method === 'HEAD') {
    subscription.close();
    return isOver ? reply.status(204).send() : reply.headers(streamHeaders).send();
  }
  const leave = deps.streams.enter('sse', context.scope);
  if (!leave) throw rateLimited('this credential follows too much at once', retryAfterSeconds);
  const stops = [subscription.close, leave, deps.streams.watch(context.isStanding, subscription.close)];
  const { raw } = reply.hijack();
  raw.writeHead(200, { ...(reply.getHeaders() as Record<string, string>), ...streamHeaders });
  streams.deliver(raw, { feed, render: subscription.render, stops, log: request.log });
  return reply;
}

/** The item's JSON is one line, as JSON has no line breaks of its own. */
function encode({ itemOf }: PreparedStream, { idOf }: RestStream, result: ExecutionResult): Buffer {
  const item = itemOf(result);
  return Buffer.from(`id: ${idOf(item)}\ndata: ${JSON.stringify(item)}\n\n`);
}

async function open(
  { schema, renderings, prepared }: { schema: GraphQLSchema; renderings: Renderings; prepared: PreparedStream },
  context: RequestContext,
  variables: Readonly<Record<string, unknown>>,
): Promise<Subscription> {
  const { document } = prepared;
  const opened = await openSubscription(schema, renderings, { document, operationName: null, variables, context });
  if ('feed' in opened) return opened;
  const [first] = opened;
  throw first?.originalError ?? first ?? new Error('the subscription came to nothing');
}

/** Whether the feed ends without anything more to give. What it gives is kept for whoever reads on. */
async function peekAt(feed: Feed<object>): Promise<{ readonly feed: Feed<object>; readonly isOver: boolean }> {
  let first: ReturnType<typeof feed.next> | undefined = feed.next();
  // Whoever reads on hears of a failure; where nobody does, it must not end the process.
  first.catch(() => undefined);
  const now = await Promise.race([first, new Promise((resolve) => setImmediate(resolve))]);
  const next = () => {
    const answer = first ?? feed.next();
    first = undefined;
    return answer;
  };
  return { feed: { next, close: () => feed.close() }, isOver: now === 'over' };
}
