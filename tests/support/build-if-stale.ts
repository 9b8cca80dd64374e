import { spawnSync } from 'node:child_process';
import { type Stats, statSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { projectRoot } from './server-process.js';

/** The end-to-end tests start what a user starts: `dist/`. It is built first when a source is newer, as after an edit. */
export default async function buildIfStale(): Promise<void> {
  const built = statSync(join(projectRoot, 'dist', 'main.js'), { throwIfNoEntry: false });
  if (built && (await newestSource()) < built.mtimeMs) return;
  const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/build.mjs'], { cwd: projectRoot });
  if (status !== 0) throw new Error(`dist/ cannot be built:\n${stdout.toString()}${stderr.toString()}`);
}

async function newestSource(): Promise<number> {
  const names = await readdir(join(projectRoot, 'src'), { recursive: true });
  const files = ['tsconfig.json', 'scripts/build.mjs', 'src', ...names.map((name) => join('src', name))];
  const facts: readonly Stats[] = await Promise.all(files.map((file) => stat(join(projectRoot, file))));
  return Math.max(...facts.map(({ mtimeMs }) => mtimeMs));
}
