import type { DeviceId, PaymentId, RefundId } from '../domain/ids.js';
import type { PaymentOutcome } from '../domain/payment.js';

/**
 * Idempotency keys of the server's own acts. They begin with a sign that callers' keys (printable ASCII) cannot have, so
 * that nobody can take them away or use them up.
 */
export const serverKeys = {
  opened: '§opened',
  expired: '§expired',
  paid: '§paid',
  closed: '§closed',
  writtenOff: '§written-off',
  joined: (deviceId: DeviceId) => `§joined:${deviceId}`,
  approved: (deviceId: DeviceId) => `§approved:${deviceId}`,
  removed: (deviceId: DeviceId) => `§removed:${deviceId}`,
  acknowledged: (round: number) => `§acknowledged:${round}`,
  overdue: (round: number) => `§overdue:${round}`,
  moved: (id: string) => `§moved:${id}`,
  /** The drafts that a payment paid for go to the kitchen. */
  sentBy: (paymentId: PaymentId) => `§sent-by:${paymentId}`,
  extended: (id: string) => `§extended:${id}`,
  /** A phone's pending payment gives way to the one that this key starts. */
  replacedBy: (key: string) => `§replaced-by:${key}`,
  recorded: (reference: string) => `§recorded:${reference}`,
  recordedEnd: (reference: string) => `§recorded-end:${reference}`,
  ended: (paymentId: PaymentId, outcome: PaymentOutcome) => `§ended:${paymentId}:${outcome}`,
  settled: (paymentId: PaymentId) => `§settled:${paymentId}`,
  refunded: (refundId: RefundId) => `§refunded:${refundId}`,
} as const;
