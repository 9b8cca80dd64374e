import type { Bill } from './bill.js';
import type { StoredEvent } from './events/define.js';
import { applyEvent } from './events/index.js';
import { releasePaidRounds } from './paid-lines.js';
import type { LocationId, SessionId, TableId, TenantId } from './ids.js';
import { type SessionSettings, sliding } from './session.js';

/** Grows with every change of what a fold gives; checkpoints of another version are not read. */
export const foldVersion = 3;

const unsettled: SessionSettings = {
  admission: 'open',
  tax_inclusive: true,
  service_bps: 0,
  sliding: false,
  ttl_seconds: 1,
  on_paid: 'end',
  pay_first: false,
  cash_rounding: 1,
  expiry_event: true,
  timezone: 'UTC',
};

/** The bill before its first event. */
export function blankBill(tenantId: TenantId, sessionId: SessionId): Bill {
  return {
    tenantId,
    sessionId,
    locationId: '' as LocationId,
    tableId: '' as TableId,
    currency: '',
    settings: unsettled,
    status: 'open',
    admission: 'open',
    openedAt: 0,
    expiresAt: 0,
    slidAt: 0,
    extendedBySeconds: null,
    lines: [],
    rounds: [],
    calls: [],
    devices: [],
    adjustments: [],
    payments: [],
    paid: 0,
    writtenOff: null,
    lastSeq: 0,
  };
}

/** Folds the next events of the log, in order and without a gap, into a bill. */
export function fold(bill: Bill, events: Iterable<StoredEvent>): Bill {
  let folded = bill;
  for (const event of events) {
    if (event.seq !== folded.lastSeq + 1) throw new Error(`seq ${event.seq} does not follow ${folded.lastSeq}`);
    folded = releasePaidRounds(slide(folded, event), event.createdAt);
  }
  return folded;
}

/** True for events whose writing moves a sliding expiry: those of guests and staff. */
export function movesExpiry(event: Pick<StoredEvent, 'actor'>): boolean {
  return event.actor.type === 'device' || event.actor.type === 'staff';
}

/** The same rule as in the batch statement's `moved`: while open, at most once a minute, never past the cap, never earlier. */
function slide(before: Bill, event: StoredEvent): Bill {
  const bill = applyEvent(before, event);
  const isLive = before.status === 'open' && event.createdAt < before.expiresAt;
  const isTurn = event.createdAt >= bill.slidAt + sliding.everyMs;
  if (!bill.settings.sliding || !movesExpiry(event) || !isLive || !isTurn) return bill;
  const wanted = Math.min(event.createdAt + bill.settings.ttl_seconds * 1000, bill.openedAt + sliding.capMs);
  return { ...bill, slidAt: event.createdAt, expiresAt: Math.max(bill.expiresAt, wanted) };
}
