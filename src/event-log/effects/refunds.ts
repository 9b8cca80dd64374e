import type { RowEffect } from './row-effect.js';

/** A refund that is in the log has succeeded. */
export const refundsEffect: RowEffect = {
  name: 'refunds_done',
  columns: { tenant_id: 'uuid', session_id: 'uuid', id: 'uuid', provider_refund_id: 'text' },
  sql: (source, moved) => `
  UPDATE refunds s SET status = 'succeeded', finished_at = session_clock(), next_poll_at = NULL,
    provider_refund_id = coalesce(r.provider_refund_id, s.provider_refund_id)
  FROM ${source} ${moved} AND s.tenant_id = r.tenant_id AND s.id = r.id`,
  rows: ({ after, events }) =>
    events
      .filter(({ event }) => event.type === 'payment_refunded')
      .map(({ event: { payload } }) => [
        ...[after.tenantId, after.sessionId],
        ...[payload.refund_id as string, payload.provider_refund_id as string | null],
      ]),
};
