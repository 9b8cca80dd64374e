import { readdir, readFile, readlink } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { readProcessFacts } from '../../src/db/embedded/process-facts.js';

/** The command lines of the database server and its tools that work in a data directory of the lab. Linux only. */
export async function processesOf(dataDir: string): Promise<readonly string[]> {
  // The directory around the data has a random name, which stays the same however the path is written.
  const mark = basename(dirname(dataDir));
  const commands = await Promise.all(
    (await allPids()).map(async (pid) => (await readProcessFacts(pid))?.command ?? ''),
  );
  return commands.filter((command) => command.includes(mark));
}

/** The processes that a server with WEB_CONCURRENCY has started to serve. Linux only. */
export async function workersOf(pid: number): Promise<readonly number[]> {
  const found = await Promise.all(
    (await allPids()).map(async (each) => {
      const stat = await readFile(`/proc/${each}/stat`, 'utf8').catch(() => '');
      // The name in brackets may hold spaces; behind it come the state and the parent.
      const [, state, parent] = /\) (\S) (\d+) /.exec(stat) ?? [];
      if (Number(parent) !== pid || state === 'Z') return [];
      return (await readProcessFacts(each))?.command.endsWith(' worker') ? [each] : [];
    }),
  );
  return found.flat();
}

/** Whether these processes are gone, or only not yet reaped. */
export async function areGone(pids: readonly number[]): Promise<boolean> {
  const facts = await Promise.all(pids.map((pid) => readProcessFacts(pid)));
  return facts.every((one) => one === undefined);
}

/** How many sockets a process has open. Linux only. */
export async function socketsOf(pid: number): Promise<number> {
  const files = await readdir(`/proc/${pid}/fd`);
  const targets = await Promise.all(files.map((file) => readlink(`/proc/${pid}/fd/${file}`).catch(() => '')));
  return targets.filter((target) => target.startsWith('socket:')).length;
}

async function allPids(): Promise<readonly number[]> {
  return (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
}
