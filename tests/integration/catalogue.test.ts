import { getTableConfig, PgTable } from 'drizzle-orm/pg-core';
import postgres from 'postgres';
import { expect, test } from 'vitest';
import * as menu from '../../src/db/tables/menu.js';
import * as payments from '../../src/db/tables/payments.js';
import * as sessions from '../../src/db/tables/sessions.js';
import * as tenants from '../../src/db/tables/tenants.js';
import * as webhooks from '../../src/db/tables/webhooks.js';
import { useTestDatabase } from '../support/database.js';

const database = useTestDatabase();

/** Looked up before the tenant is known, or the list of tenants itself: reference tables where the database is sharded. */
const exempt = ['tenants', 'api_keys', 'table_tokens', 'merchant_accounts', 'migrations'];

interface UniqueIndex {
  readonly table: string;
  readonly index: string;
  readonly first: string;
}

async function query<T extends object>(text: string): Promise<readonly T[]> {
  const sql = postgres(database.url, { max: 1 });
  try {
    return await sql.unsafe<T[]>(text);
  } finally {
    await sql.end();
  }
}

const uniqueIndexes = () =>
  query<UniqueIndex>(`
    SELECT t.relname AS table, i.relname AS index, a.attname AS first
    FROM pg_index x
    JOIN pg_class t ON t.oid = x.indrelid JOIN pg_class i ON i.oid = x.indexrelid
    JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = x.indkey[0]
    WHERE t.relnamespace = 'public'::regnamespace AND x.indisunique`);

test('every primary key and unique index begins with the tenant, but for the named exemptions', async () => {
  const indexes = await uniqueIndexes();
  const strays = indexes.filter(({ table, first }) => first !== 'tenant_id' && !exempt.includes(table));
  expect(strays).toEqual([]);
  expect(indexes.length).toBeGreaterThan(15);
});

test('every table has a primary key', async () => {
  const bare = await query(`
    SELECT relname FROM pg_class c WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
      AND NOT EXISTS (SELECT 1 FROM pg_index WHERE indrelid = c.oid AND indisprimary)`);
  expect(bare).toEqual([]);
});

test('a table has at most one open session, by a partial unique index', async () => {
  const insert = (n: number) =>
    query(`
      INSERT INTO qr_sessions (tenant_id, id, location_id, table_id, status, last_event_seq, expires_at, slid_at, opened_at,
        ttl_seconds, sliding, expiry_event, currency, updated_at)
      VALUES ('01900000-0000-7000-8000-000000000001', '01900000-0000-7000-8000-00000000000${n}',
        '01900000-0000-7000-8000-000000000010', '01900000-0000-7000-8000-000000000101', 'open', 1, now(), now(), now(),
        60, false, true, 'VND', now())`);
  await insert(1);
  await expect(insert(2)).rejects.toMatchObject({ code: '23505', constraint_name: 'one_open_session_per_table' });
});

test('the tables that the code knows have the columns, types and nullability that the migrations made', async () => {
  const rows = await query<{ table: string; column: string; type: string; not_null: boolean }>(`
    SELECT c.relname AS table, a.attname AS column, format_type(a.atttypid, NULL) AS type, a.attnotnull AS not_null
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped`);
  const actual = new Map(
    rows.map((row) => [`${row.table}.${row.column}`, `${row.type}${row.not_null ? ' not null' : ''}`]),
  );
  const tables = [tenants, menu, sessions, payments, webhooks].flatMap((file) =>
    Object.values(file).filter((value) => value instanceof PgTable),
  );
  const declared = tables.flatMap((table) => {
    const { name, columns } = getTableConfig(table);
    return columns.map(
      (column) => [`${name}.${column.name}`, `${column.getSQLType()}${column.notNull ? ' not null' : ''}`] as const,
    );
  });
  for (const [column, type] of declared) expect([column, actual.get(column)]).toEqual([column, type]);
  expect(declared.length).toBeGreaterThan(150);
});
