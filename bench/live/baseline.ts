/**
 * What the fan-out is held against, as a server of its own: `ws` broadcasts the ready text of an event, `graphql-ws` is
 * used as its manual shows, with an async iterator for each subscriber. A POST publishes one event.
 *
 *   tsx bench/live/baseline.ts ws|graphql-ws
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buildSchema, type GraphQLSchema } from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';

const kind = process.argv[2];
const server = createServer((_request, response) => {
  response.end(() => publish());
});
const sockets = new WebSocketServer({ server, path: '/graphql' });
/** Those who wait for the next event. */
const listeners = new Set<(event: object) => void>();
let seq = 0;

if (kind === 'graphql-ws') useServer({ schema: schemaOfEvents() }, sockets);
else if (kind === 'ws') acknowledge();
else throw new Error(`there is no baseline ${kind}`);

server.listen(0, '127.0.0.1', () => {
  console.log(`listens at http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});

function nextEvent() {
  seq += 1;
  return {
    id: '01a2059d-1813-77df-82e6-8643f520cf2b',
    seq,
    type: 'MODIFY_QTY',
    payload: { line_id: '01a2059d-1813-77df-82e6-8643f520cf2c', quantity: 1 + (seq % 9), delta: null, reason: null },
    actor: { type: 'DEVICE', name: null },
    createdAt: new Date().toISOString(),
  };
}

function publish(): void {
  if (kind === 'graphql-ws') {
    const event = { sessionEvents: nextEvent() };
    for (const listener of listeners) listener(event);
    return;
  }
  const payload = { data: { sessionEvents: nextEvent() } };
  const message = Buffer.from(JSON.stringify({ id: '1', type: 'next', payload }));
  for (const socket of sockets.clients) socket.send(message, { binary: false });
}

/** So much of the protocol as the subscribers wait for. */
function acknowledge(): void {
  sockets.on('connection', (socket) => {
    socket.once('message', () => socket.send('{"type":"connection_ack"}'));
  });
}

function schemaOfEvents(): GraphQLSchema {
  const schema = buildSchema(`
    scalar UUID
    scalar SafeInt
    scalar JSONObject
    type Actor { type: String! name: String }
    type SessionEvent { id: UUID! seq: SafeInt! type: String! payload: JSONObject! actor: Actor! createdAt: String! }
    type Query { nothing: String }
    type Subscription { sessionEvents(sessionId: UUID!, afterSeq: SafeInt): SessionEvent! }`);
  const { sessionEvents } = schema.getSubscriptionType()?.getFields() ?? {};
  if (!sessionEvents) throw new Error('the schema has lost its subscription');
  sessionEvents.subscribe = iterate;
  return schema;
}

/** A queue for each subscriber, as every publish-subscribe package has it. */
async function* iterate(): AsyncGenerator<object> {
  const queue: object[] = [];
  let wake = (): void => undefined;
  const listener = (event: object): void => {
    queue.push(event);
    wake();
  };
  listeners.add(listener);
  try {
    for (;;) {
      const event = queue.shift();
      if (event) yield event;
      else await new Promise<void>((resolve) => (wake = resolve));
    }
  } finally {
    listeners.delete(listener);
  }
}
