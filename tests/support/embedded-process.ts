/** Program for tests: starts the embedded server, reports as JSON lines, and stops it when its input ends. */
import { once } from 'node:events';
import { startEmbedded } from '../../src/db/embedded/start-embedded.js';

const say = (message: object): void => void process.stdout.write(`${JSON.stringify(message)}\n`);

async function run(dataDir: string): Promise<void> {
  const started = performance.now();
  const settings = { fsync: process.argv[3] ?? 'off' };
  const database = await startEmbedded({ dataDir, settings, log: (line) => say({ log: line }) });
  say({ url: database.url, ms: Math.round(performance.now() - started) });
  process.stdin.resume();
  await once(process.stdin, 'end');
  await database.stop();
}

try {
  say({ starting: true });
  await run(process.argv[2] ?? '');
} catch (error) {
  say({ error: error instanceof Error ? error.name : 'unknown', message: String(error) });
  process.exitCode = 1;
}
