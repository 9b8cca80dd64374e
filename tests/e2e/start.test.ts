import { describe, expect, it } from 'vitest';
import { appendTea, readLog, sitDown } from '../support/demo-table.js';
import { launch, runProgram, useServerLab } from '../support/server-process.js';
import { processesOf } from '../support/processes.js';
import { eventually } from '../support/eventually.js';

const lab = useServerLab();

/** Milliseconds; each start is measured from the birth of the process to an answered /readyz. */
const bars = { first: 10_000, afterStop: 3_000, afterKill: 6_000 };

describe('starting the server', () => {
  it('is ready within 10 s the first time, 3 s after a stop and 6 s after a kill, with everything still there', async () => {
    const dataDir = await lab.newData();
    const first = await lab.start(dataDir);
    const guest = await sitDown(first.url, 1);
    const { body: tea } = await appendTea(guest);
    expect(await first.end('SIGTERM')).toEqual({ code: 0, signal: null });

    const second = await lab.start(dataDir);
    expect(await readLog({ ...guest, url: second.url })).toContainEqual(
      expect.objectContaining({ event_id: tea.event_id }),
    );
    await second.end('SIGKILL');

    const third = await lab.start(dataDir);
    expect(await readLog({ ...guest, url: third.url })).toHaveLength(3);
    console.info(
      `ready after ${first.readyMs} ms, after a stop ${second.readyMs} ms, after a kill ${third.readyMs} ms`,
    );
    expect(first.readyMs).toBeLessThan(bars.first);
    expect(second.readyMs).toBeLessThan(bars.afterStop);
    expect(third.readyMs).toBeLessThan(bars.afterKill);
    expect(await third.end('SIGTERM')).toEqual({ code: 0, signal: null });
    expect(await processesOf(dataDir)).toEqual([]);
  });

  it('says in one line when another server runs on the same data, and leaves that one alone', async () => {
    const dataDir = await lab.oldData();
    const server = await lab.start(dataDir);
    const second = await runProgram(['dist/main.js'], { PORT: '0', DATA_DIR: dataDir });
    expect(second).toMatchObject({ code: 1, stdout: '' });
    expect(second.stderr).toMatch(/^The database in .* is already in use by process \d+: .*\n$/);
    expect(second.stderr).toContain(`process ${server.pid}:`);
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
  });

  it('says in one line when its port is taken, and leaves no database behind', async () => {
    const [dataDir, otherDir] = [await lab.oldData(), await lab.oldData()];
    const { url } = await lab.start(dataDir);
    const { port } = new URL(url);
    const second = await runProgram(['dist/main.js'], { PORT: port, DATA_DIR: otherDir, LOG_LEVEL: 'warn' });
    expect(second.code).toBe(1);
    expect(second.stderr.split('\n').filter((line) => !/Deprecation|--trace/.test(line))).toEqual([
      `PORT: ${port} at 127.0.0.1 is taken by another program; example: PORT=${Number(port) + 1}`,
      '',
    ]);
    expect(await processesOf(otherDir)).toEqual([]);
  });

  it('names every bad value of the environment in a line of its own', async () => {
    const bad = { PORT: 'http', HOST: '??', SESSION_TTL_SECONDS: '-1', DEMO: 'maybe' };
    const { code, stdout, stderr } = await runProgram(['dist/main.js'], bad);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    const lines = stderr.trimEnd().split('\n');
    expect(lines.map((line) => line.split(':')[0]).sort()).toEqual(Object.keys(bad).sort());
    for (const line of lines) expect(line).toMatch(/^[A-Z_]+: .*; example: /);
  });

  it('refuses production without what production needs', async () => {
    const { code, stderr } = await runProgram(['dist/main.js'], { NODE_ENV: 'production' });
    expect(code).toBe(1);
    for (const name of ['DATABASE_URL', 'AUTH_SECRET', 'PUBLIC_URL'])
      expect(stderr).toMatch(new RegExp(`^${name}: `, 'm'));
  });

  it('stops on SIGTERM also in the middle of its first start, with nothing left behind', async () => {
    const dataDir = await lab.newData();
    const child = launch(['dist/main.js'], { PORT: '0', DATA_DIR: dataDir });
    const ended = new Promise((resolve) => child.once('close', (code, signal) => resolve({ code, signal })));
    await eventually(async () => (await processesOf(dataDir)).some((command) => command.includes('bin/postgres -D')), {
      within: 15_000,
      every: 5,
    });
    child.kill('SIGTERM');
    expect(await ended).toEqual({ code: 0, signal: null });
    await eventually(async () => (await processesOf(dataDir)).length === 0);
    expect((await lab.start(dataDir)).readyMs).toBeLessThan(bars.first);
  });
});
