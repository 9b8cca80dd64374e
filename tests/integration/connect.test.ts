import { afterAll, beforeAll, expect, test } from 'vitest';
import { connect, type Database } from '../../src/db/connect.js';
import { useTestDatabase } from '../support/database.js';

const database = useTestDatabase();
let direct: Database;
let pooled: Database;

beforeAll(() => {
  direct = connect({ url: database.url, poolSize: 2, prepare: true });
  pooled = connect({ url: database.url, poolSize: 2, prepare: false });
});

afterAll(async () => {
  await Promise.all([direct.close(), pooled.close()]);
});

/** What the connections of a process bring along that is not the server's own. */
async function settingsOf({ writer, reader }: Database): Promise<readonly Record<string, string>[]> {
  const settings = [writer, reader].map(
    (sql) => sql<{ name: string; setting: string }[]>`
      SELECT name, setting FROM pg_settings WHERE source = 'client' AND name <> 'client_encoding' ORDER BY name`,
  );
  return (await Promise.all(settings)).map((rows) => Object.fromEntries(rows.map((row) => [row.name, row.setting])));
}

test('connections have a limit for every statement, a plan that stays, and nothing compiled for one run', async () => {
  const [writer, reader] = await settingsOf(direct);
  expect(writer).toMatchObject({
    statement_timeout: '4500',
    lock_timeout: '1000',
    jit: 'off',
    plan_cache_mode: 'force_generic_plan',
  });
  expect(reader).toEqual({
    application_name: 'qr-session reader',
    statement_timeout: '4500',
    jit: 'off',
    plan_cache_mode: 'force_generic_plan',
    enable_seqscan: 'off',
    enable_bitmapscan: 'off',
  });
});

test('connections through a pooler bring nothing but a name, or it would refuse them', async () => {
  expect(await settingsOf(pooled)).toEqual([
    { application_name: 'qr-session writer' },
    { application_name: 'qr-session reader' },
  ]);
});
