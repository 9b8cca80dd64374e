import { noSuchSession } from '../domain/decide.js';
import { Rejection } from '../domain/rejection.js';
import { claimSessions } from './claim-sessions.js';
import { backoff, type Lane, type Pending, settle } from './lane.js';
import type { LaneQueue } from './lane-queue.js';
import type { Loaded } from './load-sessions.js';
import { isTransient } from '../db/sql-errors.js';
import { withWatchdog } from './watchdog.js';
import type { WriterContext } from './writer-context.js';

/** Reads heads, tails and keys of these lanes, and claims those that keep losing races. Never rejects. */
export async function loadLanes(context: WriterContext, lanes: readonly Lane[]): Promise<void> {
  const { queue, states, probe } = context;
  try {
    await claimLosers(context, lanes);
    await readLanes(context, lanes);
  } catch (error) {
    probe.failed(error);
    for (const lane of lanes) states.drop(lane.key);
    if (isTransient(error)) return lanes.forEach((lane) => queue.toLoadLater(lane, backoff(lane), context.wake));
    const [only] = lanes;
    if (only && lanes.length === 1) return isolate(queue, only, error);
    for (const lane of lanes) await loadLanes(context, [lane]);
  }
}

/** The database refused to read this one lane: one of its commands may be the reason, so they are tried one by one. */
function isolate(queue: LaneQueue, lane: Lane, error: unknown): void {
  const asked = nextToAsk(lane);
  for (const pending of asked) {
    if (asked.length === 1) settle(pending, unreadable(error));
    pending.isAlone = true;
  }
  queue.release(lane);
}

/** The commands that a load speaks for. */
function nextToAsk(lane: Lane): readonly Pending[] {
  const waiting = lane.queue.filter(({ isSettled }) => !isSettled);
  return waiting.some(({ isAlone }) => isAlone) ? waiting.slice(0, 1) : waiting;
}

/** A lane whose statement failed may be locked by somebody: a claim would wait there, so it does without. */
async function claimLosers({ sql, node, limits }: WriterContext, lanes: readonly Lane[]): Promise<void> {
  const losers = lanes.filter(({ losses, failures }) => losses >= limits.lossesBeforeClaim && failures === 0);
  if (losers.length > 0) await withWatchdog(claimSessions(sql, node, losers), limits.statementMs);
}

async function readLanes(context: WriterContext, lanes: readonly Lane[]): Promise<void> {
  const asked = lanes.map(nextToAsk);
  const loaded = await context.load(
    lanes.map((lane, index) => ({
      tenantId: lane.tenantId,
      sessionId: lane.sessionId,
      known: context.states.get(lane.key),
      keys: (asked[index] ?? []).flatMap(({ command }) => command.appends.map(({ key }) => key)),
    })),
  );
  lanes.forEach((lane, index) => {
    for (const pending of asked[index] ?? []) pending.isConfirmed = true;
    takeIn(context, lane, loaded.get(lane.key));
  });
}

function takeIn(
  { queue, states, limits, probe, wake }: WriterContext,
  lane: Lane,
  found: Loaded | Error | undefined,
): void {
  if (!found) return refuseAll(queue, lane, noSuchSession());
  if (found instanceof Error) {
    probe.failed(found);
    states.drop(lane.key);
    return refuseAll(queue, lane, unreadable(found));
  }
  lane.found = found.foundKeys;
  states.put(lane.key, found.state);
  if (found.isClaimedElsewhere) return queue.toLoadLater(lane, limits.claimedElsewhereMs, wake);
  return queue.toReady(lane);
}

/** Answers what came before the load with the error; what came since is tried by itself. */
function refuseAll(queue: LaneQueue, lane: Lane, error: Error): void {
  const isRejection = error instanceof Rejection;
  for (const pending of lane.queue) if (pending.isConfirmed || !isRejection) settle(pending, error);
  queue.release(lane);
}

function unreadable(cause: unknown): Error {
  return new Error('the session cannot be read', { cause });
}
