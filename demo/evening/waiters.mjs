import { Refusal } from '../dinner/http.mjs';
import { timesOf } from './ticket-times.mjs';

/** @import { Call } from '../dinner/types.js' */
/** @import { Evening, FloorTable, WaiterFigures } from './types.js' */

/**
 * Carries what is ready in the own half of the room; runs for every call, and is often second.
 * @param {Evening} evening
 * @param {WaiterFigures} waiter
 * @param {0 | 1} half
 */
export async function wait(evening, waiter, half) {
  const { clock, counts } = evening;
  while (counts.kitchenOpen) {
    await Promise.all([carry(evening, waiter, half), answerCalls(evening, waiter)]);
    await clock.wait(1);
  }
}

/** @param {Evening} evening @param {WaiterFigures} waiter @param {0 | 1} half */
async function carry(evening, waiter, half) {
  const { board, clock, restaurant, story, visits } = evening;
  const ours = new Set(visits.map(({ sessionId }) => sessionId));
  const tickets = (await board.kitchen()).filter(
    ({ session_id, table_name }) => ours.has(session_id) && Number(table_name.slice(1)) % 2 === half,
  );
  await Promise.all(
    tickets.map(async (ticket) => {
      const ready = ticket.items.filter(({ state }) => state === 'ready');
      if (ready.length === 0) return;
      const lines = ready.map(({ line_id }) => ({ line_id, state: 'served' }));
      await restaurant.setLines(waiter.name, ticket.session_id, lines);
      waiter.served += ready.length;
      timesOf(evening, ticket).served = clock.minute;
      const names = ready.map(({ name, quantity }) => `${quantity} × ${name}`).join(', ');
      story.detail(clock.minute, { table: ticket.table_name, who: waiter.name }, `serves ${names}`);
    }),
  );
}

/** @param {Evening} evening @param {WaiterFigures} waiter */
async function answerCalls(evening, waiter) {
  const { board, visits } = evening;
  for (const table of await board.floor()) {
    const visit = visits.find(({ sessionId }) => sessionId === table.session?.session_id);
    if (!visit) continue;
    for (const call of table.service_calls) {
      if (call.taken_by === null) await take(evening, waiter, { table, call });
      else if (call.taken_by.name === waiter.name) await finish(evening, waiter, { table, call });
    }
  }
}

/** @param {Evening} evening @param {WaiterFigures} waiter @param {{ table: FloorTable, call: Call }} ring */
async function take({ attempts, clock, restaurant, story }, waiter, { table, call }) {
  const where = { table: table.table_name, who: waiter.name };
  try {
    await restaurant.answerCall(waiter.name, table.session?.session_id ?? '', { kind: call.kind, outcome: 'taken' });
    waiter.calls += 1;
    story.detail(clock.minute, where, call.kind === 'bill' ? 'brings the bill' : 'is on the way');
  } catch (error) {
    if (!(error instanceof Refusal) || error.code !== 'SERVICE_TAKEN') throw error;
    attempts.push({ what: 'call taken', who: waiter.name, code: error.code });
    story.detail(clock.minute, where, 'is told that somebody is on the way already');
  }
}

/** @param {Evening} evening @param {WaiterFigures} waiter @param {{ table: FloorTable, call: Call }} ring */
async function finish({ clock, restaurant, story, visits }, waiter, { table, call }) {
  const sessionId = table.session?.session_id ?? '';
  const visit = visits.find((each) => each.sessionId === sessionId);
  if (visit?.errand && call.kind === 'waiter') {
    if (!(await visit.errand(waiter.name))) return;
    visit.errand = undefined;
    waiter.errands += 1;
  }
  await restaurant.answerCall(waiter.name, sessionId, { kind: call.kind, outcome: 'done' });
  story.detail(clock.minute, { table: table.table_name, who: waiter.name }, 'has done what was asked for');
}
