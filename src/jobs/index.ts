import type { Job } from './define-job.js';
import { eraseGuestsJob } from './erase-guests.js';
import { expireSessionsJob } from './expire-sessions.js';
import { pollPaymentsJob } from './poll-payments.js';
import { purgeWebhookSamplesJob } from './purge-webhook-samples.js';
import { tellOverdueTicketsJob } from './tell-overdue-tickets.js';

export interface JobSettings {
  readonly expiryCron: string;
  readonly graceSeconds: number;
  /** 0: never. */
  readonly guestDataDays: number;
}

/** Every job. A new one is one file and one line here. */
export function allJobs({ expiryCron, graceSeconds, guestDataDays }: JobSettings): readonly Job[] {
  return [
    ...(guestDataDays > 0 ? [eraseGuestsJob({ days: guestDataDays, graceSeconds })] : []),
    expireSessionsJob(expiryCron),
    pollPaymentsJob(),
    purgeWebhookSamplesJob(),
    tellOverdueTicketsJob(),
  ];
}
