import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

/** What tells one process from a later one that got the same pid. */
export interface ProcessFacts {
  /** Opaque; equal only for the same process of the same boot. */
  readonly startedAt: string;
  readonly command: string;
}

/** Facts about a living process; undefined when it is gone or only a zombie that nobody has reaped. */
export async function readProcessFacts(pid: number): Promise<ProcessFacts | undefined> {
  if (!Number.isInteger(pid) || pid <= 0) return undefined;
  switch (process.platform) {
    case 'linux':
      return readFromProc(pid);
    case 'win32':
      return answersSignals(pid) ? { startedAt: 'unknown', command: '' } : undefined;
    default:
      return readFromPs(pid);
  }
}

async function readFromProc(pid: number): Promise<ProcessFacts | undefined> {
  try {
    const [stat, command, boot] = await Promise.all([
      readFile(`/proc/${pid}/stat`, 'utf8'),
      readFile(`/proc/${pid}/cmdline`, 'utf8'),
      readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => ''),
    ]);
    // The second field is the name in brackets and may hold spaces, so count from the last bracket.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [state, startTicks] = [fields[0], fields[19]];
    if (state === 'Z' || state === 'X' || startTicks === undefined) return undefined;
    return { startedAt: `${boot.trim()}:${startTicks}`, command: command.split('\0').join(' ').trim() };
  } catch {
    return undefined;
  }
}

/** The way of macOS and the BSDs, which have no /proc. */
export async function readFromPs(pid: number): Promise<ProcessFacts | undefined> {
  try {
    const { stdout } = await promisify(execFile)('ps', ['-ww', '-o', 'stat=,lstart=,command=', '-p', String(pid)], {
      env: { LC_ALL: 'C', TZ: 'UTC', PATH: '/bin:/usr/bin' },
    });
    const [state, ...rest] = stdout.trim().split(/\s+/);
    if (state === undefined || state.startsWith('Z')) return undefined;
    return { startedAt: rest.slice(0, 5).join(' '), command: rest.slice(5).join(' ') };
  } catch {
    return undefined;
  }
}

function answersSignals(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
