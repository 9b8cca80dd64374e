/** Processes that are measured from outside. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** Memory in bytes, processor time in milliseconds since the start. */
export interface Usage {
  readonly rss: number;
  readonly heapUsed: number;
  readonly external: number;
  readonly arrayBuffers: number;
  readonly cpuMs: number;
}

export interface Measured {
  /** Where it listens. */
  readonly url: string;
  usage(after?: 'gc'): Promise<Usage>;
  stop(): Promise<void>;
}

const probe = new URL('./probe.mjs', import.meta.url).href;

export interface Program {
  /** Path from the root of the project. */
  readonly file: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** What Node is told, such as `--cpu-prof`. */
  readonly flags?: readonly string[];
}

/** Starts a program that prints a line with the address at which it listens. */
export async function startMeasured({ file, args = [], env = {}, flags = [] }: Program): Promise<Measured> {
  const root = fileURLToPath(new URL('../../', import.meta.url));
  const typescript = file.endsWith('.ts') ? ['--import', 'tsx'] : [];
  const child = fork(`${root}${file}`, args, {
    cwd: root,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
    execArgv: ['--expose-gc', ...typescript, '--import', probe, ...flags],
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  const url = await announced(child);
  return {
    url,
    async usage(after) {
      child.send(after === 'gc' ? 'usage after gc' : 'usage');
      const [{ usage }] = (await once(child, 'message')) as [{ usage: Usage }];
      return usage;
    },
    async stop() {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    },
  };
}

function announced(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    child.stdout?.setEncoding('utf8').on('data', (part: string) => {
      text += part;
      const url = /listens at (\S+)/.exec(text)?.[1];
      if (url) resolve(url);
    });
    child.once('exit', (code) =>
      reject(new Error(`${child.spawnargs.join(' ')} ended with ${String(code)}:\n${text}`)),
    );
  });
}
