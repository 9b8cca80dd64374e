import { pino } from 'pino';
import { expect, it } from 'vitest';
import type { JobContext } from '../../../src/jobs/define-job.js';
import { startJobs } from '../../../src/jobs/scheduler.js';

/** These jobs use nothing of what there is. */
const context = { log: pino({ level: 'silent' }), countExpired: () => undefined } as unknown as JobContext;

it('tells a run under way to stop, waits for it, and starts none behind', async () => {
  const seen: string[] = [];
  let begun = (): void => undefined;
  const isBegun = new Promise<void>((resolve) => (begun = resolve));
  const jobs = startJobs(
    [
      {
        name: 'sweep',
        schedule: '* * * * * *',
        async run({ stopping }) {
          seen.push('begins');
          begun();
          await new Promise((resolve) => stopping.addEventListener('abort', resolve));
          seen.push('is told');
        },
      },
    ],
    context,
  );
  await isBegun;
  await jobs.stop();
  expect(seen).toEqual(['begins', 'is told']);
});
