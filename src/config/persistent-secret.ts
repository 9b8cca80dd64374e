import { randomBytes } from 'node:crypto';
import { link, mkdir, open, readFile, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

const BYTES = 48;

/**
 * The secret kept in this file; made up, and stored readable for its owner only, when there is none yet.
 * Processes that start at the same instant all get the same one, and a machine that dies midway leaves none or a whole one.
 */
export async function readOrCreateSecret(path: string): Promise<string> {
  const existing = await readSecret(path);
  if (existing !== undefined) return existing;
  await mkdir(dirname(path), { recursive: true });
  const draft = `${path}.${process.pid}-${randomBytes(6).toString('hex')}`;
  try {
    await writeDurably(draft, randomBytes(BYTES).toString('base64url'));
    await linkUnlessThere(draft, path);
  } finally {
    await rm(draft, { force: true });
  }
  const winner = await readSecret(path);
  if (winner === undefined) throw new Error(`The secret in ${path} vanished while it was being made`);
  return winner;
}

/** The secret kept in this file; undefined when there is no such file. */
export async function readSecret(path: string): Promise<string | undefined> {
  try {
    const secret = (await readFile(path, 'utf8')).trim();
    if (secret.length >= 32) return secret;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
  throw new Error(`${path} holds no usable secret: remove the file to have a new one made`);
}

async function writeDurably(path: string, secret: string): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(`${secret}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** A hard link is the one step that both appears whole and refuses to replace a twin's. */
async function linkUnlessThere(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
