import type { Bill } from '../domain/bill.js';
import type { KeyedEvent } from '../domain/decide.js';
import { fold } from '../domain/fold.js';
import type { SessionStatus } from '../domain/session.js';

/** How many of a session's latest keys stay in memory; older ones are found in the log. */
const recentKeys = 64;

/** What a process knows of one session: the fold of its log up to a seq, and what the database said of its head there. */
export interface SessionState {
  readonly bill: Bill;
  /** The head's status: differs from the bill's only where an expiry writes no event. */
  readonly status: SessionStatus;
  readonly isPast: boolean;
  readonly isGraceOver: boolean;
  /** Its guests' names were erased from the log, and are not in this state either. */
  readonly isAnonymised: boolean;
  /** Hash of the last event, which the next one is chained to. */
  readonly lastHash: Buffer;
  readonly recent: ReadonlyMap<string, KeyedEvent>;
  /** `recent` holds every key of the log, so that an absent key is a new key. */
  readonly knowsAllKeys: boolean;
}

/** What the database says of a head besides the log. */
export type HeadFacts = Pick<SessionState, 'status' | 'isPast' | 'isGraceOver' | 'isAnonymised' | 'lastHash'>;

/** The state after the next events of the log. */
export function advance(state: SessionState, events: readonly KeyedEvent[], head: HeadFacts): SessionState {
  const recent = new Map(state.recent);
  for (const keyed of events) recent.set(keyed.key, keyed);
  const surplus = recent.size - recentKeys;
  if (surplus > 0) {
    for (const key of [...recent.keys()].slice(0, surplus)) recent.delete(key);
  }
  return {
    ...head,
    bill: fold(
      state.bill,
      events.map(({ event }) => event),
    ),
    recent,
    knowsAllKeys: state.knowsAllKeys && surplus <= 0,
  };
}

/** Roughly how much memory a state holds, in lines and remembered events. */
export function weightOf(state: SessionState): number {
  return 4 + state.bill.lines.length + state.recent.size;
}
