import type { RowEffect } from './row-effect.js';

/** A webhook is kept by the statement that writes what it led to. The same one again counts up; an operator's replay, which has its id, does not. */
export const inboxEffect: RowEffect = {
  name: 'inbox_kept',
  columns: {
    ...{ tenant_id: 'uuid', session_id: 'uuid', id: 'uuid', provider: 'text', account: 'text', digest: 'text' },
    ...{ method: 'text', query: 'text', headers: 'text', body: 'text', verdict: 'text', detail: 'text' },
    payment_id: 'uuid',
  },
  sql: (source, moved) => `
  INSERT INTO webhook_inbox AS t (tenant_id, id, provider, account, digest, method, query, headers, body, verdict, detail,
    payment_id)
  SELECT r.tenant_id, r.id, r.provider, r.account, decode(r.digest, 'hex'), r.method, r.query, r.headers::jsonb,
    decode(r.body, 'base64'), r.verdict, r.detail, r.payment_id
  FROM ${source} ${moved}
  ON CONFLICT (tenant_id, provider, account, digest) DO UPDATE SET verdict = excluded.verdict, detail = excluded.detail,
    payment_id = excluded.payment_id, deliveries = t.deliveries + CASE WHEN t.id = excluded.id THEN 0 ELSE 1 END,
    last_received_at = greatest(t.last_received_at, excluded.last_received_at)`,
  rows: ({ after, inbox }) =>
    inbox.map((kept) => [
      ...[after.tenantId, after.sessionId, kept.id, kept.provider, kept.account, kept.digest],
      ...[kept.method, kept.query, JSON.stringify(kept.headers), kept.body, kept.verdict, kept.detail],
      kept.paymentId,
    ]),
};
