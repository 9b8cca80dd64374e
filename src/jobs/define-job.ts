import type { FastifyBaseLogger } from 'fastify';
import type { Deps } from '../services/deps.js';

/** What jobs work with. */
export interface JobContext {
  readonly deps: Deps;
  readonly log: FastifyBaseLogger;
  readonly countExpired: (sessions: number) => void;
  readonly countOverdue: (tickets: number) => void;
  /** Aborted when the server stops: a run ends between two pieces of its work, and the next one goes on where it ended. */
  readonly stopping: AbortSignal;
}

/** Something that happens by the clock. It must be safe when several nodes do it at the same second. */
export interface Job {
  readonly name: string;
  /** Cron expression in UTC, with optional seconds. */
  readonly schedule: string;
  readonly run: (context: JobContext) => Promise<void>;
}
