/** Following locations in tests. */
import type { Sql } from 'postgres';
import { v7 } from 'uuid';
import { server } from '../../src/domain/actor.js';
import type { LocationId, SessionId, TableId } from '../../src/domain/ids.js';
import type { Activity } from '../../src/event-log/activity.js';
import type { Feed, FeedEnd } from '../../src/event-log/feed.js';
import { defaultSettings, type HeartNode, tenantId } from './heart-acts.js';

/** What tells an event from all others: its session and its seq. */
export type ActivityName = `${SessionId} ${number}`;

export const nameOf = ({ sessionId, seq }: Pick<Activity, 'sessionId' | 'seq'>): ActivityName => `${sessionId} ${seq}`;

export const newLocation = (): LocationId => v7() as LocationId;

/** Opens a session at a location, or finds the one that is open at the table. */
export async function openAt(
  node: HeartNode,
  locationId: LocationId,
  { tableId = v7() as TableId, ttlSeconds = 3600 }: { tableId?: TableId; ttlSeconds?: number } = {},
): Promise<SessionId> {
  const settings = { ...defaultSettings, ttl_seconds: ttlSeconds };
  const place = { tenantId, locationId, tableId, currency: 'VND' };
  return (await node.log.open({ ...place, settings, actor: server })).sessionId;
}

export function follow(node: HeartNode, locationId: LocationId, cursor?: string): Promise<Feed<Activity>> {
  return node.log.followLocation({ tenantId, locationId }, cursor);
}

export async function nextItems(feed: Feed<Activity>): Promise<readonly Activity[]> {
  const items = await feed.next();
  if (typeof items === 'string') throw new Error(`ended: ${items}`);
  return items;
}

/** As many items as wanted, and no more than come with them. */
export async function take(feed: Feed<Activity>, count: number): Promise<readonly Activity[]> {
  const taken: Activity[] = [];
  while (taken.length < count) taken.push(...(await nextItems(feed)));
  return taken;
}

/** All events of a location as its rows say, in no particular order. */
export async function eventsAt(sql: Sql, locationId: LocationId): Promise<readonly ActivityName[]> {
  const rows = await sql<{ session_id: SessionId; event_seq: number }[]>`
    SELECT e.session_id, e.event_seq FROM session_events e JOIN qr_sessions s ON s.id = e.session_id
    WHERE s.location_id = ${locationId}`;
  return rows.map(({ session_id, event_seq }) => nameOf({ sessionId: session_id, seq: event_seq }));
}

/** Whoever follows a location through lost connections: each time from its last cursor, on a node that `pick` gives. */
export interface Follower {
  readonly items: readonly Activity[];
  /** Drops the feed; a new one begins behind what came so far. */
  cut(): void;
  /** Resolves when the feed has let go. */
  stop(): Promise<FeedEnd>;
}

export function startFollower(pick: () => HeartNode, locationId: LocationId, cursor: string): Follower {
  const items: Activity[] = [];
  let feed: Feed<Activity> | undefined;
  let isStopped = false;
  const run = async (): Promise<FeedEnd> => {
    for (;;) {
      feed = await follow(pick(), locationId, items.at(-1)?.cursor ?? cursor);
      let next = isStopped ? 'closed' : await feed.next();
      for (; typeof next !== 'string'; next = await feed.next()) items.push(...next);
      feed.close();
      if (isStopped) return next;
    }
  };
  const ended = run();
  ended.catch(() => undefined);
  return {
    items,
    cut: () => feed?.close(),
    stop() {
      isStopped = true;
      feed?.close();
      return ended;
    },
  };
}

/** What is wrong with what a follower got, against the rows: nothing lost, nothing twice, seqs of a session in order. */
export function faultsOf(items: readonly Activity[], expected: Iterable<ActivityName>): readonly string[] {
  const names = items.map(nameOf);
  const got = new Set(names);
  const wanted = new Set(expected);
  const last = new Map<SessionId, number>();
  const disorder = items.flatMap((item) => {
    const before = last.get(item.sessionId) ?? item.seq - 1;
    last.set(item.sessionId, item.seq);
    return item.seq === before + 1 ? [] : [`${nameOf(item)} came behind ${before}`];
  });
  return [
    ...[...wanted].filter((name) => !got.has(name)).map((name) => `lost ${name}`),
    ...[...got].filter((name) => !wanted.has(name)).map((name) => `not of this location, or too old: ${name}`),
    ...names.filter((name, at) => names.indexOf(name) !== at).map((name) => `twice ${name}`),
    ...disorder,
  ];
}
