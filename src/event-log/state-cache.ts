import type { Seq } from '../domain/ids.js';
import { type SessionState, weightOf } from './session-state.js';

/** The sessions that this process has in memory, least recently used first out, bounded by their weight. */
export interface StateCache {
  get(key: string): SessionState | undefined;
  /** Keeps the state unless a newer one is already there. */
  put(key: string, state: SessionState): void;
  drop(key: string): void;
  /** Somebody else has written up to this seq: a decision needs what is read from now on. */
  outdate(key: string, seq: Seq): void;
  isOutdated(key: string): boolean;
  readonly size: number;
}

/** `learned` hears of every state that is kept. */
export function createStateCache(
  maxWeight = 400_000,
  learned: (state: SessionState) => void = () => undefined,
): StateCache {
  const states = new Map<string, SessionState>();
  const outdated = new Set<string>();
  let weight = 0;
  const drop = (key: string) => {
    const state = states.get(key);
    if (!state) return;
    weight -= weightOf(state);
    states.delete(key);
    outdated.delete(key);
  };
  const shrink = () => {
    for (const key of states.keys()) {
      if (weight <= maxWeight || states.size === 1) return;
      drop(key);
    }
  };
  return {
    get(key) {
      const state = states.get(key);
      if (!state) return undefined;
      states.delete(key);
      states.set(key, state);
      return state;
    },
    put(key, state) {
      const known = states.get(key);
      if (known && known.bill.lastSeq > state.bill.lastSeq) return;
      drop(key);
      states.set(key, state);
      weight += weightOf(state);
      shrink();
      learned(state);
    },
    drop,
    outdate(key, seq) {
      const known = states.get(key);
      if (known && known.bill.lastSeq < seq) outdated.add(key);
    },
    isOutdated: (key) => outdated.has(key),
    get size() {
      return states.size;
    },
  };
}
