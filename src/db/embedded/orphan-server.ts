import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { giveTo } from './data-home.js';
import { EmbeddedDatabaseError } from './embedded-error.js';
import { readProcessFacts } from './process-facts.js';
import type { ServerUser } from './server-user.js';

/** What Postgres writes into postmaster.pid. */
export interface LockFile {
  readonly pid: number;
  readonly ready: boolean;
}

/** The lock file of a cluster; undefined when there is none. */
export async function readLockFile(data: string): Promise<LockFile | undefined> {
  const text = await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const lines = text.split('\n');
  return { pid: Number(lines[0]), ready: lines[7]?.trim() === 'ready' };
}

/**
 * Ends the server that a killed owner left behind. Call only as the owner of the directory, so that whatever runs here is
 * an orphan. A lock file that names a dead process, a zombie or a stranger afterwards is made harmless.
 */
export async function endOrphan(data: string, user: ServerUser, log: (line: string) => void): Promise<void> {
  const lock = await readLockFile(data);
  if (lock === undefined) return;
  if (await isPostmaster(lock.pid, data)) {
    log(`stopping the database server ${lock.pid} that an earlier run left behind`);
    await endProcess(lock.pid, data);
  }
  await disarmLockFile(data, user);
}

async function endProcess(pid: number, data: string): Promise<void> {
  // Fast shutdown first; immediate shutdown (recovery at the next start) only for a server that hangs.
  for (const [signal, patience] of [
    ['SIGINT', 10_000],
    ['SIGQUIT', 5_000],
    ['SIGKILL', 5_000],
  ] as const) {
    try {
      process.kill(pid, signal);
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'EPERM') break;
    }
    const deadline = Date.now() + patience;
    while (Date.now() < deadline) {
      if (!(await isPostmaster(pid, data))) return;
      await pause(10);
    }
  }
  throw new EmbeddedDatabaseError(`The database server ${pid} that an earlier run left behind cannot be stopped.`);
}

/** The command line tells a postmaster of this cluster from a process that merely got its old pid. */
async function isPostmaster(pid: number, data: string): Promise<boolean> {
  const facts = await readProcessFacts(pid);
  return facts !== undefined && facts.command.includes('postgres') && facts.command.includes(`-D ${data} `);
}

/**
 * Postgres takes any living pid in the file, even a zombie's, for a rival. Our own pid it knows to be its parent's and no
 * rival; the rest of the file stays, for with it Postgres finds backends that outlived their postmaster.
 */
async function disarmLockFile(data: string, user: ServerUser): Promise<void> {
  const path = join(data, 'postmaster.pid');
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) return;
  const staging = `${path}.partial`;
  await writeFile(staging, text.replace(/^.*/, String(process.pid)), { mode: 0o600 });
  await giveTo(user, staging);
  await rename(staging, path);
}
