/**
 * One event to many subscribers of one document: deliveries a second, next to a bare `ws` broadcast of the same text and
 * to graphql-ws as it comes, which executes for every subscriber. The three take turns in one run; medians of the rounds.
 *
 *   npx tsx bench/live/fan-out.ts --subscribers 1000 --seconds 3 --rounds 5 [--url postgres://...] [--json]
 */
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { eventually } from '../../tests/support/eventually.js';
import { median, print } from './figures.js';
import { openLab } from './lab.js';
import { type Measured, startMeasured } from './measured.js';
import { openCrowd } from './subscribing.js';
import { openPen } from './writing.js';

const { values } = parseArgs({
  options: {
    subscribers: { type: 'string', default: '1000' },
    seconds: { type: 'string', default: '3' },
    rounds: { type: 'string', default: '5' },
    window: { type: 'string', default: '4' },
    flag: { type: 'string', multiple: true, default: [] },
    url: { type: 'string' },
    json: { type: 'boolean' },
  },
});
const subscribers = Number(values.subscribers);

/** One way to bring an event to everybody. */
interface Way {
  readonly name: string;
  readonly server: Measured;
  /** Events that everybody has. */
  readonly everywhere: () => number;
  readonly publish: () => Promise<unknown>;
}

interface Figure {
  readonly perSecond: number;
  /** Of the server, in microseconds for one delivery. */
  readonly cpu: number;
}

const lab = await openLab({ url: values.url, flags: values.flag });
const others = await Promise.all(
  ['ws', 'graphql-ws'].map((kind) => startMeasured({ file: 'bench/live/baseline.ts', args: [kind] })),
);
try {
  const session = await lab.newSession();
  const pen = openPen(lab.first.url);
  await pen.write(session);
  const ways = [
    await readyWay('QR Session', lab.first, { session, publish: () => pen.write(session) }),
    ...(await Promise.all(
      others.map((server, at) =>
        readyWay(['ws', 'graphql-ws'][at]!, server, { session, publish: () => fetch(server.url, { method: 'POST' }) }),
      ),
    )),
  ];
  const figures = new Map<string, Figure[]>(ways.map(({ name }) => [name, []]));
  for (const way of ways) await run(way, 1);
  for (let round = 0; round < Number(values.rounds); round += 1) {
    for (const way of ways) figures.get(way.name)?.push(await run(way, Number(values.seconds)));
  }
  show(figures);
  pen.stop();
} finally {
  await Promise.all(others.map((server) => server.stop()));
  await lab.stop();
}
// The sockets of the crowds would keep the process.
process.exit();

async function readyWay(
  name: string,
  server: Measured,
  { session, publish }: { session: Parameters<typeof openCrowd>[0][number]; publish: () => Promise<unknown> },
): Promise<Way> {
  const arrived: number[] = [];
  let everywhere = 0;
  const came = (events: number): void => {
    arrived[events] = (arrived[events] ?? 0) + 1;
    if (arrived[events] === subscribers) everywhere = events;
  };
  // The session's four first events are there already; the others have none.
  await openCrowd([session], { url: server.url, count: subscribers, after: 4, came });
  await pause(500);
  return { name, server, everywhere: () => everywhere, publish };
}

/** Keeps some events on their way for so long. */
async function run({ server, everywhere, publish }: Way, seconds: number): Promise<Figure> {
  const before = await server.usage();
  const [started, first] = [performance.now(), everywhere()];
  let published = first;
  const publishOn = async (): Promise<void> => {
    while (performance.now() - started < seconds * 1000) {
      published += 1;
      const mine = published;
      await publish();
      while (everywhere() < mine) await new Promise((resolve) => setImmediate(resolve));
    }
  };
  await Promise.all(Array.from({ length: Number(values.window) }, publishOn));
  await eventually(() => everywhere() === published, { within: 20_000, every: 1 });
  const took = performance.now() - started;
  const deliveries = (published - first) * subscribers;
  const { cpuMs } = await server.usage();
  return { perSecond: (deliveries / took) * 1000, cpu: ((cpuMs - before.cpuMs) * 1000) / deliveries };
}

function show(figures: ReadonlyMap<string, readonly Figure[]>): void {
  const bare = figures.get('ws') ?? [];
  const rows = [...figures].map(([way, mine]) => ({
    way,
    'deliveries/s': Math.round(median(mine.map(({ perSecond }) => perSecond))),
    'to bare ws': median(mine.map(({ perSecond }, at) => perSecond / (bare[at]?.perSecond ?? Number.NaN))),
    'server us each': median(mine.map(({ cpu }) => cpu)),
    'bare to it': median(mine.map(({ cpu }, at) => (bare[at]?.cpu ?? Number.NaN) / cpu)),
  }));
  print(rows, values.json);
}
