import type { LineState } from './bill.js';

/** The way of a line through the kitchen to the table. */
const way = ['sent', 'preparing', 'ready', 'served'] as const;

export type LineStep = 'forward' | 'back' | 'cancel';

/**
 * What kind of step it is from one state to another; undefined if there is none. Forward skips are allowed, back goes one
 * at a time; whatever was sent can be cancelled, and what is cancelled stays so.
 */
export function stepBetween(from: LineState, to: LineState): LineStep | undefined {
  const [at, next] = [placeOf(from), placeOf(to)];
  if (at < 0) return undefined;
  if (to === 'cancelled') return 'cancel';
  if (next < 0 || next === at) return undefined;
  if (next > at) return 'forward';
  return at - next === 1 ? 'back' : undefined;
}

function placeOf(state: LineState): number {
  return way.findIndex((each) => each === state);
}
