import { describe, expect, it } from 'vitest';
import { runProgram, useServerLab } from '../support/server-process.js';

const lab = useServerLab();

describe("the guests' page", () => {
  it('is served with every file that it names, and nothing from elsewhere', async () => {
    const { url } = await lab.start(await lab.oldData());
    const page = await fetch(`${url}/demo/`);
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(page.headers.get('content-security-policy')).toContain("default-src 'self'");
    const html = await page.text();
    const files = [...html.matchAll(/(?:href|src)="([^"]+)"/g)].map(([, file]) => file);
    const script = await (await fetch(`${url}/demo/page.js`)).text();
    const modules = [...script.matchAll(/from '\.\/([^']+)'/g)].map(([, file]) => file);
    expect(modules.length).toBeGreaterThan(4);
    for (const file of [...files, ...modules]) expect((await fetch(`${url}/demo/${file}`)).status).toBe(200);
  });

  it('is not there without the demo restaurant', async () => {
    const { url } = await lab.start(await lab.oldData(), { DEMO: '0' });
    expect((await fetch(`${url}/demo/`)).status).toBe(404);
  });
});

describe('the commands beside a running server', () => {
  it('npm run dinner finds nothing wrong, twice in a row', async () => {
    const { url } = await lab.start(await lab.oldData());
    for (const run of ['first', 'second']) {
      const { code, stdout, stderr } = await runProgram(['demo/dinner/main.mjs', '--url', url]);
      expect({ run, code, stderr }).toEqual({ run, code: 0, stderr: '' });
      expect(stdout).toMatch(/ok {4}the log has seq 1 to 36 without a gap/);
      expect(stdout).not.toMatch(/WRONG|\u001b/);
      expect(stdout).toContain('Phở bò tái (Tô lớn, Trứng, Quẩy) “không hành, nhiều giá”');
    }
  });

  it('npm run dinner says so when no server answers', async () => {
    const { code, stdout, stderr } = await runProgram(['demo/dinner/main.mjs', '--url', 'http://127.0.0.1:1']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^no answer from http:\/\/127\.0\.0\.1:1\/livez\. Start one with "npm start".*\n$/);
  });

  it('npm run verify-log reads the log of the running server, and finds it as it was written', async () => {
    const dataDir = await lab.oldData();
    const { url } = await lab.start(dataDir);
    expect(await runProgram(['demo/dinner/main.mjs', '--url', url])).toMatchObject({ code: 0 });
    const { code, stdout, stderr } = await runProgram(['dist/verify-log.js', '--deep'], { DATA_DIR: dataDir });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^\d+ events of \d+ sessions? in .* events\/s\): everything is as it was written\.\n$/);
  });

  it('npm run db -- status shows the database of the running server, and reset refuses it', async () => {
    const dataDir = await lab.oldData();
    const { url } = await lab.start(dataDir);
    const status = await runProgram(['dist/db/cli.js', 'status'], { DATA_DIR: dataDir });
    expect(status).toMatchObject({ code: 0, stderr: '' });
    expect(status.stdout).toMatch(/^applied {2}0001_foundation .*\n(.*\n)*\d+ applied, 0 pending\.\n$/);
    const reset = await runProgram(['dist/db/cli.js', 'reset'], { DATA_DIR: dataDir });
    expect(reset.code).toBe(1);
    expect(reset.stdout).toMatch(/^The database in .* is already in use by process \d+: .*\n$/);
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
  });
});
