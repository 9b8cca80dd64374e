import { join } from 'node:path';
import type { FastifyBaseLogger } from 'fastify';
import type { Config } from './config.js';
import { readOrCreateSecret } from './config/persistent-secret.js';
import { connectionsOf } from './db/connect.js';
import { startEmbedded } from './db/embedded/start-embedded.js';
import { migrateUp } from './db/migrate.js';
import { seedDemo } from './db/seed-demo.js';
import type { Shutdown } from './shutdown.js';

/** What the processes of a server share. */
export interface Ground {
  /** A migrated database. */
  readonly databaseUrl: string;
  readonly authSecret: string;
}

interface Preparation {
  readonly config: Config;
  readonly log: FastifyBaseLogger;
  readonly shutdown: Shutdown;
}

/** Done once, before anything listens: the embedded database if there is no other, migrations, the demo restaurant. */
export async function prepareDatabase({ config, log, shutdown }: Preparation): Promise<Ground> {
  const say = (line: string) => log.info(line);
  const { dataDir, url, directUrl, migrateOnStart } = config.database;
  const settings = { max_connections: String(connectionsFor(config)) };
  const starting = url === undefined ? startEmbedded({ dataDir, settings, log: say }) : undefined;
  // A database server that is half started is not ended by us: it is let up first.
  if (starting) shutdown.add(async () => await (await starting).stop());
  const databaseUrl = (await starting)?.url ?? url ?? '';
  if (migrateOnStart) await migrateUp(directUrl ?? databaseUrl, { log: say });
  if (config.demo) await seedDemo(directUrl ?? databaseUrl);
  const authSecret = config.auth.secret ?? (await readOrCreateSecret(join(dataDir, 'auth-secret')));
  return { databaseUrl, authSecret };
}

/** Beside the processes: migrations, tools, and a person who looks. */
const spareConnections = 15;
const leastConnections = 100;

/** What the embedded server must take, so that all processes can open all that they may. */
function connectionsFor({ webConcurrency, database }: Config): number {
  return Math.max(leastConnections, webConcurrency * connectionsOf(database.poolSize) + spareConnections);
}
