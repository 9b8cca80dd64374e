import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connect, type Database } from '../../src/db/connect.js';
import { useTestDatabase } from '../support/database.js';

const database = useTestDatabase();
let open: Database | undefined;

beforeAll(() => {
  open = connect({ url: database.url, poolSize: 2, prepare: true });
});
afterAll(() => open?.close());

/** What Postgres makes of the array, element by element. */
async function roundTrip(type: string, elements: readonly unknown[]): Promise<unknown> {
  const rows = await open?.reader.unsafe<{ back: unknown }[]>(
    `SELECT array_to_json($1::${type}[]) AS back`,
    [elements as string[]],
    {
      prepare: true,
    },
  );
  return rows?.[0]?.back;
}

/** Text as Postgres can store it: no NUL, no half surrogate pairs. */
const storable = fc.string({ unit: 'binary' }).filter((text) => text.isWellFormed() && !text.includes('\u0000'));

test('any text, null among it, reaches Postgres unchanged inside an array', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.option(storable)), async (texts) => {
      expect(await roundTrip('text', texts)).toEqual(texts);
    }),
    { numRuns: 200, examples: [[['', 'NULL', 'null', '{}', ',', '"', '\\', '\\"', 'Phở bò', ' a ', null]]] },
  );
});

test('numbers, ids and empty arrays do too', async () => {
  expect(await roundTrip('int', [1, -2, null])).toEqual([1, -2, null]);
  expect(await roundTrip('bigint', [10 ** 15, 0])).toEqual([10 ** 15, 0]);
  expect(await roundTrip('uuid', ['01900000-0000-7000-8000-000000000001'])).toEqual([
    '01900000-0000-7000-8000-000000000001',
  ]);
  expect(await roundTrip('uuid', [])).toEqual([]);
});

test('a connection asks the database for nothing before its first statement, so that it cannot die of the question', async () => {
  if (!open) throw new Error('there is no database');
  const { writer, reader } = open;
  await writer`SELECT 1`;
  const [row] = await reader`SELECT count(*)::int AS asked FROM pg_stat_activity
    WHERE datname = current_database() AND query ILIKE '%typarray%' AND pid <> pg_backend_pid()`;
  expect(row).toEqual({ asked: 0 });
  expect([writer.options.fetch_types, reader.options.fetch_types]).toEqual([false, false]);
});
