import { randomBytes } from 'node:crypto';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';
import type { TestProject } from 'vitest/node';
import { removeData } from '../../src/db/embedded/data-home.js';
import { startEmbedded } from '../../src/db/embedded/start-embedded.js';
import { migrateUp } from '../../src/db/migrate.js';
import { withDatabase } from './database-url.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** A database on the test server from which others can be created and dropped. */
    readonly adminUrl: string;
    /** The migrated database that every test database is a copy of; nobody may connect to it. */
    readonly templateName: string;
    /** Every database of this run has a name that begins so. */
    readonly databasePrefix: string;
  }
}

interface TestServer {
  readonly url: string;
  stop(): Promise<void>;
}

/** One server per run: the one in `DATABASE_URL`, else an embedded one in a temporary folder. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await findServer();
  const databasePrefix = `qr_test_${randomBytes(4).toString('hex')}`;
  const tearDown = async (): Promise<void> => {
    try {
      await dropAll(server.url, databasePrefix);
    } finally {
      await server.stop();
    }
  };
  try {
    const templateName = await createTemplate(server.url, databasePrefix);
    project.provide('adminUrl', server.url);
    project.provide('templateName', templateName);
    project.provide('databasePrefix', databasePrefix);
  } catch (error) {
    await tearDown();
    throw error;
  }
  return tearDown;
}

async function findServer(): Promise<TestServer> {
  const url = process.env.DATABASE_URL;
  if (url) return { url, stop: async () => {} };
  const dataDir = await mkdtemp(join(tmpdir(), 'qr-session-tests-'));
  try {
    // Nothing in a test database has to survive the machine.
    const settings = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '200' };
    const embedded = await startEmbedded({ dataDir, log: () => {}, settings });
    return { url: embedded.url, stop: () => embedded.stop().finally(() => removeData(dataDir)) };
  } catch (error) {
    await removeData(dataDir);
    throw error;
  }
}

async function createTemplate(adminUrl: string, prefix: string): Promise<string> {
  const name = `${prefix}_template`;
  await asAdmin(adminUrl, async (sql) => {
    await sql.unsafe(`CREATE DATABASE ${name}`);
  });
  await migrateUp(withDatabase(adminUrl, name), { log: () => {} });
  await asAdmin(adminUrl, async (sql) => {
    // A template with a visitor cannot be copied.
    await sql.unsafe(`ALTER DATABASE ${name} ALLOW_CONNECTIONS false`);
  });
  return name;
}

async function dropAll(adminUrl: string, prefix: string): Promise<void> {
  await asAdmin(adminUrl, async (sql) => {
    const rows = await sql<{ datname: string }[]>`
      SELECT datname FROM pg_database WHERE starts_with(datname, ${`${prefix}_`})`;
    for (const { datname } of rows) await sql.unsafe(`DROP DATABASE IF EXISTS ${datname} WITH (FORCE)`);
  });
}

async function asAdmin(url: string, work: (sql: postgres.Sql) => Promise<void>): Promise<void> {
  const sql = postgres(url, { max: 1, fetch_types: false, onnotice: () => {} });
  try {
    await work(sql);
  } finally {
    await sql.end({ timeout: 5 });
  }
}
