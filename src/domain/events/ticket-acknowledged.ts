import { z } from 'zod';
import { withRound } from '../bill.js';
import { Rejection } from '../rejection.js';
import { roundOf } from '../ticket.js';
import { defineEvent, unchanged } from './define.js';

interface TicketAcknowledged {
  readonly round: number;
}

export const ticketAcknowledged = defineEvent({
  type: 'ticket_acknowledged',
  version: 1,
  summary: 'The kitchen has the ticket of a round.',
  sender: 'server',
  gate: 'any',
  personal: [],
  input: z.strictObject({ round: z.int().min(1) }),
  decide: ({ round }, { bill }): TicketAcknowledged | typeof unchanged => {
    const { acknowledgedAt, releasedAt } = roundOf(bill, round);
    // The kitchen does not know of it before it is paid.
    if (releasedAt === null) throw new Rejection('NOT_FOUND', 'there is no such ticket');
    return acknowledgedAt === null ? { round } : unchanged;
  },
  apply: (bill, { round }, { createdAt }) => withRound(bill, round, { acknowledgedAt: createdAt }),
  examples: [{ input: { round: 1 }, payload: { round: 1 } }],
});
