import { randomBytes } from 'node:crypto';
import postgres from 'postgres';
import { inject } from 'vitest';
import { withDatabase } from './database-url.js';

/** A database without any table, on the run's server, which drops it when the run ends. */
export async function createEmptyDatabase(): Promise<string> {
  const name = `${inject('databasePrefix')}_empty_${randomBytes(6).toString('hex')}`;
  const sql = postgres(inject('adminUrl'), { max: 1, fetch_types: false, onnotice: () => {} });
  try {
    await sql.unsafe(`CREATE DATABASE ${name} TEMPLATE template0`);
  } finally {
    await sql.end({ timeout: 5 });
  }
  return withDatabase(inject('adminUrl'), name);
}
