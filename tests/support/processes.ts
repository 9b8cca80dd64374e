import { readdir } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { readProcessFacts } from '../../src/db/embedded/process-facts.js';

/** The command lines of the database server and its tools that work in a data directory of the lab. Linux only. */
export async function processesOf(dataDir: string): Promise<readonly string[]> {
  // The directory around the data has a random name, which stays the same however the path is written.
  const mark = basename(dirname(dataDir));
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const commands = await Promise.all(pids.map(async (pid) => (await readProcessFacts(pid))?.command ?? ''));
  return commands.filter((command) => command.includes(mark));
}
