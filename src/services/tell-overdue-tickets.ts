import { listUnseenTickets, type TicketName } from '../db/kitchen-tickets.js';
import { serverKeys } from '../event-log/server-keys.js';
import type { Deps } from './deps.js';
import { serverCommand } from './server-command.js';

/** Most tickets that one sweep takes. */
const pieceSize = 500;

/**
 * Writes into the log of each session what the kitchen has left without acknowledgement for too long: guests and floor hear
 * of it, once, however many nodes do this at the same second. Gives the number that this call told of.
 */
export async function tellOverdueTickets(
  deps: Pick<Deps, 'orm' | 'log'>,
  onFailure: (error: unknown, ticket: TicketName) => void,
): Promise<number> {
  const unseen = await listUnseenTickets(deps.orm, pieceSize);
  const results = await Promise.allSettled(unseen.map((ticket) => tell(deps, ticket)));
  results.forEach((result, index) => {
    const ticket = unseen[index];
    if (result.status === 'rejected' && ticket) onFailure(result.reason, ticket);
  });
  return results.filter((result) => result.status === 'fulfilled' && result.value).length;
}

async function tell({ log }: Pick<Deps, 'log'>, { tenantId, sessionId, round }: TicketName): Promise<boolean> {
  const { decided } = await log.submit(
    serverCommand(
      { tenantId, sessionId },
      {
        caller: { kind: 'worker' },
        key: serverKeys.overdue(round),
        type: 'ticket_overdue',
        input: { round },
        sameness: { round },
      },
    ),
  );
  return decided.some(({ replayed }) => !replayed);
}
