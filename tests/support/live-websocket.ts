/** A subscriber over GraphQL's WebSocket protocol, written out so that its socket can be destroyed at any moment. */
import { WebSocket } from 'ws';
import type { Json } from './api.js';
import {
  type Connection,
  createSubscriber,
  type LivePlace,
  type LiveSubscriber,
  type Outcome,
} from './live-subscriber.js';
import type { Receipt } from './live-subscriber.js';

const liveDocument =
  'subscription ($id: UUID!, $after: SafeInt) { sessionEvents(sessionId: $id, afterSeq: $after) { id seq type payload } }';

export function followBySocket(place: LivePlace): LiveSubscriber {
  return createSubscriber('websocket', place, (position, receive) => connect(place, position, receive));
}

function connect(
  { address, sessionId, token }: LivePlace,
  position: number,
  receive: (event: Omit<Receipt, 'at'>) => void,
): Connection {
  const socket = new WebSocket(`${address.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  const say = (message: object) => socket.send(JSON.stringify(message));
  const outcome = new Promise<Outcome>((resolve, reject) => {
    const take = (message: Json) => {
      switch (message.type) {
        case 'connection_ack':
          return say({
            id: '1',
            type: 'subscribe',
            payload: { query: liveDocument, variables: { id: sessionId, after: position } },
          });
        case 'next': {
          if (message.payload.errors) throw new Error(`an event came with ${JSON.stringify(message.payload.errors)}`);
          const { id, seq, type } = message.payload.data.sessionEvents;
          return receive({ id, seq, type: String(type).toLowerCase() });
        }
        case 'complete':
          resolve('over');
          return socket.close(1000);
        case 'ping':
          return say({ type: 'pong' });
        case 'pong':
          return undefined;
        default:
          throw new Error(`the socket said ${JSON.stringify(message)}`);
      }
    };
    socket.on('open', () => say({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } }));
    socket.on('message', (data: Buffer) => {
      try {
        take(JSON.parse(data.toString()));
      } catch (error) {
        reject(new Error('the socket said what it must not', { cause: error }));
        socket.terminate();
      }
    });
    // What it says of a lost connection, `close` says too.
    socket.on('error', () => undefined);
    socket.on('close', (code) => {
      if (code >= 4_000) reject(new Error(`the socket was closed with ${code}`));
      else resolve('lost');
    });
  });
  return { outcome, cut: () => socket.terminate() };
}
