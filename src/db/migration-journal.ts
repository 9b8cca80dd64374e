import type postgres from 'postgres';
import type { Migration } from './migration-files.js';
import { MigrationError } from './migration-error.js';

/** One row of the table `migrations`. */
export interface AppliedMigration {
  readonly id: string;
  readonly hash: string;
  readonly appliedAt: Date;
}

/** The journal in order; empty where no migration ever ran. */
export async function readJournal(sql: postgres.Sql): Promise<readonly AppliedMigration[]> {
  const [found] = await sql<{ present: boolean }[]>`select to_regclass('migrations') is not null as present`;
  if (found?.present !== true) return [];
  return sql<AppliedMigration[]>`select id, hash, applied_at as "appliedAt" from migrations order by id collate "C"`;
}

export async function createJournal(sql: postgres.Sql): Promise<void> {
  await sql`create table if not exists migrations (
    id text primary key,
    hash text not null,
    applied_at timestamptz not null default now()
  )`;
}

/** Why the journal does not fit the files, in one line; undefined when it does. */
export function findMismatch(files: readonly Migration[], journal: readonly AppliedMigration[]): string | undefined {
  const byId = new Map(files.map((file) => [file.id, file]));
  for (const { id, hash } of journal) {
    const file = byId.get(id);
    if (file === undefined) return `Migration ${id} is applied in the database but its files are missing here.`;
    if (file.hash !== hash)
      return `Migration ${id} was edited after it had been applied: restore its files, add a new migration.`;
  }
  const newest = journal.at(-1)?.id ?? '';
  const applied = new Set(journal.map(({ id }) => id));
  const late = files.find(({ id }) => id < newest && !applied.has(id));
  if (late !== undefined)
    return `Migration ${late.id} is not applied but sorts before ${newest}, which is: give it the next number.`;
  return undefined;
}

/** Checks what a run left in the journal against what it set out to leave. */
export async function verifyJournal(sql: postgres.Sql, expected: readonly string[]): Promise<void> {
  const found = (await readJournal(sql)).map(({ id }) => id);
  if (found.join() === expected.join()) return;
  throw new MigrationError(`The journal holds ${found.length} migrations after the run, expected ${expected.length}.`);
}
