import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import net from 'node:net';
import { describe, expect, it } from 'vitest';
import { cuttableDatabase } from '../support/cuttable-database.js';
import { appendTea, readLog, sitDown, teaRequest } from '../support/demo-table.js';
import { useEmbeddedLab } from '../support/embedded-server.js';
import { eventually } from '../support/eventually.js';
import { createClient } from '../support/live-http.js';
import { processesOf } from '../support/processes.js';
import { projectRoot, terminal, useServerLab } from '../support/server-process.js';
import { startSlowRequest } from '../support/slow-request.js';

const database = useEmbeddedLab();
const lab = useServerLab();

describe('stopping the server', () => {
  it('finishes the requests under way, takes no new ones, and leaves no database behind', async () => {
    const dataDir = await lab.oldData();
    const server = await lab.start(dataDir);
    const guest = await sitDown(server.url, 1);
    const slow = await startSlowRequest(
      `${server.url}/api/v1/sessions/${guest.sessionId}/events`,
      guest.token,
      teaRequest(),
    );
    server.signal('SIGTERM');
    await eventually(() =>
      fetch(`${server.url}/readyz`).then(
        ({ status }) => status === 503,
        () => true,
      ),
    );
    const answer = await slow.finish();
    expect(answer).toMatch(/HTTP\/1\.1 201 Created/);
    expect(await server.ended).toEqual({ code: 0, signal: null });
    expect(await processesOf(dataDir)).toEqual([]);

    const { event_id } = JSON.parse(answer.slice(answer.indexOf('{'))) as { event_id: string };
    const again = await lab.start(dataDir);
    expect(await readLog({ ...guest, url: again.url })).toContainEqual(expect.objectContaining({ event_id }));
  });

  it('answers every write that it has taken on, with hundreds under way', async () => {
    const dataDir = await lab.oldData();
    const server = await lab.start(dataDir);
    const guests = await Promise.all([1, 2, 3, 4, 5, 6, 7, 8].map((table) => sitDown(server.url, table)));
    let isStopping = false;
    const acknowledged: string[] = [];
    const outcomes = Promise.all(
      guests.flatMap((guest) =>
        Array.from({ length: 8 }, async () => {
          for (;;) {
            const answer = await appendTea(guest).catch(() => undefined);
            // No answer at all is right only for a connection that came too late.
            if (!answer) return isStopping ? 'refused' : 'lost';
            if (answer.status !== 201) return answer.status;
            acknowledged.push(answer.body.event_id as string);
          }
        }),
      ),
    );
    await eventually(() => acknowledged.length > 500, { within: 20_000 });
    isStopping = true;
    expect(await server.end('SIGTERM')).toEqual({ code: 0, signal: null });
    expect(new Set(await outcomes)).toSatisfy((kinds: Set<unknown>) =>
      [...kinds].every((kind) => kind === 'refused' || kind === 503),
    );

    const again = await lab.start(dataDir);
    const logs = await Promise.all(guests.map((guest) => readLog({ ...guest, url: again.url })));
    const inLog = new Set(logs.flat().map(({ event_id }) => event_id));
    expect(acknowledged.filter((id) => !inLog.has(id))).toEqual([]);
  });

  it('does not wait for ever for a client that never ends its request', async () => {
    const server = await lab.start(await lab.oldData());
    const guest = await sitDown(server.url, 1);
    const slow = await startSlowRequest(
      `${server.url}/api/v1/sessions/${guest.sessionId}/events`,
      guest.token,
      teaRequest(),
    );
    const started = performance.now();
    expect(await server.end('SIGTERM')).toEqual({ code: 0, signal: null });
    expect(performance.now() - started).toBeLessThan(5_000);
    slow.abandon();
  });

  it('tells a request that waits for somebody else to come again', async () => {
    // It takes connections, and never says a word.
    const provider = net.createServer().listen(0, '127.0.0.1');
    await once(provider, 'listening');
    const { port } = provider.address() as net.AddressInfo;
    const server = await lab.start(await lab.oldData(), { MOMO_API_URL: `http://127.0.0.1:${port}` });
    const guest = await sitDown(server.url, 1);
    await appendTea(guest);
    const asked = once(provider, 'connection');
    const answer = fetch(`${server.url}/api/v1/sessions/${guest.sessionId}/payment-intents`, {
      method: 'POST',
      headers: { authorization: `Bearer ${guest.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ idempotency_key: randomUUID(), method: 'momo', split: { type: 'all' } }),
    });
    const [connection] = (await asked) as [net.Socket];
    const started = performance.now();
    expect(await server.end('SIGTERM')).toEqual({ code: 0, signal: null });
    expect(performance.now() - started).toBeLessThan(5_000);
    const { status, headers } = await answer;
    expect({ status, retry: headers.get('retry-after'), type: headers.get('content-type') }).toEqual({
      status: 503,
      retry: '1',
      type: expect.stringContaining('application/problem+json'),
    });
    connection.destroy();
    provider.close();
  });

  it('stops in time when the database does not answer, and tells those who wait to come again', async () => {
    const { url } = await database.start(await database.oldData());
    const between = await cuttableDatabase(url);
    const server = await lab.start(await lab.newData(), { DATABASE_URL: between.url, DEMO: '1' });
    const guest = await sitDown(server.url, 1);
    await appendTea(guest);
    between.cut('stall');
    const answers = [appendTea(guest), appendTea(guest), appendTea(guest)];
    // Asked behind them, and answered after a second: they are under way.
    expect((await fetch(`${server.url}/readyz`)).status).toBe(503);
    const started = performance.now();
    expect(await server.end('SIGTERM')).toEqual({ code: 0, signal: null });
    expect(performance.now() - started).toBeLessThan(5_000);
    for (const answer of answers) expect(await answer).toMatchObject({ status: 503, body: { code: 'UNAVAILABLE' } });
    await between.stop();
  });

  it('says on new connections that it is not ready, before it refuses them', async () => {
    const server = await lab.start(await lab.oldData());
    const answers: (Awaited<ReturnType<typeof readyz>> | 'refused')[] = [];
    server.signal('SIGTERM');
    await eventually(async () => {
      answers.push(await readyz(server.url));
      return answers.at(-1) === 'refused';
    });
    expect(await server.ended).toEqual({ code: 0, signal: null });
    const draining = { status: 503, connection: 'close', body: { status: 'draining' } };
    const ready = answers.filter((answer) => answer !== 'refused' && answer.status === 200);
    expect(answers.slice(ready.length)).toEqual([...answers.slice(ready.length, -1).map(() => draining), 'refused']);
    expect(answers.length - ready.length).toBeGreaterThan(1);
  });

  it('ends at once on the second SIGTERM', async () => {
    const dataDir = await lab.oldData();
    const server = await lab.start(dataDir);
    const guest = await sitDown(server.url, 1);
    const slow = await startSlowRequest(
      `${server.url}/api/v1/sessions/${guest.sessionId}/events`,
      guest.token,
      teaRequest(),
    );
    server.signal('SIGTERM');
    await eventually(() =>
      fetch(`${server.url}/readyz`).then(
        ({ status }) => status === 503,
        () => true,
      ),
    );
    const started = performance.now();
    expect(await server.end('SIGTERM')).toEqual({ code: 1, signal: null });
    expect(performance.now() - started).toBeLessThan(1_000);
    slow.abandon();
    await eventually(async () => (await processesOf(dataDir)).length === 0);
  });

  it('ends with everything it started when npm start is told to stop', async () => {
    const dataDir = await lab.oldData();
    const npm = spawn('npm', ['start'], {
      cwd: projectRoot,
      env: { ...terminal, PORT: '0', DATA_DIR: dataDir, LOG_LEVEL: 'warn' },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const closed = once(npm, 'close');
    let output = '';
    npm.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    await eventually(() => output.includes('listens at'), { within: 15_000 });
    npm.kill('SIGTERM');
    await closed;
    await eventually(async () => (await processesOf(dataDir)).length === 0, { within: 10_000 });
  });
});

/** As a load balancer asks: each time on a connection of its own. */
async function readyz(url: string) {
  const client = createClient(url, '');
  const response = await client.open('GET', '/readyz');
  const text = await response?.setEncoding('utf8').toArray();
  client.cut();
  if (!response || !text) return 'refused';
  const { statusCode: status, headers } = response;
  return { status, connection: headers.connection, body: JSON.parse(text.join('')) as object };
}
