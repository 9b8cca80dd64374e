/** A client of GraphQL over WebSocket that says exactly what a test wants, right or wrong. */
import type { Socket } from 'node:net';
import { WebSocket } from 'ws';
import type { Api, Json } from './api.js';
import { eventually } from './eventually.js';

export interface SocketOptions {
  /** Bearer token; null: says nobody. */
  readonly as?: string | null;
  /** Further connection parameters. */
  readonly params?: Readonly<Record<string, unknown>>;
  readonly path?: string;
  /** Null: offers none. */
  readonly protocol?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Ended {
  readonly code: number;
  readonly reason: string;
}

export interface RawSocket {
  readonly ws: WebSocket;
  /** All that came, parsed. */
  readonly messages: readonly Json[];
  /** What the server said when it ended the connection. */
  readonly ended: Promise<Ended>;
  /** Sends text as it is, anything else as JSON. */
  say(message: unknown): void;
  /** Begins an operation. */
  run(id: string, query: string, variables?: object): void;
  /** What is said meanwhile arrives at one moment. */
  atOnce(talk: () => void): void;
  /** All messages of an operation so far. */
  of(id: string): readonly Json[];
  /** The items of a subscription so far: the one field of each. */
  items(id: string): readonly Json[];
  /** Waits for a message that fits. */
  until(fits: (message: Json) => boolean): Promise<Json>;
  /** Waits for the last message of an operation: `complete` or `error`. */
  last(id: string): Promise<Json>;
  close(): Promise<void>;
}

/** Connects, and is let in if `as` is given (null counts). */
export async function openSocket(api: Pick<Api, 'address'>, options: SocketOptions = {}): Promise<RawSocket> {
  const socket = await connectSocket(api, options);
  if (options.as === undefined) return socket;
  const authorization = options.as === null ? {} : { authorization: `Bearer ${options.as}` };
  socket.say({ type: 'connection_init', payload: { ...authorization, ...options.params } });
  await Promise.race([socket.until(({ type }) => type === 'connection_ack'), socket.ended]);
  return socket;
}

/** Rejects with the status when the server answers by HTTP instead. */
async function connectSocket(
  { address }: Pick<Api, 'address'>,
  { path = '/graphql', protocol = 'graphql-transport-ws', headers = {} }: SocketOptions,
): Promise<RawSocket> {
  const ws = new WebSocket(`${address.replace('http', 'ws')}${path}`, protocol === null ? [] : [protocol], { headers });
  const messages: Json[] = [];
  ws.on('message', (data: Buffer) => void messages.push(JSON.parse(data.toString('utf8'))));
  const ended = new Promise<Ended>((resolve) =>
    ws.once('close', (code, reason) => resolve({ code, reason: reason.toString() })),
  );
  await new Promise<void>((resolve, reject) => {
    ws.once('open', resolve);
    ws.once('error', reject);
  });
  // A connection that is cut off says so by its end.
  ws.on('error', () => undefined);
  const say = (message: unknown) => ws.send(typeof message === 'string' ? message : JSON.stringify(message));
  const of = (id: string) => messages.filter((message) => message.id === id);
  const until = (fits: (message: Json) => boolean) => eventually<Json>(() => messages.find(fits), { within: 10_000 });
  return {
    ...{ ws, messages, ended, say, of, until },
    atOnce(talk) {
      const { _socket: stream } = ws as unknown as { readonly _socket: Socket };
      stream.cork();
      talk();
      stream.uncork();
    },
    run: (id, query, variables = {}) => say({ id, type: 'subscribe', payload: { query, variables } }),
    items: (id) =>
      of(id).flatMap(({ type, payload }) => (type === 'next' ? Object.values<Json>(payload.data ?? {}) : [])),
    last: (id) => until((message) => message.id === id && message.type !== 'next'),
    async close() {
      ws.close(1000);
      await ended;
    },
  };
}
