import cluster from 'node:cluster';
import { type Logger, pino } from 'pino';
import { openLine } from './cluster-line.js';
import { HopelessStart, tellFirst, workerWord } from './cluster-messages.js';
import { type Config, ConfigError, loadConfig } from './config.js';
import { EmbeddedDatabaseError } from './db/embedded/embedded-error.js';
import { MigrationError } from './db/migrate.js';
import { ListenError } from './http/listen.js';
import { type Ground, prepareDatabase } from './prepare-database.js';
import { createShutdown, type Shutdown } from './shutdown.js';
import { onStopRequest } from './stop-requests.js';

/** The process: configuration, database, migrations, server; and an orderly end. */
async function main(): Promise<void> {
  const config = loadConfig(process.env);
  const log = createLog(config, null);
  const shutdown = createShutdown();
  stopOnRequest(shutdown);
  try {
    const ground = await prepareDatabase({ config, log, shutdown });
    announce(config, await serve({ config, log, shutdown, ground }));
  } catch (error) {
    await endStart(shutdown, error);
  }
}

/** One of several processes, which another one has started. */
async function work(): Promise<void> {
  const config = loadConfig(process.env);
  const log = createLog(config, { worker: cluster.worker?.id });
  const shutdown = createShutdown();
  const stop = () => void shutdown.run().then(() => process.exit(0), fail);
  let isAsked = false;
  // A terminal's Ctrl-C comes here and to the first process, which says stop as well: only its own requests count.
  onStopRequest(() => {
    if (isAsked) process.exit(1);
    isAsked = true;
    stop();
  }, false);
  const line = openLine(stop);
  try {
    const { runWorker } = await import('./cluster-worker.js');
    await runWorker({ config, log, shutdown, line });
  } catch (error) {
    await endStart(shutdown, error);
  }
}

function createLog(config: Config, base: object | null): Logger {
  return pino({ level: config.logLevel, base, redact: ['req.headers.authorization'] });
}

interface Serving {
  readonly config: Config;
  readonly log: Logger;
  readonly shutdown: Shutdown;
  readonly ground: Ground;
}

interface Served {
  readonly address: string;
  readonly publicUrl: string;
}

/** Alone, or with others on the same port. */
async function serve({ config, log, shutdown, ground }: Serving): Promise<Served> {
  if (config.webConcurrency > 1) {
    const { startCluster } = await import('./cluster.js');
    const giveUp = (error: unknown) => void endStart(shutdown, error).catch(fail);
    return startCluster({ config, log, ...ground, giveUp }, shutdown);
  }
  // The first of several processes does without all that serves.
  const { lingerMs, startApp } = await import('./app.js');
  const app = await startApp({ config, log, ...ground });
  shutdown.add(() => app.close(lingerMs));
  return app;
}

/** Whoever asked for a stop is answered there; what it pulled away from a start under way is no fault. */
async function endStart(shutdown: Shutdown, error: unknown): Promise<void> {
  if (shutdown.isBegun) return;
  await shutdown.run();
  throw error;
}

function announce(config: Config, { address, publicUrl }: Served): void {
  const lines = [
    `QR Session listens at ${address}`,
    `  start page   ${publicUrl}/`,
    `  GraphQL      ${publicUrl}/graphql (Sandbox in a browser, ${publicUrl}/graphiql without internet)`,
    `  REST         ${publicUrl}/openapi.json`,
    ...(config.demo ? [`  demo         table token demo-table-1, staff key demo-staff-key`] : []),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

/** The first request to stop ends in order; a second one at once. */
function stopOnRequest(shutdown: Shutdown): void {
  const onRequest = () => {
    if (shutdown.isBegun) process.exit(1);
    shutdown.run().then(() => process.exit(0), fail);
  };
  onStopRequest(onRequest, process.env.npm_lifecycle_event === 'start');
}

/** What a person can mend is told in plain lines; anything else with its stack. */
function fail(error: unknown): void {
  const text = plainText(error) ?? (error instanceof Error ? error.stack : String(error));
  process.stderr.write(`${text}\n`);
  process.exit(1);
}

function plainText(error: unknown): string | undefined {
  const plain = [ConfigError, EmbeddedDatabaseError, MigrationError, ListenError, HopelessStart];
  return error instanceof Error && plain.some((kind) => error instanceof kind) ? error.message : undefined;
}

/** What a person can mend is told by the first process, once for all. */
function failAsWorker(error: unknown): void {
  const message = plainText(error);
  if (message === undefined) fail(error);
  else void tellFirst({ kind: 'hopeless', message }).finally(() => process.exit(1));
}

if (process.argv[2] === workerWord) work().catch(failAsWorker);
else main().catch(fail);
