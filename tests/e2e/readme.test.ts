import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { projectRoot, runProgram, terminal, useServerLab } from '../support/server-process.js';

const lab = useServerLab();

const readme = readFileSync(join(projectRoot, 'README.md'), 'utf8');
const blocks = [...readme.matchAll(/^```(\w*)\n(.*?)^```$/gms)].map(([, language, text = '']) => ({ language, text }));
const tour = blocks.filter(({ language }) => language === 'bash').map(({ text }) => text);

/** The answers that the tour shows, in order: each is a part of what it prints. */
const shown = tour.flatMap((text) => [...text.matchAll(/^#> (.*)$/gm)].map(([, answer = '']) => answer));

describe('the README', () => {
  it('has no code but the start, the dinner, the evening and the tour, which are all run here or in the pipeline', () => {
    const others = blocks.filter(({ language }) => language !== 'bash').map(({ text }) => text);
    expect(others).toEqual(['npm ci\nnpm start\n', 'npm run dinner\n', 'npm run evening\n']);
    expect(tour.length).toBeGreaterThan(0);
  });

  it.each(['1', '3'])('shows a tour whose answers are those that it shows, twice, from %s processes', async (count) => {
    const { url } = await lab.start(await lab.oldData(), { WEB_CONCURRENCY: count });
    for (const time of ['first', 'second']) {
      const script = `set -euo pipefail\n${tour.join('\n').replaceAll('http://localhost:4000', url)}`;
      const { status, stdout, stderr } = spawnSync('bash', ['-c', script], { env: terminal, encoding: 'utf8' });
      expect({ time, status, stderr }).toEqual({ time, status: 0, stderr: '' });
      let rest = stdout;
      for (const answer of shown) {
        expect(rest).toContain(answer);
        rest = rest.slice(rest.indexOf(answer) + answer.length);
      }
    }
  });

  it('shows a dinner that takes the address from the environment, too', async () => {
    const { url } = await lab.start(await lab.oldData());
    expect(await runProgram(['demo/dinner/main.mjs'], { BASE_URL: url })).toMatchObject({ code: 0 });
  });
});
