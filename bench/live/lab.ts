/** Servers as they are used, each a process of its own from `dist/`, on one database. */
import { randomUUID } from 'node:crypto';
import postgres from 'postgres';
import buildIfStale from '../../tests/support/build-if-stale.js';
import { eventually } from '../../tests/support/eventually.js';
import { createClient } from '../../tests/support/live-http.js';
import { openDatabase } from '../open-database.js';
import { type Measured, startMeasured } from './measured.js';

export interface Lab {
  readonly servers: readonly Measured[];
  readonly first: Measured;
  readonly last: Measured;
  /** Opens a session at a new table. */
  readonly newSession: () => Promise<BenchSession>;
  stop(): Promise<void>;
}

export interface BenchSession {
  readonly sessionId: string;
  /** The token of the phone that opened it. */
  readonly phone: string;
}

export interface LabOptions {
  /** Servers that share the database. */
  readonly nodes?: number;
  /** A database with the project's tables; an embedded one if left out. */
  readonly url?: string | undefined;
  /** What Node is told in the servers. */
  readonly flags?: readonly string[];
}

const location = '01900000-0000-7000-8000-000000000010';

export async function openLab({ nodes = 1, url, flags = [] }: LabOptions = {}): Promise<Lab> {
  await buildIfStale();
  const database = await openDatabase(url);
  const servers: Measured[] = [];
  const env = { DATABASE_URL: database.url, DEMO: '1', PORT: '0', LOG_LEVEL: 'warn', AUTH_SECRET: randomUUID() };
  const sql = postgres(database.url, { max: 1, onnotice: () => undefined });
  const stop = async (): Promise<void> => {
    await sql.end({ timeout: 5 });
    await Promise.all(servers.map((server) => server.stop()));
    await database.stop();
  };
  try {
    for (let node = 0; node < nodes; node += 1) servers.push(await startMeasured({ file: 'dist/main.js', env, flags }));
    await Promise.all(servers.map(untilItHears));
  } catch (error) {
    await stop();
    throw error;
  }
  const first = servers[0]!;
  const client = createClient(first.url, '');
  return {
    ...{ servers, first, last: servers.at(-1)! },
    async newSession() {
      const [tableId, token] = [randomUUID(), `table-${randomUUID()}`];
      await sql`
        WITH made AS (
          INSERT INTO dining_tables (tenant_id, id, location_id, name)
          SELECT tenant_id, ${tableId}, id, ${`B ${tableId}`} FROM locations WHERE id = ${location} RETURNING tenant_id, id
        )
        INSERT INTO table_tokens (token_hash, tenant_id, table_id)
        SELECT sha256(convert_to(${token}, 'UTF8')), tenant_id, id FROM made`;
      const headers = { authorization: `Bearer ${token}` };
      const answer = await client.ask('POST', `/api/v1/locations/${location}/qr-sessions`, { headers, body: {} });
      if (answer?.status !== 201) throw new Error(`no session: ${answer?.text}`);
      const { session_id: sessionId, device_token: phone } = JSON.parse(answer.text);
      return { sessionId, phone };
    },
    async stop() {
      client.cut();
      await stop();
    },
  };
}

async function untilItHears({ url }: Measured): Promise<void> {
  const hears = async (): Promise<boolean> => (await (await fetch(`${url}/readyz`)).json()).bells_hearing;
  await eventually(hears, { within: 15_000 });
}

/** A figure of `/metrics`, summed over its labels. */
export async function metricOf({ url }: Measured, name: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const lines = text.split('\n').filter((line) => line.startsWith(`${name} `) || line.startsWith(`${name}{`));
  return lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
}
