import { timesOf } from './ticket-times.mjs';

/** @import { Evening, Ticket } from './types.js' */

const cook = 'Khoa';
const minutesFor = (/** @type {string} */ lineId, /** @type {number} */ total) =>
  3 + ([...lineId].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % 5) + Math.min(total, 3);

/** Takes every ticket, cooks line by line, and goes home when nothing is left. @param {Evening} evening */
export async function runKitchen(evening) {
  const { board, clock, counts, visits } = evening;
  /** When a line will be ready. @type {Map<string, number>} */
  const readyAt = new Map();
  const mishaps = { dropped: false, sentBack: false };
  for (;;) {
    const isLast = counts.parties === 0;
    const ours = new Set(visits.map(({ sessionId }) => sessionId));
    const tickets = (await board.kitchen()).filter(({ session_id }) => ours.has(session_id));
    await Promise.all(tickets.map((ticket) => work(evening, { ticket, readyAt, mishaps })));
    if (isLast && tickets.length === 0) break;
    await clock.wait(1);
  }
  counts.kitchenOpen = false;
}

/** @param {Evening} evening @param {{ ticket: Ticket, readyAt: Map<string, number>, mishaps: { dropped: boolean, sentBack: boolean } }} task */
async function work(evening, { ticket, readyAt, mishaps }) {
  const { clock, restaurant, story } = evening;
  const { ticket_id, session_id, items, table_name, round } = ticket;
  const where = { table: table_name, who: cook };
  const times = timesOf(evening, ticket);
  if (ticket.state === 'new') {
    times.seen += 1;
    times.acknowledged = clock.minute;
    await restaurant.acknowledge(cook, ticket_id);
    return story.detail(clock.minute, where, `has the ticket of round ${round}`);
  }
  const sent = items.filter(({ state }) => state === 'sent');
  const dropped = sent[0];
  if (!mishaps.dropped && dropped && sent.length > 1 && clock.minute > 20) {
    mishaps.dropped = true;
    sent.shift();
    await restaurant.setLines(cook, session_id, [{ line_id: dropped.line_id, state: 'cancelled', reason: 'dropped' }]);
    story.tell(clock.minute, where, `drops the ${dropped.name}; nobody pays for it`);
  }
  for (const { line_id } of sent) readyAt.set(line_id, clock.minute + minutesFor(line_id, items.length));
  const done = items.filter(
    ({ line_id, state }) => state === 'preparing' && (readyAt.get(line_id) ?? 0) <= clock.minute,
  );
  const steps = [
    ...sent.map(({ line_id }) => ({ line_id, state: 'preparing' })),
    ...done.map(({ line_id }) => ({ line_id, state: 'ready' })),
  ];
  if (steps.length > 0) await restaurant.setLines(cook, session_id, steps);
  if (done.length === 0) return;
  story.detail(clock.minute, where, `has ready: ${done.map(({ name }) => name).join(', ')}`);
  times.ready = clock.minute;
  const [first] = done;
  if (!mishaps.sentBack && first && clock.minute > 30) {
    mishaps.sentBack = true;
    const back = { line_id: first.line_id, state: 'preparing', reason: 'not hot enough' };
    await restaurant.setLines(cook, session_id, [back]);
    readyAt.set(first.line_id, clock.minute + 2);
    story.tell(clock.minute, where, `takes the ${first.name} back: not hot enough`);
  }
}
