import { spawn } from 'node:child_process';
import { expect, test } from 'vitest';

const PROGRAM = `
  import { onStopRequest } from './src/stop-requests.ts';
  const busy = setInterval(() => {}, 1000);
  onStopRequest((reason) => { console.log('stopped: ' + reason); clearInterval(busy); process.exit(); }, true);
  console.log('ready');
`;

test('a server whose shell dies of a signal ends too', async () => {
  expect(await outputAfterSignal('shell')).toBe('ready\nstopped: the shell of npm is gone\n');
});

test('a signal to the server itself ends it', async () => {
  expect(await outputAfterSignal('program')).toBe('ready\nstopped: SIGTERM\n');
});

async function outputAfterSignal(to: 'shell' | 'program'): Promise<string> {
  const run = '"$0" --import tsx --input-type=module --eval "$1"';
  const script = to === 'shell' ? `${run}; true` : `exec ${run}`;
  const child = spawn('sh', ['-c', script, process.execPath, PROGRAM], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  for await (const text of child.stdout.setEncoding('utf8')) {
    output += String(text);
    if (output === 'ready\n') child.kill('SIGTERM');
  }
  return output;
}
