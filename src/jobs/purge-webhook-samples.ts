import { purgeWebhookSampleRows } from '../db/webhook-samples.js';
import type { Job } from './define-job.js';

/** Long enough to look into an incident; and no flood of forged calls fills the disk. */
const kept = { keepDays: 7, keepRows: 10_000 } as const;

/** Forgets old samples of calls that no provider signed, and those of a flood. */
export function purgeWebhookSamplesJob(): Job {
  return {
    name: 'purge-webhook-samples',
    schedule: '40 */5 * * * *',
    async run({ deps, log }) {
      const purged = await purgeWebhookSampleRows(deps.orm, kept);
      if (purged > 0) log.info({ purged }, 'webhook samples purged');
    },
  };
}
