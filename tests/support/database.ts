import { randomBytes } from 'node:crypto';
import postgres from 'postgres';
import { afterAll, beforeAll, inject } from 'vitest';
import { withDatabase } from './database-url.js';
import { eventually } from './eventually.js';

const OBJECT_IN_USE = '55006';

export interface TestDatabase {
  readonly url: string;
  /** Throws its connections out and removes it; harmless when repeated. */
  drop(): Promise<void>;
}

/** A migrated, empty database of one's own: a copy of the run's template, made in some ten milliseconds. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const name = `${inject('databasePrefix')}_${randomBytes(6).toString('hex')}`;
  const failure = await eventually(() => copyTemplate(name), { within: 15_000, every: 50 });
  if (failure !== null) throw failure;
  return {
    url: withDatabase(inject('adminUrl'), name),
    drop: () => runAsAdmin(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  };
}

/** One database for the tests of a file (or of a `describe`); read `url` inside hooks and tests only. */
export function useTestDatabase(): { readonly url: string } {
  let database: TestDatabase | undefined;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(async () => {
    await database?.drop();
  });
  return {
    get url(): string {
      if (!database) throw new Error('The test database exists only inside hooks and tests');
      return database.url;
    },
  };
}

/**
 * Null when made. Two copies of one template at the same instant can refuse each other: that alone (`false`) is worth
 * another try, any other failure is handed out at once.
 */
async function copyTemplate(name: string): Promise<Error | null | false> {
  try {
    await runAsAdmin(`CREATE DATABASE ${name} TEMPLATE ${inject('templateName')}`);
    return null;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return error instanceof postgres.PostgresError && error.code === OBJECT_IN_USE ? false : error;
  }
}

async function runAsAdmin(statement: string): Promise<void> {
  const sql = postgres(inject('adminUrl'), { max: 1, fetch_types: false, onnotice: () => {} });
  try {
    await sql.unsafe(statement);
  } finally {
    await sql.end({ timeout: 5 });
  }
}
