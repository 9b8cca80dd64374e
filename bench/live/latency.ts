/**
 * How far are subscribers behind the writer? Writes in an open loop, and takes the time from the writer's answer to the
 * receipt (0 where the subscriber was first), and from sending to receipt: WebSockets and Server-Sent Events, on the node
 * that writes and on another one that hears of it by Postgres' bells.
 *
 *   npx tsx bench/live/latency.ts --rate 200 --seconds 20 --sessions 8 --subscribers 4 [--url postgres://...] [--json]
 */
import { parseArgs } from 'node:util';
import { eventually } from '../../tests/support/eventually.js';
import { followByEventSource } from '../../tests/support/live-sse.js';
import type { LivePlace, LiveSubscriber } from '../../tests/support/live-subscriber.js';
import { followBySocket } from '../../tests/support/live-websocket.js';
import { print, quantile, type Row } from './figures.js';
import { type Lab, openLab } from './lab.js';
import { openLoop, openPen, type Written } from './writing.js';

const { values } = parseArgs({
  options: {
    rate: { type: 'string', default: '200' },
    seconds: { type: 'string', default: '20' },
    sessions: { type: 'string', default: '8' },
    subscribers: { type: 'string', default: '4' },
    url: { type: 'string' },
    json: { type: 'boolean' },
  },
});

const rows: Row[] = [];
for (const nodes of [1, 2]) {
  const lab = await openLab({ nodes, url: values.url });
  try {
    rows.push(...(await measure(lab)));
  } finally {
    await lab.stop();
  }
}
print(rows, values.json);

async function measure(lab: Lab): Promise<readonly Row[]> {
  const [rate, seconds] = [Number(values.rate), Number(values.seconds)];
  const sessions = await Promise.all(Array.from({ length: Number(values.sessions) }, () => lab.newSession()));
  const each = Number(values.subscribers);
  const subscribers = sessions.flatMap(({ sessionId, phone }) => {
    const place: LivePlace = { address: lab.last.url, sessionId, token: phone, after: 0, limit: 100 };
    return [followBySocket, followByEventSource].flatMap((follow) => Array.from({ length: each }, () => follow(place)));
  });
  const pen = openPen(lab.first.url);
  const write = (n: number): Promise<Written> => pen.write(sessions[n % sessions.length]!);
  try {
    await eventually(() => subscribers.every(({ received }) => received.length > 0), { within: 20_000 });
    await openLoop(rate, rate * 2, write);
    const before = await Promise.all(lab.servers.map((server) => server.usage()));
    const written = await openLoop(rate, rate * seconds, write);
    const after = await Promise.all(lab.servers.map((server) => server.usage()));
    const cores = after.map(({ cpuMs }, at) => (cpuMs - before[at]!.cpuMs) / 10 / seconds);
    const last = new Map<string, number>();
    for (const [n, { seq }] of written.entries()) {
      const { sessionId } = sessions[n % sessions.length]!;
      last.set(sessionId, Math.max(seq, last.get(sessionId) ?? 0));
    }
    await eventually(() => subscribers.every((one) => lastOf(one) === last.get(one.place.sessionId)), {
      within: 20_000,
    });
    return (['websocket', 'sse'] as const).map((kind) => ({
      nodes: lab.servers.length,
      face: kind,
      ...delaysOf(
        written,
        subscribers.filter((one) => one.kind === kind),
      ),
      'CPU of each node %': cores.map((share) => share.toFixed(0)).join(' + '),
    }));
  } finally {
    for (const subscriber of subscribers) subscriber.stop();
    await Promise.all(subscribers.map(({ ended }) => ended));
    pen.stop();
  }
}

function lastOf({ received }: LiveSubscriber): number {
  return received.at(-1)?.seq ?? 0;
}

/** In milliseconds. */
function delaysOf(written: readonly Written[], subscribers: readonly LiveSubscriber[]): Row {
  const byId = new Map(written.map((write) => [write.id, write]));
  const pairs = subscribers.flatMap(({ received }) =>
    received.flatMap(({ id, at }) => {
      const write = byId.get(id);
      return write ? [{ behind: Math.max(0, at - write.answeredAt), whole: at - write.sentAt }] : [];
    }),
  );
  const missing = written.length * (subscribers.length / Number(values.sessions)) - pairs.length;
  const behind = pairs.map((pair) => pair.behind);
  const whole = pairs.map((pair) => pair.whole);
  return {
    'behind the answer p50 ms': quantile(behind, 0.5),
    'p99 ms': quantile(behind, 0.99),
    'since sending p50 ms': quantile(whole, 0.5),
    'p99 ms ': quantile(whole, 0.99),
    deliveries: pairs.length,
    missing,
  };
}
