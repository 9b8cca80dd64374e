import { settlePlan } from './commit.js';
import { decideLane, type LanePlan } from './decide-lane.js';
import type { Lane } from './lane.js';
import type { WriterContext } from './writer-context.js';

/** What goes out together. */
export interface FlightPlan {
  readonly lanes: readonly LanePlan[];
  /** False for sessions whose last statement failed: they pass over a locked row, so that nobody waits with them. */
  readonly waitsForLocks: boolean;
}

/** Decides ready lanes until a batch is full. Lanes that need no write are answered on the way. */
export function planFlight(context: WriterContext): FlightPlan {
  const { queue, limits } = context;
  const lanes: LanePlan[] = [];
  const otherKind: Lane[] = [];
  let room = limits.batchEvents;
  let waitsForLocks: boolean | undefined;
  for (let lane = queue.takeReady(); lane; lane = room > 0 ? queue.takeReady() : undefined) {
    const isAlone = lane.queue.some(({ isAlone, isSettled }) => isAlone && !isSettled);
    if (lanes.length > 0 && (isAlone || (lane.failures === 0) !== waitsForLocks)) {
      otherKind.push(lane);
      continue;
    }
    const plan = planLane(context, lane, room);
    if (!plan?.write) continue;
    lanes.push(plan);
    waitsForLocks = lane.failures === 0;
    room = isAlone ? 0 : room - plan.write.events.length;
  }
  otherKind.forEach(queue.toReady);
  return { lanes, waitsForLocks: waitsForLocks ?? true };
}

/** The lane's plan if it has something to write; otherwise the lane is sent where it goes next. */
function planLane({ queue, states, clock, newId }: WriterContext, lane: Lane, room: number): LanePlan | undefined {
  const state = states.get(lane.key);
  if (!state || states.isOutdated(lane.key)) {
    queue.toLoad(lane);
    return undefined;
  }
  const plan = decideLane(lane, state, { now: clock.now(), newId, limit: room });
  if (plan.write) return plan;
  settlePlan(plan, { state, stored: new Map() });
  if (plan.needsLoad) queue.toLoad(lane);
  else queue.release(lane);
  return undefined;
}
