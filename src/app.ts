import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import type { FastifyBaseLogger } from 'fastify';
import { v7 as uuidv7 } from 'uuid';
import { type Config, publicUrlFor } from './config.js';
import { connect } from './db/connect.js';
import { createEventLog } from './event-log/event-log.js';
import { mountGraphql } from './http/graphql.js';
import { mountHealth } from './http/health.js';
import { createMetrics } from './http/metrics.js';
import { mountPages } from './http/pages.js';
import { mountRest } from './http/mount-rest.js';
import { observeOperations } from './http/observe-operations.js';
import { createServer } from './http/server.js';
import { allJobs } from './jobs/index.js';
import { startJobs } from './jobs/scheduler.js';
import { buildGraphqlSchema } from './resolvers/build-schema.js';
import { loadPersistedDocuments } from './rest/persisted-documents.js';
import { createCredentials } from './services/credentials.js';
import { createMenuCache } from './services/menu-cache.js';
import { createSessionTokens } from './services/session-tokens.js';

export interface AppOptions {
  readonly config: Config;
  /** A migrated database. */
  readonly databaseUrl: string;
  readonly authSecret: string;
  readonly log: FastifyBaseLogger;
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
export async function startApp({ config, databaseUrl, authSecret, log }: AppOptions): Promise<App> {
  const database = connect({ ...config.database, url: databaseUrl });
  const metrics = createMetrics();
  const eventLog = createEventLog({
    writer: database.writer,
    reader: database.reader,
    graceSeconds: config.sessions.graceSeconds,
    node: randomUUID(),
    newId: uuidv7,
    probe: metrics.writer,
  });
  metrics.watchDepth(() => eventLog.depth);

  const tokens = createSessionTokens(authSecret, config.auth.previousSecret);
  const app = await createServer(config.http, log);
  const boundPort = () => (app.server.address() as AddressInfo | null)?.port ?? config.http.port;
  const deps = {
    log: eventLog,
    orm: database.orm,
    menus: createMenuCache(database.orm),
    tokens,
    credentials: createCredentials(database.orm, tokens),
    newId: uuidv7,
    publicUrl: () => publicUrlFor(config.http, boundPort()),
    defaultTtlSeconds: config.sessions.ttlSeconds,
  };

  const schema = await buildGraphqlSchema();
  observeOperations(schema, metrics);
  const documents = loadPersistedDocuments(schema);
  const isProduction = config.nodeEnv === 'production';
  let isDraining = false;
  mountHealth(app, {
    ping: database.ping,
    isDraining: () => isDraining,
    metrics,
    metricsToken: config.http.metricsToken,
  });
  mountRest(app, { schema, documents, deps });
  await mountGraphql(app, {
    schema,
    documents,
    deps,
    isExplorable: !isProduction,
    persistedOnly: config.persistedOnly,
  });
  mountPages(app, { schema, publicUrl: deps.publicUrl, isDemo: config.demo, isExplorable: !isProduction });

  await app.listen({ host: config.http.host, port: config.http.port });
  const jobs = startJobs(allJobs(config.sessions), { deps, log, countExpired: metrics.expired });
  return {
    address: `http://${config.http.host.includes(':') ? `[${config.http.host}]` : config.http.host}:${boundPort()}`,
    publicUrl: deps.publicUrl(),
    async close() {
      isDraining = true;
      await jobs.stop();
      await app.close();
      await eventLog.drain();
      await database.close();
    },
  };
}
