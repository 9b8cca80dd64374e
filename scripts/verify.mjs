/**
 * Everything that must hold besides the tests. All steps run, whatever fails before; one line each, then the output of
 * those that failed. `npm run verify -- lint types` runs only the named ones.
 */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const AT_ONCE = 2;

/** Longest first, so that the two lanes end together. Commands of node_modules/.bin, or node itself. */
const STEPS = [
  { name: 'lint', run: ['eslint', '.', '--max-warnings', '0'] },
  { name: 'types', run: ['tsc', '-p', 'tsconfig.json', '--noEmit'] },
  { name: 'types-tests', run: ['tsc', '-p', 'tsconfig.test.json'] },
  { name: 'imports', run: ['depcruise', 'src', '--config', '.dependency-cruiser.cjs'] },
  { name: 'database-doc', run: ['tsx', 'scripts/emit-database-doc.ts', '--check'] },
  { name: 'documents', run: ['graphql-codegen', '--config', 'codegen.yml', '--check'] },
  { name: 'schema', run: ['tsx', 'scripts/emit-schema.ts', '--check'] },
  { name: 'dead-code', run: ['knip', '--no-progress'] },
  { name: 'events-doc', run: ['tsx', 'scripts/emit-events-doc.ts', '--check'] },
  { name: 'config-doc', run: ['tsx', 'scripts/emit-config-doc.ts', '--check'] },
  { name: 'format', run: ['biome', 'format', '.'] },
  { name: 'doc-paths', run: ['node', 'scripts/check-doc-paths.mjs'] },
];

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !STEPS.some((step) => step.name === name));
if (unknown.length > 0) {
  console.error(`no such step: ${unknown.join(', ')}; there are ${STEPS.map((step) => step.name).join(', ')}`);
  process.exit(2);
}

const queue = STEPS.filter((step) => wanted.length === 0 || wanted.includes(step.name));
/** @type {{ name: string, passed: boolean, output: string }[]} */
const results = [];
await Promise.all(Array.from({ length: AT_ONCE }, lane));

const failed = results.filter((result) => !result.passed);
for (const { name, output } of failed) console.log(`\n--- ${name} ---\n${output.trim()}`);
console.log(`\nverify: ${results.length - failed.length} passed, ${failed.length} failed`);
process.exitCode = failed.length > 0 ? 1 : 0;

async function lane() {
  for (let step = queue.shift(); step; step = queue.shift()) {
    const started = performance.now();
    const result = await runStep(step.run);
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    console.log(`${result.passed ? 'ok  ' : 'FAIL'} ${step.name.padEnd(13)}${seconds.padStart(6)} s`);
    results.push({ name: step.name, ...result });
  }
}

/**
 * @param {string[]} command
 * @returns {Promise<{ passed: boolean, output: string }>}
 */
function runStep([command = '', ...args]) {
  const path = `${root}node_modules/.bin:${process.env.PATH}`;
  const child = spawn(command, args, {
    cwd: root,
    env: { ...process.env, PATH: path, FORCE_COLOR: '0', NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: process.platform === 'win32',
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
  return new Promise((resolve) => {
    child.on('error', (error) => resolve({ passed: false, output: String(error) }));
    child.on('close', (code, signal) =>
      resolve({ passed: code === 0, output: signal ? `${output}\n${signal}` : output }),
    );
  });
}
