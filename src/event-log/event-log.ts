import type { Sql } from 'postgres';
import type { Bill } from '../domain/bill.js';
import type { Seq } from '../domain/ids.js';
import { createDatabaseClock } from './database-clock.js';
import { createSessionLoader } from './load-sessions.js';
import { type OpenedOrFound, type Opening, openOrFind } from './open-session.js';
import { type EventPage, type LogName, readBillAt, readPage } from './read-events.js';
import { createSessionReader, type SessionReader } from './session-reader.js';
import { createStateCache } from './state-cache.js';
import { createWriter, type EventWriter, type WriterProbe } from './writer.js';

/** The logs of all sessions: the only way to write to them, and the ways to read them. */
export interface EventLog {
  /** Opens the table's session or finds the one that is open. */
  open(opening: Opening): Promise<OpenedOrFound>;
  readonly submit: EventWriter['submit'];
  /** The session as it is now; undefined where the tenant has none of that id. */
  readonly current: SessionReader;
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
  /** Names this process among all that share the database. */
  readonly node: string;
  readonly newId: () => string;
  readonly probe: WriterProbe;
}

/** One log per process: what it has in memory serves its writes and its reads. */
export function createEventLog(options: EventLogOptions): EventLog {
  const { node, newId, probe, graceSeconds } = options;
  const clock = createDatabaseClock();
  const states = createStateCache();
  const loaderOn = (sql: Sql) => createSessionLoader({ sql, clock, graceSeconds, node });
  const writer = createWriter({ sql: options.writer, load: loaderOn(options.writer), states, clock, node, newId, probe });
  return {
    open: (opening) => openOrFind(options.writer, opening, newId),
    submit: writer.submit,
    current: createSessionReader(loaderOn(options.reader), states),
    page: (log, range) => readPage(options.reader, log, range),
    billAt: (log, seq) => readBillAt(options.reader, log, seq),
    get depth() {
      return writer.depth;
    },
    drain: writer.drain,
  };
}
