import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openHome } from './data-home.js';
import { DATABASE } from './ensure-database.js';
import { ROLE } from './init-cluster.js';

/** The url of the database server that another process runs on this data; undefined when none accepts connections. */
export async function urlOfRunning(dataDir: string): Promise<string | undefined> {
  const home = await openHome(dataDir);
  const read = (name: string) => readFile(join(home, name), 'utf8').catch(() => undefined);
  const [lock, password] = [await read('data/postmaster.pid'), await read('password')];
  // As Postgres writes it: the port in the fourth line, the state in the eighth.
  const [, , , port, , , , state] = lock?.split('\n') ?? [];
  if (state?.trim() !== 'ready' || password === undefined) return undefined;
  return `postgres://${ROLE}:${password.trim()}@127.0.0.1:${port}/${DATABASE}`;
}
