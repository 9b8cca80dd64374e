import { chmod, cp, mkdir, readdir, readFile, readlink, rm, stat, truncate, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type BinaryPackage, locatePackage, prepareBinaries } from '../../src/db/embedded/binaries.js';
import { runBinary } from '../../src/db/embedded/run-binary.js';
import { chooseServerUser } from '../../src/db/embedded/server-user.js';
import { isRoot, query, useEmbeddedLab } from '../support/embedded-server.js';

const lab = useEmbeddedLab();

describe('the installed binaries', () => {
  it('are mended when npm ran no scripts and the links of the libraries are missing', async () => {
    const source = await copyInstallation('package');
    const user = await chooseServerUser(source.root);
    await removeLinks(source);
    const broken = await runBinary(join(source.root, 'native/bin/postgres'), ['--version'], { user, cwd: '/' });
    expect(broken.ok).toBe(false);
    const home = await lab.directory();
    const binaries = await prepareBinaries(source, user, home);
    expect(binaries.postgres).toBe(join(source.root, 'native/bin/postgres'));
    expect(binaries.majorVersion).toBe(source.version.split('.')[0]);
    expect(await readlink(join(source.root, 'native/lib/libicuuc.so.60'))).toBe('libicuuc.so.60.2');
  });

  it.runIf(isRoot)('are copied beside the data when the server may not enter the installation', async () => {
    const source = await copyInstallation('package');
    const user = await chooseServerUser(source.root);
    await removeLinks(source);
    await chmod(source.root, 0o700);
    const home = await lab.directory();
    const { postgres } = await prepareBinaries(source, user, home);
    expect(postgres).toBe(join(home, `binaries-${source.version}`, 'native/bin/postgres'));
    expect((await stat(postgres)).mode & 0o022).toBe(0);
    // The copy serves again: nothing is copied a second time.
    const marked = new Date('2001-01-01');
    await utimes(postgres, marked, marked);
    await prepareBinaries(source, user, home);
    expect((await stat(postgres)).mtime).toEqual(marked);
    // A copy that a power failure or a cleaner cut short is replaced.
    const sample = join(home, `binaries-${source.version}`, 'native/share/postgresql/postgresql.conf.sample');
    const { size } = await stat(sample);
    await truncate(sample);
    await rm(join(home, `binaries-${source.version}`, 'native/lib/libicuuc.so.60'));
    await mkdir(join(home, 'binaries-17.0.0'));
    await prepareBinaries(source, user, home);
    expect((await stat(sample)).size).toBe(size);
    expect(await readdir(home)).toEqual([`binaries-${source.version}`]);
  });

  it('that do not run on this machine are reported with their own words', async () => {
    const root = join(await lab.directory(), 'package');
    await mkdir(join(root, 'native/bin'), { recursive: true });
    const home = await lab.directory();
    const user = await chooseServerUser(root);
    await expect(prepareBinaries({ root, version: '18.0.0' }, user, home)).rejects.toThrow(
      /does not run on this machine.*DATABASE_URL.*ENOENT/,
    );
  });
});

describe('the data directory', () => {
  it('of another major version is refused with a recipe and left as it is', async () => {
    const dataDir = await lab.oldData();
    const version = join(dataDir, 'postgres/data/PG_VERSION');
    const own = (await readFile(version, 'utf8')).trim();
    await writeFile(version, '15\n');
    await expect(lab.start(dataDir)).rejects.toThrow(
      new RegExp(
        `written by PostgreSQL 15, but this release brings PostgreSQL ${own}: make a backup .* restore the backup`,
      ),
    );
    expect(await readFile(version, 'utf8')).toBe('15\n');
    await writeFile(version, `${own}\n`);
    expect(await query((await lab.start(dataDir)).url, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('that holds something else is refused', async () => {
    const dataDir = await lab.newData();
    await mkdir(join(dataDir, 'postgres/data'), { recursive: true });
    await writeFile(join(dataDir, 'postgres/data/letter.txt'), 'Dear all');
    await expect(lab.start(dataDir)).rejects.toThrow(/is not a database: move it away/);
  });

  it('whose password file was lost is refused, and a fault of the server is told in one line', async () => {
    const dataDir = await lab.oldData();
    const refusal = lab.start(dataDir, { settings: { shared_buffers: 'plenty' } });
    await expect(refusal).rejects.toThrow(/did not start: .*shared_buffers.*server\.log\)$/);
    await rm(join(dataDir, 'postgres/password'));
    await expect(lab.start(dataDir)).rejects.toThrow(/password in .* cannot be read/);
  });
});

async function copyInstallation(name: string): Promise<BinaryPackage> {
  const { root, version } = await locatePackage();
  const copy = join(await lab.directory(), name);
  await cp(root, copy, { recursive: true, verbatimSymlinks: true });
  return { root: copy, version };
}

async function removeLinks({ root }: BinaryPackage): Promise<void> {
  const links = JSON.parse(await readFile(join(root, 'native/pg-symlinks.json'), 'utf8')) as { target: string }[];
  await Promise.all(links.map(({ target }) => rm(join(root, target), { force: true })));
}
