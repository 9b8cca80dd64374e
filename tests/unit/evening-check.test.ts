import { describe, expect, it } from 'vitest';
import { fold } from '../../demo/dinner/check/fold.mjs';
import type { LogEvent } from '../../demo/dinner/types.js';
import { check } from '../../demo/evening/check/check.mjs';
import type { EveningEvidence, VisitEvidence } from '../../demo/evening/types.js';

type Deep<T> = T extends object ? { -readonly [K in keyof T]: Deep<T[K]> } : T;
type Corruptible = Deep<EveningEvidence>;

const lan = { type: 'device', id: 'd-lan', name: 'Lan' };
const server = { type: 'server', id: 'server', name: null };
const momo = { type: 'provider', id: 'momo', name: null };
const nam = { type: 'staff', id: 'k-1', name: 'Nam' };
const at = '2026-01-01T12:00:00.000Z';

type Happening = readonly [LogEvent['actor'], string, Record<string, unknown>];
const money = { payment_id: 'p-1', payment_reference: 'QR1', amount: 75_000, bill_seq: 10, bill_total: 75_000 };
const settings = { service_bps: 0, sliding: false, pay_first: false, tax_inclusive: true, ttl_seconds: 60 };
const dish = { menu_item_id: 'm-1', name: 'Phở', quantity: 1, unit_price: 75_000, options: [], note: null, tax_bps: 0 };
const call = { call_id: 'c-1', kind: 'waiter' };

const ordered: readonly Happening[] = [
  [server, 'session_opened', { table_id: 'b-1', location_id: 'o-1', currency: 'VND', settings }],
  [lan, 'device_joined', { device_id: lan.id, name: 'Lan', state: 'admitted' }],
  [lan, 'add_item', { ...dish, line_id: 'l-1' }],
  [lan, 'submit_round', { round: 1, line_ids: ['l-1'], held: false }],
  [nam, 'ticket_acknowledged', { round: 1 }],
  [lan, 'request_service', { ...call, note: null, repeats: false }],
  [nam, 'resolve_service', { ...call, outcome: 'taken' }],
  [nam, 'resolve_service', { ...call, outcome: 'done' }],
  [nam, 'session_moved', { table_id: 'b-2', from_table_id: 'b-1' }],
  [nam, 'set_line_state', { line_id: 'l-1', from: 'sent', state: 'served', reason: null }],
];
const expiry = { expires_at: at, session_expires_at: null };
const paid: readonly Happening[] = [
  ...ordered,
  [lan, 'payment_started', { ...money, provider: 'momo', device_id: lan.id, ...expiry }],
  [momo, 'payment_settled', { ...money, provider: 'momo', method: 'momo', rounding: 0 }],
  [momo, 'session_paid', { payment_id: 'p-1' }],
];
const left: readonly Happening[] = [
  ...ordered,
  [nam, 'session_closed', { reason: 'left' }],
  [nam, 'session_written_off', { amount: 75_000, reason: 'left' }],
];

function visit(name: string, happenings: readonly Happening[], givenUp?: string): VisitEvidence {
  const log = happenings.map(([actor, event_type, payload], index) => ({
    ...{ event_id: `${name}-${index + 1}`, event_seq: index + 1, event_type, payload, actor, created_at: at },
  }));
  const billAt = (seq: number) => fold({ sessionId: `s-${name}`, tenantId: 't-1' }, log.slice(0, seq));
  const last = billAt(log.length);
  const tapped = [3, 4, 6].map((seq) => ({
    ...{ key: `${name}-key-${seq}`, type: happenings[seq - 1]?.[1] ?? '', payload: {}, deviceId: lan.id, sends: 1 },
    answers: [{ eventId: `${name}-${seq}`, seq, replayed: false }],
  }));
  const isPaid = happenings === paid;
  const intent = { paymentId: 'p-1', reference: 'QR1', amount: 75_000, billSeq: 10, payUrl: null, method: 'momo' };
  const payment = { payment_id: 'p-1', payment_reference: 'QR1', amount: 75_000, method: 'momo', status: 'succeeded' };
  const notice = { body: '{}', forged: false, answer: { status: 204, body: '' } };
  const order = {
    provider: 'momo',
    reference: 'QR1',
    transactions: [{ id: '77', amount: 75_000 }],
    deliveries: [notice],
  };
  return {
    ...{ name, last, givenUp },
    evidence: {
      ...{ log, taps: tapped, snapshots: [billAt(4), last], views: [{ name: 'Lan', events: log, snapshot: last }] },
      intents: isPaid ? [{ ...intent, method: 'momo', deviceId: lan.id }] : [],
      payments: isPaid ? [{ ...payment, actor: lan }] : [],
      orders: isPaid ? [order] : [],
    },
  };
}

/** One party pays, one leaves without: right in every way. */
function honest(): Corruptible {
  const visits = [visit('Lan at T2', paid), visit('Hoa at T1', left, 'left')];
  const payment = { payment_id: 'p-1', payment_reference: 'QR1', amount: 75_000, method: 'momo', status: 'succeeded' };
  const evidence: EveningEvidence = {
    visits,
    floor: ['T1', 'T2'].map((table_name) => ({ table_name, state: 'free' })),
    sessions: visits.map(({ last }) => ({ id: last.session_id, status: last.status })),
    tickets: visits.map(({ last }) => ({ ticketId: `${last.session_id}-1`, seen: 1 })),
    attempts: [
      { what: 'sold out', who: 'Lan', code: 'ITEM_UNAVAILABLE' },
      { what: 'removed phone', who: 'Lan', code: 'UNAUTHENTICATED' },
      { what: 'occupied table', who: 'Nam', code: 'TABLE_OCCUPIED' },
      { what: 'call taken', who: 'Thu', code: 'SERVICE_TAKEN' },
    ],
    payments: [{ ...payment, actor: lan, session_id: 's-Lan at T2' }],
    takings: { before: 1_000, after: 76_000 },
  };
  // Nothing is shared, so that a corruption stays where it was made.
  return JSON.parse(JSON.stringify(evidence)) as Corruptible;
}

function faultsAfter(corrupt: (evidence: Corruptible) => void): readonly string[] {
  const evidence = honest();
  corrupt(evidence);
  return check(evidence).flatMap(({ faults }) => faults);
}

describe('the check of the evening', () => {
  it('finds nothing wrong with an honest evening, and tells its figures', () => {
    expect(faultsAfter(() => {})).toEqual([]);
    expect(check(honest()).map(({ claim }) => claim)).toEqual([
      'all 2 tables are free',
      '2 visits, no session is lost or left open',
      '2 rounds, one ticket each',
      '2 lines went to the kitchen: 2 served, 0 cancelled',
      '2 calls rang, every one was answered, by one',
      'refused, as it must be: a sold-out dish 1, a removed phone 1, a taken table 1, a taken call 1 times',
      '25 events in 2 logs: each has seq 1 to its end, no gap, no repeat',
      "the server's bill is the fold of the log, at 4 points of the evening",
      '2 phones have seen the whole log and the last bill',
      '6 taps were sent 6 times, 0 of them again: each counts once',
      'bills 150.000 ₫ = money 75.000 ₫ + written off 75.000 ₫; nothing is due at any table',
      "1 payments: the till's list has 75.000 ₫, the day's report 75.000 ₫ more than before",
      '75.000 ₫ through providers, in 1 payments with 1 notices and 0 forged: log, till and providers agree',
    ]);
  });

  it('leaves payments of others out of its bills, and counts them in the report', () => {
    const faults = faultsAfter(({ payments, takings }) => {
      payments.push({ ...payments[0]!, payment_id: 'p-9', session_id: 's-other', amount: 5_000 });
      takings.after += 5_000;
    });
    expect(faults).toEqual([]);
  });

  const logOf = ({ visits }: Corruptible, place = 0) => visits[place]!.evidence.log;
  const corruptions: readonly (readonly [string, (evidence: Corruptible) => unknown, RegExp])[] = [
    ['a table is taken', ({ floor }) => (floor[1]!.state = 'sent'), /^T2 is sent$/],
    ['a session is lost', ({ sessions }) => sessions.pop(), /^Hoa at T1: session .* is listed 0 times/],
    ['a session is listed twice', ({ sessions }) => sessions.push(sessions[0]!), /Lan at T2: .* listed 2 times/],
    ['a list tells another end', ({ sessions }) => (sessions[0]!.status = 'open'), /listed as open, is paid/],
    ['a session stays open', ({ visits }) => (visits[0]!.last.status = 'open'), /session s-Lan at T2 is still open/],
    [
      'two parties share a session',
      ({ visits }) => (visits[1]!.last.session_id = 's-Lan at T2'),
      /Hoa at T1 shares its session with another party/,
    ],
    ['a ticket never came', ({ tickets }) => tickets.pop(), /Hoa at T1: the kitchen had the ticket of round 1 0 times/],
    ['a ticket came twice', ({ tickets }) => (tickets[0]!.seen = 2), /had the ticket of round 1 2 times as new/],
    [
      'a ticket has no round',
      ({ tickets }) => tickets.push({ ticketId: 's-1-7', seen: 1 }),
      /ticket s-1-7 belongs to no round/,
    ],
    ['a round was sent twice', (evidence) => logOf(evidence).push(logOf(evidence)[3]!), /round 1 was sent twice/],
    ['the bill has lost a round', ({ visits }) => visits[0]!.last.rounds.pop(), /the bill shows round 1 0 times/],
    ['a line is not served', ({ visits }) => (visits[0]!.last.items[0]!.state = 'ready'), /Phở is still ready/],
    [
      'a line was never sent',
      ({ visits }) => Object.assign(visits[0]!.last.items[0]!, { state: 'draft', round: null }),
      /Phở is still draft/,
    ],
    [
      'a call is not answered',
      (evidence) => logOf(evidence).splice(7, 1),
      /call for waiter .* taken 1 times and done 0/,
    ],
    ['a call is taken twice', (evidence) => logOf(evidence).push(logOf(evidence)[6]!), /taken 2 times and done 1/],
    ['a sold-out dish is sold', ({ attempts }) => (attempts[0]!.code = undefined), /Lan \(sold out\): let through/],
    [
      'a removed phone still orders',
      ({ attempts }) => (attempts[1]!.code = undefined),
      /\(removed phone\): let through/,
    ],
    ['two sit at one table', ({ attempts }) => (attempts[2]!.code = 'NOT_FOUND'), /NOT_FOUND, not TABLE_OCCUPIED/],
    ['two waiters run', ({ attempts }) => (attempts[3]!.code = 'X'), /X, not SERVICE_TAKEN/],
    ['an event is lost', (evidence) => logOf(evidence).splice(4, 1), /Lan at T2: place 5 of the log has seq 6/],
    [
      'a bill is no fold',
      ({ visits }) => (visits[1]!.evidence.snapshots[0]!.total += 1),
      /Hoa at T1: bill at seq 4, fold and server: total: 75000, 75001/,
    ],
    [
      'a phone shows the old table',
      ({ visits }) => (visits[0]!.evidence.views[0]!.snapshot['table_id'] = 'b-1'),
      /Lan's phone: bill at seq 13, fold and server: table_id: "b-2", "b-1"/,
    ],
    ['a tap is lost', ({ visits }) => visits[0]!.evidence.taps[0]!.answers.splice(0), /never got an answer/],
    [
      'a tap counts twice',
      ({ visits }) => visits[0]!.evidence.taps.splice(1, 1),
      /submit_round\) was tapped by nobody/,
    ],
    ['somebody has not paid', ({ visits }) => (visits[0]!.last.due = 1), /Lan at T2: 75000 of 75000 is paid/],
    ['a bill is larger than its money', ({ visits }) => (visits[0]!.last.total += 1), /come to 150001, .* to 150000/],
    [
      'less was written off',
      ({ visits }) => (visits[1]!.last['written_off'] = 1),
      /75000 is due, and 1 was written off/,
    ],
    ['the list lacks a payment', ({ payments }) => payments.pop(), /the log has 75000, the till's list 0/],
    ['the list doubles a payment', ({ payments }) => payments.push(payments[0]!), /has payment p-1 twice/],
    ['the report lacks money', ({ takings }) => (takings.after -= 1), /list grew by 75000, the day's report by 74999/],
    [
      'a provider took more',
      ({ visits }) => (visits[0]!.evidence.orders[0]!.transactions[0]!.amount += 1),
      /Lan at T2: log and providers: QR1: 75000, 75001/,
    ],
    ['the till has another sum', ({ visits }) => visits[0]!.evidence.payments.pop(), /Lan at T2: log and till: QR1/],
  ];
  it.each(corruptions)('notices when %s', (_, corrupt, fault) => {
    expect(faultsAfter(corrupt)).toContainEqual(expect.stringMatching(fault));
  });
});
