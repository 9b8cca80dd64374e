import type { KeyedEvent } from '../domain/decide.js';
import type { SessionWrite } from './session-write.js';
import type { LanePlan } from './decide-lane.js';
import { settle } from './lane.js';
import { asJsonb } from './jsonb.js';
import { advance, type SessionState } from './session-state.js';

/** A write that is in the log: its events with the database's time, and the session as it now is. */
export interface Commit {
  readonly state: SessionState;
  readonly stored: ReadonlyMap<string, KeyedEvent>;
}

/** What the write made of the session; `now` is the database's time of the statement. */
export function commitOf({ before, after, events }: SessionWrite, now: number): Commit {
  const stored = events.map(({ event, key, fingerprint }) => ({
    event: { ...event, payload: asJsonb(event.payload), createdAt: now },
    key,
    fingerprint,
  }));
  const status = after.status === 'open' ? before.status : after.status;
  const state = advance(before, stored, {
    status,
    isPast: before.isPast || status === 'expired',
    isGraceOver: before.isGraceOver,
    isAnonymised: before.isAnonymised,
    lastHash: events.at(-1)?.seal.hash ?? before.lastHash,
  });
  return { state, stored: new Map(stored.map((keyed) => [keyed.key, keyed])) };
}

/** Gives every certain verdict to its caller. */
export function settlePlan({ verdicts, lane }: LanePlan, { state, stored }: Commit): void {
  for (const { pending, result } of verdicts) {
    if (result instanceof Error) settle(pending, result);
    else
      settle(pending, {
        decided: result.decided.map((decided) => ({
          ...decided,
          ...stored.get(decided.key),
          replayed: decided.replayed && !pending.proposed.includes(decided.event.id),
        })),
        state,
      });
  }
  lane.queue = lane.queue.filter(({ isSettled }) => !isSettled);
}
