import { randomUUID } from 'node:crypto';
import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ExecutionResult, GraphQLSchema } from 'graphql';
import { GRAPHQL_TRANSPORT_WS_PROTOCOL, makeServer } from 'graphql-ws';
import { WebSocketServer } from 'ws';
import type { HttpConfig } from '../../config.js';
import { Rejection, unavailable } from '../../domain/rejection.js';
import type { ResolverContext } from '../../resolvers/context.js';
import type { PersistedDocuments } from '../../rest/persisted-documents.js';
import { createCheckedDocuments } from '../checked-documents.js';
import type { RequestContext } from '../context.js';
import { formatResult } from '../graphql-answers.js';
import type { LiveMetrics } from '../metrics.js';
import { retryDelay } from './retry-delay.js';
import { createRenderings } from './shared-rendering.js';
import { type LiveSocket, openSocket } from './socket.js';
import { greet } from './socket-greeting.js';
import type { Running } from './socket-inbox.js';
import { type SocketLimits, socketLimits } from './socket-limits.js';
import { socketOperations } from './socket-operations.js';
import { catchUpgrades } from './upgrade.js';

export interface SocketsOptions {
  readonly schema: GraphQLSchema;
  readonly documents: PersistedDocuments;
  readonly deps: ResolverContext['deps'];
  readonly isExplorable: boolean;
  readonly persistedOnly: boolean;
  /** Whether a client's share is bounded. */
  readonly isLimited: boolean;
  readonly corsOrigins: HttpConfig['corsOrigins'];
  readonly metrics: LiveMetrics;
  /** Instead of the usual ones. */
  readonly limits?: Partial<SocketLimits>;
}

/** All sockets of this server. */
export interface Sockets {
  /** Takes no more, lets running queries answer, and sends every client to another node; resolves when all are gone. */
  drain(): Promise<void>;
}

/** GraphQL over WebSocket at `/graphql`, by the subprotocol graphql-transport-ws. */
export function mountSockets(app: FastifyInstance, options: SocketsOptions): Sockets {
  const { deps, metrics } = options;
  const limits = socketLimits(options.isLimited, options.limits);
  const open = new Set<LiveSocket>();
  let isDraining = false;
  const protocol = speak(app, { ...options, limits, isDraining: () => isDraining });
  const frames = new WebSocketServer({
    ...{ noServer: true, clientTracking: false, perMessageDeflate: false },
    ...{ maxPayload: limits.maxFrame, closeTimeout: limits.closeMs },
    // A protocol that is not ours is accepted only to be refused by a code that the client can see.
    handleProtocols: (offered) =>
      offered.has(GRAPHQL_TRANSPORT_WS_PROTOCOL) ? GRAPHQL_TRANSPORT_WS_PROTOCOL : ([...offered][0] ?? false),
  });
  metrics.watch({
    feeds: () => deps.log.followers + deps.menus.followers,
    unsentBytes: () => [...open].reduce((sum, { outlet }) => sum + outlet.buffered(), 0),
  });
  const clock = createClock(open, limits.tickMs);
  catchUpgrades(app, {
    path: '/graphql',
    check(request) {
      if (isDraining) throw unavailable('this server is about to stop; connect again');
      checkOrigin(request, { allowed: options.corsOrigins, own: deps.publicUrl });
    },
    take({ request, socket: stream, head }) {
      const { ip, id } = request;
      frames.handleUpgrade(request.raw, stream, head, (socket) => {
        const live = openSocket(
          { socket, stream },
          {
            ...{ protocol, limits, address: ip },
            dropped: (why) => metrics.dropped('websocket', why),
            failed: (error) => app.log.error({ err: error, reqId: id }, 'socket failed'),
          },
        );
        open.add(live);
        clock.start();
        void live.gone.then(() => {
          open.delete(live);
          if (open.size === 0) clock.stop();
        });
      });
    },
  });
  return {
    async drain() {
      isDraining = true;
      deps.log.endFeeds();
      deps.menus.drain();
      await Promise.all([...open].map((socket) => sendAway(socket, limits.drainMs)));
    },
  };
}

/** Lets running operations answer, but not for ever, and tells the client when to connect again. */
async function sendAway({ inbox, close, gone }: LiveSocket, patienceMs: number): Promise<void> {
  const answers = [...inbox.running.values()].filter(({ isStream }) => !isStream).map(({ ended }) => ended);
  await Promise.race([Promise.all(answers), pause(patienceMs, undefined, { ref: false })]);
  const stuck = [...inbox.running.values()].flatMap(({ giveUp }) => giveUp ?? []);
  for (const giveUp of stuck) giveUp();
  // What that says goes out within this turn; who has an answer must not ask again in it.
  if (stuck.length > 0) await nextTurn();
  close(1001, `retry: ${retryDelay()}`);
  await gone;
}

interface Speaking extends SocketsOptions {
  readonly isDraining: () => boolean;
  readonly limits: SocketLimits;
}

function speak(app: FastifyInstance, { schema, documents, deps, limits, ...options }: Speaking) {
  const { persistedOnly, isExplorable, isDraining } = options;
  const newContext = (socket: LiveSocket, running: Running): RequestContext => {
    const requestId = running.requestId ?? randomUUID();
    running.requestId = requestId;
    const { caller, address } = socket;
    let gone: AbortController | undefined;
    return {
      ...{ deps, ...caller, requestId, address, log: app.log.child({ reqId: requestId }) },
      get gone() {
        gone ??= goneOf(running);
        return gone.signal;
      },
    };
  };
  return makeServer<Record<string, unknown> | undefined, LiveSocket>({
    ...socketOperations({
      ...{ schema, isExplorable, isDraining, newContext, most: limits.operations },
      documents: createCheckedDocuments({ schema, documents, persistedOnly, isExplorable }),
      renderings: createRenderings(schema, encode),
    }),
    connectionInitWaitTimeout: limits.initMs,
    onConnect: (ctx) => greet(deps, ctx.extra, ctx.connectionParams ?? {}),
  });
}

/** For an operation that waits: aborted when nobody waits for it any more. */
function goneOf(running: Running): AbortController {
  const gone = new AbortController();
  running.close = () => gone.abort();
  if (running.isLetGo) gone.abort();
  return gone;
}

/** The end of a message, from its payload on: the same for all who get this item. */
function encode(result: ExecutionResult, context: RequestContext): Buffer {
  return Buffer.from(`${JSON.stringify(formatResult(result, context))}}`);
}

/** A browser says which page opens a socket; one of a foreign page could not be told from a person's own. */
function checkOrigin(
  { headers: { origin }, host }: FastifyRequest,
  { allowed, own }: { readonly allowed: HttpConfig['corsOrigins']; readonly own: () => string },
): void {
  if (origin === undefined || allowed === '*' || allowed.includes(origin)) return;
  const from = URL.canParse(origin) ? new URL(origin) : undefined;
  if (from && (from.host === host || from.origin === new URL(own()).origin)) return;
  throw new Rejection('FORBIDDEN', 'pages of this origin may not open a socket here');
}

/** One timer for all sockets, while there are any. */
function createClock(sockets: ReadonlySet<LiveSocket>, tickMs: number) {
  let timer: NodeJS.Timeout | undefined;
  return {
    start() {
      timer ??= setInterval(() => {
        const now = performance.now();
        for (const socket of sockets) socket.tick(now);
      }, tickMs).unref();
    },
    stop() {
      clearInterval(timer);
      timer = undefined;
    },
  };
}
