/** @import { Evening, Ticket, TicketTimes } from './types.js' */

/** What is known of a ticket; who asks first has just sent it. @param {Evening} evening @param {Pick<Ticket, 'ticket_id' | 'session_id'>} ticket @returns {TicketTimes} */
export function timesOf({ clock, tickets }, { ticket_id, session_id }) {
  const known = tickets.get(ticket_id);
  if (known) return known;
  const times = {
    ...{ ticketId: ticket_id, sessionId: session_id, seen: 0, sent: clock.minute },
    ...{ acknowledged: undefined, ready: undefined, served: undefined },
  };
  tickets.set(ticket_id, times);
  return times;
}
