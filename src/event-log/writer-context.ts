import type { Sql } from 'postgres';
import type { DatabaseClock } from './database-clock.js';
import type { LaneQueue } from './lane-queue.js';
import type { SessionLoader } from './load-sessions.js';
import type { SessionState } from './session-state.js';
import type { StateCache } from './state-cache.js';
import type { WriterLimits } from './writer-limits.js';

/** What the writer tells whoever measures it. */
export interface WriterProbe {
  batch(figures: { readonly sessions: number; readonly events: number; readonly seconds: number }): void;
  missed(sessions: number): void;
  readonly failed: (error: unknown) => void;
}

export interface WriterOptions {
  /** The writer's own small pool, with its planner settings. */
  readonly sql: Sql;
  readonly load: SessionLoader;
  readonly states: StateCache;
  readonly clock: DatabaseClock;
  /** Names this process in claims: no other process on the database may have the same name. */
  readonly node: string;
  readonly newId: () => string;
  readonly probe: WriterProbe;
  readonly limits: WriterLimits;
  /** Called with each session right after its write has committed. */
  readonly committed: (state: SessionState) => void;
}

/** What the parts of a writer share. */
export interface WriterContext extends WriterOptions {
  readonly queue: LaneQueue;
  /** Has the writer look again, in the next turn of the event loop, for what can be done. */
  readonly wake: () => void;
}
