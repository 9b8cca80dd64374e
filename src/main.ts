import { join } from 'node:path';
import { pino } from 'pino';
import { startApp } from './app.js';
import { type Config, ConfigError, loadConfig } from './config.js';
import { readOrCreateSecret } from './config/persistent-secret.js';
import { EmbeddedDatabaseError } from './db/embedded/embedded-error.js';
import { startEmbedded } from './db/embedded/start-embedded.js';
import { migrateUp, MigrationError } from './db/migrate.js';
import { seedDemo } from './db/seed-demo.js';
import { ListenError } from './http/listen.js';
import { createShutdown, type Shutdown } from './shutdown.js';
import { onStopRequest } from './stop-requests.js';

/** The process: configuration, database, migrations, server; and an orderly end. */
async function main(): Promise<void> {
  const config = loadConfig(process.env);
  const log = pino({ level: config.logLevel, base: null, redact: ['req.headers.authorization'] });
  const say = (line: string) => log.info(line);
  const { dataDir } = config.database;
  const shutdown = createShutdown();
  stopOnRequest(shutdown);
  const starting = config.database.url === undefined ? startEmbedded({ dataDir, log: say }) : undefined;
  // A database server that is half started is not ended by us: it is let up first.
  if (starting) shutdown.add(async () => await (await starting).stop());
  const databaseUrl = (await starting)?.url ?? config.database.url ?? '';
  const directUrl = config.database.directUrl ?? databaseUrl;
  try {
    if (config.database.migrateOnStart) await migrateUp(directUrl, { log: say });
    if (config.demo) await seedDemo(directUrl);
    const authSecret = config.auth.secret ?? (await readOrCreateSecret(join(dataDir, 'auth-secret')));
    const app = await startApp({ config, databaseUrl, authSecret, log });
    shutdown.add(() => app.close());
    announce(config, app);
  } catch (error) {
    // Whoever asked for the stop is answered there; what it pulled away from a start under way is no fault.
    if (shutdown.isBegun) return;
    await shutdown.run();
    throw error;
  }
}

function announce(config: Config, { address, publicUrl }: { address: string; publicUrl: string }): void {
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
  const isPlain = [ConfigError, EmbeddedDatabaseError, MigrationError, ListenError].some(
    (kind) => error instanceof kind,
  );
  process.stderr.write(`${error instanceof Error ? (isPlain ? error.message : error.stack) : String(error)}\n`);
  process.exit(1);
}

main().catch(fail);
