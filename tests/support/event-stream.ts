/** One response of Server-Sent Events, byte by byte: what a client of its own would read. */
import { type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';
import type { Json } from './api.js';
import { eventually } from './eventually.js';

/** A message with data, as it came. */
export interface StreamMessage {
  readonly id: string;
  readonly data: string;
}

export interface EventStream {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** All that came so far. */
  readonly text: string;
  readonly messages: readonly StreamMessage[];
  /** Resolves when the response has ended: `whole`, or broken off. */
  readonly ended: Promise<'whole' | 'broken'>;
  /** Waits until there are so many messages. */
  count(messages: number): Promise<readonly StreamMessage[]>;
  /** Reads no further, and lets what comes pile up. */
  pause(): void;
  resume(): void;
  cut(): void;
}

export interface StreamRequest {
  readonly as?: string;
  /** Behind the `?`. */
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly method?: string;
}

/** Opens a session's stream. */
export function openStream(address: string, sessionId: string, asked: StreamRequest = {}): Promise<EventStream> {
  return openStreamAt(`${address}/api/v1/sessions/${sessionId}/events/stream`, asked);
}

/** Opens any stream. A connection of its own, so that cutting it cuts nobody else. */
export function openStreamAt(
  url: string,
  { as, query, headers = {}, method = 'GET' }: StreamRequest = {},
): Promise<EventStream> {
  const { hostname, port, pathname } = new URL(url);
  const path = `${pathname}${query === undefined ? '' : `?${query}`}`;
  return new Promise((resolve, reject) => {
    const credential = as === undefined ? {} : { authorization: `Bearer ${as}` };
    const call = request(
      { hostname, port, path, method, agent: false, headers: { ...credential, ...headers } },
      (response) => resolve(read(response, () => call.destroy())),
    );
    call.on('error', reject);
    call.end();
  });
}

/** The answer of a stream that is refused. */
export async function refusal(stream: EventStream): Promise<{ status: number; body: Json; headers: Json }> {
  await stream.ended;
  return { status: stream.status, body: JSON.parse(stream.text), headers: stream.headers };
}

function read(response: IncomingMessage, cut: () => void): EventStream {
  let text = '';
  response.setEncoding('utf8');
  response.on('data', (part: string) => (text += part));
  response.on('error', () => undefined);
  const ended = new Promise<'whole' | 'broken'>((resolve) =>
    response.once('close', () => resolve(response.complete ? 'whole' : 'broken')),
  );
  const messages = () => messagesIn(text);
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    get text() {
      return text;
    },
    get messages() {
      return messages();
    },
    ended,
    async count(wanted) {
      await eventually(() => messages().length >= wanted, { within: 15_000 });
      return messages();
    },
    pause: () => void response.pause(),
    resume: () => void response.resume(),
    cut,
  };
}

/** Only whole blocks count; those without data are for the connection. */
function messagesIn(text: string): readonly StreamMessage[] {
  const blocks = text.split('\n\n').slice(0, -1);
  return blocks.filter((block) => /^data: /m.test(block)).map(messageOf);
}

function messageOf(block: string): StreamMessage {
  const [, id, data] = /^id: (\S+)\ndata: ([^\n]*)$/.exec(block) ?? [];
  if (id === undefined || data === undefined) throw new Error(`not a message as it should be: ${block}`);
  return { id, data };
}

/** One figure of `/metrics`; 0 where there is none of these labels yet. */
export async function figure(address: string, name: string, labels: Readonly<Record<string, string>>): Promise<number> {
  const text = await (await fetch(`${address}/metrics`)).text();
  const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
  const lines = text
    .split('\n')
    .filter((line) => line.startsWith(`${name}{`) && wanted.every((pair) => line.includes(pair)));
  return lines.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
}
