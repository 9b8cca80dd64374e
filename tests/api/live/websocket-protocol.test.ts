import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { once } from 'node:events';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import {
  add,
  type Api,
  append,
  demo,
  newEventKey,
  newKey,
  newLocation,
  sitDown,
  startApi,
  useApi,
  type Visit,
  type Json,
} from '../../support/api.js';
import { createTestDatabase } from '../../support/database.js';
import { eventually } from '../../support/eventually.js';
import { openSocket, type RawSocket, type SocketOptions } from '../../support/raw-socket.js';
import { rawRequest } from '../../support/raw-request.js';

const persisted = JSON.parse(
  readFileSync(new URL('../../../src/rest/persisted-documents.json', import.meta.url), 'utf8'),
) as Record<string, string>;
const idOf = (start: string): string =>
  Object.keys(persisted).find((id) => persisted[id]?.startsWith(start)) ?? `no document begins with ${start}`;

const events =
  'subscription ($id: UUID!, $after: SafeInt) { sessionEvents(sessionId: $id, afterSeq: $after) { seq type } }';
const kind = '{ viewer { kind } }';

const sockets: RawSocket[] = [];
const open = async (api: Pick<Api, 'address'>, options: SocketOptions = {}): Promise<RawSocket> => {
  const socket = await openSocket(api, options);
  sockets.push(socket);
  return socket;
};
afterEach(() => {
  for (const { ws } of sockets.splice(0)) ws.terminate();
});

const figure = async (api: Api, name: string): Promise<number> => {
  const { text } = await api.http('GET', '/metrics', { as: demo.operator });
  const line = text.split('\n').find((one) => one.startsWith(`${name} `));
  return line === undefined ? 0 : Number(line.slice(name.length + 1));
};
const quiet = (api: Api) => eventually(async () => (await figure(api, 'qr_live_feeds')) === 0);
const codes = (message: Json): string[] => message.payload.map((error: Json) => error.extensions.code);
const seqs = (socket: RawSocket, id: string): number[] => socket.items(id).map(({ seq }) => seq);

const api = useApi({ socketLimits: { initMs: 300 } });
let visit: Visit;
beforeAll(async () => {
  visit = await sitDown(api);
});

describe('the way in', () => {
  test('a client is let in, pinged back, and may say pong whenever it likes', async () => {
    const socket = await open(api, { as: visit.phone });
    expect(socket.messages).toEqual([{ type: 'connection_ack' }]);
    socket.say({ type: 'pong' });
    socket.say({ type: 'ping', payload: { at: 1 } });
    expect(await socket.until(({ type }) => type === 'pong')).toEqual({ type: 'pong', payload: { at: 1 } });
  });

  test.each([
    ['an unknown subprotocol', 'graphql-ws'],
    ['no subprotocol', null],
  ])('with %s it is closed with 4406', async (_, protocol) => {
    const socket = await open(api, { protocol });
    expect(await socket.ended).toEqual({ code: 4406, reason: 'Subprotocol not acceptable' });
  });

  test('silence is closed with 4408', async () => {
    const socket = await open(api);
    expect(await socket.ended).toEqual({ code: 4408, reason: 'Connection initialisation timeout' });
  });

  test('a second initialisation is closed with 4429', async () => {
    const socket = await open(api, { as: visit.phone });
    socket.say({ type: 'connection_init' });
    expect(await socket.ended).toEqual({ code: 4429, reason: 'Too many initialisation requests' });
  });

  test('an operation before the initialisation is closed with 4401', async () => {
    const socket = await open(api);
    socket.run('1', kind);
    expect((await socket.ended).code).toBe(4401);
  });

  test.each([
    ['an unknown key', { authorization: 'Bearer nonsense' }],
    ['a forged device token', { authorization: `Bearer ${'eyJ'}hbGciOiJIUzI1NiJ9.e30.AAAA` }],
    ['another scheme', { authorization: 'Basic abc' }],
    ['a number', { authorization: 5 }],
    ['an empty text', { authorization: '' }],
  ])('%s as credential is closed with 4401', async (_, params) => {
    const socket = await open(api, { as: null, params });
    expect((await socket.ended).code).toBe(4401);
    expect(socket.messages).toEqual([]);
  });

  test('nobody is let in, and refused by every operation that needs somebody', async () => {
    const socket = await open(api, { as: null });
    socket.run('1', kind);
    await socket.last('1');
    expect(socket.of('1')[0].payload.data.viewer.kind).toBe('NOBODY');
    socket.run('2', events, { id: visit.sessionId });
    expect(codes(await socket.last('2'))).toEqual(['UNAUTHENTICATED']);
  });

  test('the person who uses a key may be named, by a sane name only', async () => {
    const named = await open(api, { as: demo.staff, params: { xActorName: '  Hoa Nguyễn ' } });
    named.run('1', '{ viewer { name } }');
    await named.last('1');
    expect(named.of('1')[0].payload.data.viewer.name).toBe('Hoa Nguyễn');
    const unnamed = await open(api, { as: demo.staff, params: { 'x-actor-name': 'a\u0000b' } });
    expect((await unnamed.ended).code).toBe(4400);
  });

  test('another path is no place for sockets: it answers as HTTP does', async () => {
    await expect(open(api, { path: '/graphql/x' })).rejects.toThrow('404');
    await expect(open(api, { path: '/livez' })).rejects.toThrow('200');
    const headers = { connection: 'Upgrade', upgrade: 'websocket', 'content-type': 'application/json' };
    const body = JSON.stringify({ query: kind });
    const answer = await rawRequest(api.address, '/graphql', { method: 'POST', headers, body });
    expect(JSON.parse(answer.text)).toEqual({ data: { viewer: { kind: 'NOBODY' } } });
  });

  test('a handshake that is none is refused', async () => {
    const headers = { connection: 'Upgrade', upgrade: 'websocket' };
    const wrong = { ...headers, 'sec-websocket-version': '7', 'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==' };
    for (const one of [headers, wrong])
      expect((await rawRequest(api.address, '/graphql', { method: 'GET', headers: one })).status).toBe(400);
  });

  test('a request that offers HTTP/2 is answered by HTTP/1.1, with its body', async () => {
    const offer = {
      connection: 'Upgrade, HTTP2-Settings',
      upgrade: 'h2c',
      'http2-settings': 'AAMAAABkAARAAAAAAAIAAAAA',
    };
    const body = JSON.stringify({ query: kind });
    const headers = { ...offer, 'content-type': 'application/json', authorization: `Bearer ${visit.phone}` };
    const answer = await rawRequest(api.address, '/graphql', { method: 'POST', headers, body });
    expect([answer.status, JSON.parse(answer.text)]).toEqual([200, { data: { viewer: { kind: 'DEVICE' } } }]);
    expect((await rawRequest(api.address, '/livez', { method: 'GET', headers: offer })).status).toBe(200);
  });
});

describe('what is no message', () => {
  test.each([
    ['text that is no JSON', 'hello'],
    ['half a message', '{"type":"connection_init"'],
    ['a list', []],
    ['null', 'null'],
    ['no type', { id: '1' }],
    ['an unknown type', { type: 'start', id: '1' }],
    ['a type that only servers send back', { type: 'next', id: '1' }],
    ['an operation without an id', { type: 'subscribe', payload: { query: kind } }],
    ['an operation without a document', { type: 'subscribe', id: '1', payload: {} }],
    ['variables that are a list', { type: 'subscribe', id: '1', payload: { query: kind, variables: [] } }],
  ])('%s is closed with 4400', async (_, message) => {
    const socket = await open(api, { as: visit.phone });
    socket.say(message);
    expect((await socket.ended).code).toBe(4400);
  });

  test('a binary frame is closed with 4400', async () => {
    const socket = await open(api, { as: visit.phone });
    socket.ws.send(Buffer.from(JSON.stringify({ type: 'ping' })), { binary: true });
    expect((await socket.ended).code).toBe(4400);
  });

  test('a frame of more than 100 kB is closed with 1009, one of less is read', async () => {
    const socket = await open(api, { as: visit.phone });
    socket.run('1', `${kind} #${'x'.repeat(99_000)}`);
    expect((await socket.last('1')).type).toBe('complete');
    socket.run('2', `${kind} #${'x'.repeat(100_000)}`);
    expect((await socket.ended).code).toBe(1009);
  });
});

describe('operations', () => {
  test('a query and a mutation are answered once and completed', async () => {
    const socket = await open(api, { as: visit.phone });
    socket.run('q', 'query ($id: UUID!) { session(id: $id) { id status } }', { id: visit.sessionId });
    await socket.last('q');
    expect(socket.of('q')).toEqual([
      { id: 'q', type: 'next', payload: { data: { session: { id: visit.sessionId, status: 'OPEN' } } } },
      { id: 'q', type: 'complete' },
    ]);
    const event = { addItem: { menuItemId: demo.coffee, quantity: 2 } };
    const input = { sessionId: visit.sessionId, idempotencyKey: newEventKey(), event };
    const mutation = 'mutation ($input: AppendEventInput!) { appendEvent(input: $input) { replayed event { type } } }';
    socket.run('m', mutation, { input });
    await socket.last('m');
    expect(socket.of('m')[0].payload.data.appendEvent).toEqual({ replayed: false, event: { type: 'ADD_ITEM' } });
    socket.run('m', mutation, { input });
    await eventually(() => socket.of('m').length === 4);
    expect(socket.of('m')[2].payload.data.appendEvent.replayed).toBe(true);
  });

  test('a refusal of one field leaves the others their data, as over HTTP', async () => {
    const query = 'query ($id: UUID!) { viewer { kind } session(id: $id) { id } }';
    const variables = { id: randomUUID() };
    const socket = await open(api, { as: demo.staff });
    socket.run('1', query, variables);
    await socket.last('1');
    expect(socket.of('1')[0].payload).toEqual((await api.graphql(query, variables, { as: demo.staff })).body);
  });

  test.each([
    ['text that is no GraphQL', { query: '{ viewer' }],
    ['a field that is not there', { query: '{ viewer { kin } }' }],
    ['a variable of the wrong type', { query: 'query ($id: UUID!) { session(id: $id) { id } }', variables: { id: 5 } }],
    ['a variable that is missing', { query: 'query ($id: UUID!) { session(id: $id) { id } }' }],
    ['an operation that is not there', { query: `query A ${kind}`, operationName: 'B' }],
    ['two operations and no name', { query: `query A ${kind} query B ${kind}` }],
    ['an unknown documentId', { documentId: 'sha256:0000' }],
    ['a documentId that is no text', { documentId: 5 }],
    ['an unknown hash', { extensions: { persistedQuery: { version: 1, sha256Hash: 'x'.repeat(64) } } }],
  ])('%s is answered by one error message, with the words of HTTP', async (_, payload) => {
    const socket = await open(api, { as: visit.phone });
    socket.say({ id: '1', type: 'subscribe', payload });
    const error = await socket.last('1');
    const overHttp = await api.http('POST', '/graphql', { as: visit.phone, body: payload });
    expect(error).toEqual({ id: '1', type: 'error', payload: overHttp.body.errors });
    socket.run('2', kind);
    await socket.last('2');
    expect(socket.of('1')).toEqual([error]);
  });

  test('an error of ours tells nothing but where to look', async () => {
    const socket = await open(api, { as: demo.staff });
    await api.sql`ALTER TABLE locations RENAME TO locations_away`;
    try {
      socket.run('1', 'query ($id: UUID!) { menu(locationId: $id) { currency } }', { id: randomUUID() });
      await socket.last('1');
    } finally {
      await api.sql`ALTER TABLE locations_away RENAME TO locations`;
    }
    const [error] = socket.of('1')[0].payload.errors ?? socket.of('1')[0].payload;
    const { request_id: requestId, ...extensions } = error.extensions;
    expect(extensions).toEqual({ code: 'INTERNAL', retryable: false });
    expect(JSON.stringify(socket.messages)).not.toMatch(/relation|select|postgres|exist/i);
    expect(api.logLines.some((line) => line.reqId === requestId && line.err)).toBe(true);
  });

  test('an id in use is closed with 4409; one that has ended may be used again', async () => {
    const socket = await open(api, { as: visit.phone });
    socket.run('1', kind);
    await socket.last('1');
    socket.run('1', kind);
    await eventually(() => socket.of('1').length === 4);
    socket.run('s', events, { id: visit.sessionId });
    await eventually(() => seqs(socket, 's').length >= 2);
    socket.run('s', kind);
    expect(await socket.ended).toEqual({ code: 4409, reason: 'Subscriber for s already exists' });
  });

  test('an id may be used again at once after the client has completed it, and gets its own answer only', async () => {
    const socket = await open(api, { as: visit.phone });
    const quick = { query: kind, data: { viewer: { kind: 'DEVICE' } } };
    const slow = {
      query: 'query ($id: UUID!) { session(id: $id) { status } }',
      data: { session: { status: 'OPEN' } },
    };
    for (let round = 0; round < 10; round += 1) {
      const id = `r${round}`;
      const [first, second] = round % 2 ? [quick, slow] : [slow, quick];
      socket.atOnce(() => {
        socket.run(id, first.query, { id: visit.sessionId });
        socket.say({ id, type: 'complete' });
        socket.run(id, events, { id: visit.sessionId });
        socket.say({ id, type: 'complete' });
        socket.run(id, second.query, { id: visit.sessionId });
      });
      await socket.last(id);
      expect(socket.of(id)).toEqual([
        { id, type: 'next', payload: { data: second.data } },
        { id, type: 'complete' },
      ]);
    }
    await quiet(api);
  });

  test('an id that waits for its predecessor is in use', async () => {
    const socket = await open(api, { as: visit.phone });
    socket.atOnce(() => {
      socket.run('1', kind);
      socket.say({ id: '1', type: 'complete' });
      socket.run('1', kind);
      socket.run('1', kind);
    });
    expect((await socket.ended).code).toBe(4409);
  });

  test.each([
    ['completes it', (socket: RawSocket) => socket.say({ id: '1', type: 'complete' })],
    ['is gone', (socket: RawSocket) => socket.ws.terminate()],
  ])('a query that waits for news does not wait on when the client %s', async (_, act) => {
    await quiet(api);
    const socket = await open(api, { as: visit.phone });
    const { body } = await api.rest(`GET /sessions/${visit.sessionId}/events`, { as: visit.phone });
    const waits =
      'query ($id: UUID!, $after: String) { events(sessionId: $id, after: $after, wait: 25) { nextCursor } }';
    socket.run('1', waits, { id: visit.sessionId, after: `${body.next_cursor}` });
    await eventually(async () => (await figure(api, 'qr_live_feeds')) === 1);
    act(socket);
    await quiet(api);
  });

  test('completing what never began, or has ended, changes nothing', async () => {
    const socket = await open(api, { as: visit.phone });
    socket.say({ id: 'never', type: 'complete' });
    socket.run('1', kind);
    await socket.last('1');
    socket.say({ id: '1', type: 'complete' });
    socket.run('2', kind);
    expect((await socket.last('2')).type).toBe('complete');
  });
});

describe('a document that asks for too much is refused at once', () => {
  const fanOut = (levels: number) => {
    const parts = Array.from({ length: levels }, (_, n) => `fragment f${n} on Session { ...f${n + 1} ...f${n + 1} }`);
    return `query ($id: UUID!) { session(id: $id) { ...f0 } } ${parts.join('\n')} fragment f${levels} on Session { id }`;
  };
  const types = (levels: number) =>
    `{ __type(name: "Query") { fields { type ${'{ ofType '.repeat(levels)} { name } ${'}'.repeat(levels)} } } }`;
  const subscriptionOf = (fields: string) =>
    `subscription ($id: UUID!) { sessionEvents(sessionId: $id) { seq ${fields} } }`;

  test.each([
    ['a fan-out of 2^20 fragments', fanOut(20)],
    ['101 aliases', `{ ${Array.from({ length: 101 }, (_, n) => `a${n}: viewer { kind }`).join(' ')} }`],
    ['4,000 tokens', `{ viewer { ${'kind '.repeat(2_100)} } }`],
    [
      'many pages at once',
      `query ($id: UUID!) { ${Array.from({ length: 21 }, (_, n) => `a${n}: events(sessionId: $id, first: 500) { nodes { id } }`).join(' ')} }`,
    ],
    ['deep nesting', types(12)],
    ['60 directives', `{ viewer { kind ${'@include(if: true) '.repeat(60)} } }`],
    ['a subscription of too many fields', subscriptionOf(Array.from({ length: 101 }, (_, n) => `a${n}: id`).join(' '))],
    [
      'two roots of a subscription',
      `subscription ($id: UUID!) { a: sessionEvents(sessionId: $id) { seq } b: sessionEvents(sessionId: $id) { seq } }`,
    ],
  ])('%s', async (_, query) => {
    const socket = await open(api, { as: visit.phone });
    socket.run('1', query, { id: visit.sessionId });
    const error = await socket.last('1');
    expect(error.type).toBe('error');
    const isOfTokens = query.includes('kind kind');
    expect(codes(error)[0]).toBe(isOfTokens ? 'GRAPHQL_PARSE_FAILED' : 'GRAPHQL_VALIDATION_FAILED');
  });
});

describe('a subscription', () => {
  test('gives what is behind the seq and then what comes, in order, none missed, none twice', async () => {
    const at = await sitDown(api);
    for (let n = 0; n < 5; n += 1) await append(api, at, add());
    const socket = await open(api, { as: at.phone });
    socket.run('all', events, { id: at.sessionId });
    socket.run('tail', events, { id: at.sessionId, after: 4 });
    const writing = Promise.all(Array.from({ length: 20 }, () => append(api, at, add())));
    socket.run('meanwhile', events, { id: at.sessionId, after: 6 });
    await writing;
    await eventually(() => ['all', 'tail', 'meanwhile'].every((id) => seqs(socket, id).at(-1) === 27));
    const upTo = (first: number) => Array.from({ length: 28 - first }, (_, n) => first + n);
    expect(seqs(socket, 'all')).toEqual(upTo(1));
    expect(seqs(socket, 'tail')).toEqual(upTo(5));
    expect(seqs(socket, 'meanwhile')).toEqual(upTo(7));
  });

  test('says what the query for the same events says', async () => {
    const fields = 'id seq type payload createdAt actor { type id name } ... on AddItemEvent { lineId quantity }';
    const asked = { id: visit.sessionId };
    const socket = await open(api, { as: visit.phone });
    const known = `query ($id: UUID!) { events(sessionId: $id) { nodes { ${fields} } } }`;
    const { body } = await api.graphql(known, asked, { as: visit.phone });
    socket.run('1', `subscription ($id: UUID!) { sessionEvents(sessionId: $id) { ${fields} } }`, asked);
    await eventually(() => socket.items('1').length === body.data.events.nodes.length);
    expect(socket.items('1')).toEqual(body.data.events.nodes);
  });

  test('runs by the id of a listed document, with and without an empty text beside it', async () => {
    const documentId = idOf('subscription EventStream');
    const variables = { sessionId: visit.sessionId };
    const socket = await open(api, { as: visit.phone });
    socket.say({ id: 'a', type: 'subscribe', payload: { documentId, variables } });
    socket.say({ id: 'b', type: 'subscribe', payload: { query: '', documentId, variables } });
    socket.say({ id: 'c', type: 'subscribe', payload: { query: '', extensions: { documentId }, variables } });
    await eventually(() => ['a', 'b', 'c'].every((id) => socket.items(id).length >= 2));
    expect(socket.items('b')).toEqual(socket.items('a'));
    expect(socket.items('c')).toEqual(socket.items('a'));
  });

  test('ends when the client completes it, and lets go of its feed', async () => {
    await quiet(api);
    const at = await sitDown(api);
    const socket = await open(api, { as: at.phone });
    socket.run('1', events, { id: at.sessionId });
    await eventually(() => seqs(socket, '1').length === 2);
    expect(await figure(api, 'qr_live_feeds')).toBe(1);
    socket.say({ id: '1', type: 'complete' });
    await quiet(api);
    await append(api, at, add());
    socket.run('2', events, { id: at.sessionId, after: 2 });
    await eventually(() => seqs(socket, '2').length === 1);
    expect(seqs(socket, '1')).toEqual([1, 2]);
    expect(socket.of('1').every(({ type }) => type === 'next')).toBe(true);
  });

  test('completed in the same breath as it was asked for, leaves nothing behind', async () => {
    await quiet(api);
    const socket = await open(api, { as: visit.phone });
    socket.atOnce(() => {
      for (let n = 0; n < 20; n += 1) {
        socket.run(`${n}`, events, { id: visit.sessionId });
        socket.say({ id: `${n}`, type: 'complete' });
      }
    });
    socket.run('q', kind);
    await socket.last('q');
    await quiet(api);
  });

  test('lets go of its feed when the connection is torn', async () => {
    await quiet(api);
    const before = await figure(api, 'qr_live_streams{face="websocket"}');
    const socket = await open(api, { as: visit.phone });
    for (const id of ['1', '2', '3']) socket.run(id, events, { id: visit.sessionId });
    await eventually(async () => (await figure(api, 'qr_live_feeds')) === 3);
    socket.ws.terminate();
    await quiet(api);
    await eventually(async () => (await figure(api, 'qr_live_streams{face="websocket"}')) <= before);
  });

  test('completes when the session has ended, and also when it had ended before', async () => {
    const at = await sitDown(api);
    const socket = await open(api, { as: at.phone });
    socket.run('1', events, { id: at.sessionId });
    await eventually(() => seqs(socket, '1').length === 2);
    await api.rest(`POST /sessions/${at.sessionId}/close`, { as: demo.staff, body: { reason: 'they left' } });
    await socket.last('1');
    expect(socket.of('1').map(({ type, payload }) => payload?.data.sessionEvents.type ?? type)).toEqual([
      'SESSION_OPENED',
      'DEVICE_JOINED',
      'SESSION_CLOSED',
      'complete',
    ]);
    socket.run('2', events, { id: at.sessionId, after: 3 });
    await socket.last('2');
    expect(socket.of('2')).toEqual([{ id: '2', type: 'complete' }]);
  });

  test('completes for a phone right behind its removal, and goes on for the others', async () => {
    const at = await sitDown(api);
    const other = await sitDown(api, at);
    const [removed, staying] = [await open(api, { as: at.phone }), await open(api, { as: other.phone })];
    for (const socket of [removed, staying]) socket.run('1', events, { id: at.sessionId });
    await eventually(() => [removed, staying].every((socket) => seqs(socket, '1').length === 3));
    await api.rest(`DELETE /sessions/${at.sessionId}/devices/${at.deviceId}`, { as: demo.staff });
    await append(api, other, add());
    expect((await removed.last('1')).type).toBe('complete');
    expect(removed.items('1').at(-1).type).toBe('DEVICE_REMOVED');
    await eventually(() => staying.items('1').at(-1)?.type === 'ADD_ITEM');
    removed.run('2', events, { id: at.sessionId });
    expect((await removed.last('2')).type).toBe('error');
  });

  test.each([
    ['another session of a phone', () => visit.phone, async () => (await sitDown(api)).sessionId, 'NOT_FOUND'],
    ['a session of another tenant', () => demo.otherStaff, async () => visit.sessionId, 'NOT_FOUND'],
    ['a session that never was', () => demo.staff, async () => randomUUID(), 'NOT_FOUND'],
    ['a table token', () => visit.token, async () => visit.sessionId, 'FORBIDDEN'],
  ])('of %s is refused', async (_, as, sessionId, code) => {
    const socket = await open(api, { as: as() });
    socket.run('1', events, { id: await sessionId() });
    const error = await socket.last('1');
    expect([error.type, codes(error)]).toEqual(['error', [code]]);
    await quiet(api);
  });

  test.each([
    ['a negative seq', { after: -1 }],
    ['an id that is none', { id: 'x' }],
  ])('with %s is refused as not valid', async (_, wrong) => {
    const socket = await open(api, { as: visit.phone });
    socket.run('1', events, { id: visit.sessionId, ...wrong });
    const error = await socket.last('1');
    expect([error.type, codes(error)]).toEqual(['error', ['VALIDATION_FAILED']]);
  });

  test('of a key that is revoked ends with its socket, by 4401, within five seconds', async () => {
    const key = await newKey(api);
    const socket = await open(api, { as: key });
    socket.run('1', events, { id: visit.sessionId });
    await eventually(() => socket.items('1').length >= 2);
    await api.sql`DELETE FROM api_keys WHERE key_hash = sha256(convert_to(${key}, 'UTF8'))`;
    const revokedAt = performance.now();
    expect((await socket.ended).code).toBe(4401);
    expect(performance.now() - revokedAt).toBeLessThan(5_000);
    expect((await (await open(api, { as: key })).ended).code).toBe(4401);
    expect(await figure(api, 'qr_live_dropped_total{face="websocket",reason="revoked"}')).toBe(1);
  });
});

describe('with limits on', () => {
  const strict = useApi({ env: { RATE_LIMITS: '1', PERSISTED_ONLY: '1', CORS_ORIGINS: 'https://order.example.com' } });
  const documentId = idOf('subscription EventStream');
  const follow = (id: string, sessionId: string) => ({
    id,
    type: 'subscribe',
    payload: { documentId, variables: { sessionId } },
  });

  test('the 51st operation of a socket is refused, until another has ended', async () => {
    const at = await sitDown(strict);
    const socket = await open(strict, { as: at.phone });
    for (let n = 1; n <= 51; n += 1) socket.say(follow(`${n}`, at.sessionId));
    const error = await socket.last('51');
    expect([error.type, codes(error), error.payload[0].extensions.retryable]).toEqual([
      'error',
      ['RATE_LIMITED'],
      true,
    ]);
    const received = () => Array.from({ length: 50 }, (_, n) => socket.items(`${n + 1}`).length);
    await eventually(() => received().every((count) => count === 2));
    socket.say({ id: '1', type: 'complete' });
    await eventually(async () => (await figure(strict, 'qr_live_feeds')) === 49);
    socket.say(follow('52', at.sessionId));
    await eventually(() => socket.items('52').length === 2);
    expect(received()).toEqual(Array(50).fill(2));
  });

  test('the 21st socket of a phone is closed with 4429, until another has gone', async () => {
    const at = await sitDown(strict);
    const all = await Promise.all(Array.from({ length: 20 }, () => open(strict, { as: at.phone })));
    expect((await (await open(strict, { as: at.phone })).ended).code).toBe(4429);
    expect((await open(strict, { as: (await sitDown(strict)).phone })).messages).toEqual([{ type: 'connection_ack' }]);
    await all[0]?.close();
    const again = await eventually(async () => {
      const socket = await open(strict, { as: at.phone });
      return socket.messages.length > 0 && socket;
    });
    expect(again.messages).toEqual([{ type: 'connection_ack' }]);
  });

  test('only listed documents run where no others are taken', async () => {
    const at = await sitDown(strict);
    const socket = await open(strict, { as: at.phone });
    const payloads = [
      { query: kind },
      { query: persisted[documentId] ?? '', variables: { sessionId: at.sessionId } },
      { query: '', extensions: { persistedQuery: { version: 1, sha256Hash: 'x' } } },
    ];
    for (const [n, payload] of payloads.entries()) {
      socket.say({ id: `${n}`, type: 'subscribe', payload });
      const overHttp = await strict.http('POST', '/graphql', { as: at.phone, body: payload });
      expect(await socket.last(`${n}`)).toEqual({ id: `${n}`, type: 'error', payload: overHttp.body.errors });
      expect(codes(await socket.last(`${n}`))).toEqual(['PERSISTED_DOCUMENTS_ONLY']);
    }
    socket.say({ ...follow('ok', at.sessionId) });
    await eventually(() => socket.items('ok').length === 2);
  });

  test('only pages of listed origins, and our own, open sockets', async () => {
    const { host } = new URL(strict.address);
    for (const origin of ['https://elsewhere.example.com', 'null', `https://${host}.example.com`, 'nonsense'])
      await expect(open(strict, { headers: { origin } })).rejects.toThrow('403');
    for (const origin of ['https://order.example.com', `http://${host}`])
      expect((await open(strict, { headers: { origin }, as: null })).messages).toHaveLength(1);
    const refusal = await rawRequest(strict.address, '/graphql', {
      method: 'GET',
      headers: {
        ...{ connection: 'Upgrade', upgrade: 'websocket', origin: 'https://elsewhere.example.com' },
        ...{ 'sec-websocket-version': '13', 'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==' },
      },
    });
    expect(JSON.parse(refusal.text)).toMatchObject({ status: 403, code: 'FORBIDDEN' });
    expect(refusal.headers['x-request-id']).toBeTruthy();
  });
});

describe('in production', () => {
  const production = useApi({
    env: {
      ...{ NODE_ENV: 'production', DEMO: '0', PUBLIC_URL: 'https://order.example.com' },
      AUTH_SECRET: 'k9Jq2Vw8Zr4Xt6Bn1Mc3Lp5Hs7Gd0Fa!Yu-Te_Ri',
    },
  });

  test('nothing can be explored', async () => {
    const socket = await open(production, { as: null, headers: { origin: 'https://order.example.com' } });
    socket.run('1', '{ __schema { queryType { name } } }');
    expect(codes(await socket.last('1'))[0]).toBe('GRAPHQL_VALIDATION_FAILED');
    socket.run('2', '{ viewer { kin } }');
    expect(JSON.stringify(await socket.last('2'))).not.toMatch(/did you mean/i);
    await expect(open(production, { headers: { origin: 'https://elsewhere.example.com' } })).rejects.toThrow('403');
  });
});

describe('a server that stops', () => {
  test('lets running operations answer, completes no subscription, and sends clients away with 1001', async () => {
    const database = await createTestDatabase();
    const stopping = await startApi({ databaseUrl: database.url });
    const { itemId, ...place } = await newLocation(stopping);
    const at = await sitDown(stopping, place);
    const socket = await open(stopping, { as: at.phone });
    const idle = await open(stopping);
    socket.run('s', events, { id: at.sessionId });
    await eventually(() => seqs(socket, 's').length === 2);
    const lock = await stopping.sql.reserve();
    await lock`BEGIN`;
    await lock`SELECT 1 FROM qr_sessions WHERE id = ${at.sessionId} FOR UPDATE`;
    const event = { addItem: { menuItemId: itemId, quantity: 1 } };
    const input = { sessionId: at.sessionId, idempotencyKey: newEventKey(), event };
    socket.run('m', 'mutation ($input: AppendEventInput!) { appendEvent(input: $input) { event { seq } } }', { input });
    socket.say({ type: 'ping' });
    await socket.until(({ type }) => type === 'pong');
    const stopped = stopping.stop();
    expect(await idle.ended).toMatchObject({ code: 1001 });
    await expect(open(stopping)).rejects.toThrow();
    socket.run('late', kind);
    expect(codes(await socket.last('late'))).toEqual(['UNAVAILABLE']);
    await lock`COMMIT`;
    lock.release();
    const { code, reason } = await socket.ended;
    expect([code, reason]).toEqual([1001, expect.stringMatching(/^retry: \d{3,4}$/)]);
    expect(socket.of('m')[0].payload.data.appendEvent.event.seq).toBe(3);
    expect(socket.of('s').every(({ type }) => type === 'next')).toBe(true);
    await stopped;
    await database.drop();
  });

  test('tells a write that is stuck in the database to come again with its key, and another node knows the outcome', async () => {
    const database = await createTestDatabase();
    const [stopping, other] = [
      await startApi({ databaseUrl: database.url, socketLimits: { drainMs: 200 } }),
      await startApi({ databaseUrl: database.url }),
    ];
    const { itemId, ...place } = await newLocation(stopping);
    const at = await sitDown(stopping, place);
    const lock = await other.sql.reserve();
    await lock`BEGIN`;
    await lock`SELECT 1 FROM qr_sessions WHERE id = ${at.sessionId} FOR UPDATE`;
    const event = { addItem: { menuItemId: itemId, quantity: 1 } };
    const input = { sessionId: at.sessionId, idempotencyKey: newEventKey(), event };
    const write = 'mutation ($input: AppendEventInput!) { appendEvent(input: $input) { event { seq } } }';
    const socket = await open(stopping, { as: at.phone });
    socket.run('m', write, { input });
    socket.say({ type: 'ping' });
    await socket.until(({ type }) => type === 'pong');
    const stopped = stopping.stop();
    expect(await socket.ended).toEqual({ code: 1001, reason: expect.stringMatching(/^retry: \d{3,4}$/) });
    expect(socket.of('m').map(({ type }) => type)).toEqual(['error']);
    expect(socket.of('m')[0].payload[0].extensions).toMatchObject({ code: 'UNAVAILABLE', retryable: true });
    await lock`COMMIT`;
    lock.release();
    await stopped;
    const again = await open(other, { as: at.phone });
    again.run('m', write, { input });
    await again.last('m');
    expect(again.items('m')).toEqual([{ event: { seq: 3 } }]);
    await other.stop();
    await database.drop();
  });
});

test('a client that does not answer pings is cut off, one that does is not', async () => {
  const database = await createTestDatabase();
  const watchful = await startApi({ databaseUrl: database.url, socketLimits: { pingMs: 100, tickMs: 20 } });
  const [dead, alive] = [await open(watchful, { as: null }), await open(watchful, { as: null })];
  let pings = 0;
  alive.ws.on('ping', () => (pings += 1));
  dead.ws.pause();
  await eventually(
    async () => (await figure(watchful, 'qr_live_dropped_total{face="websocket",reason="silent"}')) === 1,
  );
  await eventually(() => pings > 5);
  expect(alive.ws.readyState).toBe(alive.ws.OPEN);
  dead.ws.terminate();
  const gone = once(alive.ws, 'close');
  await watchful.stop();
  await gone;
  await database.drop();
});
