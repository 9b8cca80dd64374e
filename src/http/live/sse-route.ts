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
import type { LiveMetrics } from '../metrics.js';
import { openSubscription, type Subscription } from './open-subscription.js';
import { pump } from './pump.js';
import { createRenderings, type Renderings } from './shared-rendering.js';
import { createHeartbeat, type Heartbeat } from './sse-heartbeat.js';
import { createSseOutlet } from './sse-outlet.js';
import { streamContextOf } from './stream-context.js';

export interface SseOptions {
  readonly schema: GraphQLSchema;
  readonly documents: PersistedDocuments;
  readonly deps: ResolverContext['deps'];
  readonly live: LiveMetrics;
  /** How long a client may take nothing of what was sent, in milliseconds. */
  readonly patienceMs?: number | undefined;
}

/** What all streams of a route share. */
interface Face extends SseOptions {
  readonly patienceMs: number;
  readonly stream: PreparedStream;
  readonly renderings: Renderings;
  readonly heartbeat: Heartbeat;
}

/** Answers a route's requests with Server-Sent Events. */
export type SseHandler = (
  call: { readonly request: FastifyRequest; readonly reply: FastifyReply },
  asked: RestRequest,
) => Promise<FastifyReply>;

const defaultPatienceMs = 30_000;
/** A client that is cut off comes back after this time, in milliseconds. */
const retryMs = 2_000;
const greeting = Buffer.from(`: events follow\nretry: ${retryMs}\n\n`);
/** Seconds after which somebody with too many streams may try again. */
const retryAfterSeconds = 5;

/** Prepares a route of the table that streams. */
export function sseHandler(route: StreamedRoute, options: SseOptions): SseHandler {
  const { schema, documents } = options;
  const stream = prepareStream(schema, documents, route);
  const face: Face = {
    ...options,
    patienceMs: options.patienceMs ?? defaultPatienceMs,
    stream,
    renderings: createRenderings(schema, (result) => encode(stream, route.stream, result)),
    heartbeat: createHeartbeat(),
  };
  return async ({ request, reply }, asked) => {
    const { query, path } = asked;
    const context = await streamContextOf(face.deps, request, {
      ticket: query.ticket,
      sessionId: path.session_id ?? '',
    });
    const subscription = await open(face, context, stream.variablesOf(asked));
    const leave = face.deps.streams.enter('sse', context.scope);
    if (!leave) {
      subscription.close();
      throw rateLimited('this credential follows too much at once', retryAfterSeconds);
    }
    return deliver(face, { request, reply, context, subscription, leave });
  };
}

/** The item's JSON is one line, as JSON has no line breaks of its own. */
function encode({ itemOf }: PreparedStream, { idOf }: RestStream, result: ExecutionResult): Buffer {
  const item = itemOf(result);
  return Buffer.from(`id: ${idOf(item)}\ndata: ${JSON.stringify(item)}\n\n`);
}

async function open(
  { schema, renderings, stream: { document } }: Face,
  context: RequestContext,
  variables: Readonly<Record<string, unknown>>,
): Promise<Subscription> {
  const opened = await openSubscription(schema, renderings, { document, operationName: null, variables, context });
  if ('feed' in opened) return opened;
  const [first] = opened;
  throw first?.originalError ?? first ?? new Error('the subscription came to nothing');
}

interface Delivery {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly context: RequestContext;
  readonly subscription: Subscription;
  readonly leave: () => void;
}

async function deliver(face: Face, { request, reply, context, subscription, leave }: Delivery): Promise<FastifyReply> {
  const { feed, isOver } = await peekAt(subscription.feed);
  if (isOver || request.method === 'HEAD') {
    subscription.close();
    leave();
    return isOver ? reply.status(204).send() : reply.headers(streamHeaders).send();
  }
  const { raw } = reply.hijack();
  raw.writeHead(200, { ...(reply.getHeaders() as Record<string, string>), ...streamHeaders });
  const outlet = createSseOutlet(raw, face.patienceMs, () => face.live.dropped('sse', 'slow'));
  const stops = [
    subscription.close,
    leave,
    face.heartbeat.join(outlet.beat),
    face.deps.streams.watch(context.isStanding, subscription.close),
  ];
  const stop = () => stops.forEach((one) => one());
  raw.once('close', stop);
  // Gone while its right to be here was looked at.
  if (raw.destroyed) stop();
  outlet.write(greeting);
  void pump(feed, subscription.render, outlet).then(
    (end) => raw.end(end === 'draining' ? `retry: ${comeBackMs()}\n\n` : ''),
    (error: unknown) => {
      request.log.error({ err: error }, 'a stream broke');
      raw.destroy();
    },
  );
  return reply;
}

const streamHeaders = {
  'Content-Type': 'text/event-stream',
  'Cache-Control': 'no-store, no-transform',
  'X-Accel-Buffering': 'no',
} as const;

/** Those whom a node sends away do not all come to the next one at one instant. */
function comeBackMs(): number {
  return 500 + Math.floor(Math.random() * 2_500);
}

/** Whether the feed ends without anything more to give. What it gives is kept for whoever reads on. */
async function peekAt(feed: Feed<object>): Promise<{ readonly feed: Feed<object>; readonly isOver: boolean }> {
  let first: ReturnType<typeof feed.next> | undefined = feed.next();
  const now = await Promise.race([first, new Promise((resolve) => setImmediate(resolve))]);
  const next = () => {
    const answer = first ?? feed.next();
    first = undefined;
    return answer;
  };
  return { feed: { next, close: feed.close }, isOver: now === 'over' };
}
