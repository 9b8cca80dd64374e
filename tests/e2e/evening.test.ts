import { describe, expect, it } from 'vitest';
import { runProgram, useServerLab } from '../support/server-process.js';

const lab = useServerLab();
const evening = (...args: string[]) => runProgram(['demo/evening/main.mjs', ...args]);

describe('npm run evening', () => {
  it('finds nothing wrong in two simulated hours, in under a minute', { timeout: 180_000 }, async () => {
    const { url } = await lab.start(await lab.oldData());
    const started = performance.now();
    const { code, stdout, stderr } = await evening('--url', url, '--seed', '7');
    const seconds = (performance.now() - started) / 1000;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(seconds).toBeLessThan(60);
    expect(stdout).not.toMatch(/WRONG|\u001b/);
    expect(stdout).toMatch(/ok {4}all 8 tables are free\n/);
    expect(stdout).toMatch(/ok {4}20 visits, no session is lost or left open\n/);
    expect(stdout).toMatch(/at most 30 phones at once; seed 7\n$/);
  });

  it('comes again after the last one, closes what is still open, at three processes', {
    timeout: 300_000,
  }, async () => {
    const { url } = await lab.start(await lab.oldData(), { WEB_CONCURRENCY: '3' });
    const locations = `${url}/api/v1/locations/01900000-0000-7000-8000-000000000010`;
    const sitDown = () =>
      fetch(`${locations}/qr-sessions`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ table_token: 'demo-table-3' }),
      });
    for (const seed of ['1', '2']) {
      expect((await sitDown()).status).toBe(201);
      const { code, stdout, stderr } = await evening('--url', url, '--seed', seed, '--verbose');
      expect({ seed, code, stderr }).toEqual({ seed, code: 0, stderr: '' });
      expect(stdout).toContain('T3 was taken, for 0 minutes: closed, with a reason');
      expect(stdout).not.toContain('WRONG');
    }
  });

  it('says so when no server answers, and when the seed is none', async () => {
    const nobody = await evening('--url', 'http://127.0.0.1:1');
    expect(nobody).toMatchObject({ code: 2, stdout: '' });
    expect(nobody.stderr).toMatch(/^no answer from .*npm run evening -- --url http:\/\/\.\.\.\n$/);
    const wrong = await evening('--seed', 'soon');
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toContain('soon is no seed: 1 to 999999999\n\nUsage: npm run evening');
  });
});
