import { createHash, randomUUID } from 'node:crypto';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DataDirectoryInUseError, EmbeddedDatabaseError } from './embedded-error.js';
import { readProcessFacts } from './process-facts.js';

const FILE_NAME = 'owner.json';

/** Makes this process the one owner of a server directory, or refuses while another owner lives. */
export async function claimOwnership(home: string, shownAs: string): Promise<void> {
  const mine = join(home, `${FILE_NAME}.${randomUUID()}`);
  const facts = await readProcessFacts(process.pid);
  const owner = JSON.stringify({ pid: process.pid, startedAt: facts?.startedAt, claim: randomUUID() });
  await writeFile(mine, owner, { mode: 0o600 }).catch((cause: unknown) => {
    throw new EmbeddedDatabaseError(
      `This user may not write to ${home}, where the database lies: start as its owner, or set DATA_DIR to another directory.`,
      { cause },
    );
  });
  try {
    for (let attempt = 0; attempt < 100; attempt++) if (await tryClaim(home, mine, shownAs)) return;
    throw new EmbeddedDatabaseError(`The owner file in ${home} keeps changing: another start is under way.`);
  } finally {
    await rm(mine, { force: true });
  }
}

/** Gives the directory up. The caller must be its owner. */
export async function releaseOwnership(home: string): Promise<void> {
  await rm(join(home, FILE_NAME), { force: true });
}

async function tryClaim(home: string, mine: string, shownAs: string): Promise<boolean> {
  const path = join(home, FILE_NAME);
  if (await linkUnlessTaken(mine, path)) return true;
  const found = await readIfThere(path);
  if (found === undefined) return false;
  await refuseIfAlive(found, shownAs);
  // The owner was killed. The right to replace exactly this dead owner goes to the one who makes this name.
  const right = `${path}.${createHash('sha256').update(found).digest('hex').slice(0, 16)}`;
  if (!(await linkUnlessTaken(mine, right))) {
    const rival = await readIfThere(right);
    if (rival !== undefined) await refuseIfAlive(rival, shownAs);
    await rm(right, { force: true });
    return false;
  }
  const unchanged = (await readIfThere(path)) === found;
  if (unchanged) await rename(right, path);
  else await rm(right, { force: true });
  return unchanged;
}

async function refuseIfAlive(content: string, shownAs: string): Promise<void> {
  const owner = parseOwner(content);
  if (owner === undefined) return;
  const facts = await readProcessFacts(owner.pid);
  if (facts === undefined || facts.startedAt !== owner.startedAt) return;
  throw new DataDirectoryInUseError(
    `The database in ${shownAs} is already in use by process ${owner.pid}: stop that one first, or set DATA_DIR to another directory.`,
  );
}

function parseOwner(content: string): { readonly pid: number; readonly startedAt: string } | undefined {
  try {
    const value: unknown = JSON.parse(content);
    if (typeof value !== 'object' || value === null || !('pid' in value) || !('startedAt' in value)) return undefined;
    const { pid, startedAt } = value;
    return typeof pid === 'number' && typeof startedAt === 'string' ? { pid, startedAt } : undefined;
  } catch {
    return undefined;
  }
}

/** A hard link appears with its whole content or not at all, so a reader never meets a half-written owner. */
async function linkUnlessTaken(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

async function readIfThere(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch(() => undefined);
}
