/**
 * Does one who does not read hold up the others? Fifty subscribers of one session, many events in an open loop, in pairs of
 * runs: without (A) and with (B) one of them stalled from the first event on, which reads on at the end and must then have
 * all. What it asked for is wide, so that the network's own buffers do not hold it. Prints the others' delay since sending, what the server holds back, and its memory; exits with 1 when the median of
 * B's p99 to A's is above 1.5, or the stalled one has lost something without being told.
 *
 *   npx tsx bench/live/slow-subscriber.ts --pairs 5 --events 5000 --rate 250 --subscribers 50 [--url postgres://...] [--json]
 */
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { eventually } from '../../tests/support/eventually.js';
import { median, print, quantile, type Row } from './figures.js';
import { type Lab, metricOf, openLab } from './lab.js';
import { openCrowd } from './subscribing.js';
import { openLoop, openPen } from './writing.js';

const { values } = parseArgs({
  options: {
    pairs: { type: 'string', default: '5' },
    events: { type: 'string', default: '5000' },
    rate: { type: 'string', default: '250' },
    subscribers: { type: 'string', default: '50' },
    url: { type: 'string' },
    json: { type: 'boolean' },
  },
});
const [events, rate, subscribers] = [Number(values.events), Number(values.rate), Number(values.subscribers)];
/** Of a session that was opened, joined and written to once, with the line that is changed. */
const eventsBefore = 4;

/** Some 5 kB an event. */
const wideDocument = `subscription ($id: UUID!, $after: SafeInt) { sessionEvents(sessionId: $id, afterSeq: $after) {
  seq ${Array.from({ length: 40 }, (_, n) => `a${n}: payload`).join(' ')} } }`;

const lab = await openLab({ url: values.url });
const rows: Row[] = [];
const ratios: number[] = [];
try {
  await run(lab, false);
  for (let pair = 1; pair <= Number(values.pairs); pair += 1) {
    const [calm, stalled] = [await run(lab, false), await run(lab, true)];
    ratios.push(stalled.p99 / calm.p99);
    rows.push({ pair, run: 'A', ...calm.shown }, { pair, run: 'B: one stalled', ...stalled.shown });
  }
  print(rows, values.json);
  const ratio = median(ratios);
  console.error(`the others' p99, B to A, median of ${ratios.length} pairs: ${ratio.toFixed(2)} (bar: 1.5)`);
  if (!(ratio <= 1.5)) process.exitCode = 1;
} finally {
  await lab.stop();
}

async function run({ first, newSession }: Lab, isStalled: boolean): Promise<{ p99: number; shown: Row }> {
  const session = await newSession();
  const pen = openPen(first.url);
  await pen.write(session);
  const arrivals = new Float64Array((events + 1) * subscribers);
  let at = 0;
  const crowd = await openCrowd([session], {
    ...{ url: first.url, count: subscribers, after: eventsBefore },
    documentOf: (subscriber) => (subscriber === subscribers - 1 ? wideDocument : undefined),
    cameTo: (subscriber, count) => {
      arrivals[subscriber * (events + 1) + count] = performance.now();
      at += 1;
    },
  });
  const stalled = crowd.at(-1)!;
  if (isStalled) stalled.socket.pause();
  const others = subscribers - (isStalled ? 1 : 0);
  let most = 0;
  const watch = watchBuffered(first, (bytes) => (most = Math.max(most, bytes)));
  const whole = openLoop(rate, events, () => pen.write(session)).then(async (all) => {
    await eventually(() => at >= others * events, { within: 60_000 });
    return all;
  });
  const written = await whole.finally(watch.stop);
  const { rss } = await first.usage();
  const sentAt = new Map(written.map(({ seq, sentAt }) => [seq - eventsBefore, sentAt]));
  const delays: number[] = [];
  for (let subscriber = 0; subscriber < others; subscriber += 1) {
    for (let event = 1; event <= events; event += 1) {
      delays.push(arrivals[subscriber * (events + 1) + event]! - (sentAt.get(event) ?? Number.NaN));
    }
  }
  stalled.socket.resume();
  await eventually(() => stalled.messages - 1 === events || stalled.socket.closed, { within: 60_000 });
  const end = stalled.messages - 1 === events ? 'has all' : 'was cut off';
  for (const socket of crowd) socket.close();
  pen.stop();
  const p99 = quantile(delays, 0.99);
  const shown = {
    'p50 ms': quantile(delays, 0.5),
    'p99 ms': p99,
    'most unsent KB': Math.round(most / 1024),
    'RSS MB': Math.round(rss / 2 ** 20),
    'the stalled one': isStalled ? end : '',
  };
  return { p99, shown };
}

/** Looks twice a second at what the server's sockets hold back. */
function watchBuffered(server: Lab['first'], saw: (bytes: number) => void) {
  let isOver = false;
  const looking = (async () => {
    while (!isOver) {
      saw(await metricOf(server, 'qr_live_unsent_bytes'));
      await pause(500);
    }
  })();
  return {
    stop: (): Promise<void> => {
      isOver = true;
      return looking;
    },
  };
}
