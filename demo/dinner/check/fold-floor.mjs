/** @import { Call, Line, LogEvent, Round } from '../types.js' */

/**
 * What the log means for kitchen and waiters: a part of the fold, and like it made from the documentation alone.
 * @typedef {Omit<Line, 'line_total'>} OpenLine
 * @typedef {{ sentAt: string, acknowledgedAt: string | null, isOverdue: boolean }} Ticket
 * @typedef {{ lines: Map<string, OpenLine>, tickets: Ticket[], calls: Map<string, Call> }} FloorState
 */

/** @returns {Pick<FloorState, 'tickets' | 'calls'>} */
export function blankFloor() {
  return { tickets: [], calls: new Map() };
}

/** @type {Record<string, (state: FloorState, payload: any, event: LogEvent) => void>} */
export const floorEffects = {
  submit_round(state, { round, line_ids, held }, { created_at }) {
    if (held) throw new Error('this fold knows no paying first');
    if (round !== state.tickets.length + 1) throw new Error(`round ${round} follows ${state.tickets.length}`);
    for (const id of line_ids) {
      if (lineOf(state, id).state !== 'draft') throw new Error(`line ${id} was sent before`);
      setLine(state, id, { state: 'sent', round });
    }
    state.tickets.push({ sentAt: created_at, acknowledgedAt: null, isOverdue: false });
  },
  ticket_acknowledged: (state, { round }, { created_at }) => acknowledge(state, round, created_at),
  ticket_overdue(state, { round }) {
    ticketOf(state, round).isOverdue = true;
  },
  set_line_state(state, { line_id, from, state: wanted }, { created_at }) {
    const { state: before, round } = lineOf(state, line_id);
    if (from !== before) throw new Error(`line ${line_id} was ${before}, not ${from}`);
    setLine(state, line_id, { state: wanted });
    // Who works on a line has seen its ticket.
    if (wanted !== 'cancelled' && round !== null) acknowledge(state, round, created_at);
  },
  request_service({ calls }, { call_id, kind, note, repeats }, { actor, created_at }) {
    if (repeats !== calls.has(call_id)) throw new Error(`call ${call_id} rings ${repeats ? 'no more' : 'once more'}`);
    if (!repeats) {
      calls.set(call_id, { call_id, kind, note, requested_by: actor, requested_at: created_at, taken_by: null });
    }
  },
  resolve_service({ calls }, { call_id, outcome }, { actor }) {
    const call = calls.get(call_id);
    if (!call) throw new Error(`there is no call ${call_id}`);
    if (outcome === 'done') calls.delete(call_id);
    else calls.set(call_id, { ...call, taken_by: actor });
  },
};

/**
 * Rounds and calls as a snapshot has them.
 * @param {FloorState} state
 * @param {{ sessionId: string, items: readonly Line[] }} bill
 * @returns {{ rounds: Round[], service_calls: Call[] }}
 */
export function floorOf({ tickets, calls }, { sessionId, items }) {
  const rounds = tickets.map(({ sentAt, acknowledgedAt, isOverdue }, index) => {
    const round = index + 1;
    const open = items.filter((line) => line.round === round && !['served', 'cancelled'].includes(line.state));
    return {
      ...{ round, ticket_id: `${sessionId}-${round}`, state: stateOf(open, acknowledgedAt) },
      ...{ sent_at: sentAt, released_at: sentAt, acknowledged_at: acknowledgedAt },
      overdue: isOverdue && acknowledgedAt === null && open.length > 0,
    };
  });
  return { rounds, service_calls: [...calls.values()] };
}

/** @param {readonly Line[]} open @param {string | null} acknowledgedAt */
function stateOf(open, acknowledgedAt) {
  if (open.length === 0) return 'done';
  if (open.every(({ state }) => state === 'ready')) return 'ready';
  if (open.some(({ state }) => state !== 'sent')) return 'preparing';
  return acknowledgedAt === null ? 'new' : 'acknowledged';
}

/** @param {FloorState} state @param {number} round @param {string} at */
function acknowledge(state, round, at) {
  ticketOf(state, round).acknowledgedAt ??= at;
}

/** @param {FloorState} state @param {number} round */
function ticketOf({ tickets }, round) {
  const ticket = tickets[round - 1];
  if (!ticket) throw new Error(`there is no round ${round}`);
  return ticket;
}

/** @param {Pick<FloorState, 'lines'>} state @param {string} id */
export function lineOf({ lines }, id) {
  const line = lines.get(id);
  if (!line) throw new Error(`there is no line ${id}`);
  return line;
}

/** @param {Pick<FloorState, 'lines'>} state @param {string} id @param {Partial<OpenLine>} news */
export function setLine(state, id, news) {
  state.lines.set(id, { ...lineOf(state, id), ...news });
}
