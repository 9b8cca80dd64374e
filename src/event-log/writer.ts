import type { Command } from '../domain/decide.js';
import { unavailable } from '../domain/rejection.js';
import { fly } from './flight.js';
import { laneKey, newPending, type Outcome } from './lane.js';
import { loadLanes } from './lane-loading.js';
import { createLaneQueue } from './lane-queue.js';
import { planFlight } from './plan-flight.js';
import type { WriterContext, WriterOptions } from './writer-context.js';

/** Appends to the logs of all sessions. */
export interface EventWriter {
  /** Resolves when the command is durable; rejects with a Rejection, or with an Error that is ours. */
  readonly submit: (command: Command) => Promise<Outcome>;
  /** Commands that wait or are being written. */
  readonly depth: number;
  /** Takes no new command, and resolves when the last one is answered. */
  readonly drain: () => Promise<void>;
}

/**
 * Group commit. While one batch is out, commands collect and then go together; a second flight starts only when more wait
 * than one batch takes. Idle, a batch is one command and one round trip.
 */
export function createWriter(options: WriterOptions): EventWriter {
  const { limits } = options;
  const queue = createLaneQueue();
  const wake = oncePerTurn(() => pump(context, flights, loads));
  const context: WriterContext = { ...options, queue, wake };
  const flights = createSlots(wake);
  const loads = createSlots(wake);
  let depth = 0;
  let isDraining = false;

  return {
    submit: (command) => {
      if (isDraining) return Promise.reject(unavailable('the server is shutting down'));
      if (depth >= limits.queued) return Promise.reject(unavailable('too many writes are waiting'));
      depth += 1;
      const answer = new Promise<Outcome>((resolve, reject) => {
        const deadline = performance.now() + limits.commandMs;
        queue.add(laneKey(command.tenantId, command.sessionId), newPending(command, { resolve, reject, deadline }));
        wake();
      });
      return answer.finally(() => (depth -= 1));
    },
    get depth() {
      return depth;
    },
    drain: () => {
      isDraining = true;
      return queue.whenEmpty();
    },
  };
}

/** Starts what can start now: a batch, and reads of sessions that memory lacks. */
function pump(context: WriterContext, flights: Slots, loads: Slots): void {
  const { queue, limits } = context;
  if (flights.taken === 0 || (flights.taken < limits.flights && queue.hasMoreThan(limits.batchEvents))) {
    const plan = planFlight(context);
    if (plan.lanes.length > 0) flights.use(fly(context, plan));
  }
  if (loads.taken < limits.loads) {
    const lanes = queue.takeToLoad(limits.batchEvents);
    if (lanes.length > 0) loads.use(loadLanes(context, lanes));
  }
}

/** Commands that arrive in the same turn of the event loop go together. */
function oncePerTurn(act: () => void): () => void {
  let isScheduled = false;
  return () => {
    if (isScheduled) return;
    isScheduled = true;
    setImmediate(() => {
      isScheduled = false;
      act();
    });
  };
}

interface Slots {
  readonly taken: number;
  use(work: Promise<void>): void;
}

function createSlots(whenFree: () => void): Slots {
  let taken = 0;
  return {
    get taken() {
      return taken;
    },
    use: (work) => {
      taken += 1;
      void work.finally(() => {
        taken -= 1;
        whenFree();
      });
    },
  };
}
