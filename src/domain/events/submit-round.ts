import { z } from 'zod';
import { type Bill, findLine, findPayment, type Line } from '../bill.js';
import type { LineId, PaymentId } from '../ids.js';
import { type Menu, refuseWhilePaused, soldOutLines } from '../menu.js';
import { isPaidUp } from '../paid-lines.js';
import { Rejection } from '../rejection.js';
import { sliding } from '../session.js';
import { defineEvent, type RuleContext, unchanged } from './define.js';
import { lineId, optional } from './fields.js';

/** Of guests and staff: which lines, or all drafts. Of the server: the payment by which drafts were paid. */
export type RoundWish = { readonly line_ids?: readonly LineId[] | undefined } | { readonly paid_by: PaymentId };

interface RoundSubmitted {
  /** 1, 2, 3: with the session it names the kitchen's ticket. */
  readonly round: number;
  readonly line_ids: readonly LineId[];
  /** It waits for its payment before the kitchen gets it. */
  readonly held: boolean;
}

const input: z.ZodType<RoundWish> = z.strictObject({ line_ids: optional(z.array(lineId).min(1).max(500)) });

export const submitRound = defineEvent({
  type: 'submit_round',
  version: 1,
  summary: 'Draft lines go to the kitchen together, as one ticket.',
  sender: 'guest',
  gate: 'live',
  personal: [],
  input,
  decide: (wish, context): RoundSubmitted | typeof unchanged => {
    const { bill } = context;
    const isPaid = 'paid_by' in wish;
    const lines = isPaid ? paidDrafts(bill, wish.paid_by) : orderedDrafts(wish.line_ids, context);
    if (lines.length === 0) return unchanged;
    const held = bill.settings.pay_first && !isPaid && !isPaidUp(bill);
    return { round: bill.rounds.length + 1, line_ids: lines.map((line) => line.lineId), held };
  },
  apply: (bill, { round, line_ids, held }, { createdAt }) => {
    const sent = new Set(line_ids);
    return {
      ...bill,
      expiresAt: stays(bill),
      lines: bill.lines.map((line) => (sent.has(line.lineId) ? { ...line, state: 'sent', round } : line)),
      rounds: [
        ...bill.rounds,
        {
          ...{ round, sentAt: createdAt, releasedAt: held ? null : createdAt },
          ...{ acknowledgedAt: null, overdueAt: null, openLines: sent.size },
        },
      ],
    };
  },
  examples: [
    {
      input: { line_ids: ['01900000-0000-7000-8000-00000000e001'] },
      payload: { round: 1, line_ids: ['01900000-0000-7000-8000-00000000e001' as LineId], held: false },
    },
  ],
});

/** Where the expiry slides, a visit for which the kitchen has worked is not over before the last moment it could slide to. */
function stays({ settings, openedAt, expiresAt }: Bill): number {
  return settings.sliding ? Math.max(expiresAt, openedAt + sliding.capMs) : expiresAt;
}

function orderedDrafts(wanted: readonly LineId[] | undefined, { bill, menu }: RuleContext): readonly Line[] {
  const lines = wanted ? wanted.map((id) => draftLine(bill, id)) : bill.lines.filter(isDraft);
  if (lines.length === 0) throw new Rejection('NO_DRAFT_LINES', 'there is nothing to send to the kitchen');
  const now: Menu = menu();
  refuseWhilePaused(now);
  const gone = soldOutLines(now, lines);
  const [first] = gone;
  if (first) {
    const facts = { menu_item_id: first.menuItemId, line_ids: gone.map((line) => line.lineId) };
    throw new Rejection('ITEM_UNAVAILABLE', `"${first.name}" is sold out`, facts);
  }
  // Named twice is sent once, in the order they were added.
  return bill.lines.filter((line) => lines.includes(line));
}

function draftLine(bill: Bill, id: LineId): Line {
  const line = findLine(bill, id);
  if (!line) throw new Rejection('LINE_NOT_FOUND', `the bill has no line ${id}`, { line_id: id });
  if (isDraft(line)) return line;
  throw new Rejection('LINE_LOCKED', `line ${id} is ${line.state}`, { line_id: id, state: line.state });
}

/** What is paid goes to the kitchen, sold out or not: with the whole bill every draft, else what was paid line by line. */
function paidDrafts(bill: Bill, paidBy: PaymentId): readonly Line[] {
  const drafts = bill.lines.filter(isDraft);
  if (isPaidUp(bill)) return drafts;
  const split = findPayment(bill, paidBy)?.split;
  if (!bill.settings.pay_first || split?.type !== 'lines') return [];
  return drafts.filter((line) => split.line_ids.includes(line.lineId));
}

function isDraft(line: Line): boolean {
  return line.state === 'draft';
}
