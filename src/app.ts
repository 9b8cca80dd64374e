import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import type { Registry } from 'prom-client';
import { v7 as uuidv7 } from 'uuid';
import { closeInOrder } from './close-in-order.js';
import { type Config, publicUrlFor, sealingTexts } from './config.js';
import { ensureOperatorKey } from './db/api-keys.js';
import { connect, type Database } from './db/connect.js';
import type { Bells } from './event-log/bells/bells.js';
import { createEventLog, type LogLimits } from './event-log/event-log.js';
import { mountDrain } from './http/drain.js';
import { mountGraphql } from './http/graphql.js';
import { addressOf, listen } from './http/listen.js';
import { mountHealth } from './http/health.js';
import { mountSockets, type Sockets } from './http/live/mount-sockets.js';
import type { SocketLimits } from './http/live/socket-limits.js';
import { createMetrics, type Metrics } from './http/metrics.js';
import { mountPages } from './http/pages.js';
import { mountRest } from './http/mount-rest.js';
import { mountReturnPage } from './http/return-page.js';
import { mountWebhooks } from './http/webhooks.js';
import { createSseStreams, type SseLimits } from './http/live/sse-streams.js';
import { observeOperations } from './http/observe-operations.js';
import { createServer } from './http/server.js';
import { allJobs } from './jobs/index.js';
import { startJobs } from './jobs/scheduler.js';
import { buildGraphqlSchema } from './resolvers/build-schema.js';
import type { ResolverContext } from './resolvers/context.js';
import { loadPersistedDocuments } from './rest/persisted-documents.js';
import { createCredentials } from './services/credentials.js';
import { createMenus } from './services/menus.js';
import { createOpenStreams } from './services/open-streams.js';
import { createSecretBox } from './services/secret-box.js';
import { sealDemoTokens } from './services/seal-demo-tokens.js';
import { createSessionTokens } from './services/session-tokens.js';
import { createSingleFlight } from './services/single-flight.js';
import { createStreamTickets } from './services/stream-tickets.js';
import { forwardSimulator } from './simulator/forward.js';
import { mountSimulator, type Simulator } from './simulator/mount.js';
import type { SimulatorOptions } from './simulator/options.js';
import { wireBells } from './wire-bells.js';
import { simulatorOptions, wirePayments } from './wire-payments.js';

export interface AppOptions {
  readonly config: Config;
  /** A migrated database. */
  readonly databaseUrl: string;
  readonly authSecret: string;
  readonly log: FastifyBaseLogger;
  /** Other than the usual ones: tests make them small. */
  readonly logLimits?: Partial<LogLimits> | undefined;
  /** Left out by a process that has the port to itself. */
  readonly fellows?: Fellows | undefined;
  readonly socketLimits?: Partial<SocketLimits> | undefined;
  readonly sseLimits?: Partial<SseLimits> | undefined;
}

/** What the processes on one port do for each other. */
export interface Fellows {
  /** Where the demo's payment providers are played for all of them; undefined without demo. */
  readonly simulator: string | undefined;
  /** Takes this process' figures, and gives what tells those of all. */
  readonly join: (own: Registry) => () => Promise<string>;
}

/** A running server. */
export interface App {
  /** Where it listens on this machine, without a slash at its end. */
  readonly address: string;
  /** Base address for links. */
  readonly publicUrl: string;
  /**
   * Says no to readyz, takes new connections for so long still, finishes what it has begun, and lets go of everything: within
   * four seconds, whatever hangs.
   */
  close(lingerMs?: number): Promise<void>;
}

/** So long a server that stops takes new connections: a load balancer finds out before any client is refused. */
export const lingerMs = 500;

/** Wires all parts together and listens: the only place that knows them all. */
export async function startApp(options: AppOptions): Promise<App> {
  const { config, databaseUrl, authSecret, log, logLimits, fellows } = options;
  const database = connect({ ...config.database, url: databaseUrl });
  const metrics = createMetrics();
  const bells = wireBells({ config, databaseUrl, metrics, log });
  const server = await createServer(config.http, log);
  const drain = mountDrain(server);
  const { host } = config.http;
  const boundPort = () => (server.server.address() as AddressInfo | null)?.port ?? config.http.port;
  const publicUrl = () => publicUrlFor(config.http, boundPort());
  const address = () => addressOf(host, boundPort());
  const providers = () => fellows?.simulator ?? address();
  const deps = wireServices({ config, database, bells, metrics, authSecret, publicUrl, providers, log, logLimits });
  const { metricsToken } = config.http;
  const figures = fellows?.join(metrics.registry) ?? (() => metrics.registry.metrics());
  mountHealth(server, { ping: database.ping, isDraining: () => drain.isBegun, bells, figures, metricsToken });
  if (config.bootstrapOperatorKey) await ensureOperatorKey(deps.orm, config.bootstrapOperatorKey, uuidv7());
  if (config.demo) await sealDemoTokens(deps);
  const live = await mountFaces(server, { ...options, deps, metrics });
  const simulator = config.demo
    ? openSimulator(server, simulatorOptions({ config, address, publicUrl, log }), fellows)
    : undefined;
  await listen(server, config.http);
  const jobs = startJobs(allJobs(config.sessions), {
    deps,
    log,
    countExpired: metrics.expired,
    countOverdue: metrics.overdue,
  });
  return {
    address: address(),
    publicUrl: publicUrl(),
    async close(linger = 0) {
      drain.start();
      const jobsEnd = jobs.stop();
      await pause(linger);
      simulator?.close();
      deps.log.endFeeds();
      deps.menus.drain();
      const steps = [
        { name: 'connections', by: 2_500, end: () => Promise.all([live.drain(), drain.finish()]) },
        { name: 'jobs', by: 1_500, end: () => jobsEnd },
        { name: 'writer', by: 3_000, end: deps.log.drain },
        { name: 'bells', by: 3_200, end: () => bells.close() },
        { name: 'database', by: 3_500, end: database.close },
      ];
      await closeInOrder(steps, log);
    },
  };
}

/** The demo's payment providers: in this process, or in the one that plays them for all. */
function openSimulator(
  server: FastifyInstance,
  options: SimulatorOptions,
  fellows: Fellows | undefined,
): Simulator | undefined {
  if (!fellows?.simulator) return mountSimulator(server, options);
  forwardSimulator(server, fellows.simulator);
  return undefined;
}

interface Wiring {
  readonly config: Config;
  readonly database: Database;
  readonly bells: Bells;
  readonly metrics: Metrics;
  readonly authSecret: string;
  readonly publicUrl: () => string;
  /** Where the demo's payment providers are for our own calls. */
  readonly providers: () => string;
  readonly log: FastifyBaseLogger;
  readonly logLimits: AppOptions['logLimits'];
}

function wireServices(wiring: Wiring): ResolverContext['deps'] {
  const { config, database, metrics, authSecret, publicUrl } = wiring;
  const log = createEventLog({
    writer: database.writer,
    reader: database.reader,
    graceSeconds: config.sessions.graceSeconds,
    node: randomUUID(),
    newId: uuidv7,
    probe: metrics.writer,
    bells: wiring.bells,
    ...(wiring.logLimits && { limits: wiring.logLimits }),
  });
  metrics.watchDepth(() => log.depth);
  const box = createSecretBox(sealingTexts(config, authSecret));
  const tokens = createSessionTokens(authSecret, config.auth.previousSecret);
  return {
    log,
    orm: database.orm,
    menus: createMenus(database.orm, (error) => wiring.log.warn({ err: error }, 'the menus could not be read')),
    tokens,
    tickets: createStreamTickets(authSecret, config.auth.previousSecret),
    credentials: createCredentials(database.orm, tokens),
    box,
    ...wirePayments({ ...wiring, box, address: wiring.providers, orm: database.orm }),
    singleFlight: createSingleFlight(),
    streams: createOpenStreams({ isLimited: config.rateLimits, opened: metrics.live.opened }),
    now: Date.now,
    newId: uuidv7,
    publicUrl,
    defaultTtlSeconds: config.sessions.ttlSeconds,
  };
}

interface Faces extends Pick<AppOptions, 'config' | 'socketLimits' | 'sseLimits'> {
  readonly deps: ResolverContext['deps'];
  readonly metrics: Metrics;
}

/** GraphQL, REST and the pages: three ways to the same services. */
async function mountFaces(server: FastifyInstance, faces: Faces): Promise<Pick<Sockets, 'drain'>> {
  const { config, deps, metrics, socketLimits } = faces;
  const schema = await buildGraphqlSchema();
  observeOperations(schema, metrics);
  const documents = loadPersistedDocuments(schema);
  const isExplorable = config.nodeEnv !== 'production';
  const streams = createSseStreams(metrics.live, faces.sseLimits);
  mountRest(server, { schema, documents, deps, streams });
  await mountGraphql(server, { schema, documents, deps, isExplorable, persistedOnly: config.persistedOnly });
  await mountWebhooks(server, { deps, count: metrics.webhook });
  mountReturnPage(server, deps);
  mountPages(server, { schema, publicUrl: deps.publicUrl, isDemo: config.demo, isExplorable });
  const sockets = mountSockets(server, {
    ...{ schema, documents, deps, isExplorable, persistedOnly: config.persistedOnly },
    ...{ isLimited: config.rateLimits, corsOrigins: config.http.corsOrigins, metrics: metrics.live },
    limits: socketLimits ?? {},
  });
  return { drain: async () => void (await Promise.all([streams.drain(), sockets.drain()])) };
}
