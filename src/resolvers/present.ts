import { addedSincePayment } from '../domain/added-since.js';
import {
  type Bill,
  lineTotal,
  type Line as BillLine,
  type Round as BillRound,
  type ServiceCall as BillCall,
} from '../domain/bill.js';
import { claimsOf } from '../domain/claims.js';
import { paymentStatusOf, totalsOf } from '../domain/pricing.js';
import { type Snapshot as DomainSnapshot, snapshotNow, statusNow } from '../domain/snapshot.js';
import type { Session } from '../schema/session.js';
import { linesOf, ticketIdOf, ticketStateOf } from '../domain/ticket.js';
import type { Line, Round, ServiceCall, Snapshot } from '../schema/snapshot.js';
import type { ShownHead } from '../services/list-sessions.js';
import type { SessionState } from '../services/seats.js';

/** From what services give to what the schema shows. */

export function presentSession({ bill, ...head }: SessionState): Session {
  const { total, paid, due, paymentStatus } = totalsOf(bill);
  return {
    id: bill.sessionId,
    tenantId: bill.tenantId,
    locationId: bill.locationId,
    tableId: bill.tableId,
    status: statusNow(head),
    currency: bill.currency,
    openedAt: new Date(bill.openedAt),
    expiresAt: new Date(bill.expiresAt),
    lastEventSeq: bill.lastSeq,
    total,
    paid,
    due,
    paymentStatus,
  };
}

export function presentHead(head: ShownHead): Session {
  const { id, tenantId, locationId, tableId, currency, lastEventSeq, total, paid, due } = head;
  return {
    ...{ id, tenantId, locationId, tableId, currency, lastEventSeq, total, paid, due },
    status: statusNow(head),
    openedAt: new Date(head.openedAt),
    expiresAt: new Date(head.expiresAt),
    paymentStatus: paymentStatusOf(paid, due),
  };
}

/** Members that show the bill as it is now, worked out only when somebody selects them. */
export function withBill(state: SessionState): { readonly snapshot: Snapshot } {
  return {
    get snapshot() {
      return presentSnapshot(snapshotNow(state));
    },
  };
}

export function presentSnapshot({ bill, totals, status, etag }: DomainSnapshot): Snapshot {
  const { sessionId, tenantId, locationId, tableId, currency, lastSeq } = bill;
  return {
    ...{ sessionId, tenantId, locationId, tableId, currency, status, etag },
    items: bill.lines.map(presentLine),
    rounds: bill.rounds.map((round) => presentRound(bill, round)),
    serviceCalls: bill.calls.map(presentCall),
    devices: [...bill.devices],
    ...totals,
    writtenOff: bill.writtenOff,
    taxInclusive: bill.settings.tax_inclusive,
    adjustments: [...bill.adjustments],
    claims: claimsOf(bill).map((claim) => ({ ...claim, expiresAt: new Date(claim.expiresAt) })),
    addedSincePayment: addedSincePayment(bill),
    lastEventSeq: lastSeq,
    expiresAt: new Date(bill.expiresAt),
  };
}

function presentRound(bill: Bill, round: BillRound): Round {
  const { sentAt, releasedAt, acknowledgedAt, overdueAt, openLines } = round;
  return {
    round: round.round,
    ticketId: ticketIdOf(bill.sessionId, round.round),
    state: ticketStateOf(round, linesOf(bill, round.round)),
    sentAt: new Date(sentAt),
    releasedAt: releasedAt === null ? null : new Date(releasedAt),
    acknowledgedAt: acknowledgedAt === null ? null : new Date(acknowledgedAt),
    overdue: overdueAt !== null && acknowledgedAt === null && openLines > 0,
  };
}

export function presentCall(call: BillCall): ServiceCall {
  return { ...call, requestedAt: new Date(call.requestedAt) };
}

export function presentLine(line: BillLine): Line {
  const options = line.options.map(({ option_id, name, price }) => ({ optionId: option_id, name, price }));
  return { ...line, options, lineTotal: lineTotal(line) };
}
