import postgres from 'postgres';
import { MigrationError } from './migration-error.js';
import { type Migration, readMigrations } from './migration-files.js';
import { type AppliedMigration, createJournal, findMismatch, readJournal, verifyJournal } from './migration-journal.js';

export { MigrationError } from './migration-error.js';
export { readMigrations } from './migration-files.js';

export interface MigrateOptions {
  readonly log: (line: string) => void;
  /** Default: the folder `drizzle` of this project, from the sources and from the build alike. */
  readonly folder?: URL | string;
  /** The migration that is the newest applied one afterwards. Up: default the last. Down: default the one before; `0` for none. */
  readonly to?: string;
}

export interface MigrationStatus {
  readonly applied: readonly { readonly id: string; readonly appliedAt: Date }[];
  readonly pending: readonly string[];
  /** Why neither up nor down would run, in one line. */
  readonly problem: string | undefined;
}

const FOLDER = new URL('../../drizzle/', import.meta.url);
/** Any constant that nothing else in the database locks. */
const LOCK_KEY = '7276319264021541';

/** What a run works on: the locked connection, the files and the journal that fits them. */
interface Run {
  readonly sql: postgres.Sql;
  readonly backend: number;
  readonly files: readonly Migration[];
  readonly journal: readonly AppliedMigration[];
}

/**
 * Applies what is pending, in order, and returns the ids. Any number of nodes may call it at once: one migrates, the
 * others wait and find it done. Throws MigrationError, with nothing changed, when journal and files do not fit.
 */
export async function migrateUp(url: string, options: MigrateOptions): Promise<readonly string[]> {
  return withLock(url, options, async (run) => {
    const last = options.to === undefined ? run.files.length : positionOf(run.files, options.to);
    const steps = run.files.slice(run.journal.length, last);
    for (const step of steps) {
      await runStep(run, step, {
        text: step.up,
        journal: `insert into migrations (id, hash) values ('${step.id}', '${step.hash}')`,
      });
      options.log(`applied migration ${step.id}`);
    }
    await verifyJournal(run.sql, idsOf(run.files.slice(0, run.journal.length + steps.length)));
    return idsOf(steps);
  });
}

/** Takes back the newest migration, or all after `to`, newest first, and returns the ids. Refuses like migrateUp. */
export async function migrateDown(url: string, options: MigrateOptions): Promise<readonly string[]> {
  return withLock(url, options, async (run) => {
    const count = run.journal.length;
    const keep =
      options.to === undefined ? Math.max(count - 1, 0) : options.to === '0' ? 0 : positionOf(run.files, options.to);
    const steps = run.files.slice(keep, count).reverse();
    for (const step of steps) {
      await runStep(run, step, { text: step.down, journal: `delete from migrations where id = '${step.id}'` });
      options.log(`took back migration ${step.id}`);
    }
    await verifyJournal(run.sql, idsOf(run.files.slice(0, count - steps.length)));
    return idsOf(steps);
  });
}

/** What is applied and what is pending. Changes nothing and takes no lock. */
export async function migrationStatus(url: string, options: Pick<MigrateOptions, 'folder'>): Promise<MigrationStatus> {
  const files = await readMigrations(options.folder ?? FOLDER);
  const sql = connect(url);
  try {
    const journal = await readJournal(sql);
    const applied = journal.map(({ id, appliedAt }) => ({ id, appliedAt }));
    const pending = idsOf(files).filter((id) => !journal.some((row) => row.id === id));
    return { applied, pending, problem: findMismatch(files, journal) };
  } finally {
    await sql.end();
  }
}

async function withLock<T>(url: string, options: MigrateOptions, work: (run: Run) => Promise<T>): Promise<T> {
  const files = await readMigrations(options.folder ?? FOLDER);
  const sql = connect(url);
  try {
    const backend = await takeLock(sql, options.log);
    const journal = await readJournal(sql);
    const problem = findMismatch(files, journal);
    if (problem !== undefined) throw new MigrationError(problem);
    await createJournal(sql);
    const result = await work({ sql, backend, files, journal });
    // Ending the session ends its lock.
    await sql.end({ timeout: 5 });
    return result;
  } catch (error) {
    // The driver would wait the whole time for a connection that is already lost.
    await sql.end({ timeout: 0 });
    throw error;
  }
}

async function takeLock(sql: postgres.Sql, log: (line: string) => void): Promise<number> {
  // A role's default is for queries of the service; a lock or an index may take longer.
  await sql`set statement_timeout = 0`;
  const [first] = await sql<{ locked: boolean; backend: number }[]>`
    select pg_try_advisory_lock(${LOCK_KEY}::bigint) as locked, pg_backend_pid() as backend`;
  if (first?.locked === true) return first.backend;
  log('waiting for another node to finish its migrations');
  const [second] = await sql<{ backend: number }[]>`
    with waited as materialized (select pg_advisory_lock(${LOCK_KEY}::bigint))
    select pg_backend_pid() as backend from waited`;
  if (second === undefined) throw new Error('pg_advisory_lock returned no row');
  return second.backend;
}

/**
 * One simple query of several statements is one implicit transaction: the change, its journal row and the proof that
 * this is still the session that holds the lock (the driver reconnects on its own) stand or fall together.
 */
async function runStep(
  run: Run,
  step: Migration,
  parts: { readonly text: string; readonly journal: string },
): Promise<void> {
  const sameSession = `do $guard$ begin
    if pg_backend_pid() <> ${run.backend} then raise exception 'the session that held the migration lock was lost'; end if;
  end $guard$`;
  try {
    await run.sql.unsafe(`${parts.text}\n;\n${parts.journal};\n${sameSession};`);
  } catch (error) {
    throw new MigrationError(`Migration ${step.id} failed and changed nothing: ${describeFault(error, parts.text)}`, {
      cause: error,
    });
  }
}

function describeFault(error: unknown, text: string): string {
  if (!(error instanceof Error)) return String(error);
  const position = error instanceof postgres.PostgresError ? Number(error.position) : Number.NaN;
  if (!(position > 0 && position <= text.length)) return error.message;
  return `${error.message} (line ${text.slice(0, position).split('\n').length})`;
}

/** How many migrations there are up to and including this one. */
function positionOf(files: readonly Migration[], id: string): number {
  const index = files.findIndex((file) => file.id === id);
  if (index < 0) throw new MigrationError(`There is no migration ${id}.`);
  return index + 1;
}

function idsOf(files: readonly Migration[]): readonly string[] {
  return files.map(({ id }) => id);
}

function connect(url: string): postgres.Sql {
  return postgres(url, {
    max: 1,
    idle_timeout: 0,
    max_lifetime: null,
    connect_timeout: 10,
    prepare: false,
    fetch_types: false,
    onnotice: () => undefined,
    connection: { application_name: 'qr-session-migrate' },
  });
}
