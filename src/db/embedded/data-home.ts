import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { access, chmod, chown, mkdir, readFile, readdir, realpath, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { EmbeddedDatabaseError } from './embedded-error.js';
import { canPass, type ServerUser } from './server-user.js';

const POINTER = 'postgres-home';
/** Where root keeps data that cannot lie under DATA_DIR: places that survive a reboot. */
const OUTSIDE = ['/var/lib', '/var/db', '/var/tmp'];

/**
 * The directory that holds the cluster, its password and its log: `DATA_DIR/postgres`, or wherever the pointer file in
 * DATA_DIR says. Creates it when nothing is there.
 */
export async function openHome(dataDir: string): Promise<string> {
  try {
    await mkdir(dataDir, { recursive: true });
    const root = await realpath(dataDir);
    // An empty directory is ours from the start: let the server's user pass it, as initdb fixes an empty directory too.
    if (process.getuid?.() === 0 && (await readdir(root)).length === 0) await chmod(root, 0o711);
    const inside = join(root, 'postgres');
    const outside = await readPointer(root);
    if (outside !== undefined && (await exists(outside))) return outside;
    await mkdir(inside, { recursive: true, mode: 0o711 });
    return inside;
  } catch (error) {
    throw new EmbeddedDatabaseError(`DATA_DIR ${dataDir} cannot be used: ${describe(error)}`, { cause: error });
  }
}

/** Moves the directory out of DATA_DIR when the server's user cannot get there (root under a closed directory). */
export async function moveWithinReach(home: string, dataDir: string, user: ServerUser): Promise<string> {
  if (await canPass(user, home)) return home;
  const root = await realpath(dataDir);
  const target = (await readPointer(root)) ?? (await pickOutside(user));
  // The pointer comes first: killed here, the next start finds no target yet and moves again.
  await writePointer(root, target);
  if (home === target) {
    throw new EmbeddedDatabaseError(`The user ${user.name} cannot reach ${home}: open its parents with chmod o+x.`);
  }
  await move(home, target);
  return target;
}

/** Deletes DATA_DIR and the data that its pointer leads to. The server must be stopped. */
export async function removeData(dataDir: string): Promise<void> {
  const outside = await readPointer(dataDir);
  if (outside !== undefined) await rm(outside, { recursive: true, force: true });
  await rm(dataDir, { recursive: true, force: true });
}

async function readPointer(root: string): Promise<string | undefined> {
  const text = await readFile(join(root, POINTER), 'utf8').catch(() => '');
  return text.trim() === '' ? undefined : text.trim();
}

async function writePointer(root: string, target: string): Promise<void> {
  const staging = join(root, `${POINTER}.partial`);
  await writeFile(staging, `${target}\n`, { flush: true });
  await rename(staging, join(root, POINTER));
}

async function pickOutside(user: ServerUser): Promise<string> {
  for (const parent of OUTSIDE) {
    const usable = (await exists(parent)) && (await canPass(user, parent)) && (await writable(parent));
    // A new name each time: deleting DATA_DIR means a fresh start, never the old data again.
    if (usable) return join(parent, `qr-session-${randomBytes(6).toString('hex')}`);
  }
  throw new EmbeddedDatabaseError(
    `The user ${user.name}, who must run the database server in place of root, cannot reach DATA_DIR: set DATA_DIR to a directory that everyone may pass.`,
  );
}

async function move(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EXDEV')) throw error;
    // Another file system: cp keeps owners and modes, which fs.cp does not.
    const staging = `${to}.partial`;
    await rm(staging, { recursive: true, force: true });
    await promisify(execFile)('cp', ['-a', from, staging]);
    await promisify(execFile)('sync', []);
    await rename(staging, to);
    await rm(from, { recursive: true, force: true });
  }
}

/** Hands a file or directory to the server's user. */
export async function giveTo(user: ServerUser, path: string): Promise<void> {
  if (user.uid !== undefined) await chown(path, user.uid, user.gid ?? user.uid);
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

async function writable(directory: string): Promise<boolean> {
  const probe = join(directory, `.qr-session-${randomBytes(6).toString('hex')}`);
  try {
    await mkdir(probe);
    await rm(probe, { recursive: true });
    return true;
  } catch {
    return false;
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
