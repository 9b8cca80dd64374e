/** What became of a storm: everything that was received held against the log, which is read in SQL. */
import type { Sql } from 'postgres';
import { type Entry, type Faults, faultsOf, noFaults, sumOf } from './live-history.js';
import type { LiveSubscriber } from './live-subscriber.js';

/** A write that the server acknowledged. */
export interface Acknowledged extends Entry {
  readonly sessionId: string;
  /** On the monotonic clock, in milliseconds. */
  readonly at: number;
}

export interface StormReport {
  readonly faults: Faults;
  /** Writes that were acknowledged and are not in the log. */
  readonly unwritten: number;
  /** Connections that ended without a word though nobody cut them. */
  readonly losses: number;
  /** Answers to long polls that were empty before the end. */
  readonly emptyLongPolls: number;
  /** For people. */
  readonly summary: string;
}

/** What a report says when nothing went wrong. */
export const whole = { faults: noFaults, unwritten: 0, losses: 0, emptyLongPolls: 0 } as const;

export interface Outcomes {
  readonly subscribers: readonly LiveSubscriber[];
  readonly acknowledged: readonly Acknowledged[];
}

export async function reportOn(sql: Sql, { subscribers, acknowledged }: Outcomes): Promise<StormReport> {
  const logs = await readLogs(sql, subscribers);
  const ids = new Set([...logs.values()].flatMap((log) => log.map(({ id }) => id)));
  const each = subscribers.map(({ place, received }) => {
    const log = logs.get(place.sessionId) ?? [];
    return faultsOf(
      log.filter(({ seq }) => seq > place.after),
      received,
    );
  });
  const faulty = subscribers.filter((_, at) => Object.values(each[at] ?? noFaults).some((count) => count > 0));
  const total = (count: (subscriber: LiveSubscriber) => number) =>
    subscribers.reduce((sum, subscriber) => sum + count(subscriber), 0);
  const faults = sumOf(each);
  const summary = [
    `${acknowledged.length} events written, ${total(({ received }) => received.length)} received by`,
    `${subscribers.length} subscribers, ${describeDelays({ subscribers, acknowledged })}; ${JSON.stringify(faults)}`,
    faulty.slice(0, 5).map(nameOf).join('; '),
  ].join(' ');
  return {
    ...{ faults, summary, losses: total((one) => one.losses) },
    unwritten: acknowledged.filter(({ id }) => !ids.has(id)).length,
    emptyLongPolls: total((one) => (one.kind === 'long poll' ? one.empties : 0)),
  };
}

/** The logs of all sessions that somebody follows. */
export async function readLogs(
  sql: Sql,
  subscribers: readonly LiveSubscriber[],
): Promise<ReadonlyMap<string, readonly Entry[]>> {
  const sessions = [...new Set(subscribers.map(({ place }) => place.sessionId))];
  const rows = await sql<{ session: string; seq: number; id: string }[]>`
    SELECT session_id AS session, event_seq AS seq, event_id AS id FROM session_events
    WHERE session_id = ANY(${sessions}) ORDER BY event_seq`;
  const logs = new Map<string, Entry[]>(sessions.map((session) => [session, []]));
  for (const { session, seq, id } of rows) logs.get(session)?.push({ seq, id });
  return logs;
}

/** From the writer's answer to a stream's receipt, where the stream was there before the answer. */
function describeDelays({ subscribers, acknowledged }: Outcomes): string {
  const times = new Map(acknowledged.map(({ id, at }) => [id, at]));
  const delays = subscribers
    .filter(({ kind }) => kind === 'websocket' || kind === 'sse')
    .flatMap(({ since, received }) =>
      received.flatMap(({ id, at }) => {
        const written = times.get(id) ?? 0;
        return written > since ? [Math.max(0, at - written)] : [];
      }),
    )
    .sort((a, b) => a - b);
  const ms = (share: number) => Math.round(delays[Math.floor((delays.length - 1) * share)] ?? 0);
  return `streams behind the writer by ${ms(0.5)} ms (median), ${ms(0.99)} ms (p99), ${ms(1)} ms (most)`;
}

export function nameOf({ kind, place, received }: LiveSubscriber): string {
  return `${kind} at ${place.address}, session ${place.sessionId}, behind ${received.at(-1)?.seq ?? place.after}`;
}
