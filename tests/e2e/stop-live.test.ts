import postgres from 'postgres';
import { afterEach, expect, it } from 'vitest';
import { newTable } from '../support/api.js';
import { useEmbeddedLab } from '../support/embedded-server.js';
import { eventually } from '../support/eventually.js';
import { type Asked, type MixedLoad, startMixedLoad } from '../support/mixed-load.js';
import { useServerLab } from '../support/server-process.js';

const database = useEmbeddedLab();
const lab = useServerLab();

const rounds = 20;
const tables = 5;
const enough = 300;

let sql: postgres.Sql | undefined;
afterEach(async () => sql?.end({ timeout: 5 }));

it(`stopped ${rounds} times under load, the server answers all that it took on, ends every stream with a word, and forgets nothing`, async () => {
  const { url } = await database.start(await database.oldData());
  const dataDir = await lab.newData();
  sql = postgres(url, { max: 1, onnotice: () => undefined });
  const figures = { rounds, slowestExitMs: 0, requests: 0, afterSignal: 0, refused: 0, sockets: 0, streams: 0 };
  for (let round = 1; round <= rounds; round += 1) {
    const server = await lab.start(dataDir, { DATABASE_URL: url, DEMO: '1' });
    const loads = await startLoads(server.url, sql);
    const acknowledged = () => loads.flatMap(({ asked }) => asked).filter(({ answer }) => answer?.isWritten).length;
    await eventually(() => acknowledged() >= enough && loads.every((load) => load.received() > 0), {
      within: 20_000,
    });
    const signalledAt = performance.now();
    expect(await server.end('SIGTERM')).toEqual({ code: 0, signal: null });
    const exitMs = performance.now() - signalledAt;
    expect(exitMs).toBeLessThan(5_000);
    await Promise.all(loads.map(({ finished }) => finished));

    const asked = loads.flatMap((load) => load.asked);
    const log = new Set((await sql`SELECT idempotency_key AS key FROM session_events`).map(({ key }) => String(key)));
    const unanswered = asked.filter(({ answer }) => !answer);
    // What came before the signal has been read, for the server goes on reading; of what came behind it, the log tells.
    const isAccepted = ({ sentAt, key }: Asked) => sentAt < signalledAt || (key !== undefined && log.has(key));
    expect({ round, unanswered: unanswered.filter(isAccepted) }).toEqual({ round, unanswered: [] });
    expect(asked.filter(({ answer }) => answer && !answer.isWritten).map(({ answer }) => answer)).toEqual([]);
    const lost = asked.filter(({ key, answer }) => key !== undefined && answer?.isWritten && !log.has(key));
    expect({ round, lost }).toEqual({ round, lost: [] });
    await expectLastWords(loads);

    figures.slowestExitMs = Math.max(figures.slowestExitMs, Math.round(exitMs));
    figures.requests += asked.length - unanswered.length;
    figures.afterSignal += asked.filter(({ sentAt, answer }) => answer && sentAt >= signalledAt).length;
    figures.refused += unanswered.length;
    figures.sockets += loads.flatMap(({ sockets }) => sockets).length;
    figures.streams += loads.flatMap(({ streams }) => streams).length;
  }
  console.info('stopped under load:', figures);
}, 300_000);

async function startLoads(address: string, database: postgres.Sql): Promise<readonly MixedLoad[]> {
  const places = await Promise.all(Array.from({ length: tables }, () => newTable({ sql: database })));
  return Promise.all(places.map((place) => startMixedLoad(address, place)));
}

/** Sockets say 1001 and when to come again; streams say so too, and end whole. */
async function expectLastWords(loads: readonly MixedLoad[]): Promise<void> {
  for (const { sockets, streams } of loads) {
    for (const socket of sockets) {
      expect(await socket.ended).toEqual({ code: 1001, reason: expect.stringMatching(/^retry: \d{3,4}$/) });
    }
    for (const stream of streams) {
      expect(await stream.ended).toBe('whole');
      expect(stream.text).toMatch(/\n\nretry: \d{3,4}\n\n$/);
    }
  }
}
