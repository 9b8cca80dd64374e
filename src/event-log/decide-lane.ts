import { type Decision, decideCommand, type KeyedEvent } from '../domain/decide.js';
import type { Gate } from '../domain/events/define.js';
import type { KeptNotice } from '../domain/inbox.js';
import { eventDefinition } from '../domain/events/index.js';
import { Rejection } from '../domain/rejection.js';
import type { SessionWrite } from './session-write.js';
import { type Seal, seal } from './hash-chain.js';
import type { Lane, Pending } from './lane.js';
import type { SessionState } from './session-state.js';

/** What came of one command: its decision, or the refusal. */
export interface Verdict {
  readonly pending: Pending;
  readonly result: Decision | Error;
}

/** What a lane's commands come to on a given state. */
export interface LanePlan {
  readonly lane: Lane;
  readonly before: SessionState;
  /** Verdicts to give out: at once without a write, else when the write has committed. */
  readonly verdicts: readonly Verdict[];
  readonly write: SessionWrite | undefined;
  /** Some refusals rest on memory only: read the head and the keys, then decide them again. */
  readonly needsLoad: boolean;
}

interface Workings {
  bill: SessionState['bill'];
  lastHash: Buffer;
  gate: Gate | undefined;
  readonly keys: Map<string, KeyedEvent>;
  readonly events: (KeyedEvent & { readonly seal: Seal })[];
  readonly inbox: KeptNotice[];
}

/**
 * Decides a lane's commands in order of arrival, each on the fold of those before it. Pure but for fresh ids and salts.
 * Stops at the first command whose gate differs from the others': one head has one gate per statement.
 */
export function decideLane(
  lane: Lane,
  before: SessionState,
  source: { now: number; newId: () => string; limit: number },
): LanePlan {
  const work: Workings = {
    bill: before.bill,
    lastHash: before.lastHash,
    gate: undefined,
    keys: new Map(),
    events: [],
    inbox: [],
  };
  const verdicts: Verdict[] = [];
  for (const pending of lane.queue) {
    if (pending.isSettled) continue;
    if (work.events.length >= source.limit || (pending.isAlone && verdicts.length > 0)) break;
    const result = attempt(pending, { lane, before, work, source });
    if (result === 'other gate') break;
    verdicts.push({ pending, result });
    if (pending.isAlone) break;
  }
  const { bill, gate, events, inbox } = work;
  const write = gate && events.length > 0 ? { before, after: bill, gate, events, inbox } : undefined;
  const certain = verdicts.filter((verdict) => isCertain(verdict, before, write !== undefined));
  return { lane, before, verdicts: certain, write, needsLoad: certain.length < verdicts.length };
}

interface Attempt {
  readonly lane: Lane;
  readonly before: SessionState;
  readonly work: Workings;
  readonly source: { now: number; newId: () => string };
}

function attempt(pending: Pending, { lane, before, work, source }: Attempt): Decision | Error | 'other gate' {
  const { command } = pending;
  try {
    const decision = decideCommand(command, {
      bill: work.bill,
      isPast: before.isPast,
      isGraceOver: before.isGraceOver,
      findKey: (key) => work.keys.get(key) ?? before.recent.get(key) ?? lane.found.get(key),
      ...source,
    });
    const fresh = decision.decided.filter(({ replayed }) => !replayed);
    if (fresh.length === 0) return decision;
    const gate = gateOf(fresh);
    if (work.gate !== undefined && work.gate !== gate) return 'other gate';
    const sealed = sealAll(fresh, command, work.lastHash);
    work.gate = gate;
    work.bill = decision.bill;
    work.lastHash = sealed.at(-1)?.seal.hash ?? work.lastHash;
    work.events.push(...sealed);
    for (const keyed of fresh) work.keys.set(keyed.key, keyed);
    if (command.inbox) work.inbox.push(command.inbox);
    return decision;
  } catch (error) {
    return error instanceof Error ? error : new Error('a decision threw no error', { cause: error });
  }
}

function gateOf(fresh: readonly KeyedEvent[]): Gate {
  const gates = new Set(fresh.map(({ event }) => gateOfEvent(event)));
  return gates.has('due') ? 'due' : gates.has('live') ? 'live' : 'any';
}

function gateOfEvent({ type, payload }: KeyedEvent['event']): Gate {
  const { gate, gateOf } = eventDefinition(type);
  return gateOf?.(payload) ?? gate;
}

function sealAll(fresh: readonly KeyedEvent[], session: Pick<Lane, 'tenantId' | 'sessionId'>, lastHash: Buffer) {
  let prevHash = lastHash;
  return fresh.map((keyed) => {
    const sealed = seal({ ...session, seq: keyed.event.seq }, keyed, prevHash);
    prevHash = sealed.hash;
    return { ...keyed, seal: sealed };
  });
}

/**
 * Fresh events are proved by the guard, and known keys by the log, but a phone may have been removed since. A refusal (or
 * "already so") counts only if the head and the keys were read after the command came, or if a write of the same lane
 * proves the head and memory has every key.
 */
function isCertain({ pending, result }: Verdict, before: SessionState, hasWrite: boolean): boolean {
  if (pending.isConfirmed) return true;
  if (isReplay(result)) return hasWrite || pending.command.caller.kind !== 'device';
  if (!(result instanceof Error) && result.decided.length > 0) return true;
  return hasWrite && before.knowsAllKeys;
}

function isReplay(result: Decision | Error): boolean {
  if (result instanceof Error) return result instanceof Rejection && result.code === 'IDEMPOTENCY_KEY_REUSED';
  return result.decided.length > 0 && result.decided.every(({ replayed }) => replayed);
}
