/** Sockets on a schema of the test's own, where everything can go wrong. */
import type { FastifyInstance } from 'fastify';
import { buildSchema, type GraphQLSchema, parse } from 'graphql';
import { afterEach, describe, expect, test } from 'vitest';
import { pino } from 'pino';
import type { AddressInfo } from 'node:net';
import type { Scope } from '../../../../src/domain/scope.js';
import { mountSockets, type Sockets, type SocketsOptions } from '../../../../src/http/live/mount-sockets.js';
import type { HttpConfig } from '../../../../src/config.js';
import { createServer } from '../../../../src/http/server.js';
import { createMetrics } from '../../../../src/http/metrics.js';
import { iterate } from '../../../../src/resolvers/feed-iterable.js';
import type { Feed } from '../../../../src/services/follow-session.js';
import { createOpenStreams, type OpenStreams } from '../../../../src/services/open-streams.js';
import { eventually } from '../../../support/eventually.js';
import type { Json } from '../../../support/api.js';
import { openSocket, type RawSocket } from '../../../support/raw-socket.js';

type Deps = SocketsOptions['deps'];
type Next = Awaited<ReturnType<Feed<object>['next']>>;

let ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.reverse()) await end();
  ends = [];
});

/** A feed that gives these pages, and then throws or ends. */
function feedOf(pages: readonly (Next | Error)[]): { readonly feed: Feed<object>; readonly isClosed: () => boolean } {
  const left = [...pages];
  let isClosed = false;
  const next = async () => {
    const page = left.shift() ?? 'over';
    if (page instanceof Error) throw page;
    return page;
  };
  return { feed: { next, close: () => (isClosed = true) }, isClosed: () => isClosed };
}

function newSchema(feed: Feed<object>): GraphQLSchema {
  const schema = buildSchema('type Query { address: String, broken: Int } type Subscription { ticks: Int, bad: Int! }');
  const query = schema.getQueryType()?.getFields();
  const subscription = schema.getSubscriptionType()?.getFields();
  if (!query?.address || !query.broken || !subscription?.ticks || !subscription.bad)
    throw new Error('a field is missing');
  query.address.resolve = (_root, _args, { address }: { address: string }) => address;
  query.broken.resolve = () => {
    throw new Error('SELECT secret');
  };
  for (const field of [subscription.ticks, subscription.bad]) field.subscribe = () => iterate(feed);
  subscription.ticks.resolve = ({ n }: { n: number }) => n;
  subscription.bad.resolve = () => {
    throw new Error('SELECT secret');
  };
  return schema;
}

interface Started {
  readonly app: FastifyInstance;
  readonly sockets: Sockets;
  readonly address: string;
  readonly lines: readonly Json[];
}

interface Wanted {
  readonly schema?: GraphQLSchema;
  readonly options?: Partial<SocketsOptions>;
  readonly ofBearer?: (token: string) => Promise<Scope | undefined>;
  readonly streams?: OpenStreams;
}

async function start({
  schema = newSchema(feedOf([]).feed),
  options = {},
  ofBearer,
  streams,
}: Wanted): Promise<Started> {
  const lines: Json[] = [];
  const log = pino({ base: null }, { write: (line: string) => void lines.push(JSON.parse(line)) });
  const app = await createServer({ trustProxy: true, corsOrigins: '*' } as unknown as HttpConfig, log);
  const metrics = createMetrics();
  const deps = {
    credentials: { ofBearer: ofBearer ?? (async () => ({ kind: 'nobody' })) },
    streams: streams ?? createOpenStreams({ isLimited: false, opened: metrics.live.opened }),
    log: { followers: 0, endFeeds: () => undefined },
    menus: { followers: 0, drain: () => undefined },
    publicUrl: () => 'http://localhost',
  } as unknown as Deps;
  const sockets = mountSockets(app, {
    ...{ schema, deps, documents: { byId: () => undefined, byName: () => undefined as never } },
    ...{ isExplorable: true, persistedOnly: false, isLimited: true, corsOrigins: '*', metrics: metrics.live },
    ...options,
  });
  await app.listen({ port: 0, host: '127.0.0.1' });
  ends.push(async () => Promise.all([sockets.drain(), app.close()]));
  return { app, sockets, address: `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`, lines };
}

async function connect(started: Started, options: Parameters<typeof openSocket>[1] = { as: 'a' }): Promise<RawSocket> {
  const socket = await openSocket(started, options);
  ends.push(() => socket.ws.terminate());
  return socket;
}

describe('what goes wrong on our side', () => {
  test('a feed that breaks ends its subscription with an error, tells nothing, and leaves the socket open', async () => {
    const { feed, isClosed } = feedOf([[{ n: 1 }, { n: 2 }], new Error('SELECT secret')]);
    const started = await start({ schema: newSchema(feed) });
    const socket = await connect(started);
    socket.run('1', 'subscription { ticks }');
    const { type, payload } = await socket.last('1');
    expect([type, socket.items('1')]).toEqual(['error', [1, 2]]);
    const [{ extensions, message }] = payload;
    expect(extensions).toEqual({ code: 'INTERNAL', retryable: false, request_id: expect.any(String) });
    expect(message).not.toContain('secret');
    expect(started.lines.filter(({ err }) => err?.message === 'SELECT secret')).toMatchObject([
      { reqId: extensions.request_id },
    ]);
    expect(isClosed()).toBe(true);
    socket.run('2', '{ __typename }');
    expect((await socket.last('2')).type).toBe('complete');
  });

  test('a field that breaks breaks its item only', async () => {
    const { feed } = feedOf([[{ n: 1 }], [{ n: 2 }]]);
    const socket = await connect(await start({ schema: newSchema(feed) }));
    socket.run('1', 'subscription { bad }');
    expect((await socket.last('1')).type).toBe('complete');
    const items = socket.of('1').filter(({ type }) => type === 'next');
    expect(items.map(({ payload }) => [payload.data, payload.errors[0].extensions.code])).toEqual([
      [null, 'INTERNAL'],
      [null, 'INTERNAL'],
    ]);
    expect(JSON.stringify(items)).not.toContain('secret');
  });

  test('an item that cannot be rendered ends its subscription with an error', async () => {
    const { feed, isClosed } = feedOf([[null as unknown as object]]);
    const socket = await connect(await start({ schema: newSchema(feed) }));
    socket.run('1', 'subscription { ticks }');
    const { type, payload } = await socket.last('1');
    expect([type, payload[0].extensions.code, isClosed()]).toEqual(['error', 'INTERNAL', true]);
  });

  test('a check that breaks is an error of its operation', async () => {
    const documents = {
      byId: () => {
        throw new Error('SELECT secret');
      },
      byName: () => undefined as never,
    };
    const socket = await connect(await start({ options: { documents } }));
    socket.run('1', '{ __typename }');
    const { type, payload } = await socket.last('1');
    expect([type, payload[0].extensions.code]).toEqual(['error', 'INTERNAL']);
    expect(socket.ws.readyState).toBe(socket.ws.OPEN);
  });

  test('credentials that cannot be looked up close the socket with 1013: try again', async () => {
    const ofBearer = async () => {
      throw new Error('the database is away');
    };
    const socket = await connect(await start({ ofBearer }));
    expect(await socket.ended).toEqual({ code: 1013, reason: 'try again later' });
  });
});

describe('an operation that is stuck when the server stops', () => {
  /** Its resolver is asked, and answers when the test says so. */
  const stuck = () => {
    const schema = buildSchema('type Query { slow: Int } type Mutation { slow: Int }');
    let answer: ((value: number) => void) | undefined;
    const resolve = () => new Promise<number>((resolve) => (answer = resolve));
    for (const type of [schema.getQueryType(), schema.getMutationType()]) type!.getFields()['slow']!.resolve = resolve;
    return { schema, isAsked: () => answer !== undefined, answer: () => answer?.(1) };
  };

  test.each(['query', 'mutation'])('is told to come again before its socket is closed: a %s', async (kind) => {
    const { schema, isAsked, answer } = stuck();
    const started = await start({ schema, options: { limits: { drainMs: 50 } } });
    const socket = await connect(started);
    socket.run('1', `${kind} { slow }`);
    await eventually(isAsked);
    await started.sockets.drain();
    expect(await socket.ended).toMatchObject({ code: 1001 });
    expect(socket.of('1')).toEqual([{ id: '1', type: 'error', payload: [expect.any(Object)] }]);
    expect(socket.of('1')[0].payload[0].extensions).toMatchObject({ code: 'UNAVAILABLE', retryable: true });
    answer();
  });

  test('is answered when it comes free in time, and the socket closes at once', async () => {
    const { schema, isAsked, answer } = stuck();
    const started = await start({ schema, options: { limits: { drainMs: 10_000 } } });
    const socket = await connect(started);
    socket.run('1', 'mutation { slow }');
    await eventually(isAsked);
    const drained = started.sockets.drain();
    answer();
    await drained;
    expect(await socket.ended).toMatchObject({ code: 1001 });
    expect([socket.items('1'), (await socket.last('1')).type]).toEqual([[1], 'complete']);
  });

  test('is told so on each of its sockets, also to those who asked with others', async () => {
    const { schema, isAsked } = stuck();
    const started = await start({ schema, options: { limits: { drainMs: 50 } } });
    const [one, another] = [await connect(started), await connect(started)];
    for (const id of ['1', '2']) for (const socket of [one, another]) socket.run(id, 'mutation { slow }');
    await eventually(isAsked);
    await started.sockets.drain();
    for (const socket of [one, another]) {
      await socket.ended;
      const answers = socket.messages.filter(({ type }) => type === 'error');
      expect(answers.map(({ id }) => id).sort()).toEqual(['1', '2']);
    }
  });
});

describe('a socket', () => {
  test('knows its client behind a proxy', async () => {
    const headers = { 'x-forwarded-for': '203.0.113.9' };
    const socket = await connect(await start({}), { as: 'a', headers });
    socket.run('1', '{ address }');
    await socket.last('1');
    expect(socket.items('1')).toEqual(['203.0.113.9']);
  });

  test('that never says who it is does not hold up the end of the server', async () => {
    const started = await start({});
    const socket = await connect(started, {});
    await started.sockets.drain();
    expect(await socket.ended).toMatchObject({ code: 1001 });
  });

  test('that does not answer the end is cut off', async () => {
    const started = await start({ options: { limits: { closeMs: 50 } } });
    const socket = await connect(started);
    socket.ws.pause();
    await started.sockets.drain();
  });

  test('gives back its place and its watch when it goes, once', async () => {
    const given: string[] = [];
    const streams: OpenStreams = {
      enter: () => () => void given.push('place'),
      watch: () => () => void given.push('watch'),
    };
    const started = await start({ streams });
    const [one, another] = [await connect(started), await connect(started)];
    await one.close();
    await eventually(() => given.length === 2);
    another.ws.terminate();
    await eventually(() => given.length === 4);
    expect(given).toEqual(['place', 'watch', 'place', 'watch']);
  });

  test('runs a listed document without reading it again', async () => {
    const document = parse('{ address }');
    const persisted = { id: 'sha256:x', name: 'x', text: 'not read', document };
    const byId = (id: string) => (id === 'sha256:x' ? persisted : undefined);
    const documents = { byId, byName: () => undefined as never };
    const socket = await connect(await start({ options: { documents } }));
    socket.say({ id: '1', type: 'subscribe', payload: { documentId: 'sha256:x' } });
    expect((await socket.last('1')).type).toBe('complete');
  });
});
