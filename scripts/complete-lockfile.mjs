/**
 * Run it after an `npm install` against a registry that lacks packages made for other systems: npm then leaves those out
 * of the lock file without a word, and `npm ci` refuses such a file everywhere. This names them again, by the version
 * and the system that their parent asks for; npm learns the rest when such a system installs them.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** @typedef {{ version: string, optionalDependencies?: Record<string, string>, dev?: boolean } & Record<string, unknown>} Entry */

const path = fileURLToPath(new URL('../package-lock.json', import.meta.url));
const lock = /** @type {{ packages: Record<string, Entry> }} */ (JSON.parse(readFileSync(path, 'utf8')));

const added = Object.entries(lock.packages).flatMap(([parent, entry]) =>
  Object.entries(entry.optionalDependencies ?? {})
    .filter(([name]) => !isLocked(parent, name))
    .map(([name, version]) => ({ key: `node_modules/${name}`, entry: platformEntry(name, version, entry.dev) })),
);
for (const { key, entry } of added) lock.packages[key] = entry;
lock.packages = Object.fromEntries(
  Object.entries(lock.packages).sort(([left], [right]) => left.localeCompare(right, 'en')),
);
if (added.length > 0) writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`);
console.log(`${added.length} packages named again in package-lock.json`);

/**
 * Looked for as Node does: beside the parent, then in every node_modules above it.
 * @param {string} parent
 * @param {string} name
 */
function isLocked(parent, name) {
  for (let base = parent; ; base = base.replace(/\/?node_modules\/(?:@[^/]+\/)?[^/]+$/, '')) {
    if (lock.packages[`${base === '' ? '' : `${base}/`}node_modules/${name}`]) return true;
    if (base === '') return false;
  }
}

/**
 * @param {string} name Ends in system, processor and C library, as in `binding-linux-x64-musl`.
 * @param {string} version
 * @param {boolean | undefined} dev
 * @returns {Entry}
 */
function platformEntry(name, version, dev) {
  const [, os, cpu, abi = ''] =
    /-(android|darwin|freebsd|linux|openharmony|win32)-([a-z0-9]+)(?:-(\w+))?$/.exec(name) ?? [];
  if (!os || !cpu || !/^\d/.test(version)) throw new Error(`cannot tell what system ${name}@${version} is for`);
  const libc = os === 'linux' && abi !== '' ? { libc: [abi.startsWith('musl') ? 'musl' : 'glibc'] } : {};
  return { version, cpu: [cpu], ...(dev ? { dev } : {}), ...libc, optional: true, os: [os] };
}
