import { tellOverdueTickets } from '../services/tell-overdue-tickets.js';
import type { Job } from './define-job.js';

/** Tells of tickets that the kitchen has not acknowledged within a minute. */
export function tellOverdueTicketsJob(): Job {
  return {
    name: 'tell-overdue-tickets',
    schedule: '*/5 * * * * *',
    async run({ deps, log, countOverdue }) {
      const overdue = await tellOverdueTickets(deps, (error, ticket) => {
        log.error({ err: error, ...ticket }, 'an overdue ticket could not be told of');
      });
      countOverdue(overdue);
      if (overdue > 0) log.warn({ overdue }, 'tickets without acknowledgement');
    },
  };
}
