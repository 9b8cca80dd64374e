import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach } from 'vitest';
import { useEmbeddedLab } from './embedded-server.js';

/** How a process ended, and how long after the last signal. */
export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface Finished extends Ending {
  readonly stdout: string;
  readonly stderr: string;
}

/** A started server. */
export interface ServerProcess {
  readonly pid: number;
  /** Where it listens. */
  readonly url: string;
  /** From the start of the process until it said where it listens and was ready to serve. */
  readonly readyMs: number;
  readonly ended: Promise<Ending>;
  /** All that it printed so far. */
  output(): string;
  /** Sends the signal and waits for the end. */
  end(signal: NodeJS.Signals): Promise<Ending>;
  /** Sends the signal only. */
  signal(signal: NodeJS.Signals): void;
}

export interface ServerLab {
  /** A DATA_DIR that does not exist yet; it goes after the test with everything in it. */
  readonly newData: () => Promise<string>;
  /** A DATA_DIR with an empty database: spares the test an initialisation. */
  readonly oldData: () => Promise<string>;
  /** Starts `dist/main.js` as a user would, on a free port, and waits until it is ready. */
  start(dataDir: string, env?: Readonly<Record<string, string>>): Promise<ServerProcess>;
}

export const projectRoot = fileURLToPath(new URL('../..', import.meta.url));

/** The environment of a fresh terminal: nothing of ours leaks into what is tested. */
export const terminal = Object.fromEntries(
  ['PATH', 'HOME', 'USER', 'TMPDIR', 'LANG'].flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value]];
  }),
);

/** Starts servers for one test file; whatever still runs after a test is killed. */
export function useServerLab(): ServerLab {
  const database = useEmbeddedLab();
  const running = new Set<ChildProcess>();

  // Runs before the data directories are removed: hooks run last in, first out.
  afterEach(async () => {
    await Promise.all(
      [...running].map(async (child) => {
        const closed = once(child, 'close');
        child.kill('SIGKILL');
        await closed;
      }),
    );
  });

  return {
    newData: () => database.newData(),
    oldData: () => database.oldData(),
    start: async (dataDir, env = {}) => {
      const started = performance.now();
      const child = launch(['dist/main.js'], { LOG_LEVEL: 'warn', PORT: '0', DATA_DIR: dataDir, ...env });
      running.add(child);
      child.once('close', () => running.delete(child));
      return watch(child, started);
    },
  };
}

/** Runs a program of the project to its end. */
export async function runProgram(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Finished> {
  const child = launch(args, env);
  const [out, err] = [collect(child.stdout), collect(child.stderr)];
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  return { code, signal, stdout: out(), stderr: err() };
}

/** A child with its own environment, that nothing is typed to. */
export function launch(args: readonly string[], env: Readonly<Record<string, string>>) {
  return spawn(process.execPath, args, {
    cwd: projectRoot,
    env: { ...terminal, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function watch(child: ReturnType<typeof launch>, started: number): Promise<ServerProcess> {
  const [out, err] = [collect(child.stdout), collect(child.stderr)];
  const output = () => out() + err();
  const ended = once(child, 'close').then(([code, signal]): Ending => ({ code, signal }));
  const url = await Promise.race([
    announcement(child, out),
    ended.then(({ code }) => Promise.reject(new Error(`the server ended with ${code}:\n${output()}`))),
  ]);
  const { status } = await fetch(`${url}/readyz`);
  if (status !== 200) throw new Error(`/readyz answered ${status} after the server said where it listens`);
  const signal = (name: NodeJS.Signals) => void child.kill(name);
  return {
    pid: child.pid ?? 0,
    url,
    readyMs: Math.round(performance.now() - started),
    ended,
    output,
    signal,
    end: (name) => {
      signal(name);
      return ended;
    },
  };
}

function announcement(child: ReturnType<typeof launch>, out: () => string): Promise<string> {
  return new Promise((resolve) => {
    const look = () => {
      const url = /^QR Session listens at (\S+)$/m.exec(out())?.[1];
      if (url === undefined) return;
      child.stdout.off('data', look);
      resolve(url);
    };
    child.stdout.on('data', look);
  });
}

function collect(stream: NodeJS.ReadableStream): () => string {
  let text = '';
  stream.setEncoding('utf8').on('data', (part) => (text += part));
  return () => text;
}
