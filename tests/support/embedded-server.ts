import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, lchown, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import postgres from 'postgres';
import { afterAll, afterEach } from 'vitest';
import { openHome, removeData } from '../../src/db/embedded/data-home.js';
import { canPass, type ServerUser } from '../../src/db/embedded/server-user.js';
import { type EmbeddedOptions, type EmbeddedPostgres, startEmbedded } from '../../src/db/embedded/start-embedded.js';

export interface EmbeddedChild {
  readonly pid: number;
  /** The url of the started server, or the refusal. */
  readonly outcome: Promise<Report>;
  readonly closed: Promise<unknown>;
  /** A log line or other report that matches. */
  saw(pattern: RegExp): boolean;
  kill(): Promise<void>;
  /** Ends it the orderly way. */
  finish(): Promise<void>;
}

export interface Report {
  readonly url?: string;
  readonly ms?: number;
  readonly error?: string;
  readonly message?: string;
}

export interface EmbeddedLab {
  /** A new directory of the caller, removed after the test together with data that was moved out of it. */
  directory(user?: ServerUser): Promise<string>;
  /** A DATA_DIR that does not exist yet. */
  newData(): Promise<string>;
  /** A DATA_DIR with a stopped, empty database; spares the test an initialisation. */
  oldData(): Promise<string>;
  /** Hands a whole tree to another user. */
  giveTree(path: string, uid: number): Promise<void>;
  start(dataDir: string, options?: Partial<EmbeddedOptions>): Promise<EmbeddedPostgres>;
  startChild(
    dataDir: string,
    options?: { readonly user?: ServerUser; readonly env?: object; readonly fsync?: 'on' },
  ): EmbeddedChild;
}

export const isRoot = process.getuid?.() === 0;

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const PROGRAM = fileURLToPath(new URL('./embedded-process.ts', import.meta.url));

/** Starts servers and processes for one test file and takes them all away after each test. */
export function useEmbeddedLab(): EmbeddedLab {
  const servers: EmbeddedPostgres[] = [];
  const children: EmbeddedChild[] = [];
  const directories: string[] = [];
  let seed: Promise<string> | undefined;

  const directory = async (user?: ServerUser): Promise<string> => {
    const path = await makeDirectory(user);
    directories.push(path);
    return path;
  };
  const newData = async (): Promise<string> => join(await directory(), 'data');

  afterAll(async () => {
    if (seed !== undefined) await rm(await seed, { recursive: true, force: true });
  });

  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => server.stop()));
    await Promise.all(children.splice(0).map((child) => child.finish()));
    for (const directory of directories.splice(0)) {
      await endServerOf(join(directory, 'data'));
      await removeData(join(directory, 'data'));
      await rm(directory, { recursive: true, force: true });
    }
  });

  return {
    directory,
    newData,
    oldData: async () => {
      const [from, to] = [await (seed ??= makeSeed()), await newData()];
      // fs.cp would make root the owner of the copy.
      await promisify(execFile)('cp', ['-a', join(from, 'data'), to]);
      return to;
    },
    giveTree: async (path, uid) => {
      for (const name of await readdir(path, { recursive: true })) await lchown(join(path, name), uid, uid);
    },
    start: async (dataDir, options) => {
      const server = await startEmbedded({ dataDir, log: () => {}, settings: { fsync: 'off' }, ...options });
      servers.push(server);
      return server;
    },
    startChild: (dataDir, options = {}) => {
      const child = watch(
        spawn(process.execPath, ['--import', 'tsx', PROGRAM, dataDir, options.fsync ?? 'off'], {
          cwd: ROOT,
          env: { PATH: process.env['PATH'], ...options.env },
          stdio: ['pipe', 'pipe', 'inherit'],
          ...(options.user?.uid === undefined ? {} : { uid: options.user.uid, gid: options.user.gid ?? 0 }),
        }),
      );
      children.push(child);
      return child;
    },
  };
}

/** An account that is not root and can run the project's own code; undefined where there is none. */
export async function findOrdinaryUser(): Promise<ServerUser | undefined> {
  const line = (await readFile('/etc/passwd', 'utf8').catch(() => ''))
    .split('\n')
    .find((text) => text.startsWith('nobody:'));
  const [, , uid, gid] = line?.split(':') ?? [];
  if (!isRoot || uid === undefined) return undefined;
  const user = { name: 'nobody', uid: Number(uid), gid: Number(gid) };
  const reachable = (await canPass(user, ROOT)) && (await canPass(user, dirname(process.execPath)));
  return reachable ? user : undefined;
}

async function makeDirectory(user?: ServerUser): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'qr-session-embedded-'));
  await chmod(path, 0o755);
  if (user?.uid !== undefined) await chown(path, user.uid, user.gid ?? user.uid);
  return path;
}

async function makeSeed(): Promise<string> {
  const path = await makeDirectory();
  await (await startEmbedded({ dataDir: join(path, 'data'), log: () => {}, settings: { fsync: 'off' } })).stop();
  return path;
}

/** One query over a connection of its own. */
export async function query(url: string, text: string): Promise<readonly Record<string, unknown>[]> {
  const sql = postgres(url, { max: 1, fetch_types: false, onnotice: () => {} });
  try {
    return await sql.unsafe<Record<string, unknown>[]>(text);
  } finally {
    await sql.end({ timeout: 1 });
  }
}

/** The pid in the lock file of the server on this data, if there is one. */
export async function serverPid(dataDir: string): Promise<number | undefined> {
  const text = await readFile(join(await openHome(dataDir), 'data', 'postmaster.pid'), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : Number(text.split('\n')[0]);
}

/** For tests that leave an orphan on purpose. */
async function endServerOf(dataDir: string): Promise<void> {
  const pid = await serverPid(dataDir).catch(() => undefined);
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  if (pid !== undefined && pid !== process.pid && command.includes('postgres')) process.kill(pid, 'SIGQUIT');
}

function watch(child: ChildProcess & { readonly stdout: NonNullable<ChildProcess['stdout']> }): EmbeddedChild {
  const lines: string[] = [];
  const closed = once(child, 'close');
  const outcome = new Promise<Report>((resolve) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      lines.push(line);
      const report = JSON.parse(line) as Report;
      if (report.url !== undefined || report.error !== undefined) resolve(report);
    });
    void closed.then(() => resolve({ error: 'closed', message: lines.join('\n') }));
  });
  return {
    pid: child.pid ?? 0,
    outcome,
    closed,
    saw: (pattern) => lines.some((line) => pattern.test(line)),
    kill: async () => {
      child.kill('SIGKILL');
      await closed;
    },
    finish: async () => {
      child.stdin?.end();
      await closed;
    },
  };
}
