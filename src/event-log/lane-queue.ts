import { Rejection } from '../domain/rejection.js';
import { type Lane, type Pending, settle } from './lane.js';

/** Where every waiting command is: its lane is ready to be decided, waits to be loaded, waits for a timer, or is busy. */
export interface LaneQueue {
  add(key: string, pending: Pending): void;
  takeReady(): Lane | undefined;
  takeToLoad(max: number): readonly Lane[];
  toReady(lane: Lane): void;
  toLoad(lane: Lane): void;
  toLoadLater(lane: Lane, milliseconds: number, wake: () => void): void;
  /** The lane is done for now; what came in meanwhile makes it ready again. */
  release(lane: Lane): void;
  /** True when more commands than this could fly right now. */
  hasMoreThan(commands: number): boolean;
  whenEmpty(): Promise<void>;
}

const sweepMs = 100;

export function createLaneQueue(): LaneQueue {
  const lanes = new Map<string, Lane>();
  const ready = new Set<Lane>();
  const toLoad = new Set<Lane>();
  let whenEmpty: (() => void) | undefined;
  let sweeper: NodeJS.Timeout | undefined;

  const release = (lane: Lane) => {
    lane.queue = lane.queue.filter(({ isSettled }) => !isSettled);
    if (lane.queue.length > 0) return void ready.add(lane);
    lanes.delete(lane.key);
    if (lanes.size > 0) return;
    clearInterval(sweeper);
    sweeper = undefined;
    whenEmpty?.();
  };

  const sweep = () => {
    const now = performance.now();
    for (const lane of lanes.values()) giveUp(lane, now);
  };

  return {
    add(key, pending) {
      let lane = lanes.get(key);
      if (!lane) {
        lane = newLane(key, pending);
        lanes.set(key, lane);
        ready.add(lane);
        sweeper ??= setInterval(sweep, sweepMs);
      }
      lane.queue.push(pending);
    },
    takeReady() {
      const [lane] = ready;
      if (lane) ready.delete(lane);
      return lane;
    },
    takeToLoad(max) {
      const taken = [...toLoad].slice(0, max);
      for (const lane of taken) toLoad.delete(lane);
      return taken;
    },
    toReady: (lane) => void ready.add(lane),
    toLoad: (lane) => void toLoad.add(lane),
    toLoadLater(lane, milliseconds, wake) {
      setTimeout(() => {
        toLoad.add(lane);
        wake();
      }, milliseconds);
    },
    release,
    hasMoreThan(commands) {
      let sum = 0;
      for (const lane of ready) {
        sum += lane.queue.length;
        if (sum > commands) return true;
      }
      return false;
    },
    whenEmpty: () => (lanes.size === 0 ? Promise.resolve() : new Promise((resolve) => (whenEmpty = resolve))),
  };
}

function newLane(key: string, { command: { tenantId, sessionId } }: Pending): Lane {
  return { key, tenantId, sessionId, queue: [], losses: 0, failures: 0, found: new Map() };
}

/** Nobody waits longer than the deadline. Whether a write that was under way counts is for the retry to find out. */
function giveUp(lane: Lane, now: number): void {
  for (const pending of lane.queue) {
    if (pending.deadline > now) continue;
    settle(
      pending,
      new Rejection('UNAVAILABLE', 'the database did not answer in time; repeat the request with the same key', { retry_after: 1 }),
    );
  }
}
