import { describe, expect, it } from 'vitest';
import { check } from '../../demo/dinner/check/check.mjs';
import { fold } from '../../demo/dinner/check/fold.mjs';
import type { Evidence, LogEvent } from '../../demo/dinner/types.js';

const lan = { type: 'device', id: 'd-lan', name: 'Lan' };
const minh = { type: 'device', id: 'd-minh', name: 'Minh' };
const server = { type: 'server', id: 'server', name: null };
const momo = { type: 'provider', id: 'momo', name: null };
const mai = { type: 'staff', id: 'k-1', name: 'Mai' };
const session = { sessionId: 's-1', tenantId: 't-1' };

type Deep<T> = T extends object ? { -readonly [K in keyof T]: Deep<T[K]> } : T;
type Corruptible = Deep<Evidence>;

const later = '2026-01-01T12:00:30.000Z';
const muchLater = '2026-01-01T12:15:30.000Z';
/** Lan pays a half before Minh orders once more; Mai takes the rest in cash, rounded up by 400. */
const half = {
  ...{ payment_id: 'p-1', payment_reference: 'QR1', provider: 'momo', amount: 85_000, bill_seq: 7 },
  bill_total: 170_000,
};
const rest = {
  ...{ payment_id: 'c-1', payment_reference: 'CASH1', provider: null, amount: 90_000, bill_seq: 10 },
  bill_total: 174_600,
};
const notice = (forged: boolean, status: number) => ({ body: '{}', forged, answer: { status, body: '' } });

/** A short evening that is right in every way. */
function honest(): Corruptible {
  const settings = { service_bps: 0, sliding: false, tax_inclusive: true, ttl_seconds: 60 };
  const pho = { line_id: 'l-1', menu_item_id: 'm-1', name: 'Phở', unit_price: 75_000, note: 'không hành', tax_bps: 0 };
  const events = [
    event(server, 'session_opened', { table_id: 'b-1', location_id: 'o-1', currency: 'VND', settings }),
    event(lan, 'device_joined', { device_id: lan.id, name: 'Lan', state: 'admitted' }),
    event(minh, 'device_joined', { device_id: minh.id, name: 'Minh', state: 'admitted' }),
    event(lan, 'add_item', { ...pho, quantity: 1, options: [{ option_id: 'p-1', name: 'Trứng', price: 10_000 }] }),
    event(minh, 'add_item', { ...pho, line_id: 'l-2', quantity: 1, options: [] }),
    event(minh, 'modify_qty', { line_id: 'l-1', quantity: 2, delta: 1 }),
    event(lan, 'remove_item', { line_id: 'l-2' }),
    event(lan, 'payment_started', { ...half, device_id: lan.id, expires_at: later, session_expires_at: muchLater }),
    event(momo, 'payment_settled', { ...half, rounding: 0, tendered: null, change: null }),
    event(minh, 'add_item', { ...pho, line_id: 'l-3', name: 'Nước mía', unit_price: 4_600, quantity: 1, options: [] }),
    event(mai, 'payment_settled', { ...rest, rounding: 400, tendered: 100_000, change: 10_000 }),
    event(mai, 'session_paid', { payment_id: 'c-1' }),
  ].map((blank, index) => ({ ...blank, event_id: `e-${index + 1}`, event_seq: index + 1 }));
  const tap = (deviceId: string, seq: number, payload: object) => ({
    key: `key-${seq}`,
    type: events[seq - 1]?.event_type ?? '',
    payload: { ...payload },
    deviceId,
    sends: 1,
    answers: [{ eventId: `e-${seq}`, seq, replayed: false }],
  });
  const evidence: Evidence = {
    log: events,
    snapshots: events.map((_, index) => fold(session, events.slice(0, index + 1))),
    views: ['Lan', 'Minh'].map((name) => ({ name, events, snapshot: fold(session, events) })),
    taps: [
      tap(lan.id, 4, { menu_item_id: 'm-1', quantity: 1, options: ['p-1'], note: 'không hành' }),
      tap(minh.id, 5, { menu_item_id: 'm-1', quantity: 1 }),
      tap(minh.id, 6, { line_id: 'l-1', delta: 1 }),
      tap(lan.id, 7, { line_id: 'l-2' }),
      tap(minh.id, 10, { menu_item_id: 'm-1', quantity: 1 }),
    ],
    intents: [
      {
        paymentId: 'p-1',
        reference: 'QR1',
        amount: 85_000,
        billSeq: 7,
        payUrl: null,
        method: 'momo',
        deviceId: lan.id,
      },
    ],
    payments: [
      { payment_id: 'p-1', payment_reference: 'QR1', amount: 85_000, method: 'momo', status: 'succeeded', actor: lan },
      {
        payment_id: 'c-1',
        payment_reference: 'CASH1',
        amount: 90_000,
        method: 'cash',
        status: 'succeeded',
        actor: mai,
      },
    ],
    orders: [
      {
        ...{ provider: 'momo', reference: 'QR1', transactions: [{ id: '77', amount: 85_000 }] },
        deliveries: [notice(true, 401), notice(false, 204), notice(false, 204)],
      },
    ],
  };
  // Nothing is shared, so that a corruption stays where it was made.
  return JSON.parse(JSON.stringify(evidence)) as Corruptible;
}

function event(actor: LogEvent['actor'], event_type: string, payload: Record<string, unknown>): Deep<LogEvent> {
  return { event_id: '', event_seq: 0, event_type, payload, actor, created_at: '2026-01-01T12:00:00.000Z' };
}

function keepClaim({ snapshots }: Corruptible): void {
  snapshots[8]!.claims = snapshots[7]!.claims;
}

function faultsAfter(corrupt: (evidence: Corruptible) => void): readonly string[] {
  const evidence = honest();
  corrupt(evidence);
  return check(evidence).flatMap(({ faults }) => faults);
}

describe('the check of the dinner', () => {
  it('finds nothing wrong with an honest evening', () => {
    expect(faultsAfter(() => {})).toEqual([]);
    expect(honest().snapshots[6]).toMatchObject({ total: 170_000, items: [{ quantity: 2, line_total: 170_000 }] });
  });

  const corruptions: readonly (readonly [string, (evidence: Corruptible) => void, RegExp])[] = [
    ['an event is lost', ({ log }) => log.splice(4, 1), /place 5 of the log has seq 6/],
    ['an event is there twice', ({ log }) => log.splice(4, 0, log[3]!), /event e-4 is there twice/],
    ['two events changed places', ({ log }) => log.push(...log.splice(3, 1)), /place 4 of the log has seq 5/],
    ['the log is empty', ({ log }) => log.splice(0), /the log is empty/],
    ['a type is unknown', ({ log }) => (log[3]!.event_type = 'gift'), /does not know gift/],
    ['a line is changed that nobody added', ({ log }) => (log[5]!.payload['line_id'] = 'l-9'), /no line l-9/],
    ['the total is off by one', ({ snapshots }) => (snapshots[6]!.total += 1), /seq 7, .* total: 170000, 170001/],
    ['an old bill had another line', ({ snapshots }) => (snapshots[3]!.items = []), /seq 4, .* items\.0/],
    ['the bill has a field too many', ({ snapshots }) => (snapshots[6]!['tip'] = 5), /tip: nothing, 5/],
    ['a phone missed an event', ({ views }) => views[1]!.events.pop(), /Minh's phone saw another log: log\.11/],
    [
      'a phone saw another note',
      ({ views }) => (views[0]!.events[3]!.payload['note'] = ''),
      /Lan's phone saw another log/,
    ],
    [
      'a phone has an old bill',
      ({ views, snapshots }) => (views[0]!.snapshot = snapshots[5]!),
      /Lan's bill is at seq 6/,
    ],
    ['a phone has a wrong bill', ({ views }) => (views[0]!.snapshot.due = 5), /Lan's phone: .* due: 0, 5/],
    ['a tap was never answered', ({ taps }) => taps[0]!.answers.splice(0), /never got an answer/],
    ['a tap is not in the log', ({ taps }) => (taps[0]!.answers[0]!.eventId = 'e-x'), /seq 4 is in the log 0 times/],
    ['a tap doubled a dish', ({ taps }) => taps.splice(1, 1), /seq 5 \(add_item\) was tapped by nobody/],
    ['an answer told another seq', ({ taps }) => (taps[0]!.answers[0]!.seq = 9), /seq 9 was promised, the log has 4/],
    [
      'a retry got another event',
      ({ taps }) => taps[0]!.answers.push({ eventId: 'e-5', seq: 5, replayed: true }),
      /a repeated tap got seq 5 after seq 4/,
    ],
    [
      'a retry was told that it is new',
      ({ taps }) => taps[0]!.answers.push({ ...taps[0]!.answers[0]! }),
      /told 2 times that it is new/,
    ],
    ['a first tap was told that it is old', ({ taps }) => (taps[0]!.answers[0]!.replayed = true), /told 0 times/],
    ['a tap is under another name', ({ taps }) => (taps[0]!.deviceId = minh.id), /seq 4 is by Lan, not by who tapped/],
    ['a tap became something else', ({ taps }) => (taps[3]!.type = 'add_item'), /seq 7 is remove_item, not add_item/],
    ['a note was cut', ({ taps }) => (taps[0]!.payload['note'] = 'không'), /seq 4, asked and stored: note/],
    ['an option was left out', ({ taps }) => (taps[0]!.payload['options'] = ['p-1', 'p-2']), /stored: options\.1/],
  ];
  it.each(corruptions)('notices when %s', (_, corrupt, fault) => {
    expect(faultsAfter(corrupt)).toContainEqual(expect.stringMatching(fault));
  });

  const corruptedMoney: readonly (readonly [string, (evidence: Corruptible) => void, RegExp])[] = [
    ['a settlement is there twice', ({ log }) => log.splice(9, 0, log[8]!), /seq 9 settles payment p-1 once more/],
    ['a doubled settlement shows in the sum', ({ log }) => log.push(log[8]!), /log and till: QR1: 170000, 85000/],
    ['a doubled settlement is on no bill', ({ log }) => log.push(log[8]!), /does not fold: .* settled before/],
    ['a settlement is lost', ({ log }) => log.splice(8, 1), /log and providers: QR1: nothing, 85000/],
    ['cash is lost', ({ log }) => log.splice(10, 1), /log and till: CASH1: nothing, 90000/],
    [
      'another amount is settled than was started',
      ({ log }) => (log[8]!.payload['amount'] = 85_001),
      /seq 9 settles 85001, and 85000 was started/,
    ],
    [
      'another amount is settled than the provider took',
      ({ orders }) => (orders[0]!.transactions[0]!.amount = 75_000),
      /log and providers: QR1: 85000, 75000/,
    ],
    [
      'a provider took it twice',
      ({ orders }) => orders[0]!.transactions.push({ id: '78', amount: 85_000 }),
      /log and providers: QR1: 85000, 170000/,
    ],
    ['the provider took nothing', ({ orders }) => orders.splice(0), /log and providers: QR1: 85000, nothing/],
    ['the till has another amount', ({ payments }) => (payments[1]!.amount -= 1), /log and till: CASH1: 90000, 89999/],
    ['the till has lost a payment', ({ payments }) => payments.pop(), /log and till: CASH1: 90000, nothing/],
    ['the till still waits', ({ payments }) => (payments[0]!.status = 'pending'), /log and till: QR1: 85000, nothing/],
    ['a phone was told another amount', ({ intents }) => (intents[0]!.amount = 1), /seq 8, told .* amount: 1, 85000/],
    ['a start is lost', ({ log }) => log.splice(7, 1), /payment QR1 was started 0 times/],
    ['nobody wanted to pay', ({ intents }) => intents.splice(0), /seq 8 is a payment that no phone has started/],
    ['somebody else pays', ({ intents }) => (intents[0]!.deviceId = minh.id), /seq 8, .* device_id: "d-minh", "d-lan"/],
    ['a bill says too much is paid', ({ snapshots }) => (snapshots[8]!.paid += 1), /seq 9, .* paid: 85000, 85001/],
    ['a claim outlives its payment', keepClaim, /seq 9, .* claims\.0: nothing, /],
    [
      'the session stays open',
      ({ snapshots }) => (snapshots[11]!.status = 'open'),
      /seq 12, .* status: "paid", "open"/,
    ],
  ];
  it.each(corruptedMoney)('notices about money when %s', (_, corrupt, fault) => {
    expect(faultsAfter(corrupt)).toContainEqual(expect.stringMatching(fault));
  });

  it('tells in its claims what came in, and how often it was told', () => {
    const claims = check(honest()).map(({ claim }) => claim);
    expect(claims).toContain('175.000 ₫ in 2 payments: the log, the till and the providers agree');
    expect(claims).toContain('1 payments through providers, 2 notices and 1 forged one: each is settled exactly once');
  });

  it('accepts that the only answer is a replay when an earlier one was lost', () => {
    const faults = faultsAfter(({ taps }) => {
      taps[0]!.sends = 2;
      taps[0]!.answers[0]!.replayed = true;
    });
    expect(faults).toEqual([]);
  });
});

describe('the fold of the dinner, about money', () => {
  /** The bill at a seq of the honest evening. */
  const at = (seq: number) => honest().snapshots[seq - 1];

  it('holds a claim from the start of a payment to its settlement, and keeps the session open for it', () => {
    const claim = { payment_id: 'p-1', device_id: lan.id, amount: 85_000, expires_at: later };
    expect(at(7)).toMatchObject({ claims: [], expires_at: '2026-01-01T12:01:00.000Z' });
    expect(at(8)).toMatchObject({ claims: [claim], paid: 0, payment_status: 'none', expires_at: muchLater });
    expect(at(9)).toMatchObject({ claims: [], paid: 85_000, due: 85_000, payment_status: 'partial' });
  });

  it('says what was added since somebody paid, while something is due', () => {
    expect(at(8)?.added_since_payment).toBeNull();
    expect(at(9)?.added_since_payment).toEqual({ bill_seq: 7, lines: 0, amount: 0 });
    expect(at(10)?.added_since_payment).toEqual({ bill_seq: 7, lines: 1, amount: 4_600 });
    expect(at(11)?.added_since_payment).toBeNull();
  });

  it('rounds cash on the bill, and ends the session only by its own event', () => {
    const rounding = { adjustment_id: 'c-1', kind: 'surcharge', amount: 400, basis_points: null };
    const bill = { subtotal: 174_600, discount: 0, surcharge: 400, total: 175_000, paid: 175_000, due: 0 };
    expect(at(11)).toMatchObject({ ...bill, adjustments: [rounding], payment_status: 'full', status: 'open' });
    expect(at(12)?.status).toBe('paid');
  });

  const after = (...more: readonly Deep<LogEvent>[]) =>
    fold(
      session,
      [...honest().log.slice(0, 8), ...more].map((one, index) => ({ ...one, event_seq: index + 1 })),
    );
  const settled = event(momo, 'payment_settled', { ...half, rounding: 0 });

  it('lets go of a claim when a payment ends, and still takes its money', () => {
    const ended = event(momo, 'payment_ended', { payment_id: 'p-1', device_id: lan.id, outcome: 'expired' });
    expect(after(ended)).toMatchObject({ claims: [], paid: 0, due: 170_000 });
    expect(after(ended, settled)).toMatchObject({ claims: [], paid: 85_000, due: 85_000 });
  });

  it('gives money back without ending or opening anything', () => {
    const refund = (refund_id: string, amount: number) =>
      event(mai, 'payment_refunded', { payment_id: 'p-1', refund_id, amount });
    const part = after(settled, refund('r-1', 35_000));
    expect(part).toMatchObject({ paid: 50_000, due: 120_000, payment_status: 'partial', status: 'open' });
    expect(part.added_since_payment).toEqual({ bill_seq: 7, lines: 0, amount: 0 });
    const all = after(settled, refund('r-1', 35_000), refund('r-2', 50_000));
    expect(all).toMatchObject({ paid: 0, due: 170_000, payment_status: 'none', added_since_payment: null });
  });

  it('says when too much was paid', () => {
    expect(after(settled, event(mai, 'payment_settled', { ...rest, rounding: 0 }))).toMatchObject({
      ...{ paid: 175_000, due: -5_000, payment_status: 'over', added_since_payment: null },
    });
  });

  it('takes off what cash was rounded down by, and calls that no order', () => {
    const bill = { bill_seq: 9, bill_total: 170_000 };
    const cash = event(mai, 'payment_settled', { ...rest, ...bill, amount: 84_000, rounding: -1_000 });
    expect(after(settled, cash)).toMatchObject({ discount: 1_000, total: 169_000, due: 0, payment_status: 'full' });
    const more = after(settled, cash, honest().log[9]!);
    expect(more).toMatchObject({ due: 4_600, added_since_payment: { bill_seq: 9, lines: 1, amount: 4_600 } });
  });
});

describe('the fold of the dinner, about the floor', () => {
  const ordered = honest().log.slice(0, 6);
  const at = (place: number) => `2026-01-01T12:00:${String(place).padStart(2, '0')}.000Z`;
  type Happening = readonly [LogEvent['actor'], string, Record<string, unknown>];
  const after = (...more: readonly Happening[]) =>
    fold(
      session,
      [...ordered, ...more.map(([actor, type, payload]) => event(actor, type, payload))].map((one, index) => ({
        ...{ ...one, event_seq: index + 1, created_at: at(index + 1) },
      })),
    );
  const round = [lan, 'submit_round', { round: 1, line_ids: ['l-1', 'l-2'], held: false }] as const;
  const seen = [mai, 'ticket_acknowledged', { round: 1 }] as const;
  const overdue = [server, 'ticket_overdue', { round: 1 }] as const;
  const step = (line_id: string, from: string, state: string) =>
    [mai, 'set_line_state', { line_id, from, state, reason: null }] as const;
  const ticket = { round: 1, ticket_id: 's-1-1', sent_at: at(7), released_at: at(7), overdue: false };

  it('sends lines as one ticket, and follows them to the table', () => {
    expect(after(round)).toMatchObject({
      items: [{ state: 'sent', round: 1 }, { state: 'sent' }],
      rounds: [{ ...ticket, state: 'new', acknowledged_at: null }],
    });
    const [cooking, readied] = [step('l-1', 'sent', 'ready'), step('l-2', 'sent', 'ready')];
    expect(after(round, seen).rounds).toEqual([{ ...ticket, state: 'acknowledged', acknowledged_at: at(8) }]);
    expect(after(round, cooking).rounds).toEqual([{ ...ticket, state: 'preparing', acknowledged_at: at(8) }]);
    expect(after(round, seen, cooking, readied).rounds).toMatchObject([{ state: 'ready', acknowledged_at: at(8) }]);
    const served = [step('l-1', 'ready', 'served'), step('l-2', 'ready', 'cancelled')];
    const bill = after(round, cooking, readied, ...served);
    expect(bill).toMatchObject({ subtotal: 170_000, items: [{ state: 'served' }, { line_total: 0 }] });
    expect(bill.rounds).toMatchObject([{ state: 'done' }]);
  });

  it('calls a ticket overdue until somebody has it, or nobody needs it', () => {
    expect(after(round, overdue).rounds).toMatchObject([{ state: 'new', overdue: true }]);
    expect(after(round, overdue, seen).rounds).toMatchObject([{ overdue: false }]);
    const gone = [step('l-1', 'sent', 'cancelled'), step('l-2', 'sent', 'cancelled')];
    expect(after(round, overdue, ...gone).rounds).toMatchObject([{ overdue: false, acknowledged_at: null }]);
  });

  it('keeps a sent line that is taken off, and counts it no more', () => {
    const off = [mai, 'remove_item', { line_id: 'l-1', reason: 'fell' }] as const;
    const none = [mai, 'modify_qty', { line_id: 'l-2', quantity: 0, delta: null, reason: 'fell' }] as const;
    expect(after(round, off, none)).toMatchObject({
      items: [
        { state: 'cancelled', quantity: 2, line_total: 0 },
        { state: 'cancelled', line_total: 0 },
      ],
      total: 0,
    });
    expect(after(off, none).items).toEqual([]);
  });

  it('keeps a call until it is answered, and the table where they sit', () => {
    const call = { call_id: 'c-1', kind: 'waiter', note: null };
    const ring = [lan, 'request_service', { ...call, repeats: false }] as const;
    const again = [minh, 'request_service', { ...call, repeats: true }] as const;
    const answer = (outcome: string) => [mai, 'resolve_service', { ...call, outcome }] as const;
    const standing = { ...call, requested_by: lan, requested_at: at(7) };
    expect(after(ring, again).service_calls).toEqual([{ ...standing, taken_by: null }]);
    expect(after(ring, answer('taken')).service_calls).toEqual([{ ...standing, taken_by: mai }]);
    expect(after(ring, answer('taken'), answer('done')).service_calls).toEqual([]);
    const moved = [mai, 'session_moved', { table_id: 'b-2', from_table_id: 'b-1' }] as const;
    expect(after(moved)['table_id']).toBe('b-2');
  });

  it('takes parts of the bill off and puts them on, half up, until they are withdrawn', () => {
    const part = { adjustment_id: 'a-1', kind: 'discount', amount: null, basis_points: 1_001, reason: 'slow' };
    const flat = { adjustment_id: 'a-2', kind: 'surcharge', amount: 5_000, basis_points: null, reason: 'cake' };
    const given = [
      [mai, 'adjust_bill', part],
      [mai, 'adjust_bill', flat],
    ] as const;
    // 10.01 % of 245.000 is 24.524,5.
    const bill = { subtotal: 245_000, discount: 24_525, surcharge: 5_000, total: 225_475, adjustments: [part, flat] };
    expect(after(...given)).toMatchObject(bill);
    const back = [mai, 'adjust_bill', { ...part, kind: 'withdraw', basis_points: null, reason: null }] as const;
    expect(after(...given, back)).toMatchObject({ discount: 0, total: 250_000, adjustments: [flat] });
    const tooMuch = [mai, 'adjust_bill', { ...part, amount: 900_000, basis_points: null }] as const;
    expect(after(tooMuch)).toMatchObject({ discount: 245_000, total: 0 });
    expect(after([mai, 'session_written_off', { amount: 245_000, reason: 'gone' }])['written_off']).toBe(245_000);
  });

  const impossible: readonly (readonly [string, readonly Happening[], RegExp])[] = [
    ['a line is sent twice', [round, [lan, 'submit_round', { round: 2, line_ids: ['l-1'] }]], /l-1 was sent before/],
    ['a round is left out', [[lan, 'submit_round', { round: 2, line_ids: ['l-1'] }]], /round 2 follows 0/],
    ['a ticket is seen that nobody sent', [seen], /no round 1/],
    ['a line jumps', [round, step('l-1', 'ready', 'served')], /line l-1 was sent, not ready/],
    ['a call is answered that nobody made', [[mai, 'resolve_service', { call_id: 'c-9' }]], /no call c-9/],
    ['a call rings twice', [[lan, 'request_service', { call_id: 'c-9', repeats: true }]], /rings no more/],
    ['a move begins elsewhere', [[mai, 'session_moved', { table_id: 'b-2', from_table_id: 'b-7' }]], /but sat at b-1/],
    ['nothing is withdrawn', [[mai, 'adjust_bill', { adjustment_id: 'a', kind: 'withdraw' }]], /a is there no more/],
  ];
  it.each(impossible)('does not fold a log in which %s', (_, events, fault) => {
    expect(() => after(...events)).toThrow(fault);
  });
});
