import { randomUUID } from 'node:crypto';
import { request } from 'node:http';
import { beforeAll, describe, expect, test } from 'vitest';
import { add, append, demo, type Json, newEventKey, sitDown, useApi, type Visit, written } from '../support/api.js';

const api = useApi();

let visit: Visit;
let events: string;

beforeAll(async () => {
  visit = await sitDown(api);
  events = `/api/v1/sessions/${visit.sessionId}/events`;
});

describe('a body that cannot be read', () => {
  const bad = (raw: string, headers: Record<string, string> = {}) =>
    api.http('POST', events, { as: visit.phone, raw, headers });

  test.each([
    ['is cut short', '{"idempotency_key": "12345678", '],
    ['is no JSON', 'hello'],
    ['is empty', ''],
    ['is null', 'null'],
    ['is a list', '[]'],
    ['is a text', '"hello"'],
    ['is a number', '5'],
    ['names the prototype', '{"__proto__": {"admin": true}}'],
    ['names a constructor with a prototype', '{"constructor": {"prototype": {}}}'],
  ])('%s: 400 VALIDATION_FAILED, nothing written', async (_, raw) => {
    const before = await written(api);
    const { status, body } = await bad(raw);
    expect([status, body.code]).toEqual([400, 'VALIDATION_FAILED']);
    expect(body.errors).toEqual([
      expect.objectContaining({ path: expect.any(String), message: expect.any(String) }),
      ...body.errors.slice(1),
    ]);
    expect(await written(api)).toEqual(before);
  });

  test('is larger than 100 kB: 413 PAYLOAD_TOO_LARGE on both faces', async () => {
    const raw = JSON.stringify(add({ note: 'x'.repeat(100_001) }));
    expect((await bad(raw)).body).toMatchObject({ code: 'PAYLOAD_TOO_LARGE', status: 413 });
    const graphql = await api.graphql('{ viewer { kind } }', { filler: 'x'.repeat(100_001) });
    expect([graphql.status, graphql.body.code]).toEqual([413, 'PAYLOAD_TOO_LARGE']);
  });

  test.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/xml'])(
    'is %s: 415 UNSUPPORTED_MEDIA_TYPE',
    async (type) => {
      const { status, body } = await bad(JSON.stringify(add()), { 'Content-Type': type });
      expect([status, body.code]).toEqual([415, 'UNSUPPORTED_MEDIA_TYPE']);
    },
  );

  test('is JSON with a charset: it is read', async () => {
    const answer = await bad(JSON.stringify(add()), { 'Content-Type': 'application/json; charset=utf-8' });
    expect(answer.status).toBe(201);
  });

  test('writes deep structures: 400, and the server goes on', async () => {
    const deep = `${'['.repeat(40_000)}${']'.repeat(40_000)}`;
    const answer = await bad(
      `{"idempotency_key":"${newEventKey()}","event_type":"add_item","payload":{"menu_item_id":${deep},"quantity":1}}`,
    );
    expect([answer.status, answer.body.code]).toEqual([400, 'VALIDATION_FAILED']);
    expect((await api.http('GET', '/livez')).status).toBe(200);
  });
});

describe('a method that a path does not have', () => {
  test.each([
    ['PUT', 'GET, POST'],
    ['PATCH', 'GET, POST'],
    ['DELETE', 'GET, POST'],
  ])('%s: 405 METHOD_NOT_ALLOWED with Allow', async (method, allowed) => {
    const { status, body, headers } = await api.http(method, events, { as: visit.phone });
    expect([status, body.code]).toEqual([405, 'METHOD_NOT_ALLOWED']);
    expect(new Set(headers.get('allow')?.split(', '))).toEqual(new Set(allowed.split(', ')));
  });

  test('is refused before the body is looked at', async () => {
    const { status } = await api.http('PUT', events, { raw: 'hello', headers: { 'Content-Type': 'text/plain' } });
    expect(status).toBe(405);
  });
});

test('a path that no route has is 404 NOT_FOUND, without its query', async () => {
  const { status, body } = await api.http('GET', '/api/v1/nothing?secret=1');
  expect([status, body.code]).toEqual([404, 'NOT_FOUND']);
  expect(body.detail).not.toContain('secret');
});

describe('X-Request-Id', () => {
  test('comes back as it was sent, on every kind of answer', async () => {
    const headers = { 'X-Request-Id': 'order-42.a:b_c' };
    for (const [method, path] of [
      ['GET', '/livez'],
      ['GET', events],
      ['PUT', events],
      ['GET', '/api/v1/nothing'],
    ] as const) {
      expect((await api.http(method, path, { headers })).headers.get('x-request-id')).toBe('order-42.a:b_c');
    }
    const graphql = await api.graphql('{ viewer { kind } }', {}, { headers });
    expect(graphql.headers.get('x-request-id')).toBe('order-42.a:b_c');
  });

  test.each(['', 'a b', 'x'.repeat(129), '<script>', 'a,b', '../etc'])(
    '"%s" is replaced by one of ours',
    async (sent) => {
      const { headers } = await api.http('GET', '/livez', { headers: { 'X-Request-Id': sent } });
      expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    },
  );
});

describe('/docs', () => {
  test('shows the description with nothing from elsewhere', async () => {
    const page = await api.http('GET', '/docs');
    expect(page.headers.get('content-type')).toContain('text/html');
    expect(page.text).not.toMatch(/https?:/);
    expect(page.headers.get('content-security-policy')).toContain("script-src 'self'");
    const parts = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path = '']) => path);
    expect(parts.length).toBeGreaterThanOrEqual(4);
    for (const path of parts) expect((await api.http('GET', path)).status, path).toBe(200);
    expect((await api.http('GET', '/docs/start.js')).text).toContain("'/openapi.json'");
  });

  test('has a document that is the same text every time', async () => {
    const [first, second] = [await api.http('GET', '/openapi.json'), await api.http('GET', '/openapi.json')];
    expect(first.headers.get('content-type')).toContain('application/json');
    expect(first.body.servers[0].url).toMatch(/^http:\/\/localhost:\d+$/);
    expect(second.text).toBe(first.text);
  });
});

test('the start page links every page, and they are all there', async () => {
  const { text } = await api.http('GET', '/');
  const links = [...text.matchAll(/href="(\/[^"#]*)"/g)].map(([, path = '']) => path);
  expect(links).toEqual(
    expect.arrayContaining(['/graphql', '/graphiql', '/openapi.json', '/docs', '/livez', '/readyz', '/metrics']),
  );
  for (const path of links) {
    const page = await api.http('GET', path, { headers: { Accept: 'text/html,*/*' } });
    expect([path, page.status]).toEqual([path, 200]);
  }
  expect(text).toContain('<svg');
});

describe('/metrics', () => {
  const counted = async (line: string) => {
    const { text } = await api.http('GET', '/metrics');
    const found = text.split('\n').find((one) => one.startsWith(`${line} `));
    return Number(found?.split(' ').at(-1) ?? 0);
  };

  test('counts every operation once by name and outcome, whichever face it came by', async () => {
    const ok = 'qr_operations_total{operation="appendEvent",code="OK"}';
    const refused = 'qr_operations_total{operation="appendEvent",code="ITEM_UNAVAILABLE"}';
    const seconds = 'qr_operation_duration_seconds_count{operation="appendEvent"}';
    const before = [await counted(ok), await counted(refused), await counted(seconds)];
    await append(api, visit, add());
    await api.http('POST', events, { as: visit.phone, body: add({ menu_item_id: demo.soldOut }) });
    const input = {
      sessionId: visit.sessionId,
      idempotencyKey: newEventKey(),
      event: { addItem: { menuItemId: demo.coffee, quantity: 1 } },
    };
    await api.graphql(
      'mutation ($input: AppendEventInput!) { appendEvent(input: $input) { replayed } }',
      { input },
      { as: visit.phone },
    );
    const after = [await counted(ok), await counted(refused), await counted(seconds)];
    expect(after.map((value, index) => value - (before[index] ?? 0))).toEqual([2, 1, 3]);
    expect(await counted('qr_operation_duration_seconds_sum{operation="appendEvent"}')).toBeGreaterThan(0);
    expect(await counted('qr_events_appended_total')).toBeGreaterThanOrEqual(4);
  });

  test('has no label that a caller can make up', async () => {
    await api.graphql('query Nonsense { viewer { kind } somethingMadeUp }');
    expect((await api.http('GET', '/metrics')).text).not.toMatch(/Nonsense|somethingMadeUp/);
  });
});

describe('the log', () => {
  test('has one line per operation: what, by whom, how it ended, how long', async () => {
    const before = api.logLines.length;
    const id = randomUUID();
    await api.http('GET', `/api/v1/sessions/${visit.sessionId}/snapshot`, {
      as: visit.phone,
      headers: { 'X-Request-Id': id },
    });
    const lines = api.logLines.slice(before);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({
      operation: 'snapshot',
      code: 'OK',
      caller: 'device',
      tenant: demo.tenant,
      session: visit.sessionId,
      reqId: id,
      ms: expect.any(Number),
    });
  });

  test('has the code of a refusal, and no cause', async () => {
    const before = api.logLines.length;
    await api.http('POST', events, { as: visit.phone, body: add({ menu_item_id: demo.soldOut }) });
    expect(api.logLines.slice(before)).toEqual([
      expect.objectContaining({ operation: 'appendEvent', code: 'ITEM_UNAVAILABLE', level: 30 }),
    ]);
  });

  test('has no secret: no key, no token, no header', async () => {
    await api.http('POST', `/api/v1/locations/${demo.location}/qr-sessions`, {
      as: visit.token,
      body: { device_token: visit.phone },
    });
    await api.http('POST', `/api/v1/locations/${demo.location}/qr-sessions`, { body: { table_token: visit.token } });
    await api.http('GET', events, { as: 'a-wrong-key-that-nobody-should-see' });
    const log = JSON.stringify(api.logLines);
    for (const secret of [
      visit.token,
      visit.phone,
      demo.staff,
      'a-wrong-key-that-nobody-should-see',
      'Bearer',
      'authorization',
    ])
      expect(log).not.toContain(secret);
  });
});

test('headers that the browser needs are there, and it may read ours', async () => {
  const { headers } = await api.http('GET', events, {
    as: visit.phone,
    headers: { Origin: 'https://order.example.com' },
  });
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('access-control-allow-origin')).toBe('*');
  const exposed = headers.get('access-control-expose-headers') ?? '';
  for (const name of ['ETag', 'Idempotency-Replayed', 'Retry-After', 'X-Request-Id']) expect(exposed).toContain(name);
  const preflight = await api.http('OPTIONS', events, {
    headers: {
      Origin: 'https://order.example.com',
      'Access-Control-Request-Method': 'POST',
      'Access-Control-Request-Headers': 'authorization,content-type',
    },
  });
  expect(preflight.status).toBe(204);
});

test('pages of other origins may use every method of a route, and read every header of an answer', async () => {
  const { paths } = (await api.http('GET', '/openapi.json')).body;
  const operations = Object.values<Json>(paths).flatMap((path) => Object.entries<Json>(path));
  const { headers } = await api.http('OPTIONS', events, {
    headers: { Origin: 'https://order.example.com', 'Access-Control-Request-Method': 'DELETE' },
  });
  const allowed = (headers.get('access-control-allow-methods') ?? '').split(/, */);
  expect(allowed).toEqual(expect.arrayContaining(operations.map(([method]) => method.toUpperCase())));
  const told = operations.flatMap(([, { responses }]) =>
    Object.values<Json>(responses).flatMap(({ headers: named = {} }) => Object.keys(named)),
  );
  // Read by browsers and crawlers themselves, not by a page's script.
  const readByOthers = [
    ...['Cache-Control', 'Content-Security-Policy', 'Vary', 'WWW-Authenticate', 'Referrer-Policy', 'X-Robots-Tag'],
  ];
  const exposed = (headers.get('access-control-expose-headers') ?? '').split(/, */);
  expect(exposed).toEqual(expect.arrayContaining(told.filter((name) => !readByOthers.includes(name))));
});

test('a guest whose body stops half-way does not hold the others up', async () => {
  const { port, hostname } = new URL(api.address);
  const slow = request({
    port,
    hostname,
    method: 'POST',
    path: events,
    headers: { 'Content-Type': 'application/json', 'Content-Length': 1000 },
  });
  slow.on('error', () => undefined);
  slow.write('{"idem');
  expect((await api.http('GET', '/livez')).status).toBe(200);
  slow.destroy();
});
