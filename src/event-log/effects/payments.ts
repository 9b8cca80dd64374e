import type { BillPayment } from '../../domain/payment.js';
import { isSettled } from '../../domain/payment.js';
import type { SessionWrite } from '../session-write.js';
import type { Cell, RowEffect } from './row-effect.js';

/** A provider is first asked about a payment so long after its start, in seconds. */
const firstPollSeconds = 60;

/** The table of payments says of a session's payments what its log says. */
export const paymentsEffect: RowEffect = {
  name: 'payments_kept',
  columns: {
    ...{ tenant_id: 'uuid', session_id: 'uuid', location_id: 'uuid', id: 'uuid', currency: 'text' },
    ...{ payment_reference: 'text', claimed_reference: 'text', method: 'text', provider: 'text', account: 'text' },
    ...{ status: 'text', amount: 'bigint', provider_transaction_id: 'text', mismatch: 'text', reasons: 'text' },
    ...{ bill_seq: 'int', split: 'text', device_id: 'uuid', actor: 'text', note: 'text', expected: 'bigint' },
    ...{
      tendered: 'bigint',
      change: 'bigint',
      refunded_amount: 'bigint',
      expires_at: 'text',
      is_settled: 'int',
      is_polled: 'int',
    },
  },
  sql: (source, moved) => `
  INSERT INTO payments AS t (tenant_id, session_id, location_id, id, currency, payment_reference, claimed_reference, method,
    provider, account, status, amount, provider_transaction_id, mismatch, reasons, bill_seq, split, device_id, actor, note,
    expected, tendered, change, refunded_amount, expires_at, settled_at, next_poll_at)
  SELECT r.tenant_id, r.session_id, r.location_id, r.id, r.currency, r.payment_reference, r.claimed_reference, r.method,
    r.provider, r.account, r.status, r.amount, r.provider_transaction_id, r.mismatch, string_to_array(r.reasons, ','),
    r.bill_seq, r.split::jsonb, r.device_id, r.actor::jsonb, r.note, r.expected, r.tendered, r.change, r.refunded_amount,
    r.expires_at::timestamptz, CASE WHEN r.is_settled = 1 THEN session_clock() END,
    CASE WHEN r.is_polled = 1 THEN session_clock() + interval '${firstPollSeconds} seconds' END
  FROM ${source} ${moved}
  ON CONFLICT (tenant_id, id) DO UPDATE SET
    session_id = excluded.session_id, location_id = excluded.location_id, status = excluded.status,
    provider_transaction_id = excluded.provider_transaction_id, mismatch = excluded.mismatch, reasons = excluded.reasons,
    bill_seq = excluded.bill_seq, note = coalesce(t.note, excluded.note), tendered = excluded.tendered,
    change = excluded.change, refunded_amount = excluded.refunded_amount,
    settled_at = coalesce(t.settled_at, excluded.settled_at),
    next_poll_at = CASE WHEN excluded.next_poll_at IS NOT NULL THEN t.next_poll_at END
  WHERE t.session_id = excluded.session_id`,
  rows: (write) => changed(write).map((payment) => paymentRow(write, payment)),
};

/** Money that came before its payment was there is that payment's money once it settles: one record, not two. */
export const adoptionEffect: RowEffect = {
  name: 'payments_adopted',
  columns: {
    ...{ tenant_id: 'uuid', session_id: 'uuid', id: 'uuid', provider: 'text', reference: 'text' },
    ...{ provider_transaction_id: 'text', amount: 'bigint' },
  },
  sql: (source, moved) => `
  UPDATE payments s SET resolution = 'adopted', adopted_by = r.id, resolved_at = session_clock(),
    resolved_by = '{"type": "server", "id": "server", "name": null}'
  FROM ${source} ${moved}
    AND s.tenant_id = r.tenant_id AND s.provider = r.provider AND s.claimed_reference = r.reference
    AND s.provider_transaction_id = coalesce(r.provider_transaction_id, '') AND s.amount = r.amount
    AND s.session_id IS NULL AND s.resolution IS NULL AND s.refund_held = 0`,
  rows: (write) =>
    changed(write)
      .filter((payment) => payment.status === 'succeeded' && payment.reference !== null)
      .map(({ paymentId, provider, reference, providerTransactionId, amount }) => [
        ...[write.after.tenantId, write.after.sessionId, paymentId, provider],
        ...[reference, providerTransactionId, amount],
      ]),
};

function changed({ before, after }: SessionWrite): readonly BillPayment[] {
  const known = new Set(before.bill.payments);
  return after.payments.filter((payment) => !known.has(payment));
}

function paymentRow({ after }: SessionWrite, payment: BillPayment): readonly Cell[] {
  const { reference, claimedReference, method, provider, account, status, amount } = payment;
  return [
    ...[after.tenantId, after.sessionId, after.locationId, payment.paymentId, after.currency],
    ...[reference, claimedReference, method, provider, account, status, amount],
    ...[payment.providerTransactionId, payment.mismatch, payment.reasons.join(',')],
    ...[payment.billSeq, payment.split && JSON.stringify(payment.split), payment.deviceId],
    ...[
      JSON.stringify(payment.actor),
      payment.note,
      payment.expected,
      payment.tendered,
      payment.change,
      payment.refunded,
    ],
    payment.expiresAt === null ? null : new Date(payment.expiresAt).toISOString(),
    isSettled(payment) ? 1 : 0,
    isPolled(payment) ? 1 : 0,
  ];
}

/** Asked about until it is settled or its time is over, also when a guest has turned away from it: the money may be there. */
function isPolled({ account, status, expiresAt }: BillPayment): boolean {
  return account !== null && expiresAt !== null && (status === 'pending' || status === 'failed');
}
