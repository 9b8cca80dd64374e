/** Bills made by hand, for rules that need no log. */
import { v7 } from 'uuid';
import type { Bill, Line } from '../../src/domain/bill.js';
import { blankBill } from '../../src/domain/fold.js';
import type { SessionSettings } from '../../src/domain/session.js';

export function aBill({
  settings = {},
  ...facts
}: Partial<Omit<Bill, 'settings'>> & { settings?: Partial<SessionSettings> }): Bill {
  const blank = blankBill(v7() as Bill['tenantId'], v7() as Bill['sessionId']);
  return { ...blank, currency: 'VND', ...facts, settings: { ...blank.settings, ...settings } };
}

export function aLine(facts: Partial<Line>): Line {
  return {
    lineId: v7() as Line['lineId'],
    menuItemId: v7() as Line['menuItemId'],
    name: 'Phở',
    quantity: 1,
    unitPrice: 75_000,
    options: [],
    taxBps: 0,
    note: null,
    state: 'draft',
    round: null,
    addedSeq: 1,
    addedBy: { type: 'staff', id: 'k', name: 'Lan' },
    ...facts,
  };
}
