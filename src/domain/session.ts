import type { BasisPoints } from './money.js';

/** `open`, then one of three final states. */
export const sessionStatuses = ['open', 'paid', 'closed', 'expired'] as const;
export type SessionStatus = (typeof sessionStatuses)[number];

/** How a phone gets in: freely, after approval, or only with the session's own join token from staff. */
export const admissions = ['open', 'approve', 'per_visit'] as const;
export type Admission = (typeof admissions)[number];

/**
 * Every setting of the location that pricing and policies of one session need, copied into `session_opened`, so that a
 * later change of the location never changes a running bill.
 */
export interface SessionSettings {
  readonly admission: Admission;
  readonly tax_inclusive: boolean;
  /** Service charge in basis points of the discounted subtotal. */
  readonly service_bps: BasisPoints;
  /** Accepted events of guests and staff move the expiry forward. */
  readonly sliding: boolean;
  /** Seconds from opening, and from each slide, to expiry. */
  readonly ttl_seconds: number;
  /** What a full payment does: end the session, or leave it open until staff close it. */
  readonly on_paid: 'end' | 'stay';
  /** Rounds reach the kitchen only once paid. */
  readonly pay_first: boolean;
  /** Cash totals are rounded half up to a multiple of this many minor units; 1 means not at all. */
  readonly cash_rounding: number;
  /** Time's end is written into the log as `session_expired`. */
  readonly expiry_event: boolean;
  /** IANA name, for the location's local days. */
  readonly timezone: string;
}

/** Bounds of a TTL given by staff, in seconds. */
export const ttlBounds = { min: 1, max: 86_400 } as const;

/** Sliding expiry moves at most this often, and never past this long after opening (milliseconds). */
export const sliding = { everyMs: 60_000, capMs: 12 * 3_600_000 } as const;

/** An extension by staff never reaches past this long after opening (milliseconds). */
export const extensionCapMs = 24 * 3_600_000;

/** Most phones in one session, removed ones included. */
export const maxDevices = 60;

/** Most lines in one session, and most events in its log. */
export const maxLines = 5_000;
export const maxEvents = 20_000;

/** Most payments in one session, failed ones included. */
export const maxPayments = 500;

/** The only currency that the payment providers carry. */
export const payableCurrency = 'VND';

/** A session lives at least this long past the expiry of a payment that was started in it (milliseconds). */
export const paymentGraceMs = 15 * 60_000;
