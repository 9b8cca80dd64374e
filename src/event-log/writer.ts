import type { Sql } from 'postgres';
import type { Command } from '../domain/decide.js';
import { noSuchSession } from '../domain/decide.js';
import { Rejection } from '../domain/rejection.js';
import { type Moved, writeBatch } from './batch-statement.js';
import { saveCheckpoint } from './checkpoints.js';
import { claimSessions } from './claim-sessions.js';
import { commitOf, settlePlan } from './commit.js';
import type { DatabaseClock } from './database-clock.js';
import { decideLane, type LanePlan } from './decide-lane.js';
import { type Lane, laneKey, type Outcome, type Pending, settle } from './lane.js';
import { createLaneQueue, type LaneQueue } from './lane-queue.js';
import type { SessionLoader } from './load-sessions.js';
import { isDuplicate, isTransient } from './sql-errors.js';
import type { StateCache } from './state-cache.js';
import { withWatchdog } from './watchdog.js';

/** What the writer tells whoever measures it. */
export interface WriterProbe {
  batch(figures: { readonly sessions: number; readonly events: number; readonly seconds: number }): void;
  missed(sessions: number): void;
  failed(error: unknown): void;
}

export interface WriterOptions {
  /** The writer's own small pool, with its planner settings. */
  readonly sql: Sql;
  readonly load: SessionLoader;
  readonly states: StateCache;
  readonly clock: DatabaseClock;
  /** Names this process in claims. */
  readonly node: string;
  readonly newId: () => string;
  readonly probe: WriterProbe;
}

/** Appends to the logs of all sessions. */
export interface EventWriter {
  /** Resolves when the command is durable; rejects with a Rejection, or with an Error that is ours. */
  submit(command: Command): Promise<Outcome>;
  /** Commands that wait or are being written. */
  readonly depth: number;
  /** Takes no new command, and resolves when the last one is answered. */
  drain(): Promise<void>;
}

/** A batch carries at most so many events, unless one command alone has more. */
const batchEvents = 128;
const maxFlights = 2;
const maxLoads = 2;
const statementMs = 5_000;
const commandMs = 10_000;
const maxQueued = 20_000;
/** After so many lost races in a row a node claims the session. */
const lossesBeforeClaim = 2;
const claimedElsewhereMs = 5;

/**
 * Group commit. While one batch is out, commands collect and then go together; a second flight starts only when more wait
 * than one batch takes. Idle, a batch is one command and one round trip.
 */
export function createWriter(options: WriterOptions): EventWriter {
  const queue = createLaneQueue();
  let depth = 0;
  let flights = 0;
  let loads = 0;
  let isScheduled = false;
  let isDraining = false;

  function submit(command: Command): Promise<Outcome> {
    if (isDraining) return Promise.reject(unavailable('the server is shutting down'));
    if (depth >= maxQueued) return Promise.reject(unavailable('too many writes are waiting'));
    depth += 1;
    const answer = new Promise<Outcome>((resolve, reject) => {
      const deadline = performance.now() + commandMs;
      const pending: Pending = { command, resolve, reject, deadline, isConfirmed: false, isAlone: false, isSettled: false };
      queue.add(laneKey(command.tenantId, command.sessionId), pending);
      schedule();
    });
    return answer.finally(() => (depth -= 1));
  }

  /** Commands that arrive in the same turn of the event loop go together. */
  function schedule(): void {
    if (isScheduled) return;
    isScheduled = true;
    setImmediate(() => {
      isScheduled = false;
      pump();
    });
  }

  function pump(): void {
    if (flights === 0 || (flights < maxFlights && queue.hasMoreThan(batchEvents))) {
      const plans = planFlight(queue, options);
      if (plans.length > 0) {
        flights += 1;
        void fly(plans).finally(() => {
          flights -= 1;
          schedule();
        });
      }
    }
    if (loads < maxLoads) {
      const lanes = queue.takeToLoad(batchEvents);
      if (lanes.length > 0) {
        loads += 1;
        void loadLanes(lanes).finally(() => {
          loads -= 1;
          schedule();
        });
      }
    }
  }

  async function fly(plans: readonly LanePlan[]): Promise<void> {
    const writes = plans.flatMap(({ write }) => write ?? []);
    const started = performance.now();
    try {
      const rows = await withWatchdog(writeBatch(options.sql, options.node, writes), statementMs);
      const moved = new Map(rows.map((row) => [laneKey(row.tenant_id, row.id), row]));
      options.probe.batch({
        sessions: moved.size,
        events: writes.reduce((sum, { events, after }) => sum + (moved.has(laneKey(after.tenantId, after.sessionId)) ? events.length : 0), 0),
        seconds: (performance.now() - started) / 1000,
      });
      if (moved.size < plans.length) options.probe.missed(plans.length - moved.size);
      for (const plan of plans) land(plan, moved.get(plan.lane.key));
    } catch (error) {
      options.probe.failed(error);
      recover(plans, error);
    }
  }

  /** A lane after its statement: its answers go out if its head moved; if not, it is read and decided again. */
  function land(plan: LanePlan, moved: Moved | undefined): void {
    const { lane, write } = plan;
    if (!moved || !write) {
      lane.losses += 1;
      return queue.toLoad(lane);
    }
    options.clock.learn(moved.now);
    lane.losses = 0;
    lane.failures = 0;
    const commit = commitOf(write, moved.now);
    options.states.put(lane.key, commit.state);
    saveCheckpoint(options.sql, plan.before.bill, commit.state.bill).catch(options.probe.failed);
    settlePlan(plan, commit);
    if (plan.needsLoad) queue.toLoad(lane);
    else queue.release(lane);
  }

  /** A failed statement wrote nothing, or nobody knows: the log is asked before anything is decided again. */
  function recover(plans: readonly LanePlan[], error: unknown): void {
    const commands = plans.flatMap(({ verdicts }) => verdicts.map(({ pending }) => pending));
    for (const { lane } of plans) options.states.drop(lane.key);
    if (isTransient(error)) return plans.forEach(({ lane }) => queue.toLoadLater(lane, backoff(lane), schedule));
    if (!isDuplicate(error)) {
      const [only] = commands;
      if (commands.length === 1 && only) settle(only, new Error('the database refused the write', { cause: error }));
      for (const pending of commands) pending.isAlone = true;
    }
    for (const { lane } of plans) queue.toLoad(lane);
  }

  async function loadLanes(lanes: readonly Lane[]): Promise<void> {
    try {
      const claims = lanes.filter(({ losses }) => losses >= lossesBeforeClaim);
      if (claims.length > 0) await claimSessions(options.sql, options.node, claims);
      await readLanes(lanes);
    } catch (error) {
      options.probe.failed(error);
      for (const lane of lanes) options.states.drop(lane.key);
      if (isTransient(error)) return lanes.forEach((lane) => queue.toLoadLater(lane, backoff(lane), schedule));
      for (const lane of lanes) {
        if (lanes.length > 1) await loadLanes([lane]);
        else refuseAll(queue, lane, new Error('the session cannot be read', { cause: error }));
      }
    }
  }

  async function readLanes(lanes: readonly Lane[]): Promise<void> {
    const covered = lanes.map((lane) => [...lane.queue]);
    const loaded = await options.load(
      lanes.map((lane) => ({
        tenantId: lane.tenantId,
        sessionId: lane.sessionId,
        known: options.states.get(lane.key),
        keys: lane.queue.flatMap(({ command }) => command.appends.map(({ key }) => key)),
      })),
    );
    lanes.forEach((lane, index) => {
      const found = loaded.get(lane.key);
      for (const pending of covered[index] ?? []) pending.isConfirmed = true;
      if (!found) return refuseAll(queue, lane, noSuchSession());
      lane.found = found.foundKeys;
      options.states.put(lane.key, found.state);
      if (found.isClaimedElsewhere) return queue.toLoadLater(lane, claimedElsewhereMs, schedule);
      return queue.toReady(lane);
    });
  }

  return {
    submit,
    get depth() {
      return depth;
    },
    drain: () => {
      isDraining = true;
      return queue.whenEmpty();
    },
  };
}

/** Decides ready lanes until a batch is full. Lanes that need no write are answered on the way. */
function planFlight(queue: LaneQueue, { states, clock, newId }: WriterOptions): readonly LanePlan[] {
  const plans: LanePlan[] = [];
  let room = batchEvents;
  while (room > 0) {
    const lane = queue.takeReady();
    if (!lane) break;
    const state = states.get(lane.key);
    if (!state) {
      queue.toLoad(lane);
      continue;
    }
    const isAlone = lane.queue.some(({ isAlone, isSettled }) => isAlone && !isSettled);
    if (isAlone && plans.length > 0) {
      queue.toReady(lane);
      break;
    }
    const plan = decideLane(lane, state, { now: clock.now(), newId, limit: room });
    if (plan.write) {
      plans.push(plan);
      room -= plan.write.events.length;
      if (isAlone) break;
    } else {
      settlePlan(plan, { state, stored: new Map() });
      if (plan.needsLoad) queue.toLoad(lane);
      else queue.release(lane);
    }
  }
  return plans;
}

/** Answers what came before the load with the error; what came since is tried by itself. */
function refuseAll(queue: LaneQueue, lane: Lane, error: Error): void {
  const isRejection = error instanceof Rejection;
  for (const pending of lane.queue) if (pending.isConfirmed || !isRejection) settle(pending, error);
  queue.release(lane);
}

function backoff(lane: Lane): number {
  lane.failures += 1;
  return Math.min(25 * 2 ** lane.failures, 1_000) * (0.5 + Math.random() / 2);
}

function unavailable(why: string): Rejection {
  return new Rejection('UNAVAILABLE', why, { retry_after: 1 });
}
