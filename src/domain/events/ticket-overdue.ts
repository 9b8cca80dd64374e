import { z } from 'zod';
import { withRound } from '../bill.js';
import { roundOf } from '../ticket.js';
import { defineEvent, unchanged } from './define.js';

interface TicketOverdue {
  readonly round: number;
}

/** The database has seen that its time is over; whether somebody has acknowledged it meanwhile is in the log. */
export const ticketOverdue = defineEvent({
  type: 'ticket_overdue',
  version: 1,
  summary: 'Nobody in the kitchen has acknowledged a ticket for a minute: guests and floor are told, once.',
  sender: 'server',
  gate: 'any',
  personal: [],
  input: z.strictObject({ round: z.int().min(1) }),
  decide: ({ round }, { bill }): TicketOverdue | typeof unchanged => {
    const { acknowledgedAt, releasedAt, overdueAt, openLines } = roundOf(bill, round);
    const isWaiting = releasedAt !== null && acknowledgedAt === null && openLines > 0;
    return isWaiting && overdueAt === null ? { round } : unchanged;
  },
  apply: (bill, { round }, { createdAt }) => withRound(bill, round, { overdueAt: createdAt }),
  examples: [{ input: { round: 1 }, payload: { round: 1 } }],
});
