import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { v7 } from 'uuid';
import { type Bill, lineStates, type LineState } from '../../../src/domain/bill.js';
import { decideCommand } from '../../../src/domain/decide.js';
import { fold } from '../../../src/domain/fold.js';
import { stepBetween } from '../../../src/domain/line-state.js';
import { totalsOf } from '../../../src/domain/pricing.js';
import { Rejection } from '../../../src/domain/rejection.js';
import { linesOf, ticketStateOf } from '../../../src/domain/ticket.js';
import { aBill, aLine } from '../../support/bills.js';
import { menu, pho, waiter } from '../../support/heart-acts.js';

/** The rule of the product, written down pair by pair instead of computed. */
const allowed: Readonly<Record<LineState, Partial<Record<LineState, 'forward' | 'back' | 'cancel'>>>> = {
  draft: {},
  sent: { preparing: 'forward', ready: 'forward', served: 'forward', cancelled: 'cancel' },
  preparing: { sent: 'back', ready: 'forward', served: 'forward', cancelled: 'cancel' },
  ready: { preparing: 'back', served: 'forward', cancelled: 'cancel' },
  served: { ready: 'back', cancelled: 'cancel' },
  cancelled: {},
};

const state = fc.constantFrom(...lineStates);

test('a step is one of those that the product allows, and no other', () => {
  for (const from of lineStates) {
    for (const to of lineStates) expect(stepBetween(from, to), `${from} to ${to}`).toBe(allowed[from][to]);
  }
});

describe('whatever staff ask of the lines of a round, in whatever order', () => {
  const wish = fc.record({
    line: fc.nat(3),
    to: state.filter((each) => each !== 'draft'),
    reason: fc.option(fc.constant('because')),
  });

  test('the lines take only allowed steps, with reasons where they are asked for, and the ticket counts them', () => {
    fc.assert(
      fc.property(fc.array(wish, { maxLength: 40 }), fc.boolean(), (wishes, isOver) => {
        let bill = sentBill(isOver ? 'closed' : 'open');
        const model = bill.lines.map((line) => line.state);
        let isSeen = false;
        for (const { line, to, reason } of wishes) {
          const from = model[line] ?? 'draft';
          const step = allowed[from][to];
          const wanted =
            step === undefined ? 'INVALID_LINE_STATE' : step === 'forward' || reason ? undefined : 'VALIDATION_FAILED';
          const [code, after] = attempt(bill, {
            line_id: bill.lines[line]?.lineId,
            state: to,
            reason: reason ?? undefined,
          });
          expect(code, `${from} to ${to}`).toBe(wanted);
          if (after) {
            bill = after;
            model[line] = to;
            isSeen ||= step === 'forward';
          }
          checkAgainst(bill, model, isSeen);
        }
      }),
      { numRuns: 300 },
    );
  });
});

/** Four lines of one round. */
function sentBill(status: Bill['status']): Bill {
  const lines = [1, 2, 3, 4].map((n) => aLine({ state: 'sent', round: 1, quantity: n, menuItemId: pho.menuItemId }));
  const round = { round: 1, sentAt: 1, releasedAt: 1, acknowledgedAt: null, overdueAt: null, openLines: 4 };
  return aBill({ lines, rounds: [round], status });
}

function attempt(bill: Bill, input: object): readonly [string | undefined, Bill | undefined] {
  const append = { key: v7(), fingerprint: '', type: 'set_line_state' as const, input };
  try {
    const { decided } = decideCommand(
      { tenantId: bill.tenantId, sessionId: bill.sessionId, caller: waiter, appends: [append], menu: () => menu },
      { bill, isPast: bill.status !== 'open', isGraceOver: false, findKey: () => undefined, now: 0, newId: v7 },
    );
    return [
      undefined,
      fold(
        bill,
        decided.map(({ event }) => ({ ...event, createdAt: 2 })),
      ),
    ];
  } catch (error) {
    if (error instanceof Rejection) return [error.code, undefined];
    throw error;
  }
}

function checkAgainst(bill: Bill, model: readonly LineState[], isSeen: boolean): void {
  expect(bill.lines.map((line) => line.state)).toEqual(model);
  const open = model.filter((each) => each !== 'served' && each !== 'cancelled');
  const [round] = bill.rounds;
  if (!round) throw new Error('the round is gone');
  expect(round.openLines).toBe(open.length);
  // Work on any line says that the kitchen has seen the ticket.
  expect(round.acknowledgedAt).toBe(isSeen ? 2 : null);
  const charged = bill.lines.filter((_, at) => model[at] !== 'cancelled');
  expect(totalsOf(bill).subtotal).toBe(charged.reduce((sum, line) => sum + line.quantity * line.unitPrice, 0));
  const shown = ticketStateOf(round, linesOf(bill, 1));
  if (open.length === 0) expect(shown).toBe('done');
  else if (open.every((each) => each === 'ready')) expect(shown).toBe('ready');
  else if (open.some((each) => each !== 'sent')) expect(shown).toBe('preparing');
  else expect(shown).toBe(isSeen ? 'acknowledged' : 'new');
}
