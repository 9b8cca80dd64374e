import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, expect, test } from 'vitest';
import { createProviderHttp, type ProviderProbe } from '../../../src/payments/provider-http.js';
import type { ProviderCall } from '../../../src/payments/provider.js';

type Answer = (response: ServerResponse, body: string, request: IncomingMessage) => void;

interface Gateway {
  readonly url: string;
  readonly bodies: string[];
  readonly server: Server;
}

const open: Server[] = [];

afterEach(async () => {
  for (const server of open.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

/** A server that gives its answers in turn, and the last one again and again. */
async function gateway(...answers: readonly Answer[]): Promise<Gateway> {
  const bodies: string[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const body = Buffer.concat(parts).toString();
      bodies.push(body);
      answers[Math.min(bodies.length, answers.length) - 1]?.(response, body, request);
    });
  });
  open.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/pay?token=hidden`, bodies, server };
}

function call({ url }: { readonly url: string }, isRepeatable = true): ProviderCall {
  return { url, body: { json: { secret: 'hidden', id: 9007199254740993n } }, isRepeatable };
}

const status =
  (code: number, text = '{}'): Answer =>
  (response) =>
    response.writeHead(code).end(text);
const silence: Answer = () => undefined;
const hangUp: Answer = (response) => response.destroy();
const ok = status(200, '{"ok":true}');

test('sends JSON with whole numbers of any size, and gives back the text', async () => {
  const headers: IncomingMessage['headers'][] = [];
  const remote = await gateway((response, _body, request) => {
    headers.push(request.headers);
    response.writeHead(422).end('{"à":1}');
  });
  expect(await createProviderHttp()(call(remote))).toEqual({ status: 422, text: '{"à":1}' });
  expect(remote.bodies).toEqual(['{"secret":"hidden","id":9007199254740993}']);
  expect(headers[0]?.['content-type']).toBe('application/json; charset=UTF-8');
});

test('sends forms', async () => {
  const remote = await gateway(ok);
  await createProviderHttp()({ url: remote.url, body: { form: { a: 'x y', b: 'à&=' } }, isRepeatable: true });
  expect(remote.bodies).toEqual(['a=x+y&b=%C3%A0%26%3D']);
});

test.each([
  ['a connection that breaks', hangUp],
  ['500', status(500)],
  ['503', status(503)],
  ['429', status(429)],
])('tries a repeatable call again after %s', async (_name, fault) => {
  const remote = await gateway(fault, fault, ok);
  expect(await createProviderHttp()(call(remote))).toEqual({ status: 200, text: '{"ok":true}' });
  expect(remote.bodies).toHaveLength(3);
});

test('tries a repeatable call again when one try takes too long', async () => {
  const remote = await gateway(silence, ok);
  expect((await createProviderHttp({ attemptMs: 50 })(call(remote))).status).toBe(200);
});

test.each([
  ['a connection that breaks', hangUp],
  ['500', status(500)],
])('never repeats another call after %s', async (_name, fault) => {
  const remote = await gateway(fault, ok);
  const outcome = await createProviderHttp()(call(remote, false)).catch((error: unknown) => error);
  expect(outcome).not.toMatchObject({ status: 200 });
  expect(remote.bodies).toHaveLength(1);
});

test.each([400, 401, 404, 422])('takes %d for an answer', async (code) => {
  const remote = await gateway(status(code), ok);
  expect((await createProviderHttp()(call(remote))).status).toBe(code);
});

test('gives up after its attempts, with the last answer or the failure', async () => {
  const broken = await gateway(hangUp);
  await expect(createProviderHttp({ attempts: 2 })(call(broken))).rejects.toMatchObject({ kind: 'unreachable' });
  expect(broken.bodies).toHaveLength(2);
  const faulty = await gateway(status(503, 'later'));
  expect(await createProviderHttp({ attempts: 2 })(call(faulty))).toEqual({ status: 503, text: 'later' });
});

test.each([true, false])('is over in its time when nothing comes (repeatable: %s)', async (isRepeatable) => {
  const remote = await gateway(silence);
  const started = performance.now();
  const http = createProviderHttp({ timeoutMs: 300, attemptMs: 200, onceMs: 300 });
  await expect(http(call(remote, isRepeatable))).rejects.toMatchObject({
    name: 'ProviderFailure',
    kind: 'unreachable',
  });
  expect(performance.now() - started).toBeLessThan(2_000);
});

test('is over in its time when the answer only trickles', async () => {
  const remote = await gateway((response) => {
    response.writeHead(200);
    const timer = setInterval(() => response.write(' '), 20);
    response.on('close', () => clearInterval(timer));
  });
  const http = createProviderHttp({ timeoutMs: 200, attempts: 1 });
  await expect(http(call(remote))).rejects.toMatchObject({ kind: 'unreachable' });
});

test.each([
  ['told', { 'content-length': '100000' }],
  ['not told', {}],
])('reads no more than its limit when the length is %s', async (_name, headers) => {
  const remote = await gateway((response) => response.writeHead(200, headers).end('x'.repeat(100_000)));
  await expect(createProviderHttp()(call(remote))).rejects.toMatchObject({ kind: 'unreadable' });
  expect(remote.bodies).toHaveLength(1);
  expect((await createProviderHttp({ maxBytes: 100_000 })(call(remote))).text).toHaveLength(100_000);
});

test('reads no more than its limit of what was packed small', async () => {
  const packed = gzipSync('x'.repeat(10_000_000));
  const remote = await gateway((response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(packed));
  await expect(createProviderHttp()(call(remote))).rejects.toMatchObject({ kind: 'unreadable' });
});

test.each([301, 302, 303, 307, 308])('follows no redirect with %d', async (code) => {
  const target = await gateway(ok);
  const remote = await gateway((response) => response.writeHead(code, { location: target.url }).end());
  await expect(createProviderHttp()(call(remote))).rejects.toMatchObject({ kind: 'unreadable' });
  expect(target.bodies).toEqual([]);
  expect(remote.bodies).toHaveLength(1);
});

test('tells of each try, and nowhere of what was sent', async () => {
  const seen: ProviderProbe[] = [];
  const remote = await gateway(hangUp, status(500), ok);
  await createProviderHttp({ probe: (probe) => seen.push(probe) })(call(remote));
  expect(seen.map(({ attempt, outcome }) => [attempt, outcome])).toEqual([
    [1, 'unreachable'],
    [2, 500],
    [3, 200],
  ]);
  for (const url of [
    (await gateway(hangUp)).url,
    'http://user:hidden@127.0.0.1:1/hidden',
    'hidden',
    'http://hidden.invalid:99999',
  ]) {
    const http = createProviderHttp({ attempts: 1, probe: (probe) => seen.push(probe) });
    const error = await http(call({ url })).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ name: 'ProviderFailure', kind: 'unreachable' });
    expect(`${String(error)} ${JSON.stringify(error)} ${String((error as Error).cause)}`).not.toContain('hidden');
  }
  expect(JSON.stringify(seen)).not.toContain('hidden');
});
