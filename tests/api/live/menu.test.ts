/** The menu, pushed to those who look at it: over WebSockets and as Server-Sent Events, on one node and on another. */
import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Api, demo, type Json, newKey, newLocation, sitDown, startApi, useApi } from '../../support/api.js';
import { type EventStream, openStreamAt, refusal, type StreamRequest } from '../../support/event-stream.js';
import { eventually } from '../../support/eventually.js';
import { openSocket, type RawSocket } from '../../support/raw-socket.js';

const api = useApi();
const sockets: RawSocket[] = [];
const streams: EventStream[] = [];
let place: Awaited<ReturnType<typeof newLocation>>;

beforeEach(async () => {
  place = await newLocation(api);
});
afterEach(async () => {
  for (const { ws } of sockets.splice(0)) ws.terminate();
  for (const opened of streams.splice(0)) opened.cut();
  await eventually(async () => (await feeds(api)) === 0);
});

const feeds = async (on: Api): Promise<number> => {
  const { text } = await on.http('GET', '/metrics', { as: demo.operator });
  return Number(/^qr_live_feeds (\d+)$/m.exec(text)?.[1] ?? 0);
};

const document = `subscription ($at: UUID!, $language: String, $after: String) {
  menuChanges(locationId: $at, language: $language, after: $after) {
    version ordering cursor etag items { menuItemId name available price } } }`;

interface Following {
  readonly as?: string | null;
  readonly on?: Pick<Api, 'address'>;
  readonly variables?: object;
}

async function follow({ as = demo.staff, on = api, variables = {} }: Following = {}): Promise<RawSocket> {
  const socket = await openSocket(on, { as });
  sockets.push(socket);
  socket.run('1', document, { at: place.locationId, ...variables });
  return socket;
}

async function stream(ask: StreamRequest = {}, on: Pick<Api, 'address'> = api): Promise<EventStream> {
  const url = `${on.address}/api/v1/locations/${place.locationId}/menu/stream`;
  const opened = await openStreamAt(url, { as: demo.staff, ...ask });
  streams.push(opened);
  return opened;
}

const items = (socket: RawSocket): readonly Json[] => socket.items('1');
const received = (socket: RawSocket, count: number, within = 10_000) =>
  eventually(() => items(socket).length >= count && items(socket), { within });
const sell = (available: boolean, as: string = demo.staff) =>
  api.rest(`POST /admin/menu-items/${place.itemId}/availability`, { as, body: { available } });

/** So long a change may take to be seen on another node, and a little for the machine. */
const elsewhereWithin = 2_500;

describe('over a WebSocket', () => {
  test('the present menu comes first, and then the whole menu at each change', async () => {
    const socket = await follow();
    const [first] = await received(socket, 1);
    expect(first).toMatchObject({ version: 1, ordering: 'OPEN', cursor: '1.open', etag: '"m1.open"' });
    expect(first.items).toEqual([{ menuItemId: place.itemId, name: 'Cơm', available: true, price: 50_000 }]);
    await sell(false);
    const [, second] = await received(socket, 2);
    expect(second).toMatchObject({ version: 2, items: [{ available: false }] });
    const body = { price: 51_000, name: 'Cơm gà' };
    await api.rest(`PATCH /admin/menu-items/${place.itemId}`, { as: demo.manager, body });
    const [, , third] = await received(socket, 3);
    expect(third).toMatchObject({ version: 3, items: [{ name: 'Cơm gà', price: 51_000 }] });
  });

  test('everybody of the restaurant follows it: a phone, a printed code, every key', async () => {
    const { phone } = await sitDown(api, place);
    const bound = await newKey(api, { locationId: place.locationId });
    const all = await Promise.all([phone, place.token, demo.manager, bound].map((as) => follow({ as })));
    for (const socket of all) await received(socket, 1);
    await sell(false);
    for (const socket of all) expect((await received(socket, 2))[1]).toMatchObject({ version: 2 });
  });

  test('in the language that one asks for', async () => {
    const body = { translations: { en: { name: 'Rice' }, 'zh-Hant': { name: '飯' } } };
    await api.rest(`PATCH /admin/menu-items/${place.itemId}`, { as: demo.manager, body });
    const words = async (language: string) =>
      (await received(await follow({ variables: { language } }), 1))[0].items[0].name;
    expect(await Promise.all(['en-GB', 'zh-hant-tw', 'zh', 'fr'].map(words))).toEqual(['Rice', '飯', 'Cơm', 'Cơm']);
  });

  test('many changes at once: the last one is told, and no version twice or back', async () => {
    const socket = await follow();
    await received(socket, 1);
    await Promise.all(Array.from({ length: 10 }, (_, n) => sell(n % 2 === 0)));
    await sell(false);
    await sell(true);
    const { body } = await api.rest(`GET /locations/${place.locationId}/menu`, { as: demo.staff });
    await eventually(() => items(socket).at(-1).version === body.version, { within: 10_000 });
    const versions = items(socket).map(({ version }) => version);
    expect(versions).toEqual([...new Set(versions)].sort((a, b) => a - b));
  });

  test('refuses who has no business there, and what is no language', async () => {
    const codeOf = async (following: Following) => {
      const { payload } = await (await follow(following)).last('1');
      return payload[0].extensions.code;
    };
    const other = await newLocation(api);
    expect(await codeOf({ as: demo.otherStaff })).toBe('NOT_FOUND');
    expect(await codeOf({ as: await newKey(api, { locationId: other.locationId }) })).toBe('NOT_FOUND');
    expect(await codeOf({ as: (await sitDown(api, other)).phone })).toBe('NOT_FOUND');
    expect(await codeOf({ variables: { at: randomUUID() } })).toBe('NOT_FOUND');
    expect(await codeOf({ as: demo.operator })).toBe('FORBIDDEN');
    expect(await codeOf({ as: null })).toBe('UNAUTHENTICATED');
    expect(await codeOf({ variables: { language: 'no language' } })).toBe('VALIDATION_FAILED');
  });
});

describe('as Server-Sent Events', () => {
  test('an item is the menu of the list, byte for byte, with its version as id', async () => {
    const opened = await stream();
    expect(opened.headers['content-type']).toBe('text/event-stream');
    const menu = async () => (await api.rest(`GET /locations/${place.locationId}/menu`, { as: demo.staff })).text;
    expect(await opened.count(1)).toEqual([{ id: '1.open', data: await menu() }]);
    await sell(false);
    expect((await opened.count(2))[1]).toEqual({ id: '2.open', data: await menu() });
  });

  test('who comes back with the present id gets the next one first, any other gets the present one', async () => {
    const current = await stream({ headers: { 'Last-Event-ID': '1.open' } });
    for (const id of ['0.open', '1.paused', '17.open', 'x']) {
      const stale = await stream({ headers: { 'Last-Event-ID': id } });
      expect(await stale.count(1)).toMatchObject([{ id: '1.open' }]);
    }
    await sell(false);
    expect(await current.count(1)).toMatchObject([{ id: '2.open' }]);
  });

  test('in a language', async () => {
    const body = { translations: { en: { name: 'Rice' } } };
    await api.rest(`PATCH /admin/menu-items/${place.itemId}`, { as: demo.manager, body });
    const [message] = await (await stream({ query: 'language=en' })).count(1);
    expect(JSON.parse(message?.data ?? '').items[0]).toMatchObject({ name: 'Rice', translations: body.translations });
  });

  test('refuses who has no business there, and what is no language', async () => {
    const other = await newLocation(api);
    const refused = async (ask: StreamRequest) => {
      const { status, body } = await refusal(await stream(ask));
      return [status, body.code];
    };
    expect(await refused({ as: demo.otherStaff })).toEqual([404, 'NOT_FOUND']);
    expect(await refused({ as: await newKey(api, { locationId: other.locationId }) })).toEqual([404, 'NOT_FOUND']);
    expect(await refused({ as: demo.operator })).toEqual([403, 'FORBIDDEN']);
    expect(await refused({ as: 'nobody' })).toEqual([401, 'UNAUTHENTICATED']);
    expect(await refused({ query: 'language=no+language' })).toEqual([400, 'VALIDATION_FAILED']);
  });

  test('ends when its key is revoked', async () => {
    const as = await newKey(api);
    const opened = await stream({ as });
    await opened.count(1);
    await api.sql`UPDATE api_keys SET revoked_at = now() WHERE key_hash = sha256(convert_to(${as}, 'UTF8'))`;
    expect(await opened.ended).toBe('whole');
  });
});

describe('on another node', () => {
  test('a change is told within two seconds, and so is a pause of ordering', async () => {
    const node = await startApi({ databaseUrl: api.databaseUrl });
    try {
      const [socket, events] = [await follow({ on: node }), await stream({}, node)];
      await received(socket, 1);
      await events.count(1);
      await sell(false);
      expect((await received(socket, 2, elsewhereWithin))[1]).toMatchObject({ version: 2 });
      await events.count(2);
      await api.sql`UPDATE locations SET ordering = 'paused' WHERE id = ${place.locationId}`;
      expect((await received(socket, 3, elsewhereWithin))[2]).toMatchObject({ cursor: '2.paused' });
      expect((await events.count(3))[2]).toMatchObject({ id: '2.paused' });
    } finally {
      await node.stop();
    }
  });

  test('a server that stops sends its followers away in order', async () => {
    const node = await startApi({ databaseUrl: api.databaseUrl });
    const [socket, events] = [await follow({ on: node }), await stream({}, node)];
    await received(socket, 1);
    await events.count(1);
    await node.stop();
    expect(await socket.ended).toMatchObject({ code: 1001, reason: expect.stringMatching(/^retry: \d+$/) });
    expect(socket.of('1').filter(({ type }) => type === 'complete')).toEqual([]);
    expect(await events.ended).toBe('whole');
    expect(events.text).toMatch(/retry: \d+\n\n$/);
  });
});
