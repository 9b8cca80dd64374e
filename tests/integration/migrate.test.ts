import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MigrationError, migrateDown, migrateUp, migrationStatus, readMigrations } from '../../src/db/migrate.js';
import { readCatalogue } from '../support/catalogue.js';
import { createEmptyDatabase } from '../support/empty-database.js';
import { eventually } from '../support/eventually.js';

let folder: string;
let url: string;
let sql: postgres.Sql;
const log = (): void => {};

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'qr-session-migrations-'));
  url = await createEmptyDatabase();
  sql = postgres(url, { max: 1, fetch_types: false, onnotice: () => {} });
});

afterEach(async () => {
  await sql.end({ timeout: 5 });
  await rm(folder, { recursive: true, force: true });
});

async function write(id: string, up: string, down: string): Promise<void> {
  await mkdir(join(folder, id), { recursive: true });
  await writeFile(join(folder, id, 'up.sql'), up);
  await writeFile(join(folder, id, 'down.sql'), down);
}

async function writeThree(): Promise<void> {
  await write('0001_notes', 'create table notes (id int primary key); -- first\n', 'drop table notes;');
  await write('0002_text', `alter table notes add text text default 'a;b'`, 'alter table notes drop text');
  await write(
    '0003_count',
    `create index notes_text on notes (text);
     create function counted() returns int language plpgsql as $$
     begin
       return (select count(*) from notes);
     end $$;`,
    'drop function counted(); drop index notes_text; -- the end',
  );
}

async function journal(): Promise<readonly string[]> {
  return (await sql<{ id: string }[]>`select id from migrations order by id`).map(({ id }) => id);
}

describe('migrating up and down', () => {
  it('gives the same catalogue after up, down and up again, at every step', async () => {
    await writeThree();
    const ids = ['0001_notes', '0002_text', '0003_count'];
    const forward = [await readCatalogue(url)];
    for (const to of ids) {
      expect(await migrateUp(url, { folder, log, to })).toEqual([to]);
      forward.push(await readCatalogue(url));
    }
    expect(new Set(forward.map((lines) => lines.join('\n'))).size).toBe(4);
    for (const [index, id] of [...ids.entries()].reverse()) {
      expect(await migrateDown(url, { folder, log })).toEqual([id]);
      expect(await readCatalogue(url)).toEqual(forward[index]);
    }
    expect(await migrateUp(url, { folder, log })).toEqual(ids);
    expect(await readCatalogue(url)).toEqual(forward[3]);
  });

  it('does nothing when there is nothing to do', async () => {
    expect(await migrateUp(url, { folder, log })).toEqual([]);
    expect(await migrateDown(url, { folder, log })).toEqual([]);
    await writeThree();
    await migrateUp(url, { folder, log });
    expect(await migrateUp(url, { folder, log })).toEqual([]);
    expect(await migrateUp(url, { folder, log, to: '0001_notes' })).toEqual([]);
    expect(await migrateDown(url, { folder, log, to: '0003_count' })).toEqual([]);
  });

  it('goes down to a named migration, or to none', async () => {
    await writeThree();
    await migrateUp(url, { folder, log });
    expect(await migrateDown(url, { folder, log, to: '0001_notes' })).toEqual(['0003_count', '0002_text']);
    expect(await migrateDown(url, { folder, log, to: '0' })).toEqual(['0001_notes']);
    await expect(migrateUp(url, { folder, log, to: '0009_none' })).rejects.toThrow('There is no migration 0009_none.');
  });

  it('says what is applied and what is pending without changing anything', async () => {
    await writeThree();
    const ids = ['0001_notes', '0002_text', '0003_count'];
    expect(await migrationStatus(url, { folder })).toEqual({ applied: [], pending: ids, problem: undefined });
    expect(await sql`select to_regclass('migrations') as journal`).toEqual([{ journal: null }]);
    await migrateUp(url, { folder, log, to: '0002_text' });
    const { applied, pending } = await migrationStatus(url, { folder });
    expect(applied).toEqual([0, 1].map((index) => ({ id: ids[index], appliedAt: expect.any(Date) })));
    expect(pending).toEqual(['0003_count']);
  });

  it('the real migrations come back the same after down and up, and down leaves nothing', async () => {
    const empty = await readCatalogue(url);
    const applied = await migrateUp(url, { log });
    const full = await readCatalogue(url);
    for (const id of [...applied].reverse()) {
      expect(await migrateDown(url, { log })).toEqual([id]);
    }
    expect(await readCatalogue(url)).toEqual(empty);
    await migrateUp(url, { log });
    expect(await readCatalogue(url)).toEqual(full);
  });
});

describe('many nodes at once', () => {
  it('five that start together apply every migration once', async () => {
    await writeThree();
    const runs = await Promise.all([1, 2, 3, 4, 5].map(() => migrateUp(url, { folder, log })));
    expect(runs.flat().sort()).toEqual(['0001_notes', '0002_text', '0003_count']);
    expect(await journal()).toEqual(['0001_notes', '0002_text', '0003_count']);
  });

  it('one waits while another migrates, says so, and then finds it done', async () => {
    await write('0001_slow', 'select pg_advisory_xact_lock(42); create table slow (id int)', 'drop table slow');
    await sql`select pg_advisory_lock(42)`;
    const first = migrateUp(url, { folder, log });
    await eventually(async () => (await waiting('pg_advisory_xact_lock(42)')) === 1);
    const lines: string[] = [];
    const second = migrateUp(url, { folder, log: (line) => lines.push(line) });
    await eventually(() => lines.length > 0);
    await sql`select pg_advisory_unlock(42)`;
    expect(await first).toEqual(['0001_slow']);
    expect(await second).toEqual([]);
    expect(lines).toEqual(['waiting for another node to finish its migrations']);
  });
});

describe('a failure in the midst of a migration', () => {
  it('leaves neither its changes nor its journal row, keeps the ones before, and names the line', async () => {
    await writeThree();
    await write('0004_broken', 'create table half (id int);\nalter table nowhere add x int;', 'select 1');
    await expect(migrateUp(url, { folder, log })).rejects.toThrow(
      'Migration 0004_broken failed and changed nothing: relation "nowhere" does not exist',
    );
    expect(await journal()).toEqual(['0001_notes', '0002_text', '0003_count']);
    expect(await sql`select to_regclass('half') as half`).toEqual([{ half: null }]);
    await write('0004_broken', 'create table half (id int);\ncreat table x (id int);', 'select 1');
    await expect(migrateUp(url, { folder, log })).rejects.toThrow('syntax error at or near "creat" (line 2)');
    await write('0004_broken', 'create table half (id int);', 'drop table half');
    expect(await migrateUp(url, { folder, log })).toEqual(['0004_broken']);
  });

  it('whose connection was killed leaves nothing half applied, and the next run completes it', async () => {
    await write('0001_slow', 'create table slow (id int); select pg_advisory_xact_lock(42)', 'drop table slow');
    await sql`select pg_advisory_lock(42)`;
    const killed = expect(migrateUp(url, { folder, log })).rejects.toThrow(/0001_slow failed and changed nothing/);
    await eventually(async () => (await waiting('pg_advisory_xact_lock(42)')) === 1);
    await sql`select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and application_name = 'qr-session-migrate'`;
    await killed;
    await sql`select pg_advisory_unlock(42)`;
    expect(await journal()).toEqual([]);
    expect(await migrateUp(url, { folder, log })).toEqual(['0001_slow']);
  });

  it('a connection lost between two migrations stops the run, for the lock went with it', async () => {
    await write('0001_notes', `create table notes (id int); set idle_session_timeout = '1ms'`, 'drop table notes');
    await write('0002_more', 'create table more (id int)', 'drop table more');
    // Holds this process between the two migrations until the server has thrown the session out.
    const block = (): unknown => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
    await expect(migrateUp(url, { folder, log: block })).rejects.toThrow(
      'Migration 0002_more failed and changed nothing',
    );
    expect(await journal()).toEqual(['0001_notes']);
    expect(await migrateUp(url, { folder, log })).toEqual(['0002_more']);
  });
});

describe('a journal that does not fit the files is refused and nothing is changed', () => {
  it.each([
    [
      'a file edited after it was applied',
      () => write('0002_text', 'select 2', 'select 1'),
      /^Migration 0002_text was edited/,
    ],
    [
      'an applied migration without files',
      () => rm(join(folder, '0003_count'), { recursive: true }),
      /^Migration 0003_count is applied .* missing/,
    ],
    [
      'an id that nobody knows',
      () => sql`insert into migrations values ('0007_other', 'x', now())`,
      /^Migration 0007_other is applied/,
    ],
    [
      'a pending one before an applied one',
      () => sql`delete from migrations where id = '0002_text'`,
      /^Migration 0002_text is not applied but sorts before 0003_count/,
    ],
  ])('%s', async (_name, spoil, message) => {
    await writeThree();
    await migrateUp(url, { folder, log });
    await spoil();
    const before = [await readCatalogue(url), await journal()];
    for (const run of [migrateUp, migrateDown]) {
      const refusal = run(url, { folder, log });
      await expect(refusal).rejects.toThrow(MigrationError);
      await expect(refusal).rejects.toThrow(message);
    }
    expect((await migrationStatus(url, { folder })).problem).toMatch(message);
    expect([await readCatalogue(url), await journal()]).toEqual(before);
  });

  it('line ends alone are no edit', async () => {
    await write('0001_notes', 'create table notes (id int);\n', 'drop table notes;\n');
    await migrateUp(url, { folder, log });
    await write('0001_notes', 'create table notes (id int);\r\n', 'drop table notes;\r\n');
    expect(await migrateUp(url, { folder, log })).toEqual([]);
  });
});

describe('a migrations folder', () => {
  it.each([
    ['a gap', ['0001_a', '0003_c'], 'Migration 0002 is missing before 0003_c.'],
    ['a number used twice', ['0001_a', '0001_b'], 'Two migrations have the number 0001: 0001_a, 0001_b.'],
    ['a count from zero', ['0000_a'], 'Migration 0001 is missing before 0000_a.'],
    ['a bad name', ['0001_a', '2_b'], 'is not a migration: expected a folder named like 0001_add_orders.'],
  ])('with %s is refused', async (_name, ids, message) => {
    for (const id of ids) await write(id, 'select 1', 'select 1');
    await expect(readMigrations(folder)).rejects.toThrow(message);
  });

  it('with a missing down, a stray file, or a transaction inside is refused', async () => {
    await write('0001_a', 'select 1', 'select 1');
    await rm(join(folder, '0001_a', 'down.sql'));
    await expect(readMigrations(folder)).rejects.toThrow('Migration 0001_a has no readable down.sql.');
    await write('0001_a', 'select 1;\nCOMMIT;\nselect 2', 'select 1');
    await expect(readMigrations(folder)).rejects.toThrow(
      'Migration 0001_a: up.sql must not begin or end a transaction',
    );
    await write('0001_a', 'select 1', 'select 1');
    await writeFile(join(folder, 'README.md'), 'notes');
    expect(await readMigrations(folder)).toHaveLength(1);
    await writeFile(join(folder, '0002_b.sql'), 'select 1');
    await expect(readMigrations(folder)).rejects.toThrow('0002_b.sql is not a migration');
    await expect(readMigrations(join(folder, 'nowhere'))).rejects.toThrow('cannot be read');
  });
});

async function waiting(text: string): Promise<number> {
  const [row] = await sql<{ count: number }[]>`select count(*)::int as count from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock' and strpos(query, ${text}) > 0`;
  return row?.count ?? 0;
}
