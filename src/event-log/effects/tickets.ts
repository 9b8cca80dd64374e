import type { Round } from '../../domain/bill.js';
import type { SessionWrite } from '../session-write.js';
import type { Cell, RowEffect } from './row-effect.js';

/** A round has its ticket in the statement that sends it, and the ticket says of the round what the log says. */
export const ticketsEffect: RowEffect = {
  name: 'tickets_kept',
  columns: {
    ...{ tenant_id: 'uuid', session_id: 'uuid', round: 'int', location_id: 'uuid', is_released: 'int' },
    ...{ is_acknowledged: 'int', is_overdue: 'int', open_lines: 'int' },
  },
  sql: (source, moved) => `
  INSERT INTO kitchen_tickets AS t (tenant_id, session_id, round, location_id, sent_at, released_at, acknowledged_at,
    overdue_at, open_lines)
  SELECT r.tenant_id, r.session_id, r.round, r.location_id, session_clock(),
    CASE WHEN r.is_released = 1 THEN session_clock() END, CASE WHEN r.is_acknowledged = 1 THEN session_clock() END,
    CASE WHEN r.is_overdue = 1 THEN session_clock() END, r.open_lines
  FROM ${source} ${moved}
  ON CONFLICT (tenant_id, session_id, round) DO UPDATE SET
    released_at = coalesce(t.released_at, excluded.released_at),
    acknowledged_at = coalesce(t.acknowledged_at, excluded.acknowledged_at),
    overdue_at = coalesce(t.overdue_at, excluded.overdue_at),
    open_lines = excluded.open_lines`,
  rows: (write) => changed(write).map((round) => ticketRow(write, round)),
};

function changed({ before, after }: SessionWrite): readonly Round[] {
  const known = new Set(before.bill.rounds);
  return after.rounds.filter((round) => !known.has(round));
}

function ticketRow({ after: { tenantId, sessionId, locationId } }: SessionWrite, round: Round): readonly Cell[] {
  const said = (at: number | null) => (at === null ? 0 : 1);
  return [
    ...[tenantId, sessionId, round.round, locationId],
    ...[said(round.releasedAt), said(round.acknowledgedAt), said(round.overdueAt), round.openLines],
  ];
}
