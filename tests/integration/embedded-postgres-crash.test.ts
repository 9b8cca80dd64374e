import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chown, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DataDirectoryInUseError } from '../../src/db/embedded/embedded-error.js';
import { claimOwnership } from '../../src/db/embedded/owner-file.js';
import { readFromPs, readProcessFacts } from '../../src/db/embedded/process-facts.js';
import { isRoot, query, serverPid, useEmbeddedLab } from '../support/embedded-server.js';
import { eventually } from '../support/eventually.js';

const lab = useEmbeddedLab();

describe('after its owner was killed without warning', () => {
  it('the orphan server is stopped and the data is served again, complete, within four seconds', async () => {
    const dataDir = await lab.oldData();
    const killed = lab.startChild(dataDir, { fsync: 'on' });
    const { url } = await killed.outcome;
    await query(url!, 'create table notes (id int); insert into notes values (1)');
    const orphan = (await serverPid(dataDir))!;
    await killed.kill();
    expect(await readProcessFacts(orphan)).toBeDefined();
    const next = lab.startChild(dataDir, { fsync: 'on' });
    const report = await next.outcome;
    expect(report.ms).toBeLessThan(4_000);
    expect(next.saw(/left behind/)).toBe(true);
    expect(await query(report.url!, 'select id from notes')).toEqual([{ id: 1 }]);
    expect(await readProcessFacts(orphan)).toBeUndefined();
  });

  it('an orphan with open connections and a running query does not hold up the next start', async () => {
    const dataDir = await lab.oldData();
    const killed = lab.startChild(dataDir);
    const { url } = await killed.outcome;
    const busy = query(url!, 'select pg_sleep(60)').catch(() => undefined);
    await eventually(
      async () => (await query(url!, `select 1 from pg_stat_activity where query like 'select pg_sleep%'`)).length > 0,
    );
    await killed.kill();
    const begun = performance.now();
    await lab.start(dataDir);
    expect(performance.now() - begun).toBeLessThan(4_000);
    await busy;
  });

  it('owner and server killed together leave a start that recovers every commit', async () => {
    const dataDir = await lab.oldData();
    const killed = lab.startChild(dataDir, { fsync: 'on' });
    const { url } = await killed.outcome;
    await query(url!, 'create table notes (id int); insert into notes select generate_series(1, 1000)');
    process.kill((await serverPid(dataDir))!, 'SIGKILL');
    await killed.kill();
    const report = await lab.startChild(dataDir, { fsync: 'on' }).outcome;
    expect(report.ms).toBeLessThan(4_000);
    expect(await query(report.url!, 'select count(*)::int from notes')).toEqual([{ count: 1000 }]);
  });

  it('a first start killed in the midst of initialising leaves nothing that disturbs the next', async () => {
    const dataDir = await lab.newData();
    const home = join(dataDir, 'postgres');
    const killed = lab.startChild(dataDir);
    await eventually(async () => (await readdir(home)).some((name) => name.startsWith('new-')), { every: 2 });
    await killed.kill();
    const { url } = await lab.start(dataDir);
    expect(await query(url, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('a start killed while its server comes up is no obstacle either', async () => {
    const dataDir = await lab.oldData();
    const log = join(dataDir, 'postgres', 'server.log');
    const before = (await stat(log)).size;
    const killed = lab.startChild(dataDir);
    await eventually(async () => (await stat(log)).size > before, { every: 1 });
    await killed.kill();
    const { url } = await lab.start(dataDir);
    expect(await query(url, 'select 1 as one')).toEqual([{ one: 1 }]);
  });
});

describe('a lock file that names the wrong process', () => {
  it('is put aside when that is a stranger who got the old pid', async () => {
    const dataDir = await lab.oldData();
    const owner = await plantLockFile(dataDir, process.pid);
    // Of the server's own user: Postgres itself would take it for a rival.
    const stranger = spawn('sleep', ['60'], isRoot ? { uid: owner.uid, gid: owner.gid } : {});
    try {
      await plantLockFile(dataDir, stranger.pid!);
      await expectQuickStart(dataDir);
      expect(stranger.exitCode).toBeNull();
    } finally {
      await end(stranger);
    }
  });

  it.skipIf(process.platform !== 'linux')('is put aside when that is a zombie whom nobody reaps', async () => {
    const dataDir = await lab.oldData();
    const owner = await plantLockFile(dataDir, process.pid);
    // The child ends after `exec` has replaced the shell, which might still reap it, by a program that never waits.
    const negligent = spawn('sh', ['-c', 'sleep 0.5 & echo $!; exec sleep 60'], {
      stdio: ['ignore', 'pipe', 'inherit'],
      ...(isRoot ? { uid: owner.uid, gid: owner.gid } : {}),
    });
    try {
      const [output] = (await once(negligent.stdout, 'data')) as [Buffer];
      const zombie = Number(output.toString());
      await eventually(async () => (await readFile(`/proc/${zombie}/stat`, 'utf8')).includes(') Z '));
      await plantLockFile(dataDir, zombie);
      await expectQuickStart(dataDir);
    } finally {
      await end(negligent);
    }
  });
});

describe('one data directory has one owner', () => {
  it('a second start beside a living one stops with one clear line', async () => {
    const dataDir = await lab.oldData();
    const first = lab.startChild(dataDir);
    const { url } = await first.outcome;
    const refusal = lab.start(dataDir);
    await expect(refusal).rejects.toThrow(DataDirectoryInUseError);
    await expect(refusal).rejects.toThrow(
      `The database in ${dataDir} is already in use by process ${first.pid}: stop that one first, or set DATA_DIR to another directory.`,
    );
    expect(await query(url!, 'select 1 as one')).toEqual([{ one: 1 }]);
    await first.finish();
    await lab.start(dataDir);
  });

  it('of several starts at one moment exactly one wins, with and without a dead owner', async () => {
    const dataDir = await lab.newData();
    for (const round of ['new', 'after kill -9']) {
      const rivals = [1, 2, 3].map(() => lab.startChild(dataDir));
      const reports = await Promise.all(rivals.map((rival) => rival.outcome));
      expect(
        reports.filter(({ url }) => url !== undefined),
        round,
      ).toHaveLength(1);
      expect(
        reports.filter(({ error }) => error === 'DataDirectoryInUseError'),
        round,
      ).toHaveLength(2);
      await Promise.all(rivals.map((rival, index) => (reports[index]?.url ? rival.kill() : rival.closed)));
    }
  });

  it('a dead owner is replaced by exactly one of many rivals', async () => {
    const home = await lab.directory();
    const gone = spawn('true');
    await once(gone, 'close');
    for (let round = 0; round < 10; round++) {
      await writeFile(join(home, 'owner.json'), JSON.stringify({ pid: gone.pid, startedAt: 'long ago', round }));
      const claims = await Promise.allSettled(Array.from({ length: 10 }, () => claimOwnership(home, home)));
      expect(claims.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    }
    expect(await readdir(home)).toEqual(['owner.json']);
  });

  it('an owner whose pid now belongs to another process does not count', async () => {
    const home = await lab.directory();
    await writeFile(join(home, 'owner.json'), JSON.stringify({ pid: process.pid, startedAt: 'another boot:1' }));
    await claimOwnership(home, home);
    await expect(claimOwnership(home, home)).rejects.toThrow(/already in use by process/);
  });

  it('an owner file that was cut short by a power failure does not count', async () => {
    const home = await lab.directory();
    await writeFile(join(home, 'owner.json'), '');
    await claimOwnership(home, home);
  });

  it.skipIf(process.platform === 'win32')('the way of systems without /proc tells processes apart too', async () => {
    const child = spawn('sleep', ['60']);
    try {
      const facts = await readFromPs(child.pid!);
      expect(facts?.command).toBe('sleep 60');
      expect(facts?.startedAt).toMatch(/^\w{3} \w{3} \d+ [\d:]+ \d{4}$/);
      expect(await readFromPs(child.pid!)).toEqual(facts);
    } finally {
      await end(child);
    }
    expect(await readFromPs(child.pid!)).toBeUndefined();
  });
});

/** Leaves a stopped cluster with the lock file of its last run under another pid, and says who owns it. */
async function plantLockFile(dataDir: string, pid: number): Promise<{ readonly uid: number; readonly gid: number }> {
  await mkdir(dataDir, { recursive: true });
  const path = join(dataDir, 'postgres', 'data', 'postmaster.pid');
  const server = await lab.start(dataDir);
  const content = await readFile(path, 'utf8');
  const { uid, gid } = await stat(path);
  await server.stop();
  await writeFile(path, content.replace(/^\d+/, String(pid)), { mode: 0o600 });
  await chown(path, uid, gid);
  return { uid, gid };
}

async function expectQuickStart(dataDir: string): Promise<void> {
  const begun = performance.now();
  const { url } = await lab.start(dataDir);
  expect(performance.now() - begun).toBeLessThan(4_000);
  expect(await query(url, 'select 1 as one')).toEqual([{ one: 1 }]);
}

async function end(child: ChildProcess): Promise<void> {
  const closed = once(child, 'close');
  child.kill('SIGKILL');
  await closed;
}
