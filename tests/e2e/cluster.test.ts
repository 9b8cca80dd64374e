import { randomUUID } from 'node:crypto';
import net from 'node:net';
import { describe, expect, it } from 'vitest';
import { appendTea, type Guest, readLog, sitDown } from '../support/demo-table.js';
import { eventually } from '../support/eventually.js';
import { figure } from '../support/event-stream.js';
import { type Entry, faultsOf, noFaults } from '../support/live-history.js';
import { createClient } from '../support/live-http.js';
import { followByEventSource } from '../support/live-sse.js';
import { followBySocket } from '../support/live-websocket.js';
import type { LiveSubscriber } from '../support/live-subscriber.js';
import { createWriter } from '../support/live-writer.js';
import { areGone, processesOf, socketsOf, workersOf } from '../support/processes.js';
import { runProgram, type ServerProcess, useServerLab } from '../support/server-process.js';
import { startSlowRequest } from '../support/slow-request.js';
import { teaRequest } from '../support/demo-table.js';

const lab = useServerLab();

const startCluster = (dataDir: string, processes = 2) => lab.start(dataDir, { WEB_CONCURRENCY: String(processes) });

/** A request on a connection of its own, so that it may come to any process. */
async function ask(url: string, path: string, { token = '', ...rest }: { token?: string; body?: object } = {}) {
  const client = createClient(url, token);
  const answer = await client.ask(rest.body ? 'POST' : 'GET', path, rest);
  client.cut();
  if (!answer) throw new Error(`no answer to ${path}`);
  return { status: answer.status, body: answer.text.startsWith('{') ? JSON.parse(answer.text) : answer.text };
}

const place = ({ url, sessionId, token }: Guest) => ({ address: url, sessionId, token, after: 0, limit: 100 });

/** Some of each kind, spread over the processes. */
function follow(guest: Guest, each = 3): readonly LiveSubscriber[] {
  return Array.from({ length: each }, () => [followBySocket(place(guest)), followByEventSource(place(guest))]).flat();
}

describe('several processes on one port', { timeout: 120_000 }, () => {
  it('announce one address, and share connections, figures and what guests see live', async () => {
    const server = await startCluster(await lab.oldData(), 3);
    const { url, pid } = server;
    expect(server.output().match(/listens at/g)).toHaveLength(1);
    const workers = await workersOf(pid);
    expect(workers).toHaveLength(3);

    const before = await Promise.all(workers.map(socketsOf));
    const { port, hostname } = new URL(url);
    const held = Array.from({ length: 30 }, () => net.connect(Number(port), hostname));
    await eventually(async () => {
      const after = await Promise.all(workers.map(socketsOf));
      return after.every((count, index) => count >= before[index]! + 5);
    });
    for (const socket of held) socket.destroy();

    const guest = await sitDown(url, 1);
    const path = `/api/v1/sessions/${guest.sessionId}`;
    for (let time = 0; time < 30; time += 1) expect(await ask(url, path, guest)).toMatchObject({ status: 200 });
    const counted = () => figure(url, 'qr_operations_total', { operation: 'session', code: 'OK' });
    for (let time = 0; time < 6; time += 1) expect(await counted()).toBe(30);

    const followers = follow(guest);
    await eventually(() => followers.every(({ received }) => received.length === 2));
    for (let time = 0; time < 10; time += 1) {
      const body = teaRequest();
      expect(await ask(url, `${path}/events`, { ...guest, body })).toMatchObject({ status: 201 });
    }
    await eventually(() => followers.every(({ received }) => received.length === 12));
    const log = entries(await readLog(guest));
    for (const follower of followers) {
      expect(faultsOf(log, follower.received)).toEqual(noFaults);
      follower.stop();
    }
  });

  it('show the same simulated payment providers, and take their notices', async () => {
    const { url } = await startCluster(await lab.oldData(), 3);
    const guest = await sitDown(url, 1);
    await appendTea(guest);
    const session = `/api/v1/sessions/${guest.sessionId}`;
    for (const method of ['momo', 'zalopay']) {
      const intent = await ask(url, `${session}/payment-intents`, {
        ...guest,
        body: { idempotency_key: randomUUID(), method, split: { type: 'amount', amount: 2_000 } },
      });
      expect(intent).toMatchObject({ status: 201, body: { pay_url: expect.any(String) } });
      const { payment_id, payment_reference } = intent.body;
      const order = `/demo/gateway/orders/${method}/${payment_reference}`;
      for (let time = 0; time < 6; time += 1) {
        expect(await ask(url, order)).toMatchObject({ status: 200, body: { order: { state: 'open' } } });
      }
      expect(await ask(url, `${order}/act`, { body: { act: 'pay' } })).toMatchObject({ status: 200 });
      const { body } = await ask(url, `${session}/payments`, guest);
      expect(body.payments).toContainEqual(expect.objectContaining({ payment_id, status: 'succeeded', amount: 2_000 }));
    }
    expect((await fetch(`${url}/demo/gateway`)).url).toBe(`${url}/demo/gateway/`);
    expect(await runProgram(['demo/dinner/main.mjs', '--url', url])).toMatchObject({ code: 0, stderr: '' });
  });

  it('go on when one of them is killed, with nothing lost that was acknowledged and no figure falling', async () => {
    const dataDir = await lab.oldData();
    const server = await startCluster(dataDir);
    const { url, pid } = server;
    const guests = await Promise.all([1, 2, 3, 4].map((table) => sitDown(url, table)));
    const followers = guests.map((guest) => ({ guest, readers: follow(guest, 1) }));
    const load = startWriters(url, guests);
    await eventually(() => load.acknowledged.length >= 300, { within: 20_000 });
    const written = () => figureOf(url, 'qr_events_appended_total');
    const before = await written();

    const [victim = 0, other = 0] = await workersOf(pid);
    process.kill(victim, 'SIGKILL');
    const started = performance.now();
    await eventually(async () => {
      const workers = await workersOf(pid);
      return workers.length === 2 && !workers.includes(victim) && workers.includes(other);
    });
    const replacedMs = performance.now() - started;
    const atKill = load.acknowledged.length;
    await eventually(() => load.acknowledged.length >= atKill + 300, { within: 20_000 });
    await load.stop();
    // What the killed one had told is still in the sum, and what the others wrote since then has come to it.
    expect(await written()).toBeGreaterThanOrEqual(before + load.acknowledged.length - atKill);

    for (const { guest, readers } of followers) {
      const log = entries(await readLog(guest));
      expect(log.map(({ seq }) => seq)).toEqual(log.map((_, index) => index + 1));
      const ids = new Set(log.map(({ id }) => id));
      const own = load.acknowledged.filter(({ sessionId }) => sessionId === guest.sessionId);
      expect(own.filter(({ id }) => !ids.has(id))).toEqual([]);
      await eventually(() => readers.every(({ received }) => received.length >= log.length), { within: 15_000 });
      for (const reader of readers) {
        expect(faultsOf(log, reader.received)).toEqual(noFaults);
        reader.stop();
      }
    }
    console.info(
      `a worker killed with ${atKill} writes acknowledged was replaced after ${Math.round(replacedMs)} ms; ${load.acknowledged.length} in all`,
    );
    await expectQuickEnd(server, dataDir);
  });

  it('leave nothing behind when the first of them is killed, and the next start finds everything', async () => {
    const dataDir = await lab.oldData();
    const server = await startCluster(dataDir);
    const guest = await sitDown(server.url, 1);
    const { body: tea } = await appendTea(guest);
    const workers = await workersOf(server.pid);
    await server.end('SIGKILL');
    await eventually(() => areGone(workers));
    const again = await startCluster(dataDir);
    expect(await readLog({ ...guest, url: again.url })).toContainEqual(
      expect.objectContaining({ event_id: tea.event_id }),
    );
    await expectQuickEnd(again, dataDir);
  });

  it('replace one that was told to stop, after it has finished what it had begun', async () => {
    const server = await startCluster(await lab.oldData());
    const guest = await sitDown(server.url, 1);
    const workers = await workersOf(server.pid);
    const slow = await Promise.all([1, 2].map(() => startSlowRequest(eventsOf(guest), guest.token, teaRequest())));
    for (const worker of workers) process.kill(worker, 'SIGTERM');
    for (const each of slow) expect(await each.finish()).toMatch(/HTTP\/1\.1 201 Created/);
    await eventually(async () => {
      const now = await workersOf(server.pid);
      return now.length === 2 && now.every((worker) => !workers.includes(worker));
    });
    await eventually(async () => (await ask(server.url, '/readyz')).status === 200, { within: 15_000 });
    expect(await server.end('SIGTERM')).toEqual({ code: 0, signal: null });
  });

  it('all end at once on the second SIGTERM', async () => {
    const server = await startCluster(await lab.oldData());
    const guest = await sitDown(server.url, 1);
    const workers = await workersOf(server.pid);
    const slow = await startSlowRequest(eventsOf(guest), guest.token, teaRequest());
    server.signal('SIGTERM');
    await eventually(() =>
      ask(server.url, '/readyz').then(
        ({ status }) => status === 503,
        () => true,
      ),
    );
    const started = performance.now();
    expect(await server.end('SIGTERM')).toEqual({ code: 1, signal: null });
    await eventually(() => areGone(workers));
    expect(performance.now() - started).toBeLessThan(1_000);
    slow.abandon();
  });

  it('do not start where the port is taken, and say so once in one line', async () => {
    const [dataDir, otherDir] = [await lab.oldData(), await lab.oldData()];
    const { url } = await lab.start(dataDir);
    const { port } = new URL(url);
    const env = { PORT: port, DATA_DIR: otherDir, LOG_LEVEL: 'warn', WEB_CONCURRENCY: '2' };
    const { code, stdout, stderr } = await runProgram(['dist/main.js'], env);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toBe(`PORT: ${port} at 127.0.0.1 is taken by another program; example: PORT=${Number(port) + 1}\n`);
    expect(await processesOf(otherDir)).toEqual([]);
  });
});

const eventsOf = ({ url, sessionId }: Guest) => `${url}/api/v1/sessions/${sessionId}/events`;

const entries = (log: Awaited<ReturnType<typeof readLog>>): readonly Entry[] =>
  log.map(({ event_seq: seq, event_id: id }) => ({ seq, id }));

/** A figure without labels. */
async function figureOf(url: string, name: string): Promise<number> {
  const { body } = await ask(url, '/metrics');
  return Number(new RegExp(`^${name} (.+)$`, 'm').exec(String(body))?.[1]);
}

/** Three writers a table; what gets no answer they send again. */
function startWriters(url: string, guests: readonly Guest[]) {
  const acknowledged: { readonly sessionId: string; readonly id: string }[] = [];
  let isStopped = false;
  const write = async ({ sessionId, token }: Guest): Promise<void> => {
    const writer = createWriter(url, Math.random);
    while (!isStopped) {
      const written = await writer.write({ sessionId, phone: token });
      acknowledged.push(...written.map(({ id }) => ({ sessionId, id })));
    }
    writer.stop();
  };
  const finished = Promise.all(guests.flatMap((guest) => [1, 2, 3].map(() => write(guest))));
  return {
    acknowledged,
    stop: () => {
      isStopped = true;
      return finished;
    },
  };
}

async function expectQuickEnd(server: ServerProcess, dataDir: string): Promise<void> {
  const workers = await workersOf(server.pid);
  const started = performance.now();
  expect(await server.end('SIGTERM')).toEqual({ code: 0, signal: null });
  expect(performance.now() - started).toBeLessThan(5_000);
  expect(await areGone(workers)).toBe(true);
  expect(await processesOf(dataDir)).toEqual([]);
}
