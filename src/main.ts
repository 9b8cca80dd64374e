import { join } from 'node:path';
import { pino } from 'pino';
import { startApp } from './app.js';
import { type Config, ConfigError, loadConfig } from './config.js';
import { readOrCreateSecret } from './config/persistent-secret.js';
import { EmbeddedDatabaseError } from './db/embedded/embedded-error.js';
import { startEmbedded } from './db/embedded/start-embedded.js';
import { migrateUp, MigrationError } from './db/migrate.js';
import { seedDemo } from './db/seed-demo.js';
import { onStopRequest } from './stop-requests.js';

/** The process: configuration, database, migrations, server; and an orderly end. */
async function main(): Promise<void> {
  const config = loadConfig(process.env);
  const log = pino({ level: config.logLevel, base: null, redact: ['req.headers.authorization'] });
  const say = (line: string) => log.info(line);
  const { dataDir } = config.database;
  const embedded = config.database.url === undefined ? await startEmbedded({ dataDir, log: say }) : undefined;
  const databaseUrl = embedded?.url ?? config.database.url ?? '';
  const directUrl = config.database.directUrl ?? databaseUrl;
  try {
    if (config.database.migrateOnStart) await migrateUp(directUrl, { log: say });
    if (config.demo) await seedDemo(directUrl);
    const authSecret = config.auth.secret ?? (await readOrCreateSecret(join(dataDir, 'auth-secret')));
    const app = await startApp({ config, databaseUrl, authSecret, log });
    announce(config, app);
    stopOnRequest(async () => {
      await app.close();
      await embedded?.stop();
    });
  } catch (error) {
    await embedded?.stop();
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
function stopOnRequest(stop: () => Promise<void>): void {
  let isStopping = false;
  const onRequest = () => {
    if (isStopping) process.exit(1);
    isStopping = true;
    stop().then(() => process.exit(0), fail);
  };
  onStopRequest(onRequest, process.env.npm_lifecycle_event === 'start');
}

/** What a person can mend is told in plain lines; anything else with its stack. */
function fail(error: unknown): void {
  const isPlain =
    error instanceof ConfigError || error instanceof EmbeddedDatabaseError || error instanceof MigrationError;
  process.stderr.write(`${isPlain ? error.message : error instanceof Error ? error.stack : String(error)}\n`);
  process.exit(1);
}

main().catch(fail);
