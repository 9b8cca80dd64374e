/**
 * What does a subscribed socket cost while nothing happens? Opens many, sends one event to all, and prints the memory of
 * each and the processor time of the server while it does nothing but keep them; next to bare `ws` and to graphql-ws as it
 * comes.
 *
 *   npx tsx bench/live/idle-sockets.ts --sockets 10000 --sessions 8 --seconds 30 [--url postgres://...] [--json]
 *
 * Each end of a socket is a file descriptor of its process: `ulimit -n` must allow more than `--sockets`.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { eventually } from '../../tests/support/eventually.js';
import { print, type Row } from './figures.js';
import { type BenchSession, openLab } from './lab.js';
import { type Measured, startMeasured } from './measured.js';
import { openCrowd } from './subscribing.js';
import { openPen } from './writing.js';

const { values } = parseArgs({
  options: {
    sockets: { type: 'string', default: '10000' },
    sessions: { type: 'string', default: '8' },
    seconds: { type: 'string', default: '30' },
    flag: { type: 'string', multiple: true, default: [] },
    url: { type: 'string' },
    json: { type: 'boolean' },
  },
});
const [count, seconds] = [Number(values.sockets), Number(values.seconds)];
/** Of a session that was opened, joined and written to once, with the line that is changed. */
const eventsBefore = 4;

const rows: Row[] = [];
const lab = await openLab({ url: values.url, flags: values.flag });
const pen = openPen(lab.first.url);
try {
  const sessions = await Promise.all(Array.from({ length: Number(values.sessions) }, () => lab.newSession()));
  const publish = (): Promise<unknown> => Promise.all(sessions.map((session) => pen.write(session)));
  await publish();
  rows.push({ server: 'QR Session', ...(await measure(lab.first, sessions, publish)) });
  for (const kind of ['ws', 'graphql-ws']) {
    const server = await startMeasured({ file: 'bench/live/baseline.ts', args: [kind] });
    const [session] = sessions as [BenchSession];
    const tell = (): Promise<unknown> => fetch(server.url, { method: 'POST' });
    rows.push({ server: kind, ...(await measure(server, [session], tell)) });
    await server.stop();
  }
  print(rows, values.json);
} finally {
  pen.stop();
  await lab.stop();
}
// Ten thousand cut sockets would keep the process for a while.
process.exit();

async function measure(
  server: Measured,
  sessions: readonly BenchSession[],
  publish: () => Promise<unknown>,
): Promise<Row> {
  // Code and buffers that the first sockets need are no cost of the others.
  for (const socket of await openCrowd(sessions, { url: server.url, count: 500, after: eventsBefore })) socket.close();
  await pause(2_000);
  const before = await server.usage('gc');
  const started = performance.now();
  let got = 0;
  const came = (): void => void (got += 1);
  const crowd = await openCrowd(sessions, { url: server.url, count, after: eventsBefore, came });
  const opening = (performance.now() - started) / 1000;
  // The last ones are acknowledged, and perhaps not subscribed yet.
  await pause(2_000);
  await publish();
  await eventually(() => got === count, { within: 60_000 });
  const after = await server.usage('gc');
  await pause(seconds * 1000);
  const later = await server.usage();
  for (const socket of crowd) socket.close();
  const kb = (bytes: number): number => bytes / 1024 / count;
  return {
    sockets: count,
    'opened in s': opening,
    'RSS KB each': kb(after.rss - before.rss),
    'heap KB each': kb(after.heapUsed - before.heapUsed),
    'outside the heap KB each': kb(after.external - before.external),
    'CPU % of a core': (later.cpuMs - after.cpuMs) / 10 / seconds,
  };
}
