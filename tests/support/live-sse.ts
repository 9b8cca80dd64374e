/** A subscriber over Server-Sent Events, as a browser's EventSource behaves: the same address, and `Last-Event-ID`. */
import type { IncomingMessage } from 'node:http';
import type { Json } from './api.js';
import { createClient } from './live-http.js';
import {
  createSubscriber,
  type LivePlace,
  type LiveSubscriber,
  type Outcome,
  type Receipt,
} from './live-subscriber.js';

export function followByEventSource(place: LivePlace): LiveSubscriber {
  const client = createClient(place.address, place.token);
  const path = `/api/v1/sessions/${place.sessionId}/events/stream?cursor=${place.after}`;
  const subscriber = createSubscriber('sse', place, (position, receive) => {
    const resume = position > place.after ? { 'last-event-id': String(position) } : {};
    const opened = client.open('GET', path, { headers: { accept: 'text/event-stream', ...resume } });
    return { outcome: opened.then((response) => readStream(response, receive)), cut: client.cut };
  });
  void subscriber.ended.finally(client.cut).catch(() => undefined);
  return subscriber;
}

type Receive = (event: Omit<Receipt, 'at'>) => void;

function readStream(response: IncomingMessage | undefined, receive: Receive): Promise<Outcome> | Outcome {
  if (!response || response.statusCode === 503) return 'lost';
  if (response.statusCode === 204) return 'over';
  if (response.statusCode !== 200) throw new Error(`the stream answered ${response.statusCode}`);
  return new Promise((resolve, reject) => {
    let text = '';
    response.setEncoding('utf8');
    response.on('data', (part: string) => {
      const blocks = (text + part).split('\n\n');
      text = blocks.pop() ?? '';
      try {
        for (const block of blocks) readBlock(block, receive);
      } catch (error) {
        reject(new Error('the stream said what it must not', { cause: error }));
      }
    });
    response.on('end', () => resolve('finished'));
    response.on('error', () => resolve('lost'));
    response.on('close', () => resolve('lost'));
  });
}

/** One message: comments and `retry` say nothing of the log. */
function readBlock(block: string, receive: Receive): void {
  const fields = new Map<string, string>();
  for (const line of block.split('\n')) {
    const [, name = '', value = ''] = /^([^:]*): ?(.*)$/.exec(line) ?? [];
    fields.set(name, value);
  }
  const data = fields.get('data');
  if (data === undefined) return;
  const { event_seq: seq, event_id: id, event_type: type }: Json = JSON.parse(data);
  if (fields.get('id') !== String(seq) || fields.has('event'))
    throw new Error(`a message of the stream is wrong: ${block}`);
  receive({ seq, id, type });
}
