import cron from 'node-cron';
import type { Job, JobContext } from './define-job.js';

/** Running jobs. */
export interface Scheduler {
  /** Starts no run any more, tells those under way to stop, and resolves when they have. */
  stop(): Promise<void>;
}

/** Runs each job by its schedule, never twice at a time in this process; a failure is logged, and the next tick tries again. */
export function startJobs(jobs: readonly Job[], context: Omit<JobContext, 'stopping'>): Scheduler {
  const stopping = new AbortController();
  const running = new Set<Promise<void>>();
  const tasks = jobs.map((job) =>
    cron.schedule(
      job.schedule,
      async () => {
        const run = job
          .run({ ...context, stopping: stopping.signal })
          .catch((error: unknown) => context.log.error({ err: error, job: job.name }, 'job failed'));
        running.add(run);
        await run;
        running.delete(run);
      },
      { timezone: 'Etc/UTC', noOverlap: true, name: job.name },
    ),
  );
  return {
    async stop() {
      stopping.abort();
      for (const task of tasks) await task.destroy();
      await Promise.all(running);
    },
  };
}
