/** What goes out on a response, with a feed that the test holds. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect as connectSocket } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createSseStreams, type SseLimits } from '../../../../src/http/live/sse-streams.js';
import type { Feed, FeedEnd } from '../../../../src/services/follow-session.js';
import { eventually } from '../../../support/eventually.js';

let server: Server;
let responses: ServerResponse[];
beforeEach(async () => {
  responses = [];
  server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    responses.push(response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

/** A client, and the server's end of its connection. */
async function connect(): Promise<{
  client: IncomingMessage;
  response: ServerResponse;
  text: () => string;
  ended: Promise<boolean>;
}> {
  const { port } = server.address() as AddressInfo;
  const call = request({ port, agent: false });
  call.end();
  await eventually(() => responses.length === 1);
  const response = responses[0] as ServerResponse;
  response.flushHeaders();
  const [client] = (await once(call, 'response')) as [IncomingMessage];
  let text = '';
  client.on('data', (part: Buffer) => (text += part.toString('latin1')));
  client.on('error', () => undefined);
  const ended = new Promise<boolean>((resolve) => client.once('close', () => resolve(client.complete)));
  return { client, response, text: () => text, ended };
}

interface TestFeed extends Feed<object> {
  give(next: readonly object[] | FeedEnd | Error): void;
  readonly isClosed: boolean;
}

function feedOf(): TestFeed {
  const ready: (readonly object[] | FeedEnd | Error)[] = [];
  let waiter: (() => void) | undefined;
  let isClosed = false;
  const give: TestFeed['give'] = (next) => {
    ready.push(next);
    waiter?.();
  };
  return {
    give,
    get isClosed() {
      return isClosed;
    },
    async next() {
      while (ready.length === 0) await new Promise<void>((resolve) => (waiter = resolve));
      const next = ready.shift() as readonly object[] | FeedEnd | Error;
      if (next instanceof Error) throw next;
      return next;
    },
    close() {
      if (!isClosed) give('closed');
      isClosed = true;
    },
  };
}

function deliver(response: ServerResponse, limits: Partial<SseLimits> = {}) {
  const dropped: string[] = [];
  const errors: unknown[] = [];
  const stopped: string[] = [];
  const live = { dropped: (face: string, why: string) => void dropped.push(`${face} ${why}`) };
  const log = { info: () => undefined, error: (line: object) => errors.push(line) } as never;
  const streams = createSseStreams(live, limits);
  const feed = feedOf();
  const render = (item: object) => Buffer.from((item as { text: string }).text);
  streams.deliver(response, { feed, render, stops: [() => stopped.push('one'), () => stopped.push('two')], log });
  return { streams, feed, dropped, errors, stopped };
}

const much = [{ text: 'x'.repeat(16_000_000) }];

describe('a stream', () => {
  test('ends whole when its feed is over, and lets go of everything once', async () => {
    const { response, text, ended } = await connect();
    const { feed, stopped, dropped } = deliver(response);
    feed.give([{ text: 'a' }, { text: 'b' }]);
    feed.give('over');
    expect(await ended).toBe(true);
    expect(text()).toBe(': events follow\nretry: 2000\n\nab');
    await eventually(() => stopped.length > 0);
    expect([stopped, feed.isClosed, dropped]).toEqual([['one', 'two'], true, []]);
  });

  test('of a client that went away lets go of everything, also when it went before the stream began', async () => {
    const first = await connect();
    first.client.destroy();
    await eventually(() => first.response.destroyed);
    const early = deliver(first.response);
    await eventually(() => early.stopped.length === 2);
    early.feed.close();
    responses = [];
    const second = await connect();
    const late = deliver(second.response);
    second.client.destroy();
    await eventually(() => late.stopped.length === 2);
    late.feed.close();
    expect([early.dropped, late.dropped]).toEqual([[], []]);
  });

  test('that cannot be rendered or read breaks off, so that the client comes back, and says why in the log', async () => {
    const { response, ended } = await connect();
    const { feed, errors, stopped } = deliver(response);
    feed.give(new Error('the log is broken'));
    expect(await ended).toBe(false);
    await eventually(() => stopped.length === 2);
    expect(errors).toHaveLength(1);
  });

  test('waits while its client reads nothing, goes on when it reads again, and asks for nothing meanwhile', async () => {
    const { client, response, text, ended } = await connect();
    const { feed, dropped } = deliver(response, { beatMs: 30 });
    client.pause();
    feed.give(much);
    feed.give([{ text: 'behind' }]);
    await eventually(() => response.writableNeedDrain);
    expect(response.writableLength).toBeLessThan(17_000_000);
    client.resume();
    feed.give('over');
    expect(await ended).toBe(true);
    expect(text().endsWith('xbehind')).toBe(true);
    expect(dropped).toEqual([]);
  });

  test('is cut off when its client reads nothing for too long', async () => {
    const { client, response, ended } = await connect();
    const { feed, dropped, stopped } = deliver(response, { patienceMs: 100 });
    client.pause();
    feed.give(much);
    await eventually(() => stopped.length === 2);
    client.resume();
    expect(await ended).toBe(false);
    expect(dropped).toEqual(['sse slow']);
  });

  test('is cut off as well when its client does not take the end', async () => {
    const client = connectSocket((server.address() as AddressInfo).port, '127.0.0.1').pause();
    client.on('error', () => undefined).write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    await eventually(() => responses.length === 1);
    const response = responses[0] as ServerResponse;
    const { feed, dropped, stopped } = deliver(response, { patienceMs: 100 });
    // Fills the way to the client past this stream, whose end then cannot go out.
    response.socket?.write(Buffer.alloc(16_000_000));
    feed.give('over');
    await eventually(() => stopped.length === 2);
    expect(dropped).toEqual(['sse slow']);
    client.destroy();
  });
});

describe('a server that stops', () => {
  test('waits until the last words are taken, and cuts off who does not take them', async () => {
    const { client, response, ended } = await connect();
    const { streams, feed, dropped } = deliver(response, { drainMs: 100 });
    client.pause();
    feed.give(much);
    await eventually(() => response.writableNeedDrain);
    feed.give('draining');
    await streams.drain();
    client.resume();
    expect(await ended).toBe(false);
    expect(dropped).toEqual([]);
  });

  test('has nothing to wait for when all have ended', async () => {
    const { response, text, ended } = await connect();
    const { streams, feed } = deliver(response, { drainMs: 600_000 });
    feed.give('draining');
    await streams.drain();
    expect(await ended).toBe(true);
    expect(text()).toMatch(/\nretry: \d+\n\n$/);
    await streams.drain();
  });
});
