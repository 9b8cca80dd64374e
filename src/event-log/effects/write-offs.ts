import type { RowEffect } from './row-effect.js';

/** What was given up of a session has its row in the statement that says so, for lists and reports. */
export const writeOffsEffect: RowEffect = {
  name: 'write_offs_kept',
  columns: {
    ...{ tenant_id: 'uuid', session_id: 'uuid', location_id: 'uuid', amount: 'bigint', currency: 'text' },
    ...{ reason: 'text', actor: 'text' },
  },
  sql: (source, moved) => `
  INSERT INTO session_write_offs (tenant_id, session_id, location_id, amount, currency, reason, actor, created_at)
  SELECT r.tenant_id, r.session_id, r.location_id, r.amount, r.currency, r.reason, r.actor::jsonb, session_clock()
  FROM ${source} ${moved}
  ON CONFLICT (tenant_id, session_id) DO NOTHING`,
  rows: ({ after, events }) =>
    events
      .filter(({ event }) => event.type === 'session_written_off')
      .map(({ event: { payload, actor } }) => [
        ...[after.tenantId, after.sessionId, after.locationId, Number(payload.amount), after.currency],
        ...[String(payload.reason), JSON.stringify(actor)],
      ]),
};
