/** @import { LogEvent, Verdict } from '../../dinner/types.js' */
/** @import { Attempt, EveningEvidence } from '../types.js' */

/**
 * Tables, sessions, kitchen and calls after the last guest has gone.
 * @param {EveningEvidence} evidence
 * @returns {Verdict[]}
 */
export function checkFloor(evidence) {
  const { floor, visits, attempts } = evidence;
  const rounds = visits.flatMap(({ last }) => last.rounds);
  const sent = visits.flatMap(({ last }) => last.items.filter(({ round }) => round !== null));
  const cancelled = sent.filter(({ state }) => state === 'cancelled').length;
  const calls = visits.flatMap(({ evidence: { log } }) => log.filter(isCall));
  return [
    {
      claim: `all ${floor.length} tables are free`,
      faults: floor.filter(({ state }) => state !== 'free').map(({ table_name, state }) => `${table_name} is ${state}`),
    },
    { claim: `${visits.length} visits, no session is lost or left open`, faults: faultsOfSessions(evidence) },
    { claim: `${rounds.length} rounds, one ticket each`, faults: faultsOfTickets(evidence) },
    {
      claim: `${sent.length} lines went to the kitchen: ${sent.length - cancelled} served, ${cancelled} cancelled`,
      faults: faultsOfLines(evidence),
    },
    { claim: `${calls.length} calls rang, every one was answered, by one`, faults: faultsOfCalls(evidence) },
    { claim: refusalsOf(attempts), faults: attempts.flatMap(faultsOfAttempt) },
  ];
}

const isCall = (/** @type {LogEvent} */ { event_type, payload }) =>
  event_type === 'request_service' && payload.repeats === false;

/** @param {EveningEvidence} evidence */
function faultsOfSessions({ visits, sessions }) {
  const ids = visits.map(({ last }) => last.session_id);
  return visits.flatMap(({ name, last }, index) => {
    const { session_id: id, status } = last;
    const found = sessions.filter((session) => session.id === id);
    return [
      ...(ids.indexOf(id) === index ? [] : [`${name} shares its session with another party`]),
      ...(found.length === 1 ? [] : [`${name}: session ${id} is listed ${found.length} times`]),
      ...found
        .filter((session) => session.status !== status)
        .map((session) => `${name}: listed as ${session.status}, is ${status}`),
      ...(status === 'open' ? [`${name}: session ${id} is still open`] : []),
    ];
  });
}

/** What the log sent, what the bill shows, and what the kitchen has had on its screen. @param {EveningEvidence} evidence */
function faultsOfTickets({ visits, tickets }) {
  const expected = visits.flatMap(({ name, last, evidence: { log } }) =>
    log
      .filter(({ event_type }) => event_type === 'submit_round')
      .map(({ payload }) => ({ name, last, round: payload.round, id: `${last.session_id}-${String(payload.round)}` })),
  );
  const known = new Set(expected.map(({ id }) => id));
  const faults = expected.flatMap(({ name, last, round, id }, index) => {
    const times = tickets.filter(({ ticketId }) => ticketId === id).reduce((sum, { seen }) => sum + seen, 0);
    const shown = last.rounds.filter(({ ticket_id }) => ticket_id === id).length;
    return [
      ...(expected.findIndex((each) => each.id === id) === index
        ? []
        : [`${name}: round ${String(round)} was sent twice`]),
      ...(times === 1 ? [] : [`${name}: the kitchen had the ticket of round ${String(round)} ${times} times as new`]),
      ...(shown === 1 ? [] : [`${name}: the bill shows round ${String(round)} ${shown} times`]),
    ];
  });
  const extra = tickets.filter(({ ticketId }) => !known.has(ticketId));
  return [...faults, ...extra.map(({ ticketId }) => `ticket ${ticketId} belongs to no round`)];
}

/** @param {EveningEvidence} evidence */
function faultsOfLines({ visits }) {
  return visits.flatMap(({ name, last, givenUp }) =>
    last.items
      .filter(({ state, round }) => !['served', 'cancelled'].includes(state) && (round !== null || !givenUp))
      .map((line) => `${name}: ${line.name} is still ${line.state}`),
  );
}

/** @param {EveningEvidence} evidence */
function faultsOfCalls({ visits }) {
  return visits.flatMap(({ name, evidence: { log } }) =>
    log.filter(isCall).flatMap(({ payload: { call_id, kind } }) => {
      const answers = log.filter(
        ({ event_type, payload }) => event_type === 'resolve_service' && payload.call_id === call_id,
      );
      const count = (/** @type {string} */ outcome) =>
        answers.filter(({ payload }) => payload.outcome === outcome).length;
      return count('done') === 1 && count('taken') === 1
        ? []
        : [`${name}: a call for ${String(kind)} was taken ${count('taken')} times and done ${count('done')} times`];
    }),
  );
}

/** What the refusal of each attempt must be. @type {Record<Attempt['what'], string>} */
const codes = {
  'sold out': 'ITEM_UNAVAILABLE',
  'removed phone': 'UNAUTHENTICATED',
  'occupied table': 'TABLE_OCCUPIED',
  'call taken': 'SERVICE_TAKEN',
};

/** @param {readonly Attempt[]} attempts */
function refusalsOf(attempts) {
  const count = (/** @type {Attempt['what']} */ wanted) => attempts.filter(({ what }) => what === wanted).length;
  const parts = [`a sold-out dish ${count('sold out')}`, `a removed phone ${count('removed phone')}`];
  parts.push(`a taken table ${count('occupied table')}`, `a taken call ${count('call taken')}`);
  return `refused, as it must be: ${parts.join(', ')} times`;
}

/** @param {Attempt} attempt */
function faultsOfAttempt({ what, who, code }) {
  return code === codes[what] ? [] : [`${who} (${what}): ${code ?? 'let through'}, not ${codes[what]}`];
}
