/**
 * What do subscriptions leave behind? Subscribes, takes the first event and lets go, over and over: on sockets that stay
 * open, and every tenth time on a socket of its own that is cut off. Prints the heap of the server after a collection as
 * the cycles go on, and its slope; exits with 1 when that is 1 KB per 1,000 cycles or more, or a feed is left.
 *
 *   npx tsx bench/live/cycles.ts --cycles 100000 --warm-up 150000 --looks 10 --sockets 20 [--url postgres://...] [--json]
 */
import { parseArgs } from 'node:util';
import { eventually } from '../../tests/support/eventually.js';
import { print, type Row, slopeOf } from './figures.js';
import { type BenchSession, type Lab, metricOf, openLab } from './lab.js';
import { openSubscriber, subscribeTo } from './subscribing.js';
import type { CountingSocket } from './wire.js';

const { values } = parseArgs({
  options: {
    cycles: { type: 'string', default: '100000' },
    'warm-up': { type: 'string', default: '150000' },
    looks: { type: 'string', default: '10' },
    sockets: { type: 'string', default: '20' },
    url: { type: 'string' },
    json: { type: 'boolean' },
  },
});
const [cycles, looks, sockets] = [Number(values.cycles), Number(values.looks), Number(values.sockets)];

// V8 would throw out code at each collection and make it anew, by hundreds of KB.
const lab = await openLab({ url: values.url, flags: ['--no-flush-bytecode'] });
try {
  const session = await lab.newSession();
  // What is made once is made before the first look. Looks belong to it: each collection throws out code that V8 makes anew.
  const warmUps = 5;
  for (let round = 0; round < warmUps; round += 1) {
    await goRound(lab, session, Number(values['warm-up']) / warmUps);
    await lookAt(lab);
  }
  const rows: Row[] = [];
  const points: [number, number][] = [];
  for (let look = 0; look <= looks; look += 1) {
    if (look > 0) await goRound(lab, session, cycles / looks);
    const facts = await lookAt(lab);
    rows.push({ cycles: (look * cycles) / looks, ...facts });
    points.push([(look * cycles) / looks, facts['heap KB']]);
  }
  print(rows, values.json);
  const slope = slopeOf(points) * 1000;
  const left = Number(rows.at(-1)?.['feeds']) + Number(rows.at(-1)?.['streams']);
  console.error(`heap slope: ${slope.toFixed(3)} KB per 1,000 cycles (bar: 1); feeds and streams left: ${left}`);
  if (slope >= 1 || left > 0) process.exitCode = 1;
} finally {
  await lab.stop();
}

async function lookAt({ first }: Lab) {
  const gone = async (): Promise<boolean> => (await metricOf(first, 'qr_live_feeds')) === 0;
  await eventually(gone, { within: 20_000 }).catch(() => undefined);
  const { heapUsed, rss, external } = await first.usage('gc');
  return {
    'heap KB': Math.round(heapUsed / 1024),
    'external KB': Math.round(external / 1024),
    'rss KB': Math.round(rss / 1024),
    feeds: await metricOf(first, 'qr_live_feeds'),
    streams: await metricOf(first, 'qr_live_streams'),
  };
}

/** So many cycles, on some sockets side by side, which are closed behind them. */
async function goRound({ first }: Lab, session: BenchSession, count: number): Promise<void> {
  const share = Math.ceil(count / sockets);
  const spin = async (): Promise<void> => {
    const own = createTurns();
    const socket = await openSubscriber(session, first.url, own.came);
    for (let n = 0; n < share; n += 1) {
      if (n % 10 === 9) await cycleAlone(session, first.url);
      else await cycle(socket, { session, own, id: String(n) });
    }
    socket.close();
  };
  await Promise.all(Array.from({ length: sockets }, spin));
}

interface Turns {
  readonly came: () => void;
  /** Resolves with the next message. */
  next(): Promise<void>;
}

function createTurns(): Turns {
  let wake: () => void = () => undefined;
  return {
    came: () => wake(),
    next: () => new Promise((resolve) => (wake = resolve)),
  };
}

/** The session is opened and its phone is in it: behind the first of these events there is one to give. */
async function cycle(
  socket: CountingSocket,
  { session, own, id }: { session: BenchSession; own: Turns; id: string },
): Promise<void> {
  const given = own.next();
  socket.send(subscribeTo(session, { after: 1, id }));
  await given;
  socket.send({ id, type: 'complete' });
}

async function cycleAlone(session: BenchSession, url: string): Promise<void> {
  const own = createTurns();
  const socket = await openSubscriber(session, url, own.came);
  const given = own.next();
  socket.send(subscribeTo(session, { after: 1 }));
  await given;
  socket.close();
}
