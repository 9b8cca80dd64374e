import type { LocationId, Seq, SessionId, TenantId } from '../../domain/ids.js';

/** What one node tells the others after a commit: this session's log now reaches this seq. Never what happened in it. */
export interface SessionNews {
  readonly tenantId: TenantId;
  readonly locationId: LocationId;
  readonly sessionId: SessionId;
  readonly seq: Seq;
}

/** What carries the news: `polling` is none that could be heard, `none` a process that needs none. */
export type BellEngine = 'postgres' | 'redis' | 'polling' | 'none';

/**
 * Carries news between nodes. A bell only saves time: one that is lost, late or doubled never loses or doubles an event,
 * because feeds look at the log by themselves as well.
 */
export interface Bells {
  readonly engine: BellEngine;
  /** Tells the other nodes. Never throws and is never waited for; while one ring is out, further news collect. */
  ring(news: SessionNews): void;
  /** Hears the other nodes, from the first call on. After a time of deafness `missed` asks for a look at everything. */
  listen(hear: (news: SessionNews) => void, missed: () => void): void;
  /** True while news of other nodes arrive; while false, feeds look four times a second. */
  readonly isHearing: boolean;
  /** Rings what still waits, for a second at most, and lets go of all connections. */
  close(): Promise<void>;
}

/** What bells tell whoever measures them. */
export interface BellsProbe {
  /** A ring went out; it may tell of many sessions, or of none where it only proves that rings are heard. */
  rung(): void;
  /** A ring of another node came. */
  heard(): void;
  /** A ring was not sent, was malformed, or a connection was lost. */
  readonly failed: (error: unknown) => void;
  /** Other nodes are no longer heard, because of an error; or they are heard again. */
  changed(isHearing: boolean, error?: unknown): void;
}

/** For a process that has its database to itself. */
export const noBells: Bells = {
  engine: 'none',
  ring: () => undefined,
  listen: () => undefined,
  isHearing: true,
  close: () => Promise.resolve(),
};
