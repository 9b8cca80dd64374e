import { eraseOldGuests } from '../services/erase-guests.js';
import type { Job } from './define-job.js';

/** Forgets who the guests were, so many days after their visit. */
export function eraseGuestsJob(kept: { readonly days: number; readonly graceSeconds: number }): Job {
  return {
    name: 'erase-guests',
    schedule: '30 17 * * * *',
    async run({ deps, log, stopping }) {
      const onFailure = (error: unknown, session: string) => {
        // Left behind by a server that stops: the next run takes it up again.
        if (!stopping.aborted) log.error({ err: error, session }, 'guests of a session could not be forgotten');
      };
      const erased = await eraseOldGuests(deps, kept, { onFailure, stopping });
      if (erased > 0) log.info({ erased }, 'guests of old sessions forgotten');
    },
  };
}
