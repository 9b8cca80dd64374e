import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MigrationError } from './migration-error.js';

export interface Migration {
  /** The folder's name, such as `0001_name`; ids sort in the order of application. */
  readonly id: string;
  readonly up: string;
  readonly down: string;
  /** sha256 over both texts with line ends made equal: an edit after release is found. */
  readonly hash: string;
}

const NAME = /^(\d{4})_[a-z0-9]+(?:_[a-z0-9]+)*$/;
/** Each file runs as one implicit transaction with its journal row; these words would cut it in two. */
const TRANSACTION_WORDS = /^\s*(?:begin|commit|rollback|start)(?:\s+(?:work|transaction))?\s*;/im;

/**
 * Reads `0001_name/up.sql` and `0001_name/down.sql`, and so on, in order.
 * Throws MigrationError for a bad name, a gap, a number used twice, a missing file or a transaction statement.
 */
export async function readMigrations(folder: URL | string): Promise<readonly Migration[]> {
  const root = folder instanceof URL ? fileURLToPath(folder) : folder;
  const ids = await listIds(root);
  ids.forEach((id, index) => {
    const number = Number(id.slice(0, 4));
    if (index > 0 && number === index)
      throw new MigrationError(`Two migrations have the number ${id.slice(0, 4)}: ${ids[index - 1]}, ${id}.`);
    if (number !== index + 1) {
      throw new MigrationError(`Migration ${String(index + 1).padStart(4, '0')} is missing before ${id}.`);
    }
  });
  return Promise.all(ids.map((id) => readMigration(root, id)));
}

async function listIds(root: string): Promise<readonly string[]> {
  const entries = await readdir(root, { withFileTypes: true }).catch((cause: unknown) => {
    throw new MigrationError(`The migrations folder ${root} cannot be read.`, { cause });
  });
  const candidates = entries.filter(({ name }) => !name.startsWith('.') && !name.endsWith('.md'));
  for (const entry of candidates) {
    if (entry.isDirectory() && NAME.test(entry.name)) continue;
    throw new MigrationError(
      `${join(root, entry.name)} is not a migration: expected a folder named like 0001_add_orders.`,
    );
  }
  return candidates.map(({ name }) => name).sort();
}

async function readMigration(root: string, id: string): Promise<Migration> {
  const [up, down] = await Promise.all([readSql(root, id, 'up.sql'), readSql(root, id, 'down.sql')]);
  return { id, up, down, hash: createHash('sha256').update(`${up}\0${down}`).digest('hex') };
}

async function readSql(root: string, id: string, file: string): Promise<string> {
  const text = await readFile(join(root, id, file), 'utf8').catch((cause: unknown) => {
    throw new MigrationError(`Migration ${id} has no readable ${file}.`, { cause });
  });
  if (TRANSACTION_WORDS.test(text)) {
    throw new MigrationError(`Migration ${id}: ${file} must not begin or end a transaction, it runs inside one.`);
  }
  return text.replaceAll('\r\n', '\n');
}
