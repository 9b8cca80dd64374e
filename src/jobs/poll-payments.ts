import { pollPayments } from '../services/poll-payments.js';
import type { Job } from './define-job.js';

/** Sees to payments and refunds that providers have not told us about, and to claims whose time is over. */
export function pollPaymentsJob(): Job {
  return {
    name: 'poll-payments',
    schedule: '*/10 * * * * *',
    async run({ deps, log, stopping }) {
      const onFailure = (error: unknown, payment: string) => {
        // Left behind by a server that stops: the next run takes it up again.
        if (!stopping.aborted) log.error({ err: error, payment }, 'a payment could not be looked after');
      };
      await pollPayments(deps, onFailure, stopping);
    },
  };
}
