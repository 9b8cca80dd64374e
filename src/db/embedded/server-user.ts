import { readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { EmbeddedDatabaseError } from './embedded-error.js';

/** Whom the server runs as. Undefined ids mean: as whoever runs this process. */
export interface ServerUser {
  readonly name: string;
  readonly uid?: number;
  readonly gid?: number;
}

const UNPRIVILEGED_NAMES = ['postgres', 'nobody', 'daemon'];

/** Postgres refuses to run as root: root lends it an unprivileged account that exists on every machine. */
export async function chooseServerUser(dataPath: string): Promise<ServerUser> {
  if (process.getuid?.() !== 0) return { name: 'this user' };
  const accounts = await readAccounts();
  // Data that exists stays with its owner: another account could not open it.
  const owner = await stat(dataPath).catch(() => undefined);
  if (owner !== undefined && owner.uid !== 0) {
    const name = accounts.find((account) => account.uid === owner.uid)?.name ?? `user id ${owner.uid}`;
    return { name, uid: owner.uid, gid: owner.gid };
  }
  for (const name of UNPRIVILEGED_NAMES) {
    const account = accounts.find((candidate) => candidate.name === name && candidate.uid !== 0);
    if (account !== undefined) return account;
  }
  throw new EmbeddedDatabaseError(
    `The database server may not run as root and none of the users ${UNPRIVILEGED_NAMES.join(', ')} exists: start as an ordinary user, or set DATABASE_URL.`,
  );
}

async function readAccounts(): Promise<readonly Required<ServerUser>[]> {
  const text = await readFile('/etc/passwd', 'utf8').catch(() => '');
  return text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [name = '', , uid, gid] = line.split(':');
      // macOS writes nobody as -2; the kernel's ids are unsigned.
      return { name, uid: Number(uid) >>> 0, gid: Number(gid) >>> 0 };
    });
}

/** Can this user pass every directory down to and including `path`? (Mode bits only; access lists are not read.) */
export async function canPass(user: ServerUser, path: string): Promise<boolean> {
  if (user.uid === undefined) return true;
  for (let directory = path; ; directory = dirname(directory)) {
    const { mode, uid, gid } = await stat(directory);
    const bit = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001;
    if ((mode & bit) === 0) return false;
    if (dirname(directory) === directory) return true;
  }
}
