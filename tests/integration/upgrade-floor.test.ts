import postgres from 'postgres';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { migrateDown, migrateUp } from '../../src/db/migrate.js';
import { createEmptyDatabase } from '../support/empty-database.js';

const log = (): void => {};
const id = (n: number) => `01900000-0000-7000-8000-${String(n).padStart(12, '0')}`;
const [tenant, location, bar, terrace] = [id(1), id(10), id(101), id(102)];

let url: string;
let sql: postgres.Sql;

/** A restaurant as it was written by hand before there was administration: one table had two codes printed. */
beforeEach(async () => {
  url = await createEmptyDatabase();
  sql = postgres(url, { max: 1, fetch_types: false, onnotice: () => {} });
  await migrateUp(url, { log, to: '0003_activity' });
  await sql`INSERT INTO tenants (id, name) VALUES (${tenant}, 'Phở Mai')`;
  await sql`
    INSERT INTO locations (tenant_id, id, name, currency, timezone)
    VALUES (${tenant}, ${location}, 'Phở Mai', 'VND', 'Asia/Ho_Chi_Minh')`;
  await sql`
    INSERT INTO dining_tables (tenant_id, id, location_id, name)
    VALUES (${tenant}, ${bar}, ${location}, 'Bar'), (${tenant}, ${terrace}, ${location}, 'Terrace')`;
  for (const [token, table, made] of [
    ['old', bar, '2026-01-01'],
    ['new', bar, '2026-02-01'],
    ['only', terrace, '2026-01-01'],
  ] as const)
    await sql`
      INSERT INTO table_tokens (token_hash, tenant_id, table_id, created_at)
      VALUES (sha256(convert_to(${token}, 'UTF8')), ${tenant}, ${table}, ${made})`;
});

afterEach(async () => {
  await sql.end({ timeout: 5 });
});

const alive = async () => {
  const rows = await sql`
    SELECT t.token FROM table_tokens k
    JOIN unnest('{old,new,only}'::text[]) t(token) ON k.token_hash = sha256(convert_to(t.token, 'UTF8'))
    WHERE k.revoked_at IS NULL ORDER BY t.token`;
  return rows.map(({ token }) => token);
};

test('of several codes of a table the newest stays good', async () => {
  expect(await migrateUp(url, { log, to: '0004_floor' })).toEqual(['0004_floor']);
  expect(await alive()).toEqual(['new', 'only']);
});

test('a table that was taken away is gone for good once the administration is taken back', async () => {
  await migrateUp(url, { log, to: '0004_floor' });
  await sql`UPDATE dining_tables SET removed_at = session_clock() WHERE id = ${terrace}`;
  await sql`
    INSERT INTO dining_tables (tenant_id, id, location_id, name) VALUES (${tenant}, ${id(103)}, ${location}, 'Terrace')`;
  await migrateDown(url, { log, to: '0003_activity' });
  const tables = await sql`SELECT id, name FROM dining_tables ORDER BY id`;
  expect(tables).toEqual([
    { id: bar, name: 'Bar' },
    { id: id(103), name: 'Terrace' },
  ]);
  expect(await alive()).toEqual(['new']);
  expect(await migrateUp(url, { log, to: '0004_floor' })).toEqual(['0004_floor']);
});
