import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Bill } from '../../../src/domain/bill.js';
import { type BillDifference, billDifference, type Change } from '../../../src/domain/bill-difference.js';
import { describeEvent } from '../../../src/domain/describe-event.js';
import { eventDefinitions } from '../../../src/domain/events/index.js';
import { blankBill, fold } from '../../../src/domain/fold.js';
import { amountText } from '../../../src/domain/money-text.js';
import { totalsOf } from '../../../src/domain/pricing.js';
import { aSession, commandArbitrary, playAll } from '../../support/cart-play.js';

/** Two moments of one visit, in either order. */
const twoBills = fc
  .record({ commands: fc.array(commandArbitrary, { maxLength: 40 }), from: fc.nat(60), to: fc.nat(60) })
  .map(({ commands, from, to }) => {
    const { events, bill } = playAll(aSession(), commands);
    const at = (seq: number) =>
      fold(blankBill(bill.tenantId, bill.sessionId), events.slice(0, 1 + (seq % events.length)));
    return { before: at(from), after: at(to) };
  });

/** What a difference is told of. */
const visible = ({ lines, adjustments, payments, devices, status, tableId, ...bill }: Bill) => {
  const { total, paid, due } = totalsOf({ lines, adjustments, ...bill });
  return { lines, adjustments, payments, devices, status, tableId, total, paid, due };
};

const lists = ['lines', 'adjustments', 'payments', 'devices'] as const;

const isEmpty = (difference: BillDifference) =>
  lists.every((list) => difference[list].length === 0) &&
  JSON.stringify({ ...difference.before, seq: 0 }) === JSON.stringify({ ...difference.after, seq: 0 });

test('a difference is empty exactly where both bills are equal', () => {
  fc.assert(
    fc.property(twoBills, ({ before, after }) => {
      const isEqual = JSON.stringify(visible(before)) === JSON.stringify(visible(after));
      expect(isEmpty(billDifference(before, after))).toBe(isEqual);
    }),
  );
});

test('applied to the one bill it gives the other', () => {
  fc.assert(
    fc.property(twoBills, ({ before, after }) => {
      const difference = billDifference(before, after);
      const { lines, devices } = difference;
      expect(applied(before.lines, lines, ({ lineId }) => lineId)).toEqual(byId(after.lines, ({ lineId }) => lineId));
      expect(applied(before.devices, devices, ({ deviceId }) => deviceId)).toEqual(
        byId(after.devices, ({ deviceId }) => deviceId),
      );
      expect(difference.after.totals).toEqual(totalsOf(after));
    }),
  );
});

test('turned around it is the same with before and after in turn', () => {
  const turned = ({ before, after }: Change<unknown>) => ({ before: after, after: before });
  const sorted = (changes: readonly Change<unknown>[]) => changes.map((one) => JSON.stringify(one)).sort();
  fc.assert(
    fc.property(twoBills, ({ before, after }) => {
      const [there, back] = [billDifference(before, after), billDifference(after, before)];
      expect([back.before, back.after]).toEqual([there.after, there.before]);
      for (const list of lists) expect(sorted(back[list])).toEqual(sorted(there[list].map(turned)));
    }),
  );
});

function applied<T>(before: readonly T[], changes: readonly Change<T>[], idOf: (one: T) => string): readonly T[] {
  const to = new Map(changes.flatMap(({ before: was, after }) => (was ? [[idOf(was), after] as const] : [])));
  const kept = before.flatMap((one) => {
    const next = to.has(idOf(one)) ? to.get(idOf(one)) : one;
    return next ? [next] : [];
  });
  const all = [...kept, ...changes.flatMap(({ before: was, after }) => (!was && after ? [after] : []))];
  return byId(all, idOf);
}

/** What went and came back stands at another place. */
function byId<T>(all: readonly T[], idOf: (one: T) => string): readonly T[] {
  return all.toSorted((a, b) => (idOf(a) < idOf(b) ? -1 : 1));
}

test.each(Object.values(eventDefinitions).map((definition) => [definition.type, definition] as const))(
  '%s is told in a sentence, with and without its personal fields',
  (type, { examples, version, personal }) => {
    const { bill } = playAll(aSession(), []);
    for (const { payload } of examples) {
      const bare = { ...payload, ...Object.fromEntries(personal.map((field) => [field, null])) };
      for (const told of [payload, bare]) {
        const event = {
          ...{ id: '' as never, seq: 2, type, version, payload: told as Record<string, unknown>, createdAt: 0 },
          actor: { type: 'server', id: 'server', name: null } as const,
        };
        const text = describeEvent(event, { before: bill, tableName: () => '5' });
        expect(text).toMatch(/^[A-Z].{5,}[^.]$/su);
        expect(text).not.toMatch(/undefined|null|NaN|\[object/);
      }
    }
  },
);

test.each([
  [85_000, 'VND', 'en', '85,000'],
  [85_000, 'VND', 'vi', '85.000'],
  [-1_234_567, 'VND', 'vi', '-1.234.567'],
  [0, 'VND', 'en', '0'],
  [5, 'EUR', 'en', '0.05'],
  [123_456, 'EUR', 'vi', '1.234,56'],
  [10 ** 15, 'VND', 'en', '1,000,000,000,000,000'],
  [1_000, 'KWD', 'en', '1.000'],
] as const)('%d %s in %s is %s', (amount, currency, language, text) => {
  expect(amountText(amount, currency, language)).toBe(text);
});
