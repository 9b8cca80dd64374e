import { type Moved, writeBatch } from './batch-statement.js';
import { saveCheckpoint } from './checkpoints.js';
import { commitOf, settlePlan } from './commit.js';
import type { LanePlan, Verdict } from './decide-lane.js';
import { backoff, laneKey, settle } from './lane.js';
import type { FlightPlan } from './plan-flight.js';
import { isDuplicate, isTransient } from '../db/sql-errors.js';
import { withWatchdog } from './watchdog.js';
import type { WriterContext } from './writer-context.js';

/** Writes a batch and brings each of its lanes to where it goes next. Never rejects. */
export async function fly(context: WriterContext, flight: FlightPlan): Promise<void> {
  const started = performance.now();
  let rows: readonly Moved[];
  try {
    rows = await withWatchdog(writeBatch(context.sql, batchOf(context, flight)), context.limits.statementMs);
  } catch (error) {
    context.probe.failed(error);
    recover(context, flight.lanes, error);
    return;
  }
  const moved = new Map(rows.map((row) => [laneKey(row.tenant_id, row.id), row]));
  report(context, flight.lanes, { moved, seconds: (performance.now() - started) / 1000 });
  for (const plan of flight.lanes) land(context, plan, moved.get(plan.lane.key));
}

function batchOf({ node }: WriterContext, { lanes, waitsForLocks }: FlightPlan) {
  return { node, waitsForLocks, writes: lanes.flatMap(({ write }) => write ?? []) };
}

function report(
  { probe }: WriterContext,
  lanes: readonly LanePlan[],
  { moved, seconds }: { moved: ReadonlyMap<string, Moved>; seconds: number },
): void {
  const written = lanes.filter(({ lane }) => moved.has(lane.key));
  const events = written.reduce((sum, { write }) => sum + (write?.events.length ?? 0), 0);
  probe.batch({ sessions: written.length, events, seconds });
  if (written.length < lanes.length) probe.missed(lanes.length - written.length);
}

/** A lane after its statement: its answers go out if its head moved; if not, it is read and decided again. */
function land(context: WriterContext, plan: LanePlan, moved: Moved | undefined): void {
  const { lane, write, before } = plan;
  const { queue, states, clock, probe } = context;
  if (!moved || !write) {
    lane.losses += 1;
    return lane.failures > 0 ? queue.toLoadLater(lane, backoff(lane), context.wake) : queue.toLoad(lane);
  }
  clock.learn(moved.now);
  lane.losses = 0;
  lane.failures = 0;
  const commit = commitOf(write, moved.now);
  states.put(lane.key, commit.state);
  context.committed(commit.state);
  saveCheckpoint(context.sql, before.bill, commit.state.bill).catch((error: unknown) => probe.failed(error));
  settlePlan(plan, commit);
  if (plan.needsLoad) queue.toLoad(lane);
  else queue.release(lane);
}

/**
 * A failed statement wrote nothing, or nobody knows: the log is asked before anything is decided again. What the database
 * refused goes command by command, so that only the guilty one fails; a duplicate may be a lost race, so it gets one more try.
 */
function recover({ queue, states, wake }: WriterContext, plans: readonly LanePlan[], error: unknown): void {
  for (const { lane } of plans) states.drop(lane.key);
  for (const { verdicts } of plans) verdicts.forEach(rememberProposal);
  if (isTransient(error)) return plans.forEach(({ lane }) => queue.toLoadLater(lane, backoff(lane), wake));
  const commands = plans.flatMap(({ verdicts }) => verdicts.map(({ pending }) => pending));
  const [only] = commands;
  if (only && commands.length === 1 && (only.isAlone || !isDuplicate(error))) {
    settle(only, new Error('the database refused the write', { cause: error }));
  }
  for (const pending of commands) pending.isAlone = true;
  for (const { lane } of plans) queue.toLoad(lane);
}

/** Should the statement have been carried out after all, its events are this command's own, and not another's. */
function rememberProposal({ pending, result }: Verdict): void {
  if (result instanceof Error) return;
  const fresh = result.decided.filter(({ replayed }) => !replayed);
  pending.proposed = [...pending.proposed, ...fresh.map(({ event }) => event.id)];
}
