import type { Actor } from './actor.js';
import type { DeviceId, LineId, PaymentId, RefundId, Seq } from './ids.js';
import type { Amount } from './money.js';

/** How money moves. */
export const paymentMethods = ['cash', 'momo', 'vnpay', 'zalopay', 'bank_transfer', 'other'] as const;
export type PaymentMethod = (typeof paymentMethods)[number];

/** What has become of a payment. Never backwards: succeeded does not return to pending or failed. */
export const paymentStates = ['pending', 'succeeded', 'failed', 'refunded', 'partially_refunded'] as const;
export type PaymentState = (typeof paymentStates)[number];

/** Received against expected. */
export const mismatches = ['none', 'short', 'over'] as const;
export type Mismatch = (typeof mismatches)[number];

/** Why a person should look at a payment. `stale_pending` depends on the clock, so it is told and never stored. */
export const paymentReasons = ['unmatched', 'short', 'over', 'late', 'duplicate', 'stale_pending'] as const;
export type PaymentReason = (typeof paymentReasons)[number];

/** What a person decided about it; `adopted` is the server's own: a later delivery found the payment it was for. */
export const resolutions = ['accept', 'attach', 'refunded', 'write_off', 'adopted'] as const;
export type Resolution = (typeof resolutions)[number];

/** Those of a person's own. */
export const paymentDecisions = ['accept', 'attach', 'refunded', 'write_off'] as const satisfies readonly Resolution[];
export type PaymentDecision = (typeof paymentDecisions)[number];

/** What can be known of a payment when a person records it. */
export const recordedStates = ['pending', 'succeeded', 'failed'] as const satisfies readonly PaymentState[];
export type RecordedState = (typeof recordedStates)[number];

/** What has become of a refund. */
export const refundStates = ['pending', 'succeeded', 'failed'] as const;
export type RefundState = (typeof refundStates)[number];

/** What ends a pending payment. `unconfirmed`: its time is over, and the provider would not say what came of it. */
export const paymentOutcomes = ['cancelled', 'replaced', 'failed', 'expired', 'unconfirmed'] as const;
export type PaymentOutcome = (typeof paymentOutcomes)[number];

/** Which part of the bill a payment is for. */
export type Split =
  | { readonly type: 'all' }
  | { readonly type: 'amount' }
  | { readonly type: 'lines'; readonly line_ids: readonly LineId[] }
  /** Part `part` (0-based) of `parts` equal ones of `base`. */
  | {
      readonly type: 'share';
      readonly parts: number;
      readonly part: number;
      readonly base: Amount;
      /** The bill seq at which the first share fixed parts and base: names this way of sharing. */
      readonly plan: Seq;
    };

export const splitTypes = ['all', 'amount', 'lines', 'share'] as const;
export type SplitType = (typeof splitTypes)[number];

/** Bounds of an equal split. */
export const shareBounds = { min: 2, max: 20 } as const;

/** A payment as the log tells it. Its row in the table of payments is made of this. */
export interface BillPayment {
  readonly paymentId: PaymentId;
  /** Ours, as the provider gets it. Null for money that came under a reference of nobody's. */
  readonly reference: string | null;
  /** The reference that came with money which a person attached to this bill. */
  readonly claimedReference: string | null;
  readonly method: PaymentMethod;
  /** Name of the adapter; null for cash and for what goes through none. */
  readonly provider: string | null;
  /** The merchant account; null when a person recorded it. */
  readonly account: string | null;
  readonly status: PaymentState;
  readonly amount: Amount;
  readonly refunded: Amount;
  /** The bill that it was made for. */
  readonly billSeq: Seq;
  /** What that bill came to. */
  readonly billTotal: Amount;
  readonly split: Split | null;
  readonly deviceId: DeviceId | null;
  readonly actor: Actor;
  readonly note: string | null;
  readonly providerTransactionId: string | null;
  /** What was due when a person recorded it. */
  readonly expected: Amount | null;
  readonly mismatch: Mismatch;
  readonly reasons: readonly PaymentReason[];
  readonly tendered: Amount | null;
  readonly change: Amount | null;
  /** When its claim lets go; null when it never held one. */
  readonly expiresAt: number | null;
  /** Holds its part of the bill until it is settled or ended. */
  readonly holdsClaim: boolean;
  readonly refunds: readonly { readonly refundId: RefundId; readonly amount: Amount }[];
}

/** True once the money is there, given back or not. */
export function isSettled({ status }: Pick<BillPayment, 'status'>): boolean {
  return status === 'succeeded' || status === 'refunded' || status === 'partially_refunded';
}

/** Received against what was due. */
export function mismatchOf(received: Amount, expected: Amount): Mismatch {
  return received === expected ? 'none' : received < expected ? 'short' : 'over';
}
