import { expireSessions } from '../services/expire-sessions.js';
import type { Job } from './define-job.js';

/** Makes the end of sessions whose time is over durable. Readers and writers do not wait for it: they see the end at once. */
export function expireSessionsJob(schedule: string): Job {
  return {
    name: 'expire-sessions',
    schedule,
    async run({ deps, log, countExpired, stopping }) {
      const onFailure = (error: unknown, session: string) => {
        log.error({ err: error, session }, 'a session could not be expired');
      };
      const expired = await expireSessions(deps, onFailure, stopping);
      countExpired(expired);
      if (expired > 0) log.info({ expired }, 'sessions expired');
    },
  };
}
