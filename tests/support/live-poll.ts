/** Subscribers that ask for one page after the other: at once and again, or waiting at the server for news. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Json } from './api.js';
import { createClient, type LiveClient } from './live-http.js';
import {
  createSubscriber,
  type LivePlace,
  type LiveSubscriber,
  type Outcome,
  type Receipt,
} from './live-subscriber.js';

/** How long a long poll is held, in seconds: the most that the contract allows. */
const longest = 25;
/** How long a plain poll that found nothing new rests before the next one, in milliseconds. */
const restMs = 200;

/** Events behind which a session has no more of them. */
const lastTypes: ReadonlySet<string> = new Set(['session_closed', 'session_expired', 'session_paid']);

export function followByCursor(place: LivePlace): LiveSubscriber {
  return followByPages('cursor', place, 0);
}

export function followByLongPoll(place: LivePlace): LiveSubscriber {
  return followByPages('long poll', place, longest);
}

function followByPages(kind: 'cursor' | 'long poll', place: LivePlace, wait: number): LiveSubscriber {
  const client = createClient(place.address, place.token);
  let isLast = false;
  const subscriber = createSubscriber(kind, place, (position, receive) => {
    const page = readPage(client, { place, position, wait }, (event) => {
      isLast = lastTypes.has(event.type);
      receive(event);
    });
    const outcome = page.then(async (came): Promise<Outcome> => {
      if (came !== 'empty') return came;
      if (isLast) return 'over';
      if (wait === 0) await pause(restMs);
      return 'empty';
    });
    return { outcome, cut: client.cut };
  });
  void subscriber.ended.finally(client.cut).catch(() => undefined);
  return subscriber;
}

async function readPage(
  client: LiveClient,
  { place, position, wait }: { place: LivePlace; position: number; wait: number },
  receive: (event: Omit<Receipt, 'at'>) => void,
): Promise<Outcome> {
  const query = `cursor=${position}&limit=${place.limit}${wait > 0 ? `&wait=${wait}` : ''}`;
  const answer = await client.ask('GET', `/api/v1/sessions/${place.sessionId}/events?${query}`);
  if (!answer || answer.status === 503) return 'lost';
  if (answer.status !== 200) throw new Error(`a page behind ${position} answered ${answer.status}: ${answer.text}`);
  const { events, next_cursor: next }: Json = JSON.parse(answer.text);
  if (next !== (events.at(-1)?.event_seq ?? position)) throw new Error(`behind ${position}: ${answer.text}`);
  for (const { event_seq: seq, event_id: id, event_type: type } of events) receive({ seq, id, type });
  return events.length > 0 ? 'more' : 'empty';
}
