import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import { v7 as uuidv7 } from 'uuid';
import { type Config, publicUrlFor } from './config.js';
import { ensureOperatorKey } from './db/api-keys.js';
import { connect, type Database } from './db/connect.js';
import type { Bells } from './event-log/bells/bells.js';
import { createEventLog, type LogLimits } from './event-log/event-log.js';
import { drainServer } from './http/drain.js';
import { mountGraphql } from './http/graphql.js';
import { listen } from './http/listen.js';
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
import { createMenuCache } from './services/menu-cache.js';
import { createOpenStreams } from './services/open-streams.js';
import { createSessionTokens } from './services/session-tokens.js';
import { createSingleFlight } from './services/single-flight.js';
import { createStreamTickets } from './services/stream-tickets.js';
import { mountSimulator } from './simulator/mount.js';
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
  readonly socketLimits?: Partial<SocketLimits> | undefined;
  readonly sseLimits?: Partial<SseLimits> | undefined;
}

/** A running server. */
export interface App {
  /** Where it listens on this machine, without a slash at its end. */
  readonly address: string;
  /** Base address for links. */
  readonly publicUrl: string;
  /** Says no to readyz, finishes what it has begun, and lets go of everything. */
  close(): Promise<void>;
}

/** Wires all parts together and listens: the only place that knows them all. */
export async function startApp(options: AppOptions): Promise<App> {
  const { config, databaseUrl, authSecret, log, logLimits } = options;
  const database = connect({ ...config.database, url: databaseUrl });
  const metrics = createMetrics();
  const bells = wireBells({ config, databaseUrl, metrics, log });
  const server = await createServer(config.http, log);
  const { host } = config.http;
  const boundPort = () => (server.server.address() as AddressInfo | null)?.port ?? config.http.port;
  const publicUrl = () => publicUrlFor(config.http, boundPort());
  const address = () => `http://${reachable(host)}:${boundPort()}`;
  const deps = wireServices({ config, database, bells, metrics, authSecret, publicUrl, address, log, logLimits });
  let isDraining = false;
  const { metricsToken } = config.http;
  mountHealth(server, { ping: database.ping, isDraining: () => isDraining, bells, metrics, metricsToken });
  if (config.bootstrapOperatorKey) await ensureOperatorKey(deps.orm, config.bootstrapOperatorKey, uuidv7());
  const live = await mountFaces(server, { ...options, deps, metrics });
  const simulator = config.demo
    ? mountSimulator(server, simulatorOptions({ config, address, publicUrl, log }))
    : undefined;
  await listen(server, config.http);
  const jobs = startJobs(allJobs(config.sessions), { deps, log, countExpired: metrics.expired });
  return {
    address: address(),
    publicUrl: publicUrl(),
    async close() {
      isDraining = true;
      simulator?.close();
      await jobs.stop();
      deps.log.endFeeds();
      await Promise.all([live.drain(), drainServer(server)]);
      await deps.log.drain();
      await bells.close();
      await database.close();
    },
  };
}

/** A host that listens everywhere is reached on the loopback; IPv6 wants brackets in an address. */
function reachable(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
}

interface Wiring {
  readonly config: Config;
  readonly database: Database;
  readonly bells: Bells;
  readonly metrics: Metrics;
  readonly authSecret: string;
  readonly publicUrl: () => string;
  readonly address: () => string;
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
  const tokens = createSessionTokens(authSecret, config.auth.previousSecret);
  return {
    log,
    orm: database.orm,
    menus: createMenuCache(database.orm),
    tokens,
    tickets: createStreamTickets(authSecret, config.auth.previousSecret),
    credentials: createCredentials(database.orm, tokens),
    ...wirePayments({ ...wiring, orm: database.orm }),
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
