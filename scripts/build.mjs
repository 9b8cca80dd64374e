/**
 * Compiles src/ to dist/ and lays the files beside it that the compiler does not take along.
 * npm runs it as `prepare`, also where development packages were left out; then a finished dist/ is enough.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = `${root}dist`;
const documents = 'rest/persisted-documents.json';

const compiler = findCompiler();
if (compiler) build(compiler);
else if (process.env.npm_lifecycle_event === 'prepare') {
  console.log(`prepare: no compiler installed, ${existsSync(dist) ? 'dist/ stays as it is' : 'nothing was built'}`);
} else fail('typescript is not installed: run npm ci with development packages');

/** @param {string} tsc */
function build(tsc) {
  const started = performance.now();
  rmSync(dist, { recursive: true, force: true });
  const { status } = spawnSync(process.execPath, [tsc, '-p', 'tsconfig.json'], { cwd: root, stdio: 'inherit' });
  if (status !== 0) fail('the compiler refused the sources');
  cpSync(`${root}src/${documents}`, `${dist}/${documents}`);
  console.log(`built dist/ in ${((performance.now() - started) / 1000).toFixed(1)} s`);
}

/** @returns {string | undefined} */
function findCompiler() {
  try {
    return createRequire(import.meta.url).resolve('typescript/bin/tsc');
  } catch {
    return undefined;
  }
}

/** @param {string} reason */
function fail(reason) {
  console.error(`build: ${reason}`);
  process.exitCode = 1;
}
