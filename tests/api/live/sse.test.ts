/** Following a session by Server-Sent Events, over the real server. */
import { describe, expect, test } from 'vitest';
import type { SessionId } from '../../../src/domain/ids.js';
import { add, append, demo, newKey, newLocation, newTable, sitDown, useApi, type Visit } from '../../support/api.js';
import { type EventStream, figure, openStream, refusal, type StreamRequest } from '../../support/event-stream.js';
import { eventually } from '../../support/eventually.js';
import { useOtherNode } from '../../support/other-node.js';
import { endTime } from '../../support/session-time.js';

const api = useApi({ sseLimits: { beatMs: 300 } });
const other = useOtherNode(api);

const follow = (visit: Pick<Visit, 'sessionId' | 'phone'>, ask: StreamRequest = {}) =>
  openStream(api.address, visit.sessionId, { as: visit.phone, ...ask });
const ids = (stream: EventStream) => stream.messages.map(({ id }) => Number(id));
const upTo = (last: number, from = 1) => Array.from({ length: last - from + 1 }, (_, index) => from + index);
const close = ({ sessionId }: Pick<Visit, 'sessionId'>) =>
  api.rest(`POST /sessions/${sessionId}/close`, { as: demo.staff, body: { reason: 'they left' } });
const remove = ({ sessionId, deviceId }: Visit) =>
  api.rest(`DELETE /sessions/${sessionId}/devices/${deviceId}`, { as: demo.staff });

describe('a stream', () => {
  test('begins at once, with its headers, before there is anything to tell', async () => {
    const visit = await sitDown(api);
    const stream = await follow(visit, {
      query: 'cursor=2',
      headers: { 'x-request-id': 'mine', origin: 'https://a.example' },
    });
    await eventually(() => stream.text.includes('\n\n'));
    expect(stream.text.startsWith(': events follow\nretry: 2000\n\n')).toBe(true);
    expect(stream.status).toBe(200);
    expect(stream.headers).toMatchObject({
      'content-type': 'text/event-stream',
      'cache-control': 'no-store, no-transform',
      'x-accel-buffering': 'no',
      'x-request-id': 'mine',
      'access-control-allow-origin': '*',
      'x-content-type-options': 'nosniff',
    });
    stream.cut();
  });

  test('tells what is there and then what comes, each as the list has it, byte for byte', async () => {
    const visit = await sitDown(api);
    await append(api, visit, add({ note: 'a\nb "c" \\ \u2028 😀 phở' }));
    const stream = await follow(visit);
    await stream.count(3);
    const { body } = await append(api, visit, add({ quantity: 2, note: 'ít đá' })).then(async (first) => {
      await append(api, visit, {
        idempotency_key: 'qty-0001',
        event_type: 'modify_qty',
        payload: { line_id: first.event.payload.line_id, delta: 1 },
      });
      await close(visit);
      return api.rest(`GET /sessions/${visit.sessionId}/events`, { as: visit.phone });
    });
    expect(await stream.ended).toBe('whole');
    const list = await api.http('GET', `/api/v1/sessions/${visit.sessionId}/events`, { as: visit.phone });
    const data = stream.messages.map((message) => message.data);
    expect(list.text).toContain(`[${data.join(',')}]`);
    expect(data.map((text) => JSON.parse(text))).toEqual(body.events);
    expect(ids(stream)).toEqual(body.events.map((event: { event_seq: number }) => event.event_seq));
    expect(stream.text).not.toMatch(/^event:/m);
  });

  test('gives staff and phones of the table the same', async () => {
    const visit = await sitDown(api);
    const streams = await Promise.all([
      follow(visit),
      follow(visit, { as: demo.staff }),
      follow(visit, { as: demo.manager }),
    ]);
    await append(api, visit, add());
    const all = await Promise.all(streams.map((stream) => stream.count(3)));
    expect(all[1]).toEqual(all[0]);
    expect(all[2]).toEqual(all[0]);
    for (const stream of streams) stream.cut();
  });

  test('tells what another node writes', async () => {
    const visit = await sitDown(api);
    const stream = await follow(visit, { query: 'cursor=2' });
    const { log } = other.deps;
    const scope = await other.deps.tokens.readDeviceToken(visit.phone);
    const { appendEvents } = await import('../../../src/services/append-events.js');
    const input = { menu_item_id: demo.coffee, quantity: 3 };
    await appendEvents(other.deps, scope!, {
      sessionId: visit.sessionId as SessionId,
      events: [{ idempotencyKey: 'elsewhere', type: 'add_item', input }],
    });
    expect((await stream.count(1))[0]?.id).toBe('3');
    expect(log.followers).toBe(0);
    stream.cut();
  });

  test('says something on a quiet line, so that nobody in between takes it for dead', async () => {
    const stream = await follow(await sitDown(api), { query: 'cursor=2' });
    await eventually(() => stream.text.split('\n\n').filter((block) => block === ':').length >= 2);
    expect(stream.messages).toEqual([]);
    stream.cut();
  });

  test('has no gap and no repeat while several write, wherever it begins and however often it is cut', async () => {
    const visit = await sitDown(api);
    const writers = 4;
    const each = 30;
    const last = 2 + writers * each;
    const received = new Map<number, number[]>();
    const readers = upTo(6).map(async (reader) => {
      const seen: number[] = [];
      received.set(reader, seen);
      const start = reader % 3;
      while ((seen.at(-1) ?? start) < last) {
        const stream = await follow(visit, {
          query: `cursor=${start}`,
          headers: seen.length > 0 ? { 'last-event-id': String(seen.at(-1)) } : {},
        });
        const wanted = Math.min(reader * 4, last - (seen.at(-1) ?? start));
        seen.push(...(await stream.count(wanted)).map(({ id }) => Number(id)));
        stream.cut();
      }
    });
    await Promise.all(
      upTo(writers).map(async () => {
        for (let turn = 0; turn < each; turn += 1) await append(api, visit, add());
      }),
    );
    await Promise.all(readers);
    for (const [reader, seen] of received) expect(seen).toEqual(upTo(last, (reader % 3) + 1));
  });
});

describe('a client that comes back', () => {
  test('goes on behind the last event it has, whatever its address says', async () => {
    const visit = await sitDown(api);
    for (const _ of upTo(3)) await append(api, visit, add());
    const stream = await follow(visit, { query: 'cursor=1', headers: { 'last-event-id': '3' } });
    await stream.count(2);
    expect(ids(stream)).toEqual([4, 5]);
    stream.cut();
    const byCursor = await follow(visit, { query: 'cursor=4' });
    await byCursor.count(1);
    expect(ids(byCursor)).toEqual([5]);
    byCursor.cut();
  });

  test('hears nothing new behind a cursor beyond the end, until the log gets there', async () => {
    const visit = await sitDown(api);
    const stream = await follow(visit, { query: 'cursor=3' });
    await append(api, visit, add());
    await append(api, visit, add());
    await stream.count(1);
    expect(ids(stream)).toEqual([4]);
    stream.cut();
  });

  test('after the end gets what it missed and the end, and then 204', async () => {
    const visit = await sitDown(api);
    await append(api, visit, add());
    await close(visit);
    const missed = await follow(visit, { headers: { 'last-event-id': '2' } });
    expect([missed.status, await missed.ended, ids(missed)]).toEqual([200, 'whole', [3, 4]]);
    for (const ask of [{ headers: { 'last-event-id': '4' } }, { query: 'cursor=4' }, { query: 'cursor=99' }]) {
      const stream = await follow(visit, ask);
      expect([stream.status, await stream.ended, stream.text]).toEqual([204, 'whole', '']);
      expect(stream.headers['x-request-id']).toBeDefined();
    }
    const checked = await api.rest(`GET /sessions/${visit.sessionId}/events/stream?cursor=0`, { as: visit.phone });
    expect(checked.status).toBe(200);
    expect(
      (await api.rest(`GET /sessions/${visit.sessionId}/events/stream?cursor=4`, { as: visit.phone })).status,
    ).toBe(204);
  });
});

describe('the end of a stream', () => {
  test('comes with the end of the session, as soon as that is told', async () => {
    const visit = await sitDown(api);
    const stream = await follow(visit);
    await stream.count(2);
    await close(visit);
    expect(await stream.ended).toBe('whole');
    expect(JSON.parse(stream.messages.at(-1)!.data)).toMatchObject({ event_type: 'session_closed', event_seq: 3 });
  });

  test('comes with the end of its time, and tells it', async () => {
    const visit = await sitDown(api);
    const stream = await follow(visit);
    await stream.count(2);
    await endTime(api.sql, visit.sessionId as SessionId);
    expect(await stream.ended).toBe('whole');
    expect(JSON.parse(stream.messages.at(-1)!.data)).toMatchObject({ event_type: 'session_expired', event_seq: 3 });
  });

  test('comes with the end of its time also where no event is written for it', async () => {
    const visit = await sitDown(api, await newLocation(api, { expiry_event: false }));
    const stream = await follow(visit);
    await stream.count(2);
    await endTime(api.sql, visit.sessionId as SessionId);
    expect(await stream.ended).toBe('whole');
    expect(ids(stream)).toEqual([1, 2]);
    expect((await follow(visit, { query: 'cursor=2' })).status).toBe(204);
  });

  test('comes for a removed phone with its removal, the last thing that it sees; then it is 401', async () => {
    const visit = await sitDown(api);
    const friend = await api.rest(`POST /sessions/${visit.sessionId}/devices`, { as: demo.staff });
    const stream = await follow(visit);
    const friends = await openStream(api.address, visit.sessionId, { as: friend.body.device_token });
    await remove(visit);
    await append(api, { sessionId: visit.sessionId, phone: demo.staff }, add());
    expect(await stream.ended).toBe('whole');
    expect(JSON.parse(stream.messages.at(-1)!.data)).toMatchObject({ event_type: 'device_removed', event_seq: 4 });
    await friends.count(5);
    friends.cut();
    const again = await refusal(await follow(visit, { headers: { 'last-event-id': '4' } }));
    expect([again.status, again.body.code]).toEqual([401, 'UNAUTHENTICATED']);
  });

  test('comes for a revoked key within five seconds', async () => {
    const visit = await sitDown(api);
    const key = await newKey(api);
    const stream = await follow(visit, { as: key });
    await stream.count(2);
    await api.sql`UPDATE api_keys SET revoked_at = now() WHERE key_hash = sha256(convert_to(${key}, 'UTF8'))`;
    const revoked = performance.now();
    expect(await stream.ended).toBe('whole');
    expect(performance.now() - revoked).toBeLessThan(5_000);
    const again = await refusal(await follow(visit, { as: key }));
    expect([again.status, again.body.code]).toEqual([401, 'UNAUTHENTICATED']);
  });

  test('by the client leaves nothing behind', async () => {
    const open = () => figure(api.address, 'qr_live_streams', { face: 'sse' });
    await eventually(async () => (await open()) === 0);
    const visit = await sitDown(api);
    const streams = await Promise.all(upTo(10).map(() => follow(visit)));
    expect(await open()).toBe(10);
    for (const stream of streams) stream.cut();
    await eventually(async () => (await open()) === 0);
    await eventually(() => api.logLines.filter(({ msg, end }) => msg === 'stream' && end === 'gone').length >= 10);
  });
});

describe('a stream is refused', () => {
  test.each([
    ['cursor=abc', {}, 'cursor'],
    ['cursor=-1', {}, 'cursor'],
    ['cursor=1.5', {}, 'cursor'],
    ['cursor=1e3', {}, 'cursor'],
    ['cursor=0', { 'last-event-id': 'abc' }, 'Last-Event-ID'],
    ['cursor=0', { 'last-event-id': '-1' }, 'Last-Event-ID'],
    ['', { 'last-event-id': '3, 4' }, 'Last-Event-ID'],
  ])('for %s %o, with the place that is wrong', async (query, headers, path) => {
    const { status, body, headers: got } = await refusal(await follow(await sitDown(api), { query, headers }));
    expect([status, body.code, body.errors[0].path]).toEqual([400, 'VALIDATION_FAILED', path]);
    expect(got['content-type']).toContain('application/problem+json');
  });

  test('for a session id that is none', async () => {
    const { phone } = await sitDown(api);
    const { status, body } = await refusal(await follow({ sessionId: 'nonsense', phone }));
    expect([status, body.errors[0].path]).toEqual([400, 'session_id']);
  });

  test('without a credential, with a wrong one, with one that may not read, and for a foreign session', async () => {
    const visit = await sitDown(api);
    const twin = await sitDown(api);
    const place = await newTable(api);
    const elsewhere = await newKey(api, { locationId: (await newLocation(api)).locationId });
    const ask = async (as?: string) => {
      const { status, body } = await refusal(
        await openStream(api.address, visit.sessionId, as === undefined ? {} : { as }),
      );
      return [status, body.code];
    };
    expect(await ask()).toEqual([401, 'UNAUTHENTICATED']);
    expect(await ask('nonsense')).toEqual([401, 'UNAUTHENTICATED']);
    expect(await ask(place.token)).toEqual([403, 'FORBIDDEN']);
    expect(await ask(demo.operator)).toEqual([403, 'FORBIDDEN']);
    expect(await ask(twin.phone)).toEqual([404, 'NOT_FOUND']);
    expect(await ask(demo.otherStaff)).toEqual([404, 'NOT_FOUND']);
    expect(await ask(elsewhere)).toEqual([404, 'NOT_FOUND']);
  });

  test('for other methods, and a HEAD gets the head', async () => {
    const visit = await sitDown(api);
    const posted = await api.rest(`POST /sessions/${visit.sessionId}/events/stream`, { as: visit.phone });
    expect([posted.status, posted.headers.get('allow')]).toEqual([405, 'GET']);
    const head = await follow(visit, { method: 'HEAD' });
    expect([head.status, await head.ended, head.text]).toEqual([200, 'whole', '']);
    expect(head.headers['content-type']).toBe('text/event-stream');
    expect((await follow(visit, { method: 'HEAD', as: 'nonsense' })).status).toBe(401);
    await close(visit);
    expect((await follow(visit, { method: 'HEAD', query: 'cursor=3' })).status).toBe(204);
  });
});

test('the description of the API names the stream, its ticket and its refusals', async () => {
  const { body } = await api.http('GET', '/openapi.json');
  const { get } = body.paths['/api/v1/sessions/{session_id}/events/stream'];
  expect(get.security).toEqual([{ bearer: [] }, { ticket: [] }]);
  expect(body.components.securitySchemes.ticket).toMatchObject({ type: 'apiKey', in: 'query', name: 'ticket' });
  expect(get.parameters.map((each: { name: string }) => each.name)).toEqual(['session_id', 'cursor', 'Last-Event-ID']);
  expect(Object.keys(get.responses)).toEqual(['200', '204', '400', '401', '403', '404', '429', '500', '503']);
  expect(Object.keys(get.responses['200'].content)).toEqual(['text/event-stream']);
  const list = body.paths['/api/v1/sessions/{session_id}/events'].get;
  expect(list.parameters.map((each: { name: string }) => each.name)).toContain('wait');
  const tickets = body.paths['/api/v1/sessions/{session_id}/stream-tickets'].post;
  expect(tickets.responses['201'].content['application/json'].schema.required).toEqual(['ticket', 'expires_at']);
});
