import { chmod, chown, mkdir, readFile, rename, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openHome, removeData } from '../../src/db/embedded/data-home.js';
import { canPass } from '../../src/db/embedded/server-user.js';
import { findOrdinaryUser, isRoot, query, serverPid, useEmbeddedLab } from '../support/embedded-server.js';

const lab = useEmbeddedLab();
const nobody = await findOrdinaryUser();

describe.runIf(isRoot)('started by root', () => {
  it('the server runs as an unprivileged user who owns the data', async () => {
    const dataDir = await lab.oldData();
    await lab.start(dataDir);
    const owner = await stat(join(dataDir, 'postgres', 'data'));
    expect(owner.uid).not.toBe(0);
    const status = await readFile(`/proc/${await serverPid(dataDir)}/status`, 'utf8');
    expect(status).toContain(`Uid:\t${owner.uid}\t${owner.uid}\t${owner.uid}`);
    expect(status).toMatch(/^Groups:\s*$/m);
  });

  it('under a closed directory the data lies where the server can reach it, and is found again', async () => {
    const closed = await lab.directory();
    await chmod(closed, 0o700);
    const dataDir = join(closed, 'data');
    const lines: string[] = [];
    const first = await lab.start(dataDir, { log: (line) => lines.push(line) });
    expect(lines).toEqual([expect.stringMatching(/^the database lies in \/var\/.*cannot reach DATA_DIR$/)]);
    await query(first.url, 'create table notes (id int); insert into notes values (7)');
    await first.stop();
    const home = (await readFile(join(dataDir, 'postgres-home'), 'utf8')).trim();
    expect(home).toMatch(/^\/var\/(lib|db|tmp)\/qr-session-/);
    expect(await openHome(dataDir)).toBe(home);
    const second = await lab.start(dataDir);
    expect(await query(second.url, 'select id from notes')).toEqual([{ id: 7 }]);
    await second.stop();
    await removeData(dataDir);
    await expect(stat(home)).rejects.toThrow(/ENOENT/);
  });

  it('an empty closed DATA_DIR of its own is opened for passing instead', async () => {
    const dataDir = await lab.directory();
    await chmod(dataDir, 0o700);
    await lab.start(dataDir);
    expect((await stat(dataDir)).mode & 0o777).toBe(0o711);
    expect((await stat(join(dataDir, 'postgres', 'data'))).mode & 0o777).toBe(0o700);
  });

  it('data whose directory was closed later moves along, even when its server was orphaned', async () => {
    const parent = await lab.directory();
    const dataDir = join(parent, 'data');
    const killed = lab.startChild(dataDir);
    await query((await killed.outcome).url!, 'create table notes (id int); insert into notes values (8)');
    await killed.kill();
    await chmod(parent, 0o700);
    const { url } = await lab.start(dataDir);
    expect(await query(url, 'select id from notes')).toEqual([{ id: 8 }]);
    expect(await openHome(dataDir)).toMatch(/^\/var\//);
  });

  it('a move that was cut short after its pointer is finished by the next start', async () => {
    const parent = await lab.directory();
    const dataDir = join(parent, 'data');
    await chmod(parent, 0o700);
    const first = await lab.start(dataDir);
    await query(first.url, 'create table notes (id int); insert into notes values (9)');
    await first.stop();
    await rename(await openHome(dataDir), join(dataDir, 'postgres'));
    const { url } = await lab.start(dataDir);
    expect(await query(url, 'select id from notes')).toEqual([{ id: 9 }]);
  });

  it('data that belongs to an ordinary user is served as that user', async () => {
    const parent = await lab.directory();
    const dataDir = join(parent, 'data');
    await (await lab.start(dataDir)).stop();
    const data = join(dataDir, 'postgres', 'data');
    await lab.giveTree(join(dataDir, 'postgres'), 65_534);
    await lab.start(dataDir);
    const status = await readFile(`/proc/${await serverPid(dataDir)}/status`, 'utf8');
    expect(status).toContain('Uid:\t65534');
    expect((await stat(data)).uid).toBe(65_534);
  });
});

describe.runIf(nobody)('started by an ordinary user', () => {
  it('works, also under a directory that only this user may enter', async () => {
    const mine = await lab.directory(nobody);
    await chmod(mine, 0o700);
    const dataDir = join(mine, 'data');
    const first = lab.startChild(dataDir, nobody ? { user: nobody } : {});
    const { url, message } = await first.outcome;
    expect(message).toBeUndefined();
    await query(url!, 'create table notes (id int); insert into notes values (1)');
    expect((await stat(join(dataDir, 'postgres', 'data'))).uid).toBe(nobody?.uid);
    await first.kill();
    const next = await lab.startChild(dataDir, nobody ? { user: nobody } : {}).outcome;
    expect(await query(next.url!, 'select id from notes')).toEqual([{ id: 1 }]);
  });

  it('is told plainly that the data belongs to somebody else', async () => {
    const parent = await lab.directory();
    const dataDir = join(parent, 'data');
    await (await lab.start(dataDir)).stop();
    const report = await lab.startChild(dataDir, nobody ? { user: nobody } : {}).outcome;
    expect(report.error).toBe('EmbeddedDatabaseError');
    expect(report.message).toMatch(/start as its owner, or set DATA_DIR to another directory/);
  });

  it('is told plainly that DATA_DIR cannot be created', async () => {
    const parent = await lab.directory();
    const report = await lab.startChild(join(parent, 'data'), nobody ? { user: nobody } : {}).outcome;
    expect(report.message).toMatch(/DATA_DIR .* cannot be used: EACCES/);
  });
});

describe('whom a directory lets pass', () => {
  it('is read from the mode bits of every directory above', async () => {
    const parent = await lab.directory();
    const child = join(parent, 'inner');
    await mkdir(child, { mode: 0o755 });
    const stranger = { name: 'stranger', uid: 54_321, gid: 54_321 };
    expect(await canPass(stranger, child)).toBe(true);
    await chmod(parent, 0o750);
    expect(await canPass(stranger, child)).toBe(false);
    expect(await canPass({ ...stranger, gid: (await stat(parent)).gid }, child)).toBe(true);
    if (isRoot) await chown(parent, stranger.uid, stranger.gid);
    await chmod(parent, 0o700);
    expect(await canPass(stranger, child)).toBe(isRoot);
    expect(await canPass({ name: 'this user' }, dirname(child))).toBe(true);
  });
});
