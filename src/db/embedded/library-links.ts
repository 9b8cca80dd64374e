import { readFile, readlink, rm, symlink } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';

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
