/** Clients that others have written, as apps use them. */
import { readFileSync } from 'node:fs';
import { ApolloClient, gql, InMemoryCache } from '@apollo/client';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { buildSchema, type GraphQLInterfaceType } from 'graphql';
import { type Client, type ClientOptions, createClient } from 'graphql-ws';
import { afterEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { add, append, demo, type Json, newEventKey, sitDown, startApi, useApi, type Visit } from '../../support/api.js';
import { eventually } from '../../support/eventually.js';

const api = useApi();
const clients: Client[] = [];
afterEach(async () => {
  for (const client of clients.splice(0)) await client.dispose();
});

function clientOf(at: Pick<Visit, 'phone'>, options: Partial<ClientOptions> = {}): Client {
  const client = createClient({
    url: `${api.address.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${at.phone}` },
    ...options,
  });
  clients.push(client);
  return client;
}

const document =
  'subscription ($id: UUID!, $after: SafeInt) { sessionEvents(sessionId: $id, afterSeq: $after) { seq } }';

interface Followed {
  readonly seqs: number[];
  /** `complete`, or the error that ended it. */
  ended: unknown;
}

/** Follows a session, and keeps in its variables where to go on: the client sends them anew when it connects again. */
function follow(client: Client, sessionId: string): Followed {
  const followed: Followed = { seqs: [], ended: undefined };
  const variables: Record<string, unknown> = { id: sessionId };
  client.subscribe<{ sessionEvents: { seq: number } }>(
    { query: document, variables },
    {
      next({ data }) {
        const seq = data?.sessionEvents.seq ?? Number.NaN;
        followed.seqs.push(seq);
        variables.after = seq;
      },
      error: (error) => void (followed.ended = error),
      complete: () => void (followed.ended = 'complete'),
    },
  );
  return followed;
}

const upTo = (last: number) => Array.from({ length: last }, (_, n) => n + 1);

describe('the client of graphql-ws', () => {
  test('goes on where it was after its connection is torn, without a gap and without a repeat', async () => {
    const at = await sitDown(api);
    let socket: WebSocket | undefined;
    let connects = 0;
    const client = clientOf(at, {
      retryAttempts: 20,
      retryWait: async () => undefined,
      shouldRetry: () => true,
      on: {
        connected: (connected) => {
          socket = connected as WebSocket;
          connects += 1;
        },
      },
    });
    const followed = follow(client, at.sessionId);
    for (let round = 1; round <= 5; round += 1) {
      await eventually(() => connects === round && followed.seqs.length >= 2);
      const writing = Promise.all(Array.from({ length: 10 }, () => append(api, at, add())));
      await append(api, at, add());
      socket?.terminate();
      await writing;
    }
    await eventually(() => followed.seqs.at(-1) === 57 && connects === 6);
    expect(followed.seqs).toEqual(upTo(57));
    expect(followed.ended).toBeUndefined();
    await api.rest(`POST /sessions/${at.sessionId}/close`, { as: demo.staff, body: { reason: 'done' } });
    await eventually(() => followed.ended === 'complete');
  });

  test('goes on at another node when its own stops, and is told how long to wait', async () => {
    const second = await startApi({ databaseUrl: api.databaseUrl });
    try {
      const at = await sitDown(api);
      let address = second.address;
      const closes: { code: number; reason: string }[] = [];
      const client = clientOf(at, {
        url: () => `${address.replace('http', 'ws')}/graphql`,
        retryAttempts: 20,
        retryWait: async () => undefined,
        on: { closed: (event) => void closes.push(event as { code: number; reason: string }) },
      });
      const followed = follow(client, at.sessionId);
      await eventually(() => followed.seqs.length === 2);
      address = api.address;
      await Promise.all([second.stop(), ...Array.from({ length: 10 }, () => append(api, at, add()))]);
      await eventually(() => followed.seqs.at(-1) === 12);
      expect(followed.seqs).toEqual(upTo(12));
      expect([closes[0]?.code, closes[0]?.reason]).toEqual([1001, expect.stringMatching(/^retry: \d+$/)]);
    } finally {
      await second.stop().catch(() => undefined);
    }
  });

  test('gets an error as an error, and does not connect again with a bad credential', async () => {
    const at = await sitDown(api);
    const refused = follow(clientOf(at), (await sitDown(api)).sessionId);
    await eventually(() => refused.ended !== undefined);
    expect((refused.ended as Json)[0].extensions.code).toBe('NOT_FOUND');
    let connects = 0;
    const stranger = clientOf({ phone: 'nonsense' }, { on: { connecting: () => (connects += 1) } });
    const unknown = follow(stranger, at.sessionId);
    await eventually(() => unknown.ended !== undefined);
    expect([(unknown.ended as CloseEvent).code, connects]).toEqual([4401, 1]);
  });

  test('keeps a connection alive by its own pings', async () => {
    const at = await sitDown(api);
    let pongs = 0;
    const client = clientOf(at, {
      keepAlive: 20,
      lazy: false,
      on: { pong: (received) => void (received && (pongs += 1)) },
    });
    const followed = follow(client, at.sessionId);
    await eventually(() => pongs > 3 && followed.seqs.length === 2);
    expect(followed.ended).toBeUndefined();
  });
});

describe('Apollo Client over a socket', () => {
  const schema = buildSchema(readFileSync(new URL('../../../schema.graphql', import.meta.url), 'utf8'));
  const events = schema.getPossibleTypes(schema.getType('SessionEvent') as GraphQLInterfaceType);
  const possibleTypes = { SessionEvent: events.map(({ name }) => name) };

  test('queries, mutates and subscribes', async () => {
    const at = await sitDown(api);
    const apollo = new ApolloClient({
      link: new GraphQLWsLink(clientOf(at)),
      cache: new InMemoryCache({ possibleTypes }),
    });
    const seen: Json[] = [];
    const subscription = apollo
      .subscribe<Json>({
        query: gql`
          subscription Follow($id: UUID!) {
            sessionEvents(sessionId: $id) {
              id
              seq
              type
              ... on AddItemEvent {
                quantity
              }
            }
          }
        `,
        variables: { id: at.sessionId },
      })
      .subscribe(({ data }) => void seen.push(data?.sessionEvents));
    const { data } = await apollo.mutate<Json>({
      mutation: gql`
        mutation Add($input: AppendEventInput!) {
          appendEvent(input: $input) {
            replayed
            event {
              id
              seq
            }
          }
        }
      `,
      variables: {
        input: {
          sessionId: at.sessionId,
          idempotencyKey: newEventKey(),
          event: { addItem: { menuItemId: demo.coffee, quantity: 3 } },
        },
      },
    });
    expect(data.appendEvent.event.seq).toBe(3);
    await eventually(() => seen.length === 3);
    expect(seen[2]).toMatchObject({ __typename: 'AddItemEvent', id: data.appendEvent.event.id, seq: 3, quantity: 3 });
    const snapshot = await apollo.query<Json>({
      query: gql`
        query Snapshot($id: UUID!) {
          snapshot(sessionId: $id) {
            lastEventSeq
            total
          }
        }
      `,
      variables: { id: at.sessionId },
    });
    expect(snapshot.data.snapshot).toMatchObject({ lastEventSeq: 3, total: 105_000 });
    await expect(
      apollo.query({
        query: gql`
          query Session($id: UUID!) {
            session(id: $id) {
              id
            }
          }
        `,
        variables: { id: demo.pho },
      }),
    ).rejects.toMatchObject({ errors: [{ extensions: { code: 'NOT_FOUND' } }] });
    subscription.unsubscribe();
    apollo.stop();
  });
});
