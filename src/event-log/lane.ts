import type { Command, Decided, KeyedEvent } from '../domain/decide.js';
import type { EventId, SessionId, TenantId } from '../domain/ids.js';
import type { SessionState } from './session-state.js';

/** What the caller of a command gets once everything it asked for is durable. */
export interface Outcome {
  readonly decided: readonly Decided[];
  /** The session right after the write. */
  readonly state: SessionState;
}

/** A command that waits for its outcome. */
export interface Pending {
  readonly command: Command;
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (error: Error) => void;
  /** On the monotonic clock, in milliseconds. */
  readonly deadline: number;
  /** Head and keys were read after this command arrived: a refusal no longer rests on what memory says. */
  isConfirmed: boolean;
  /** Was part of a batch that failed as a whole: goes by itself. */
  isAlone: boolean;
  isSettled: boolean;
  /** Ids of events that an attempt of unknown outcome proposed: found in the log later, they are no replays. */
  proposed: readonly EventId[];
}

/** The commands of one session, in order of arrival. They are never in two flights at once. */
export interface Lane {
  readonly key: string;
  readonly tenantId: TenantId;
  readonly sessionId: SessionId;
  queue: Pending[];
  /** Lost races in a row. */
  losses: number;
  /** Failed statements in a row. */
  failures: number;
  /** Keys that the last load found in the log. */
  found: ReadonlyMap<string, KeyedEvent>;
}

/** The name of a session in this process's maps. */
export function laneKey(tenantId: TenantId, sessionId: SessionId): string {
  return `${tenantId}/${sessionId}`;
}

/** A command as it enters the queue. */
export function newPending(command: Command, caller: Pick<Pending, 'resolve' | 'reject' | 'deadline'>): Pending {
  return { command, ...caller, isConfirmed: false, isAlone: false, isSettled: false, proposed: [] };
}

export function newLane(key: string, { tenantId, sessionId }: Command): Lane {
  return { key, tenantId, sessionId, queue: [], losses: 0, failures: 0, found: new Map() };
}

/** How long a lane waits after one more failed statement, in milliseconds. */
export function backoff(lane: Lane): number {
  lane.failures += 1;
  return Math.min(25 * 2 ** lane.failures, 1_000) * (0.5 + Math.random() / 2);
}

/** Answers a command once; later answers (after its deadline) are dropped. */
export function settle(pending: Pending, answer: Outcome | Error): void {
  if (pending.isSettled) return;
  pending.isSettled = true;
  if (answer instanceof Error) pending.reject(answer);
  else pending.resolve(answer);
}
