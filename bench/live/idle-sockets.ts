/**
 * What does a subscribed socket cost while nothing happens? Opens many, sends one event to all, and prints the memory of
 * each and the processor time of the server while it does nothing but keep them.
 *
 *   npx tsx bench/live/idle-sockets.ts --sockets 10000 --sessions 8 --seconds 30 [--url postgres://...] [--json]
 *
 * Each end of a socket is a file descriptor of its process: `ulimit -n` must allow more than `--sockets`.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { eventually } from '../../tests/support/eventually.js';
import { print } from './figures.js';
import { metricOf, openLab } from './lab.js';
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

const lab = await openLab({ url: values.url, flags: values.flag });
try {
  const sessions = await Promise.all(Array.from({ length: Number(values.sessions) }, () => lab.newSession()));
  const pen = openPen(lab.first.url);
  for (const session of sessions) await pen.write(session);
  // Code and buffers that the first sockets need are no cost of the others.
  for (const socket of await openCrowd(sessions, { url: lab.first.url, count: 500, after: 4 })) socket.close();
  await eventually(async () => (await metricOf(lab.first, 'qr_live_streams')) === 0, { within: 20_000 });
  const before = await lab.first.usage('gc');

  const started = performance.now();
  let got = 0;
  await openCrowd(sessions, { url: lab.first.url, count, after: 4, came: () => (got += 1) });
  const opening = (performance.now() - started) / 1000;
  await eventually(async () => (await metricOf(lab.first, 'qr_live_feeds')) === count, { within: 60_000 });
  for (const session of sessions) await pen.write(session);
  await eventually(() => got === count, { within: 60_000 });
  const after = await lab.first.usage('gc');

  await pause(seconds * 1000);
  const later = await lab.first.usage();
  const kb = (bytes: number): number => bytes / 1024 / count;
  print(
    [
      {
        sockets: count,
        sessions: sessions.length,
        'opened in s': opening,
        'RSS KB each': kb(after.rss - before.rss),
        'heap KB each': kb(after.heapUsed - before.heapUsed),
        'outside the heap KB each': kb(after.external - before.external),
        'CPU % of a core': (later.cpuMs - after.cpuMs) / 10 / seconds,
      },
    ],
    values.json,
  );
  pen.stop();
} finally {
  await lab.stop();
}
// Ten thousand cut sockets would keep the process for a while.
process.exit();
