/** Writers, subscribers of all four kinds and a hand that cuts their connections, all at once; and what came of it. */
import { setTimeout as pause } from 'node:timers/promises';
import { type Api, demo, sitDown } from './api.js';
import { eventually } from './eventually.js';
import { followByCursor, followByLongPoll } from './live-poll.js';
import { type Acknowledged, nameOf, type Outcomes, readLogs, reportOn, type StormReport } from './live-report.js';
import { followByEventSource } from './live-sse.js';
import type { LiveKind, LivePlace, LiveSubscriber } from './live-subscriber.js';
import { followBySocket } from './live-websocket.js';
import { createWriter, type LiveTable, type LiveWriter } from './live-writer.js';
import { type Random, randomFrom } from './random.js';

export interface Storm {
  readonly seed: number;
  readonly sessions: number;
  readonly writers: number;
  /** So many writes at least. */
  readonly writes: number;
  /** Writes at most so many a second; as many as go if left out. */
  readonly perSecond?: number;
  readonly subscribersOfEach: number;
  /** So many connections are destroyed, each at a random moment before the last write. */
  readonly cuts: number;
  /** Most events of one page, for those who poll. */
  readonly pageSize: number;
}

const follow: Readonly<Record<LiveKind, (place: LivePlace) => LiveSubscriber>> = {
  websocket: followBySocket,
  sse: followByEventSource,
  'long poll': followByLongPoll,
  cursor: followByCursor,
};

/** Where it happens: writes go to one node, reads to these addresses in turn. */
export interface StormNodes {
  readonly writing: Api;
  readonly reading: readonly string[];
}

/** Runs until the writes are done and `meanwhile` is over, everyone has read everything, and every session is closed. */
export async function runStorm(
  nodes: StormNodes,
  storm: Storm,
  meanwhile: (progress: Outcomes) => Promise<void> = async () => undefined,
): Promise<StormReport> {
  const started = performance.now();
  const random = randomFrom(storm.seed);
  const tables: LiveTable[] = [];
  for (let table = 0; table < storm.sessions; table += 1) tables.push(await sitDown(nodes.writing));
  const play = startPlay(nodes, storm, { tables, random });
  try {
    await Promise.race([Promise.all([play.written, meanwhile(play.progress).finally(play.enough)]), play.failed]);
    await Promise.race([caughtUp(nodes, play), play.failed]);
    for (const { sessionId } of tables) await close(nodes.writing, sessionId);
    await Promise.race([Promise.all(play.subscribers.map(({ ended }) => ended)), play.failed, tooLate(play)]);
    const report = await reportOn(nodes.writing.sql, play);
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    return { ...report, summary: `storm of seed ${storm.seed}, ${seconds} s, ${storm.cuts} cuts: ${report.summary}` };
  } finally {
    play.stop();
  }
}

interface Play {
  readonly subscribers: LiveSubscriber[];
  readonly acknowledged: Acknowledged[];
  /** What `meanwhile` sees. */
  readonly progress: Outcomes;
  /** Resolves when all writers have ended. */
  readonly written: Promise<unknown>;
  /** Never resolves; rejects when a writer or a subscriber got an answer that must not be. */
  readonly failed: Promise<never>;
  /** Lets the writers end once they have written enough. */
  readonly enough: () => void;
  stop(): void;
}

/** What happens behind how many writes: a subscriber comes, or a connection is cut. */
interface Turn {
  readonly at: number;
  readonly act: () => void;
}

function startPlay(
  nodes: StormNodes,
  storm: Storm,
  { tables, random }: { tables: readonly LiveTable[]; random: Random },
): Play {
  const subscribers: LiveSubscriber[] = [];
  const acknowledged: Acknowledged[] = [];
  let fail: (error: Error) => void = () => undefined;
  const failed = new Promise<never>((_, reject) => (fail = reject));
  failed.catch(() => undefined);
  const join = (place: LivePlace, kind: LiveKind) => () => {
    const subscriber = follow[kind](place);
    subscriber.ended.catch((error: Error) => fail(new Error(`${nameOf(subscriber)} failed`, { cause: error })));
    subscribers.push(subscriber);
  };
  const turns = planTurns(storm, random, {
    join: (kind, n) => join(placeFor(nodes, storm, { tables, random, n }), kind),
    cut: () => subscribers[Math.floor(random() * subscribers.length)]?.cut(),
  });
  const takeTurns = () => {
    while (turns[0] && turns[0].at <= acknowledged.length) turns.shift()?.act();
  };
  takeTurns();
  // Node takes one new connection per turn of its loop: under full load the first readers would come in seconds later.
  const connected = eventually(() => subscribers.every(hasBegun), { within: patienceMs });
  const writers = Array.from({ length: storm.writers }, () => createWriter(nodes.writing.address, random));
  const pen = { acknowledged, tables, random, isEnough: false, takeTurns };
  const written = connected.then(() => Promise.all(writers.map((writer) => keepWriting(writer, storm, pen))));
  return {
    ...{ subscribers, acknowledged, failed, written, progress: { subscribers, acknowledged } },
    enough: () => void (pen.isEnough = true),
    stop() {
      for (const one of [...subscribers, ...writers]) one.stop();
    },
  };
}

interface Pen {
  readonly acknowledged: Acknowledged[];
  readonly tables: readonly LiveTable[];
  readonly random: Random;
  readonly takeTurns: () => void;
  isEnough: boolean;
}

async function keepWriting(writer: LiveWriter, { writes, writers, perSecond }: Storm, pen: Pen): Promise<void> {
  const restMs = perSecond === undefined ? 0 : (writers / perSecond) * 1000;
  if (restMs > 0) await pause(pen.random() * restMs);
  while (!pen.isEnough || pen.acknowledged.length < writes) {
    const table = pen.tables[Math.floor(pen.random() * pen.tables.length)]!;
    const entries = await writer.write(table);
    const at = performance.now();
    for (const entry of entries) pen.acknowledged.push({ ...entry, sessionId: table.sessionId, at });
    pen.takeTurns();
    if (restMs > 0) await pause(restMs);
  }
}

/** An opened table's log has two events: its session's, and its first phone's. */
function hasBegun({ place, received }: LiveSubscriber): boolean {
  return received.length > 0 || place.after >= 2;
}

/**
 * Three of four subscribers are there before the first write, those who ask again and again from then on; the others come
 * later and have to catch up.
 */
function planTurns(
  { writes, subscribersOfEach, cuts }: Storm,
  random: Random,
  acts: { join: (kind: LiveKind, n: number) => () => void; cut: () => void },
): Turn[] {
  const kinds = Object.keys(follow) as LiveKind[];
  const sometime = () => 1 + Math.floor(random() * writes * 0.95);
  const joins = kinds.flatMap((kind) =>
    Array.from({ length: subscribersOfEach }, (_, n) => ({
      at: n % 4 === 3 ? sometime() : kind === 'cursor' ? 1 : 0,
      act: acts.join(kind, n),
    })),
  );
  const cutting = Array.from({ length: cuts }, () => ({ at: sometime(), act: acts.cut }));
  return [...joins, ...cutting].sort((a, b) => a.at - b.at);
}

/** Phones and staff, from the first event on or from a few behind it, at each node. */
function placeFor(
  { reading }: StormNodes,
  { pageSize }: Storm,
  { tables, random, n }: { tables: readonly LiveTable[]; random: Random; n: number },
): LivePlace {
  const { sessionId, phone } = tables[n % tables.length]!;
  return {
    ...{ sessionId, limit: pageSize, address: reading[Math.floor(n / tables.length) % reading.length]! },
    token: random() < 0.75 ? phone : demo.staff,
    after: random() < 0.75 ? 0 : Math.floor(random() * 6),
  };
}

const patienceMs = 60_000;

async function caughtUp({ writing }: StormNodes, { subscribers }: Play): Promise<void> {
  const logs = await readLogs(writing.sql, subscribers);
  const isBehind = ({ place, received }: LiveSubscriber) =>
    (received.at(-1)?.seq ?? 0) < (logs.get(place.sessionId)?.at(-1)?.seq ?? 0);
  await eventually(
    () => {
      const behind = subscribers.filter(isBehind);
      if (behind.length > 0)
        throw new Error(`${behind.length} are behind: ${behind.slice(0, 5).map(nameOf).join('; ')}`);
      return true;
    },
    { within: patienceMs },
  );
}

/** Unlike a deadline of the test, it says who did not come to an end. */
async function tooLate({ subscribers }: Play): Promise<never> {
  const running = new Set(subscribers);
  for (const one of subscribers) void one.ended.then(() => running.delete(one)).catch(() => undefined);
  const left = (): boolean => running.size === 0;
  await eventually(left, { within: patienceMs }).catch(() => {
    throw new Error(`${running.size} did not end: ${[...running].slice(0, 5).map(nameOf).join('; ')}`);
  });
  // All have ended: the others of the race win.
  return new Promise<never>(() => undefined);
}

async function close(api: Api, sessionId: string): Promise<void> {
  const answer = await api.rest(`POST /sessions/${sessionId}/close`, {
    as: demo.staff,
    body: { reason: 'storm is over' },
  });
  if (answer.status !== 200) throw new Error(`could not close: ${answer.text}`);
}
