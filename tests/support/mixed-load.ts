/** Guests of one table who do everything at once that a server may be asked to break off. */
import { randomUUID } from 'node:crypto';
import { demo, type Json, type Place } from './api.js';
import { type EventStream, openStream } from './event-stream.js';
import { createClient, type LiveClient } from './live-http.js';
import { openSocket, type RawSocket } from './raw-socket.js';

/** One request, and what came of it. */
export interface Asked {
  readonly face: 'REST' | 'GraphQL' | 'WebSocket' | 'long poll';
  /** Of a write. */
  readonly key?: string;
  /** On the monotonic clock: when it was handed to the network. */
  readonly sentAt: number;
  /** Undefined: the connection ended without an answer, or could not be made. */
  answer?: { readonly isWritten: boolean; readonly text: string };
}

export interface MixedLoad {
  readonly asked: readonly Asked[];
  readonly streams: readonly EventStream[];
  /** Sockets that follow, and sockets that write. */
  readonly sockets: readonly RawSocket[];
  /** Events that the followers have received. */
  received(): number;
  /** Resolves when no guest can ask for anything any more. */
  readonly finished: Promise<unknown>;
}

const addTea = `mutation ($input: AppendEventInput!) { appendEvent(input: $input) { event { seq } } }`;
const follow = 'subscription ($id: UUID!) { sessionEvents(sessionId: $id) { seq } }';

/** Sits down at the table; writers write as fast as they are answered, until their connection ends. */
export async function startMixedLoad(address: string, table: Place): Promise<MixedLoad> {
  const { sessionId, phone } = await sitDown(address, table);
  const asked: Asked[] = [];
  const note = async (face: Asked['face'], key: string | undefined, ask: () => Promise<Asked['answer']>) => {
    const one: Asked = { face, ...(key && { key }), sentAt: performance.now() };
    asked.push(one);
    const answer = await ask();
    if (answer) one.answer = answer;
    return answer !== undefined;
  };
  const untilLost = async (ask: () => Promise<boolean>): Promise<void> => {
    while (await ask());
  };

  const rest = (client: LiveClient) => () => {
    const key = randomUUID();
    const body = { idempotency_key: key, event_type: 'add_item', payload: { menu_item_id: demo.coffee, quantity: 1 } };
    return note('REST', key, () => written(client.ask('POST', `/api/v1/sessions/${sessionId}/events`, { body }), 201));
  };
  const graphql = (client: LiveClient) => () => {
    const { key, input } = teaInput(sessionId);
    const body = { query: addTea, variables: { input } };
    return note('GraphQL', key, () => written(client.ask('POST', '/graphql', { body }), 200));
  };
  const overSocket = (socket: RawSocket) => () => {
    const { key, input } = teaInput(sessionId);
    return note('WebSocket', key, () => {
      if (socket.ws.readyState !== socket.ws.OPEN) return Promise.resolve(undefined);
      socket.run(key, addTea, { input });
      return Promise.race([firstOf(socket, key), socket.ended.then(() => undefined)]);
    });
  };
  const longPoll = (client: LiveClient, position: { cursor: number }) => () =>
    note('long poll', undefined, async () => {
      const path = `/api/v1/sessions/${sessionId}/events?cursor=${position.cursor}&wait=25&limit=500`;
      const answer = await client.ask('GET', path);
      if (answer?.status === 200) position.cursor = JSON.parse(answer.text).next_cursor;
      return answer && { isWritten: answer.status === 200, text: answer.text };
    });

  const client = () => createClient(address, phone);
  const [writing, following] = await Promise.all([
    openSocket({ address }, { as: phone }),
    openSocket({ address }, { as: phone }),
  ]);
  const stream = await openStream(address, sessionId, { as: phone });
  following.run('follow', follow, { id: sessionId });
  const finished = Promise.all([
    ...[client(), client()].map((each) => untilLost(rest(each))),
    untilLost(graphql(client())),
    untilLost(overSocket(writing)),
    untilLost(longPoll(client(), { cursor: 0 })),
  ]);
  return {
    ...{ asked, streams: [stream], sockets: [writing, following], finished },
    received: () => Math.min(stream.messages.length, following.of('follow').length),
  };
}

async function sitDown(address: string, { locationId, token }: Place) {
  const client = createClient(address, token);
  const answer = await client.ask('POST', `/api/v1/locations/${locationId}/qr-sessions`, { body: {} });
  client.cut();
  if (!answer || answer.status > 201) throw new Error(`could not sit down: ${answer?.text}`);
  const { session_id: sessionId, device_token: phone }: Json = JSON.parse(answer.text);
  return { sessionId: String(sessionId), phone: String(phone) };
}

function teaInput(sessionId: string) {
  const key = randomUUID();
  const event = { addItem: { menuItemId: demo.coffee, quantity: 1 } };
  return { key, input: { sessionId, idempotencyKey: key, event } };
}

async function written(asking: ReturnType<LiveClient['ask']>, status: number): Promise<Asked['answer']> {
  const answer = await asking;
  return answer && { isWritten: answer.status === status && !answer.text.includes('"errors"'), text: answer.text };
}

/** The first message about this operation. */
function firstOf({ ws }: RawSocket, id: string): Promise<Asked['answer']> {
  return new Promise((resolve) => {
    const look = (data: Buffer) => {
      const message: Json = JSON.parse(data.toString('utf8'));
      if (message.id !== id) return;
      ws.off('message', look);
      resolve({ isWritten: message.type === 'next' && !message.payload.errors, text: data.toString('utf8') });
    };
    ws.on('message', look);
  });
}
