import { describe, expect, it } from 'vitest';
import { check } from '../../demo/dinner/check/check.mjs';
import { fold } from '../../demo/dinner/check/fold.mjs';
import type { Evidence, LogEvent } from '../../demo/dinner/types.js';

const lan = { type: 'device', id: 'd-lan', name: 'Lan' };
const minh = { type: 'device', id: 'd-minh', name: 'Minh' };
const server = { type: 'server', id: 'server', name: null };
const session = { sessionId: 's-1', tenantId: 't-1' };

type Deep<T> = T extends object ? { -readonly [K in keyof T]: Deep<T[K]> } : T;
type Corruptible = Deep<Evidence>;

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
    ],
  };
  // Nothing is shared, so that a corruption stays where it was made.
  return JSON.parse(JSON.stringify(evidence)) as Corruptible;
}

function event(actor: LogEvent['actor'], event_type: string, payload: Record<string, unknown>): Deep<LogEvent> {
  return { event_id: '', event_seq: 0, event_type, payload, actor, created_at: '2026-01-01T12:00:00.000Z' };
}

function faultsAfter(corrupt: (evidence: Corruptible) => void): readonly string[] {
  const evidence = honest();
  corrupt(evidence);
  return check(evidence).flatMap(({ faults }) => faults);
}

describe('the check of the dinner', () => {
  it('finds nothing wrong with an honest evening', () => {
    expect(faultsAfter(() => {})).toEqual([]);
    expect(honest().snapshots.at(-1)).toMatchObject({ total: 170_000, items: [{ quantity: 2, line_total: 170_000 }] });
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
    ['a phone missed an event', ({ views }) => views[1]!.events.pop(), /Minh's phone saw another log: log\.6/],
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
    ['a phone has a wrong bill', ({ views }) => (views[0]!.snapshot.due = 0), /Lan's phone: .* due: 170000, 0/],
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

  it('accepts that the only answer is a replay when an earlier one was lost', () => {
    const faults = faultsAfter(({ taps }) => {
      taps[0]!.sends = 2;
      taps[0]!.answers[0]!.replayed = true;
    });
    expect(faults).toEqual([]);
  });
});
