import { checkAccess } from '../domain/decide.js';
import type { StoredEvent } from '../domain/events/define.js';
import type { Seq, SessionId } from '../domain/ids.js';
import { invalid } from '../domain/rejection.js';
import type { Scope, SessionScope } from '../domain/scope.js';
import { statusNow } from '../domain/snapshot.js';
import { requireSession, unauthenticated } from './access.js';
import { awaitNews, type Patience } from './await-news.js';
import type { Deps } from './deps.js';
import { type Feed, listenAs } from './follow-session.js';
import { pollHint } from './poll-hint.js';
import { seeSession, type SessionState } from './seats.js';

/** A stretch of a session's log. */
export interface EventList {
  readonly events: readonly StoredEvent[];
  /** Where the next read starts: the last seq given, or the cursor itself when nothing is new. */
  readonly nextCursor: Seq;
  readonly hasMore: boolean;
  readonly lastSeq: Seq;
  /** A hint for polling clients, in milliseconds. */
  readonly pollAfterMs: number;
}

export interface WantedEvents {
  readonly sessionId: SessionId;
  readonly after: Seq;
  readonly limit: number;
  /** How long to wait while there is nothing to give. */
  readonly patience: Patience;
}

export const pageBounds = { min: 1, max: 500, default: 100 } as const;

/** How long a request may wait for something new, in seconds. */
const waitBounds = { min: 0, max: 25 } as const;

/**
 * Events after the cursor, in order; a cursor at or beyond the end gives none and comes back unchanged. With patience the
 * answer waits until something is new, the session ends, or the time is up.
 */
export async function listEvents(deps: Deps, scope: Scope, wanted: WantedEvents): Promise<EventList> {
  const caller = requireSession(scope, wanted.sessionId);
  checkBounds(wanted);
  // Whoever waits too often at once gets an answer all the same, only at once.
  const leave = wanted.patience.seconds > 0 ? deps.streams.enter('long_poll', caller) : undefined;
  if (!leave) return readNow(deps, caller, wanted);
  // It listens before it reads, so that nothing falls between the two.
  const feed = listenAs(deps, caller, wanted);
  try {
    const state = await seeSession(deps, caller, wanted.sessionId);
    if (wanted.after >= state.bill.lastSeq) return await readNext(deps, caller, { ...wanted, feed });
    return listOf(deps, state, { ...(await readPage(deps, caller, wanted)), after: wanted.after });
  } finally {
    feed.close();
    leave();
  }
}

function checkBounds({ limit, after, patience: { seconds } }: WantedEvents): void {
  if (limit < pageBounds.min || limit > pageBounds.max) {
    throw invalid([{ path: 'limit', message: `must be ${pageBounds.min} to ${pageBounds.max}` }]);
  }
  if (after < 0) throw invalid([{ path: 'cursor', message: 'must be a seq, 0 or more' }]);
  if (seconds < waitBounds.min || seconds > waitBounds.max) {
    throw invalid([{ path: 'wait', message: `must be ${waitBounds.min} to ${waitBounds.max} seconds` }]);
  }
}

/** Seqs are 32-bit in the database: behind this cursor there is nothing to ask for. */
const maxSeq = 2 ** 31 - 2;
const nothing = { events: [], hasMore: false } as const;

/** What is in the log already. */
async function readNow(deps: Deps, caller: SessionScope, wanted: WantedEvents): Promise<EventList> {
  const [state, page] = await Promise.all([seeSession(deps, caller, wanted.sessionId), readPage(deps, caller, wanted)]);
  return listOf(deps, state, { ...page, after: wanted.after });
}

async function readPage({ log }: Deps, { tenantId }: SessionScope, { sessionId, after, limit }: WantedEvents) {
  return after > maxSeq ? nothing : log.page({ tenantId, sessionId }, { after, limit });
}

/** What comes next, with the rights looked at once more: from memory, without asking the log again. */
async function readNext(
  deps: Deps,
  caller: SessionScope,
  { sessionId, after, limit, patience, feed }: WantedEvents & { readonly feed: Feed<StoredEvent> },
): Promise<EventList> {
  const news = await awaitNews(feed, patience, deps.streams);
  if (news === 'removed') throw unauthenticated();
  const known = deps.log.peek({ tenantId: caller.tenantId, sessionId });
  const state = known ?? (await seeSession(deps, caller, sessionId));
  checkAccess(caller, state);
  const events = typeof news === 'string' ? [] : news.slice(0, limit);
  const hasMore = events.length > 0 && (events.at(-1)?.seq ?? 0) < state.bill.lastSeq;
  return listOf(deps, state, { events, hasMore, after });
}

function listOf(
  { log }: Deps,
  state: SessionState,
  {
    events,
    hasMore,
    after,
  }: { readonly events: readonly StoredEvent[]; readonly hasMore: boolean; readonly after: Seq },
): EventList {
  const last = events.at(-1);
  const newest = hasMore ? undefined : newestOf(state, last);
  const isOver = statusNow(state) !== 'open';
  const quietMs = newest && Math.max(0, log.now() - newest.createdAt);
  return {
    events,
    hasMore,
    nextCursor: last?.seq ?? after,
    lastSeq: Math.max(state.bill.lastSeq, last?.seq ?? 0),
    pollAfterMs: pollHint({ hasMore, isOver, quietMs }),
  };
}

/** The last event of the log, if memory has it. */
function newestOf({ bill, recent }: SessionState, read: StoredEvent | undefined): StoredEvent | undefined {
  if (read && read.seq >= bill.lastSeq) return read;
  const remembered = [...recent.values()].at(-1)?.event;
  return remembered?.seq === bill.lastSeq ? remembered : undefined;
}
