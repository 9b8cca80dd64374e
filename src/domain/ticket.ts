import { findRound, type Bill, type Line, type Round } from './bill.js';
import { isUuid, asId, type SessionId } from './ids.js';
import { Rejection } from './rejection.js';

/** How long the kitchen may leave a ticket without acknowledgement (milliseconds). */
export const ticketPatienceMs = 60_000;

/** How far a round has come: `held` until it is paid where guests pay first, `new` until the kitchen has seen it. */
export const ticketStates = ['held', 'new', 'acknowledged', 'preparing', 'ready', 'done'] as const;
export type TicketState = (typeof ticketStates)[number];

/** The name of a round's ticket: session and round, so there is no second one. */
export function ticketIdOf(sessionId: SessionId, round: number): string {
  return `${sessionId}-${round}`;
}

/** Session and round of a ticket's name; NOT_FOUND if it is none. */
export function readTicketId(text: string): { readonly sessionId: SessionId; readonly round: number } {
  const [sessionId, round] = [text.slice(0, 36), text.slice(37)];
  if (!isUuid(sessionId) || text[36] !== '-' || !/^[1-9]\d{0,5}$/.test(round)) throw noSuchTicket();
  return { sessionId: asId<SessionId>(sessionId), round: Number(round) };
}

/** The round, or NOT_FOUND. */
export function roundOf(bill: Bill, round: number): Round {
  const found = findRound(bill, round);
  if (!found) throw noSuchTicket();
  return found;
}

/** The lines of a round, in the order they were added. */
export function linesOf(bill: Bill, round: number): readonly Line[] {
  return bill.lines.filter((line) => line.round === round);
}

export function ticketStateOf(round: Round, lines: readonly Line[]): TicketState {
  if (round.releasedAt === null) return 'held';
  if (round.openLines === 0) return 'done';
  const open = lines.filter(({ state }) => state === 'sent' || state === 'preparing' || state === 'ready');
  if (open.every(({ state }) => state === 'ready')) return 'ready';
  if (open.some(({ state }) => state !== 'sent')) return 'preparing';
  return round.acknowledgedAt === null ? 'new' : 'acknowledged';
}

/** True while a ticket lies in the kitchen longer than it may without anybody having seen it. */
export function isOverdue(round: Round, now: number): boolean {
  if (round.openLines === 0 || round.acknowledgedAt !== null || round.releasedAt === null) return false;
  return round.overdueAt !== null || now - round.releasedAt >= ticketPatienceMs;
}

function noSuchTicket(): Rejection {
  return new Rejection('NOT_FOUND', 'there is no such ticket');
}
