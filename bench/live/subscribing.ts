/** Many subscribers of one document, at little cost of their own. */
import type { BenchSession } from './lab.js';
import { type CountingSocket, openCountingSocket } from './wire.js';

export const liveDocument = `subscription ($id: UUID!, $after: SafeInt) {
  sessionEvents(sessionId: $id, afterSeq: $after) { id seq type payload actor { type name } createdAt }
}`;

/** The message that begins a subscription behind a seq. */
export function subscribeTo(
  { sessionId }: BenchSession,
  { after, id = '1', query = liveDocument }: { after: number; id?: string; query?: string | undefined },
): object {
  return { id, type: 'subscribe', payload: { query, variables: { id: sessionId, after } } };
}

export interface Subscribed extends CountingSocket {
  readonly session: BenchSession;
}

export interface Crowd {
  readonly url: string;
  readonly count: number;
  /** Begin behind this seq. */
  readonly after: number;
  /** A subscriber has so many events now. */
  readonly came?: (events: number) => void;
  /** What this subscriber asks for, if not the usual. */
  readonly documentOf?: (subscriber: number) => string | undefined;
  /** The same as `came`, with the subscriber's number. */
  readonly cameTo?: (subscriber: number, events: number) => void;
}

/** Opens sockets with one subscription each, some at a time, spread over the sessions; all are acknowledged. */
export async function openCrowd(
  sessions: readonly BenchSession[],
  { url, count, after, came, cameTo, documentOf }: Crowd,
): Promise<readonly Subscribed[]> {
  const crowd: Subscribed[] = [];
  let next = 0;
  const open = async (): Promise<void> => {
    while (next < count) {
      const number = next;
      next += 1;
      const session = sessions[number % sessions.length]!;
      const socket = await openSubscriber(session, url, (events) => {
        came?.(events);
        cameTo?.(number, events);
      });
      socket.send(subscribeTo(session, { after, query: documentOf?.(number) }));
      crowd[number] = Object.assign(socket, { session });
    }
  };
  await Promise.all(Array.from({ length: 50 }, open));
  return crowd;
}

/** A socket that has said who it is and was let in; every message from now on is an event, counted from 1. */
export async function openSubscriber(
  session: BenchSession,
  url: string,
  came: (events: number) => void,
): Promise<CountingSocket> {
  let acknowledged: () => void = () => undefined;
  const isAcknowledged = new Promise<void>((resolve) => (acknowledged = resolve));
  const socket = await openCountingSocket(url, (messages) => (messages === 1 ? acknowledged() : came(messages - 1)));
  socket.send({ type: 'connection_init', payload: { authorization: `Bearer ${session.phone}` } });
  await isAcknowledged;
  return socket;
}
