import postgres from 'postgres';
import { afterEach, expect, it } from 'vitest';
import { useEmbeddedLab } from '../support/embedded-server.js';
import { eventually } from '../support/eventually.js';
import { open, startNode } from '../support/heart-acts.js';
import { type ServerProcess, useServerLab } from '../support/server-process.js';

const database = useEmbeddedLab();
const lab = useServerLab();

const sessions = 10_000;
/** Seconds from the moment when all are due until all are expired, on busy cores too. */
const bar = 60;

let sql: postgres.Sql | undefined;
afterEach(async () => sql?.end({ timeout: 5 }));

it(`three nodes that sweep every second expire ${sessions} sessions once each, though one of them is killed on the way`, async () => {
  const { url } = await database.start(await database.oldData());
  sql = postgres(url, { max: 1, onnotice: () => undefined });
  const dataDir = await lab.newData();
  const env = { DATABASE_URL: url, DEMO: '0', EXPIRY_CRON: '* * * * * *' };
  const first = await lab.start(dataDir, env);
  await openAll(url);
  const nodes = [first, await lab.start(dataDir, env), await lab.start(dataDir, env)];

  await endAll(sql);
  const started = performance.now();
  await eventually(async () => (await ended(sql!)) >= sessions / 4, { within: bar * 1_000 });
  await nodes[1]!.end('SIGKILL');
  const atKill = await ended(sql);
  const killedMs = performance.now() - started;
  expect(atKill).toBeLessThan(sessions);
  await eventually(async () => (await ended(sql!)) === sessions, { within: bar * 1_000, every: 50 });
  const seconds = (performance.now() - started) / 1_000;
  expect(seconds).toBeLessThan(bar);

  const [events] = await sql`
      SELECT count(*)::int AS events, count(DISTINCT session_id)::int AS sessions FROM session_events
      WHERE event_type = 'session_expired'`;
  expect(events).toEqual({ events: sessions, sessions });
  const heads = await sql`
      SELECT DISTINCT s.status, s.last_event_seq, s.ended_at = s.expires_at AS ended_in_time,
        (SELECT array_agg(e.event_type ORDER BY e.event_seq) FROM session_events e WHERE e.session_id = s.id) AS log
      FROM qr_sessions s`;
  expect([...heads]).toEqual([
    { status: 'expired', last_event_seq: 2, ended_in_time: true, log: ['session_opened', 'session_expired'] },
  ]);
  const counted = await Promise.all([nodes[0]!, nodes[2]!].map((node) => figures(node)));
  // What the killed one ended, it has told nobody; the others count none that another one ended.
  expect(counted.reduce((sum, { expired }) => sum + expired, 0)).toBeLessThanOrEqual(sessions);
  console.info(
    `${sessions} sessions expired by three nodes in ${seconds.toFixed(1)} s; one was killed after ${(killedMs / 1_000).toFixed(1)} s and ${atKill} sessions; the others:`,
    counted,
  );
}, 240_000);

/** Opens them as a server would, each at a table of its own. */
async function openAll(url: string): Promise<void> {
  const node = startNode(url, 'opener');
  try {
    let left = sessions;
    const openSome = async (): Promise<void> => {
      while (left-- > 0) await open(node);
    };
    await Promise.all(Array.from({ length: 20 }, openSome));
  } finally {
    await node.stop();
  }
}

/** The time of all is over now: their lives are shifted into the past, so that log and head stay of one mind. */
async function endAll(database: postgres.Sql): Promise<void> {
  await database`
    WITH heads AS (
      UPDATE qr_sessions SET expires_at = session_clock(), opened_at = opened_at - (expires_at - session_clock()),
        slid_at = slid_at - (expires_at - session_clock())
      RETURNING tenant_id, id, opened_at
    )
    UPDATE session_events e SET created_at = heads.opened_at FROM heads
    WHERE e.tenant_id = heads.tenant_id AND e.session_id = heads.id`;
}

async function ended(database: postgres.Sql): Promise<number> {
  const [row] = await database`SELECT count(*)::int AS ended FROM qr_sessions WHERE status = 'expired'`;
  return Number(row?.ended);
}

/** How many sessions a node has ended, and for how many another one was faster. */
async function figures({ url }: ServerProcess) {
  const text = await (await fetch(`${url}/metrics`)).text();
  const figure = (name: string) => Number(new RegExp(`^${name} (.+)$`, 'm').exec(text)?.[1]);
  return { expired: figure('qr_sessions_expired_total'), races: figure('qr_batch_missed_sessions_total') };
}
