import type { Actor } from '../actor.js';
import { type Bill, findLine, type Line } from '../bill.js';
import type { LineId } from '../ids.js';
import { invalid, Rejection } from '../rejection.js';

/**
 * The line, if this actor may change it: guests change drafts only; a sent line takes staff and a reason; a cancelled
 * line stays as it is.
 */
export function editableLine(bill: Bill, lineId: LineId, by: { actor: Actor; reason: string | undefined }): Line {
  const line = findLine(bill, lineId);
  if (!line) throw new Rejection('LINE_NOT_FOUND', `the bill has no line ${lineId}`, { line_id: lineId });
  if (line.state === 'draft') return line;
  if (by.actor.type !== 'staff' || line.state === 'cancelled') {
    throw new Rejection('LINE_LOCKED', `line ${lineId} is ${line.state}`, { line_id: lineId, state: line.state });
  }
  if (!by.reason) throw invalid([{ path: 'payload.reason', message: 'is required for a line that was sent' }]);
  return line;
}

/** What remains of a line that is taken off the bill: a draft goes, a sent line stays in the list as cancelled. */
export function takenOff(line: Line): Line | undefined {
  return line.state === 'draft' ? undefined : { ...line, state: 'cancelled' };
}
