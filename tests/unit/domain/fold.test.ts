import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Bill } from '../../../src/domain/bill.js';
import { decideCommand } from '../../../src/domain/decide.js';
import { eventDefinitions } from '../../../src/domain/events/index.js';
import { blankBill, fold } from '../../../src/domain/fold.js';
import { aSession, commandArbitrary, type Play, playAll } from '../../support/cart-play.js';

/** A random life of a session: the events that the rules let through. */
const lives = fc.array(commandArbitrary, { minLength: 1, maxLength: 80, size: 'max' });

describe('fold', () => {
  test('of a snapshot at any seq and the tail is the fold of all, also when the snapshot went through JSON', () => {
    fc.assert(
      fc.property(lives, fc.nat(), fc.boolean(), (commands, cut, slidingSession) => {
        const play = playAll(aSession({ sliding: slidingSession }), commands);
        const blank = blankBill(play.bill.tenantId, play.bill.sessionId);
        const at = cut % (play.events.length + 1);
        const snapshot = fold(blank, play.events.slice(0, at));
        const tail = play.events.slice(at);
        expect(fold(snapshot, tail)).toEqual(play.bill);
        const stored = JSON.parse(JSON.stringify(snapshot)) as Bill;
        expect(stored).toEqual(snapshot);
        expect(fold(stored, tail)).toEqual(play.bill);
        expect(fold(blank, JSON.parse(JSON.stringify(play.events)) as typeof play.events)).toEqual(play.bill);
      }),
      { numRuns: 300 },
    );
  });

  test('never changes the bill that it was given', () => {
    fc.assert(
      fc.property(lives, (commands) => {
        const play = playAll(aSession(), commands);
        let bill = blankBill(play.bill.tenantId, play.bill.sessionId);
        for (const event of play.events) {
          const before = JSON.stringify(bill);
          const next = fold(bill, [event]);
          expect(JSON.stringify(bill)).toBe(before);
          bill = next;
        }
      }),
      { numRuns: 50 },
    );
  });

  test('refuses a gap, a repeat and a step back in seq', () => {
    const { events, bill } = aSession();
    const [opened] = events;
    if (!opened) throw new Error('a session begins with an event');
    for (const seq of [3, 1, 0]) expect(() => fold(bill, [{ ...opened, seq }])).toThrow('does not follow 1');
  });

  test('refuses an event type that it does not know, also one that every object has', () => {
    const { events, bill } = aSession();
    const [opened] = events;
    if (!opened) throw new Error('a session begins with an event');
    for (const type of ['submit_rocket', 'toString', '__proto__', 'constructor']) {
      expect(() => fold(bill, [{ ...opened, seq: 2, type }])).toThrow('unknown event type');
    }
  });

  test('takes every example of every event type after an opened session', () => {
    for (const [type, definition] of Object.entries(eventDefinitions)) {
      for (const { payload } of definition.examples) {
        const { bill, events } = aSession();
        const [opened] = events;
        if (!opened) throw new Error('a session begins with an event');
        const after = fold(bill, [{ ...opened, seq: 2, type, payload: payload as unknown as Record<string, unknown> }]);
        expect(after.lastSeq).toBe(2);
        expect(JSON.parse(JSON.stringify(after))).toEqual(after);
      }
    }
  });
});

describe('the rules', () => {
  test('keep a cart as an independent, simple model does, and refuse what it refuses, by code', () => {
    fc.assert(
      fc.property(lives, (commands) => {
        const play: Play = playAll(aSession(), commands);
        for (const { code, expected } of play.answers) expect(code).toBe(expected);
        expect(summaryOf(play.bill)).toEqual(play.model.summary());
      }),
      { numRuns: 400 },
    );
  });

  test('let a command of several events in whole or not at all', () => {
    const { bill } = aSession();
    expect(() =>
      decideCommand(
        { ...aCommand(bill), appends: [append('a'), append('b', 'no-such-type')] },
        { bill, isPast: false, isGraceOver: false, findKey: () => undefined, now: 0, newId: () => crypto.randomUUID() },
      ),
    ).toThrow();
  });
});

function aCommand(bill: Bill) {
  const caller = { kind: 'worker' } as const;
  return { tenantId: bill.tenantId, sessionId: bill.sessionId, caller };
}

function append(key: string, type = 'session_closed') {
  return { key, type: type as never, input: { reason: 'x' }, fingerprint: '' };
}

function summaryOf(bill: Bill) {
  return {
    status: bill.status,
    lines: bill.lines.map(({ lineId, quantity, unitPrice, state, round }) => ({
      ...{ lineId, quantity, state, round },
      unitPrice,
    })),
    openLines: bill.rounds.map((round) => round.openLines),
    devices: bill.devices.map(({ deviceId, state }) => ({ deviceId, state })),
    admission: bill.admission,
  };
}
