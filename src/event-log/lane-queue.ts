import { unavailable } from '../domain/rejection.js';
import { type Lane, newLane, type Pending, settle } from './lane.js';

/** Where every waiting command is: its lane is ready to be decided, waits to be loaded, waits for a timer, or is busy. */
export interface LaneQueue {
  readonly add: (key: string, pending: Pending) => void;
  readonly takeReady: () => Lane | undefined;
  readonly takeToLoad: (max: number) => readonly Lane[];
  readonly toReady: (lane: Lane) => void;
  readonly toLoad: (lane: Lane) => void;
  readonly toLoadLater: (lane: Lane, milliseconds: number, wake: () => void) => void;
  /** The lane is done for now; what came in meanwhile makes it ready again. */
  readonly release: (lane: Lane) => void;
  /** True when more commands than this could fly right now. */
  readonly hasMoreThan: (commands: number) => boolean;
  readonly whenEmpty: () => Promise<void>;
}

const sweepMs = 100;

export function createLaneQueue(): LaneQueue {
  const lanes = new Map<string, Lane>();
  const ready = new Set<Lane>();
  const toLoad = new Set<Lane>();
  const waiters: (() => void)[] = [];
  let sweeper: NodeJS.Timeout | undefined;

  const release = (lane: Lane) => {
    lane.queue = lane.queue.filter(({ isSettled }) => !isSettled);
    if (lane.queue.length > 0) return void ready.add(lane);
    lanes.delete(lane.key);
    if (lanes.size > 0) return;
    clearInterval(sweeper);
    sweeper = undefined;
    for (const tell of waiters.splice(0)) tell();
  };

  const sweep = () => {
    const now = performance.now();
    for (const lane of lanes.values()) giveUp(lane, now);
  };

  return {
    add(key, pending) {
      let lane = lanes.get(key);
      if (!lane) {
        lane = newLane(key, pending.command);
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
    hasMoreThan: (commands) => holdsMoreThan(ready, commands),
    whenEmpty: () => (lanes.size === 0 ? Promise.resolve() : new Promise((resolve) => void waiters.push(resolve))),
  };
}

function holdsMoreThan(lanes: Iterable<Lane>, commands: number): boolean {
  let sum = 0;
  for (const lane of lanes) {
    sum += lane.queue.length;
    if (sum > commands) return true;
  }
  return false;
}

/** Nobody waits longer than the deadline. Whether a write that was under way counts is for the retry to find out. */
function giveUp(lane: Lane, now: number): void {
  for (const pending of lane.queue) {
    if (pending.deadline > now) continue;
    settle(pending, unavailable('the database did not answer in time; repeat the request with the same key'));
  }
}
