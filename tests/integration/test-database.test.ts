import postgres from 'postgres';
import { expect, test } from 'vitest';
import { createTestDatabase, useTestDatabase } from '../support/database.js';

const shared = useTestDatabase();

test('many copies made at once are migrated, and none sees what another holds', async () => {
  const copies = await Promise.all(Array.from({ length: 4 }, () => createTestDatabase()));
  try {
    const counts = await Promise.all(
      copies.map(({ url }, index) =>
        query(
          url,
          `CREATE TABLE only_${index} (); SELECT count(*)::int AS n FROM pg_tables WHERE tablename ~ '^only_'`,
        ),
      ),
    );
    expect(counts).toEqual([1, 1, 1, 1]);
    expect(await query(shared.url, 'SELECT count(*)::int AS n FROM migrations')).toBeGreaterThan(0);
  } finally {
    await Promise.all(copies.map((copy) => copy.drop()));
  }
});

test('a copy with open connections can be dropped, and dropped again', async () => {
  const copy = await createTestDatabase();
  const visitor = postgres(copy.url, { max: 1, fetch_types: false, onnotice: () => {} });
  await visitor`SELECT 1`;
  await copy.drop();
  await copy.drop();
  await expect(visitor`SELECT 1`).rejects.toThrow();
  await visitor.end({ timeout: 1 });
});

async function query(url: string, text: string): Promise<unknown> {
  const sql = postgres(url, { max: 1, fetch_types: false, onnotice: () => {} });
  try {
    const results = (await sql.unsafe(text).simple()) as unknown as { n: unknown }[] | { n: unknown }[][];
    return [results].flat(2).at(-1)?.n;
  } finally {
    await sql.end({ timeout: 5 });
  }
}
