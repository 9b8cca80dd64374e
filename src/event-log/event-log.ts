import type { Sql } from 'postgres';
import type { Bill } from '../domain/bill.js';
import type { Seq } from '../domain/ids.js';
import { unavailable } from '../domain/rejection.js';
import { createDatabaseClock } from './database-clock.js';
import { laneKey } from './lane.js';
import { createSessionLoader } from './load-sessions.js';
import { type OpenedOrFound, type Opening, openOrFind } from './open-session.js';
import { type EventPage, type LogName, readBillAt, readPage } from './read-events.js';
import { createSessionReader, type SessionReader } from './session-reader.js';
import type { SessionState } from './session-state.js';
import { isTransient } from '../db/sql-errors.js';
import { createStateCache } from './state-cache.js';
import { createWriter, type EventWriter } from './writer.js';
import type { WriterProbe } from './writer-context.js';
import { type WriterLimits, writerLimits } from './writer-limits.js';

/** The logs of all sessions: the only way to write to them, and the ways to read them. */
export interface EventLog {
  /** Opens the table's session or finds the one that is open. */
  open(opening: Opening): Promise<OpenedOrFound>;
  readonly submit: EventWriter['submit'];
  /** The session as it is now; undefined where the tenant has none of that id. */
  readonly current: SessionReader;
  /** What memory has of the session, perhaps out of date: for facts that never change, such as its location. */
  peek(log: LogName): SessionState | undefined;
  page(log: LogName, range: { after: Seq; limit: number }): Promise<EventPage>;
  /** The bill as it was at a seq that the log has. */
  billAt(log: LogName, seq: Seq): Promise<Bill>;
  /** Commands that wait or are being written. */
  readonly depth: number;
  /** Takes no new command, and resolves when the last one is answered. */
  readonly drain: EventWriter['drain'];
}

export interface EventLogOptions {
  readonly writer: Sql;
  readonly reader: Sql;
  /** How long after its end a session's phones still read, in seconds. */
  readonly graceSeconds: number;
  /** Names this process: no other process that shares the database may have the same name. */
  readonly node: string;
  readonly newId: () => string;
  readonly probe: WriterProbe;
  readonly limits?: Partial<WriterLimits>;
}

/** One log per process: what it has in memory serves its writes and its reads. */
export function createEventLog(options: EventLogOptions): EventLog {
  const { node, newId, probe, graceSeconds, reader } = options;
  const limits = { ...writerLimits, ...options.limits };
  const { statementMs } = limits;
  const clock = createDatabaseClock();
  const states = createStateCache(limits.cacheWeight);
  const loaderOn = (sql: Sql) => createSessionLoader({ sql, clock, graceSeconds, node, statementMs });
  const load = loaderOn(options.writer);
  const writer = createWriter({ sql: options.writer, load, states, clock, node, newId, probe, limits });
  const current = createSessionReader(loaderOn(reader), states);
  return {
    open: (opening) => orUnavailable(openOrFind(options.writer, opening, { newId, limits })),
    submit: writer.submit,
    current: (log) => orUnavailable(current(log)),
    peek: ({ tenantId, sessionId }) => states.get(laneKey(tenantId, sessionId)),
    page: (log, range) => orUnavailable(readPage(reader, log, { ...range, statementMs })),
    billAt: (log, seq) => orUnavailable(readBillAt(reader, log, { seq, statementMs })),
    get depth() {
      return writer.depth;
    },
    drain: writer.drain,
  };
}

/** A database that is away or too slow is no fault of the statement. */
async function orUnavailable<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw isTransient(error) ? Object.assign(unavailable('the database does not answer'), { cause: error }) : error;
  }
}
