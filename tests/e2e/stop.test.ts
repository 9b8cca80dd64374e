import { once } from 'node:events';
import { spawn } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { appendTea, readLog, sitDown, teaRequest } from '../support/demo-table.js';
import { eventually } from '../support/eventually.js';
import { processesOf } from '../support/processes.js';
import { projectRoot, terminal, useServerLab } from '../support/server-process.js';
import { startSlowRequest } from '../support/slow-request.js';

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
    expect(performance.now() - started).toBeLessThan(20_000);
    slow.abandon();
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
