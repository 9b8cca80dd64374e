import type { Sql } from 'postgres';
import type { Bill } from '../domain/bill.js';
import type { StoredEvent } from '../domain/events/define.js';
import type { Seq } from '../domain/ids.js';
import { unavailable } from '../domain/rejection.js';
import type { Activity, LocationName } from './activity.js';
import { glanceAtTenants, readMoment } from './activity-moment.js';
import { createActivityReader } from './activity-page.js';
import { createDatabaseClock } from './database-clock.js';
import { type ChannelLimits, channelLimits, createChannel, type ReadPage } from './channel.js';
import { type Bells, noBells, type SessionNews } from './bells/bells.js';
import { expiryOf } from './expiry.js';
import type { Feed } from './feed.js';
import { createHub, type Hub } from './hub.js';
import { laneKey } from './lane.js';
import { createSessionLoader } from './load-sessions.js';
import { type OpenedOrFound, type Opening, openOrFind } from './open-session.js';
import { type EventPage, type LogName, readBillAt, readPage } from './read-events.js';
import { createLocationHub, type LocationHub } from './location-hub.js';
import { glanceAtHeads } from './look-heads.js';
import type { FollowOptions } from './session-feed.js';
import { createSessionReader, type SessionReader } from './session-reader.js';
import type { SessionState } from './session-state.js';
import { isTransient } from '../db/sql-errors.js';
import { createStateCache, type StateCache } from './state-cache.js';
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
  readonly peek: (log: LogName) => SessionState | undefined;
  readonly page: (log: LogName, range: { after: Seq; limit: number }) => Promise<EventPage>;
  /** The bill as it was at a seq that the log has. */
  billAt(log: LogName, seq: Seq): Promise<Bill>;
  /** Commands that wait or are being written. */
  readonly depth: number;
  /** Follows a session's log from behind a position: first what is there, then what comes, on whatever node it is written. */
  readonly follow: (log: LogName, options: FollowOptions) => Feed<StoredEvent>;
  /**
   * Follows all sessions of a location, from behind a cursor that a feed of this place has given, or from now on. Events come
   * once each, and in a session in their order, as soon as no older transaction of the whole server runs any more.
   */
  readonly followLocation: (name: LocationName, cursor: string | undefined) => Promise<Feed<Activity>>;
  /** Feeds that are open in this process. */
  readonly followers: number;
  /** Ends every feed, and any that begins later: their readers go on at another node. */
  readonly endFeeds: () => void;
  /** The time by the database's clock, in milliseconds since 1970, once it has told it. */
  readonly now: () => number;
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
  /** How nodes tell each other what they wrote; left out by a process that has its database to itself. */
  readonly bells?: Bells;
  readonly limits?: Partial<LogLimits>;
}

/** How much the log takes on and keeps. */
export type LogLimits = WriterLimits & ChannelLimits;

/** One log per process: what it has in memory serves its writes, its reads and its feeds. */
export function createEventLog(options: EventLogOptions): EventLog {
  const { node, newId, probe, graceSeconds, reader, bells = noBells } = options;
  const limits = { ...writerLimits, ...channelLimits, ...options.limits };
  const { statementMs } = limits;
  const clock = createDatabaseClock();
  const states = createStateCache(limits.cacheWeight, (state) => hub.learn(state));
  const loaderOn = (sql: Sql) => createSessionLoader({ sql, clock, graceSeconds, node, statementMs });
  const load = loaderOn(options.writer);
  const committed = (state: SessionState) => tell(newsOf(state));
  const writer = createWriter({ sql: options.writer, load, states, clock, node, newId, probe, limits, committed });
  const current = createSessionReader(loaderOn(reader), states);
  const peek: EventLog['peek'] = ({ tenantId, sessionId }) => states.get(laneKey(tenantId, sessionId));
  const page: EventLog['page'] = (log, range) => orUnavailable(readPage(reader, log, { ...range, statementMs }));
  const readOn: ReadPage = async (log, range) => (await readPage(reader, log, { ...range, statementMs })).events;
  const hub = createHub({
    ...{ bells, clock, known: peek, refresh: current },
    glance: (logs) => glanceAtHeads(reader, logs, statementMs),
    openChannel: (log) => createChannel(log, readOn, limits),
    expire: (log) => writer.submit(expiryOf(log)),
    failed: probe.failed,
  });
  const locations = createLocationHub({
    ...{ bells, limits, failed: probe.failed },
    read: createActivityReader(reader, limits),
    moment: () => orUnavailable(readMoment(reader, statementMs)),
    glance: (tenants) => glanceAtTenants(reader, tenants, statementMs),
  });
  const tell = (news: SessionNews): void => {
    bells.ring(news);
    locations.hear(news);
  };
  listen(bells, { states, hub, locations });
  return {
    open: async (opening) => {
      const opened = await orUnavailable(openOrFind(options.writer, opening, { newId, limits }));
      for (const news of openingNews(opening, opened)) tell(news);
      return opened;
    },
    submit: writer.submit,
    current: (log) => orUnavailable(current(log)),
    peek,
    page,
    billAt: (log, seq) => orUnavailable(readBillAt(reader, log, { seq, statementMs })),
    get depth() {
      return writer.depth;
    },
    follow: hub.follow,
    followLocation: locations.follow,
    get followers() {
      return hub.followers + locations.followers;
    },
    endFeeds() {
      hub.drain();
      locations.drain();
    },
    now: clock.now,
    drain: writer.drain,
  };
}

/** Other nodes write, too. */
function listen(
  bells: Bells,
  { states, hub, locations }: { states: StateCache; hub: Hub; locations: LocationHub },
): void {
  const hear = (news: SessionNews): void => {
    // What is out of date would cost the next write a lost race.
    states.outdate(laneKey(news.tenantId, news.sessionId), news.seq);
    hub.hear(news);
    locations.hear(news);
  };
  bells.listen(hear, () => {
    hub.lookAtAll();
    locations.lookAtAll();
  });
}

function newsOf({ bill: { tenantId, locationId, sessionId, lastSeq } }: SessionState): SessionNews {
  return { tenantId, locationId, sessionId, seq: lastSeq };
}

/** What an opening wrote: the first event of the new session, and the end of the one before it. */
function openingNews({ tenantId, locationId }: Opening, { sessionId, isFresh, expired }: OpenedOrFound): SessionNews[] {
  return [
    ...(expired ? [{ tenantId, locationId, ...expired }] : []),
    ...(isFresh ? [{ tenantId, locationId, sessionId, seq: 1 }] : []),
  ];
}

/** A database that is away or too slow is no fault of the statement. */
async function orUnavailable<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw isTransient(error) ? Object.assign(unavailable('the database does not answer'), { cause: error }) : error;
  }
}
