import type { Job } from './define-job.js';
import { expireSessionsJob } from './expire-sessions.js';
import { pollPaymentsJob } from './poll-payments.js';
import { purgeWebhookSamplesJob } from './purge-webhook-samples.js';
import { tellOverdueTicketsJob } from './tell-overdue-tickets.js';

/** Every job. A new one is one file and one line here. */
export function allJobs(schedules: { readonly expiryCron: string }): readonly Job[] {
  return [
    expireSessionsJob(schedules.expiryCron),
    pollPaymentsJob(),
    purgeWebhookSamplesJob(),
    tellOverdueTicketsJob(),
  ];
}
