import { chmod, copyFile, mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';

/** Copies the programs to `target`, readable for everyone and writable for nobody else, in place of older copies. */
export async function copyPackage(root: string, target: string): Promise<void> {
  const staging = `${target}.partial`;
  const family = `${basename(target).split('-')[0]}-`;
  for (const name of await readdir(dirname(target))) {
    if (name.startsWith(family)) await rm(join(dirname(target), name), { recursive: true, force: true });
  }
  const files = await listFiles(root);
  for (const folder of new Set(files.flatMap(foldersAbove))) {
    await mkdir(join(staging, folder), { recursive: true });
    await chmod(join(staging, folder), 0o755);
  }
  await Promise.all(
    files.map(async (file) => {
      await copyFile(join(root, file), join(staging, file));
      await chmod(join(staging, file), 0o755);
    }),
  );
  await rename(staging, target);
}

/** Is every file there in its full length? A power failure or a cleaner may have cut an old copy short. */
export async function isWholeCopy(root: string, copy: string): Promise<boolean> {
  const sizes = await Promise.all(
    (await listFiles(root)).map(async (file) => {
      const [original, copied] = await Promise.all([sizeOf(join(root, file)), sizeOf(join(copy, file))]);
      return original === copied;
    }),
  );
  return sizes.every(Boolean);
}

/** The files that the server needs at run time, relative to the package. */
async function listFiles(root: string): Promise<readonly string[]> {
  const native = join(root, 'native');
  const entries = await readdir(native, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.a'))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)));
}

/** From the top down, so that each folder is made before what lies in it. */
function foldersAbove(file: string): readonly string[] {
  const folder = dirname(file);
  return folder === '.' ? ['.'] : [...foldersAbove(folder), folder];
}

async function sizeOf(path: string): Promise<number | undefined> {
  return stat(path).then(
    ({ size }) => size,
    () => undefined,
  );
}
