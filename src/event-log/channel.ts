import type { StoredEvent } from '../domain/events/define.js';
import type { Seq } from '../domain/ids.js';
import type { LogName } from './read-events.js';
import type { SessionState } from './session-state.js';

/** How much of a followed session is in memory. */
export interface ChannelLimits {
  /** Events of a session's end that stay in memory while somebody follows it; older ones are read from the log. */
  readonly tailEvents: number;
  /** Events that one read of the log gives to all readers who are behind. */
  readonly pageEvents: number;
}

export const channelLimits: ChannelLimits = { tailEvents: 128, pageEvents: 128 };

/** One session as its followers in this process see it: how far its log reaches, and the newest events. */
export interface Channel {
  readonly log: LogName;
  readonly lastSeq: Seq;
  /** No cart event can follow any more. */
  readonly isOver: boolean;
  /** By the database's clock, in milliseconds since 1970. */
  readonly expiresAt: number;
  /** Takes in what a read or a write showed; true if there is something to tell the followers. */
  learn(state: SessionState): boolean;
  /** Events behind the position: at once where memory has them, else from the log, read once for all who ask. */
  after(position: Seq): readonly StoredEvent[] | Promise<readonly StoredEvent[]>;
}

/** Reads up to `limit` events behind a position. */
export type ReadPage = (log: LogName, range: { after: Seq; limit: number }) => Promise<readonly StoredEvent[]>;

export function createChannel(log: LogName, readPage: ReadPage, limits: ChannelLimits = channelLimits): Channel {
  const { tailEvents, pageEvents } = limits;
  let tail: readonly StoredEvent[] = [];
  let lastSeq = 0;
  let isOver = false;
  let expiresAt = Number.POSITIVE_INFINITY;
  const reads = new Map<Seq, Promise<readonly StoredEvent[]>>();

  /** Pages begin at fixed places, so that readers at different positions of one stretch share a read. */
  const readFrom = (start: Seq): Promise<readonly StoredEvent[]> => {
    const underWay = reads.get(start);
    if (underWay) return underWay;
    const read = readPage(log, { after: start, limit: pageEvents }).finally(() => reads.delete(start));
    reads.set(start, read);
    return read;
  };

  /** A read that others had begun may have missed the newest event; the next one has not. */
  const readBehind = async (position: Seq): Promise<readonly StoredEvent[]> => {
    const start = position - (position % pageEvents);
    const events = (await readFrom(start)).slice(position - start);
    return events.length > 0 ? events : (await readFrom(start)).slice(position - start);
  };

  return {
    log,
    get lastSeq() {
      return lastSeq;
    },
    get isOver() {
      return isOver;
    },
    get expiresAt() {
      return expiresAt;
    },
    learn(state) {
      const { lastSeq: seq } = state.bill;
      if (seq < lastSeq) return false;
      const wasOver = isOver;
      isOver = isFinal(state);
      expiresAt = state.bill.expiresAt;
      const grew = seq > lastSeq;
      if (grew) tail = grownTail(tail, lastSeq, state).slice(-tailEvents);
      lastSeq = seq;
      return grew || isOver !== wasOver;
    },
    after(position) {
      if (position >= lastSeq) return [];
      const first = tail[0]?.seq;
      if (first !== undefined && first <= position + 1) return tail.slice(position + 1 - first);
      return readBehind(position);
    },
  };
}

/** A session past its time is over once `session_expired` is in its log, where its location wants that. */
function isFinal({ bill, status, isPast }: SessionState): boolean {
  return status !== 'open' || (isPast && !bill.settings.expiry_event);
}

/** The newest events without a gap up to the state's seq: of the tail so far, and of what the state remembers. */
function grownTail(tail: readonly StoredEvent[], lastSeq: Seq, state: SessionState): readonly StoredEvent[] {
  const fresh: StoredEvent[] = [];
  for (const { event } of state.recent.values()) if (event.seq > lastSeq) fresh.push(event);
  const isWhole = fresh.length === state.bill.lastSeq - lastSeq;
  return isWhole ? [...tail, ...fresh] : fresh;
}
