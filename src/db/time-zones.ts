import { sql } from 'drizzle-orm';
import type { Orm } from './connect.js';

/** The zone as the database spells it, which reckons the local days; undefined for what it does not know. */
export async function findTimeZone(orm: Orm, name: string): Promise<string | undefined> {
  const rows = await orm.execute<{ name: string }>(
    sql`SELECT name FROM pg_timezone_names WHERE lower(name) = ${name.toLowerCase()} ORDER BY name = ${name} DESC LIMIT 1`,
  );
  return rows[0]?.name;
}
