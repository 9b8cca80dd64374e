import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Binaries } from './binaries.js';
import { giveTo } from './data-home.js';
import { EmbeddedDatabaseError } from './embedded-error.js';
import { runBinary } from './run-binary.js';
import type { ServerUser } from './server-user.js';

/** The role that owns everything in the embedded server. */
export const ROLE = 'qr_session';

export interface ClusterPlan {
  readonly home: string;
  readonly user: ServerUser;
  readonly binaries: Binaries;
  /** False only where losing the data is no harm. */
  readonly durable: boolean;
}

/** Makes sure that a whole cluster of this major version lies in `home/data`, and returns its password. */
export async function ensureCluster(plan: ClusterPlan): Promise<string> {
  const data = join(plan.home, 'data');
  await removeLeftovers(plan.home);
  const found = await readVersion(data);
  if (found === undefined) return createCluster(plan, data);
  if (found !== plan.binaries.majorVersion) throw otherVersion(data, found, plan.binaries.majorVersion);
  try {
    return (await readFile(join(plan.home, 'password'), 'utf8')).trim();
  } catch (error) {
    throw new EmbeddedDatabaseError(`The database password in ${join(plan.home, 'password')} cannot be read.`, {
      cause: error,
    });
  }
}

/** Built beside its place and renamed into it: a start that was killed midway leaves no half cluster behind. */
async function createCluster(plan: ClusterPlan, data: string): Promise<string> {
  const staging = join(plan.home, `new-${randomBytes(6).toString('hex')}`);
  const passwordFile = join(plan.home, 'password');
  const password = randomBytes(24).toString('base64url');
  await rm(passwordFile, { force: true });
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600, flush: true });
  await giveTo(plan.user, passwordFile);
  await mkdir(staging, { mode: 0o700 });
  await giveTo(plan.user, staging);
  await runInitdb(plan, staging, passwordFile);
  await rename(staging, data);
  await flushDirectory(plan.home);
  return password;
}

async function runInitdb(plan: ClusterPlan, target: string, passwordFile: string): Promise<void> {
  const fixed = ['-D', target, '-U', ROLE, `--pwfile=${passwordFile}`, '--auth=scram-sha-256', '--encoding=UTF8'];
  // The builtin provider knows Unicode on every system; the C library's C.UTF-8 is missing on macOS and some Linuxes.
  const provider = ['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--no-instructions'];
  const speed = plan.durable ? [] : ['--no-sync'];
  let output = '';
  for (const locale of process.platform === 'linux' ? ['C.UTF-8', 'C'] : ['C']) {
    const args = [...fixed, ...provider, ...speed, `--locale=${locale}`];
    const result = await runBinary(plan.binaries.initdb, args, { user: plan.user, cwd: plan.home });
    if (result.ok) return;
    output = result.output;
    if (!output.includes('locale')) break;
  }
  const reason = output.split('\n').findLast((line) => line.includes('error:')) ?? output.trim();
  throw new EmbeddedDatabaseError(`The database could not be initialised in ${plan.home}: ${reason}`);
}

async function removeLeftovers(home: string): Promise<void> {
  for (const name of await readdir(home)) {
    // An initdb that outlived its parent may still write here; then a later start removes it.
    if (name.startsWith('new-')) await rm(join(home, name), { recursive: true, force: true }).catch(() => undefined);
  }
}

async function readVersion(data: string): Promise<string | undefined> {
  try {
    return (await readFile(join(data, 'PG_VERSION'), 'utf8')).trim();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    const names = code === 'ENOENT' ? await readdir(data).catch(() => undefined) : [];
    if (names === undefined) return undefined;
    throw new EmbeddedDatabaseError(
      code === 'EACCES'
        ? `The database in ${data} belongs to another user: start as that user or as root, or set DATA_DIR to another directory.`
        : `${data} is not a database: move it away, or set DATA_DIR to another directory.`,
      { cause: error },
    );
  }
}

function otherVersion(data: string, found: string, own: string): EmbeddedDatabaseError {
  return new EmbeddedDatabaseError(
    `The database in ${data} was written by PostgreSQL ${found}, but this release brings PostgreSQL ${own}: ` +
      'make a backup with the release that wrote it, set DATA_DIR to a new directory, start this release and restore the backup there.',
  );
}

async function flushDirectory(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(path, 'r');
  await handle.sync();
  await handle.close();
}
