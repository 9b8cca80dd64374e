import { stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readProcessFacts } from '../../src/db/embedded/process-facts.js';
import { query, serverPid, useEmbeddedLab } from '../support/embedded-server.js';
import { eventually } from '../support/eventually.js';

const lab = useEmbeddedLab();

describe('the embedded server', () => {
  it('starts on an empty directory, and again on the same data and port, fast', async () => {
    const dataDir = await lab.newData();
    const first = lab.startChild(dataDir, { fsync: 'on' });
    const begun = await first.outcome;
    expect(begun.ms).toBeLessThan(5_000);
    await query(begun.url!, `create table notes (text text); insert into notes values ('Phở bò tái')`);
    await first.finish();
    const second = lab.startChild(dataDir, { fsync: 'on' });
    const again = await second.outcome;
    expect(again.ms).toBeLessThan(1_000);
    expect(again.url).toBe(begun.url);
    expect(await query(again.url!, 'select text from notes')).toEqual([{ text: 'Phở bò tái' }]);
  });

  it('speaks UTF-8 and knows Vietnamese letters whatever LANG says', async () => {
    const dataDir = await lab.newData();
    const { url } = await lab.startChild(dataDir, { env: { LANG: 'C', LC_ALL: 'POSIX', PGDATA: '/nowhere' } }).outcome;
    const [row] = await query(
      url!,
      `select current_setting('server_encoding') as encoding, upper('phở bò tái') as upper, 'TRỨNG' ilike 'trứng' as same,
              length('quẩy')::int as length`,
    );
    expect(row).toEqual({ encoding: 'UTF8', upper: 'PHỞ BÒ TÁI', same: true, length: 4 });
  });

  it('commits durably, allows 100 connections and listens on the loopback address only', async () => {
    const { url } = await lab.start(await lab.oldData(), { settings: {} });
    const rows = await query(
      url,
      `select name, setting from pg_settings where name in ('fsync', 'synchronous_commit', 'full_page_writes',
        'max_connections', 'listen_addresses', 'unix_socket_directories', 'TimeZone')`,
    );
    expect(Object.fromEntries(rows.map(({ name, setting }) => [name, setting]))).toEqual({
      fsync: 'on',
      synchronous_commit: 'on',
      full_page_writes: 'on',
      max_connections: '100',
      listen_addresses: '127.0.0.1',
      unix_socket_directories: '',
      TimeZone: 'UTC',
    });
  });

  it('asks for the random password, which only its owner may read', async () => {
    const dataDir = await lab.oldData();
    const { url } = await lab.start(dataDir);
    const wrong = new URL(url);
    wrong.password = 'guess';
    await expect(query(wrong.href, 'select 1')).rejects.toThrow(/password authentication failed/);
    expect((await stat(join(dataDir, 'postgres', 'password'))).mode & 0o777).toBe(0o600);
    expect((await stat(join(dataDir, 'postgres', 'data'))).mode & 0o777).toBe(0o700);
  });

  it('takes a free port when its own is taken', async () => {
    const dataDir = await lab.oldData();
    const stranger = createServer();
    const port = await new Promise<number>((resolve) => {
      stranger.listen(0, '127.0.0.1', () => resolve((stranger.address() as { port: number }).port));
    });
    try {
      const lines: string[] = [];
      const server = await lab.start(dataDir, { port, log: (line) => lines.push(line) });
      expect(Number(new URL(server.url).port)).not.toBe(port);
      expect(lines).toEqual([expect.stringMatching(`^port ${port} is taken`)]);
      expect(await query(server.url, 'select 1 as one')).toEqual([{ one: 1 }]);
    } finally {
      await new Promise((resolve) => stranger.close(resolve));
    }
  });

  it('leaves no process behind when it is stopped, even twice and under open connections', async () => {
    const dataDir = await lab.oldData();
    const server = await lab.start(dataDir);
    const pid = (await serverPid(dataDir))!;
    const running = query(server.url, 'select pg_sleep(60)').catch((error: unknown) => String(error));
    const sleepers = "select 1 from pg_stat_activity where state = 'active' and query = 'select pg_sleep(60)'";
    await eventually(async () => (await query(server.url, sleepers)).length > 0);
    await Promise.all([server.stop(), server.stop()]);
    expect(await running).toMatch(/terminat|CONNECTION|ECONN/);
    expect(await readProcessFacts(pid)).toBeUndefined();
    expect(await serverPid(dataDir)).toBeUndefined();
  });

  it('says in one line when its server dies under it, and can still be stopped', async () => {
    const dataDir = await lab.oldData();
    const lines: string[] = [];
    const server = await lab.start(dataDir, { log: (line) => lines.push(line) });
    process.kill((await serverPid(dataDir))!, 'SIGKILL');
    expect(await eventually(() => lines[0])).toMatch(/^the database server ended unexpectedly: see .*server\.log$/);
    await server.stop();
    expect(await query((await lab.start(dataDir)).url, 'select 1 as one')).toEqual([{ one: 1 }]);
  });
});
