import { spawn } from 'node:child_process';
import type { ServerUser } from './server-user.js';

export interface BinaryResult {
  readonly ok: boolean;
  /** stdout and stderr together, or why the program could not be run. */
  readonly output: string;
}

/** Runs one of the server's programs to its end, as the server's user, away from the caller's locale and PG* variables. */
export async function runBinary(
  program: string,
  args: readonly string[],
  where: { readonly user: ServerUser; readonly cwd: string },
): Promise<BinaryResult> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { ...spawnAs(where.user), cwd: where.cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.once('error', (error) => resolve({ ok: false, output: error.message }));
    child.once('close', (code) => resolve({ ok: code === 0, output }));
  });
}

interface SpawnIdentity {
  readonly uid?: number;
  readonly gid?: number;
  readonly env?: NodeJS.ProcessEnv;
  readonly windowsHide: true;
}

/** Spawn options shared by all server programs. A fixed environment: LANG=C or PGDATA of the caller must not matter. */
export function spawnAs(user: ServerUser): SpawnIdentity {
  const ids = user.uid === undefined ? {} : { uid: user.uid, gid: user.gid ?? user.uid };
  if (process.platform === 'win32') return { windowsHide: true };
  return { ...ids, env: { LC_ALL: 'C', TZ: 'UTC', PATH: '/usr/bin:/bin' }, windowsHide: true };
}
