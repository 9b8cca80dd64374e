import type { LocationId, Seq, SessionId, TenantId } from '../../domain/ids.js';

/** What one node tells the others after a commit: this session's log now reaches this seq. Never what happened in it. */
export interface SessionNews {
  readonly tenantId: TenantId;
  readonly locationId: LocationId;
  readonly sessionId: SessionId;
  readonly seq: Seq;
}

/**
 * Carries news between nodes. A bell only saves time: one that is lost, late or doubled never loses or doubles an event,
 * because feeds look at the log by themselves as well.
 */
export interface Bells {
  /** Tells the other nodes. Never throws and is never waited for; while one ring is out, further news collect. */
  ring(news: SessionNews): void;
  /** Hears the other nodes, from the first call on. After a time of deafness `missed` asks for a look at everything. */
  listen(hear: (news: SessionNews) => void, missed: () => void): void;
  /** True while news of other nodes arrive; while false, feeds look four times a second. */
  readonly isHearing: boolean;
  /** What readyz says: the engine, and how it is. */
  readonly state: string;
  close(): Promise<void>;
}

/** For a process that has its database to itself. */
export const noBells: Bells = {
  ring: () => undefined,
  listen: () => undefined,
  isHearing: true,
  state: 'none',
  close: () => Promise.resolve(),
};
