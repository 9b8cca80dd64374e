import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Binaries } from './binaries.js';
import { readLockFile } from './orphan-server.js';
import { spawnAs } from './run-binary.js';
import type { ServerUser } from './server-user.js';

const READY_MS = 120_000; // crash recovery of a large log may take this long
const STOP_MS = 15_000;
const LOG_LIMIT = 5_000_000;

export interface ServerPlan {
  readonly binaries: Binaries;
  readonly user: ServerUser;
  readonly home: string;
  readonly settings: Readonly<Record<string, string>>;
}

export interface ServerProcess {
  readonly pid: number;
  /** Settles when the server is gone, however it went. */
  readonly gone: Promise<void>;
  /** Fast shutdown; resolves when the server is gone. */
  stop(): Promise<void>;
}

export type LaunchResult =
  | { readonly state: 'ready'; readonly server: ServerProcess }
  | { readonly state: 'failed'; readonly log: string };

/** Starts the postmaster and waits until it accepts connections, or until it has given up. */
export async function launchServer(plan: ServerPlan): Promise<LaunchResult> {
  const data = join(plan.home, 'data');
  const logPath = join(plan.home, 'server.log');
  await rotate(logPath);
  const logFile = await open(logPath, 'a', 0o600);
  const logStart = (await logFile.stat()).size;
  const settings = Object.entries(plan.settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const child = spawn(plan.binaries.postgres, ['-D', data, ...settings], {
    ...spawnAs(plan.user),
    cwd: plan.home,
    // Its own process group: Ctrl-C is for us, the server must outlive the drain. Output to a file outlives us.
    detached: true,
    stdio: ['ignore', logFile.fd, logFile.fd],
  });
  const gone = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', () => resolve(''));
  });
  await once(child, 'spawn').catch(() => undefined);
  await logFile.close();
  if (await waitUntilReady(child, data)) return { state: 'ready', server: supervise(child, gone) };
  const spawnFault = await gone;
  const written = (await readFile(logPath)).subarray(logStart).toString('utf8');
  return { state: 'failed', log: spawnFault || written };
}

async function waitUntilReady(child: ChildProcess, data: string): Promise<boolean> {
  const deadline = Date.now() + READY_MS;
  while (child.pid !== undefined && child.exitCode === null && child.signalCode === null) {
    const lock = await readLockFile(data);
    if (lock?.pid === child.pid && lock.ready) return true;
    if (Date.now() > deadline) child.kill('SIGQUIT');
    await pause(10);
  }
  return false;
}

function supervise(child: ChildProcess, exit: Promise<string>): ServerProcess {
  const gone = exit.then(() => undefined);
  const onProcessExit = (): void => void child.kill('SIGINT');
  process.once('exit', onProcessExit);
  void gone.then(() => process.off('exit', onProcessExit));
  // A caller that ends without stop() must be able to end; the exit handler then takes the server along.
  child.unref();
  const stop = async (): Promise<void> => {
    child.ref();
    child.kill('SIGINT');
    const harder = setTimeout(() => child.kill('SIGQUIT'), STOP_MS);
    await gone;
    clearTimeout(harder);
  };
  return { pid: child.pid ?? 0, gone, stop };
}

async function rotate(logPath: string): Promise<void> {
  const size = await stat(logPath).then(
    (found) => found.size,
    () => 0,
  );
  if (size > LOG_LIMIT) await rename(logPath, `${logPath}.1`);
}
