import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { add, append, type RunningApi, sitDown, startApi } from '../support/api.js';
import { cuttableDatabase } from '../support/cuttable-database.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});

afterAll(async () => {
  await database.drop();
});

async function withServers(
  settings: readonly Record<string, string>[],
  act: (...servers: RunningApi[]) => Promise<void>,
): Promise<void> {
  const servers = await Promise.all(settings.map((env) => startApi({ databaseUrl: database.url, env })));
  try {
    await act(...servers);
  } finally {
    await Promise.all(servers.map((server) => server.stop()));
  }
}

async function figure(server: RunningApi, name: string): Promise<number> {
  const { text } = await server.http('GET', '/metrics');
  return Number(new RegExp(`^${name}(?:{.*})? (\\d+)`, 'm').exec(text)?.[1]);
}

const readiness = async (server: RunningApi) => (await server.http('GET', '/readyz')).body as Record<string, unknown>;

describe('two servers on one database', () => {
  test('hear each other through Postgres, and say so', async () => {
    await withServers([{}, {}], async (a, b) => {
      for (const server of [a, b]) {
        await eventually(async () => (await readiness(server)).bells_hearing);
        expect(await readiness(server)).toEqual({
          status: 'ok',
          database: 'ok',
          bells: 'postgres',
          bells_hearing: true,
        });
        expect(await figure(server, 'qr_bells_hearing')).toBe(1);
      }
      const [rung, heard] = [await figure(a, 'qr_bells_rung_total'), await figure(b, 'qr_bells_heard_total')];
      await append(a, await sitDown(a), add());
      await eventually(async () => (await figure(b, 'qr_bells_heard_total')) > heard);
      expect(await figure(a, 'qr_bells_rung_total')).toBeGreaterThan(rung);
    });
  });

  test('of which one reaches it only through a pooler: that one hears nothing and says so, and the other hears it', async () => {
    const pooled = { DATABASE_PREPARE: '0' };
    await withServers([pooled, {}, { ...pooled, DATABASE_DIRECT_URL: database.url }], async (a, b, c) => {
      await eventually(async () => (await readiness(b)).bells_hearing && (await readiness(c)).bells_hearing === true);
      expect(await readiness(a)).toEqual({ status: 'ok', database: 'ok', bells: 'polling', bells_hearing: false });
      expect(await readiness(c)).toMatchObject({ bells: 'postgres' });
      expect(await figure(a, 'qr_bells_hearing')).toBe(0);
      const [heard, rung] = [await figure(b, 'qr_bells_heard_total'), await figure(a, 'qr_bells_rung_total')];
      await append(a, await sitDown(a), add());
      await eventually(async () => (await figure(b, 'qr_bells_heard_total')) > heard);
      expect(await figure(a, 'qr_bells_rung_total')).toBeGreaterThan(rung);
    });
  });

  test('of which one cannot listen is ready all the same, warns once, and tells when it hears again', async () => {
    const line = await cuttableDatabase(database.url);
    line.cut('refuse');
    try {
      await withServers([{ DATABASE_DIRECT_URL: line.url }], async (server) => {
        const { status, body } = await server.http('GET', '/readyz');
        expect([status, body.status, body.bells, body.bells_hearing]).toEqual([200, 'ok', 'postgres', false]);
        await eventually(() => server.logLines.some(({ bells }) => bells === 'postgres'), { within: 10_000 });
        line.mend();
        await eventually(async () => (await readiness(server)).bells_hearing, { within: 10_000 });
        const told = server.logLines.filter(({ bells }) => bells === 'postgres').map(({ level }) => level);
        expect(told).toEqual([40, 30]);
        expect(await figure(server, 'qr_bells_failed_total')).toBeGreaterThan(0);
      });
    } finally {
      await line.stop();
    }
  });
});
