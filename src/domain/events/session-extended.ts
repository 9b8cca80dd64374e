import { z } from 'zod';
import { extensionCapMs, ttlBounds } from '../session.js';
import { defineEvent, unchanged } from './define.js';

interface SessionExtended {
  readonly ttl_seconds: number;
  /** The new expiry, RFC 3339; never earlier than it was. */
  readonly expires_at: string;
}

/** A repeat within a minute, or a tenth of a shorter TTL, asks for what already is. */
const repeatWithin = (ttlSeconds: number) => Math.min(60_000, ttlSeconds * 100);

export const sessionExtended = defineEvent({
  type: 'session_extended',
  version: 1,
  summary: 'Staff move the expiry: now plus the TTL, never earlier than it was, at most 24 hours after opening.',
  sender: 'server',
  gate: 'live',
  personal: [],
  input: z.strictObject({ ttl_seconds: z.int().min(ttlBounds.min).max(ttlBounds.max) }),
  decide: ({ ttl_seconds }, { bill, now }): SessionExtended | typeof unchanged => {
    const wanted = Math.min(now + ttl_seconds * 1000, bill.openedAt + extensionCapMs);
    const gain = wanted - bill.expiresAt;
    const isRepeat = bill.extendedBySeconds === ttl_seconds && gain < repeatWithin(ttl_seconds);
    if (gain <= 0 || isRepeat) return unchanged;
    return { ttl_seconds, expires_at: new Date(wanted).toISOString() };
  },
  apply: (bill, { ttl_seconds, expires_at }) => ({
    ...bill,
    extendedBySeconds: ttl_seconds,
    expiresAt: Math.max(bill.expiresAt, Date.parse(expires_at)),
  }),
  examples: [{ input: { ttl_seconds: 3600 }, payload: { ttl_seconds: 3600, expires_at: '2026-01-31T12:00:00.000Z' } }],
});
