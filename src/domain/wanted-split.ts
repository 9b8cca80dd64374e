import { asId, isUuid, type LineId } from './ids.js';
import { maxAmount } from './money.js';
import { shareBounds, type SplitType } from './payment.js';
import { type FieldError, invalid } from './rejection.js';
import type { WantedSplit } from './split.js';

/** A split as a caller words it; each field goes with one type only. */
export interface SplitWish {
  readonly type: SplitType;
  readonly amount?: number | undefined;
  readonly lineIds?: readonly string[] | undefined;
  readonly parts?: number | undefined;
}

/** Most lines that one payment names. */
const maxLineIds = 500;

/** Which type each field goes with. */
const goesWith = { amount: 'amount', lineIds: 'lines', parts: 'share' } as const;
const words = { amount: 'split.amount', lineIds: 'split.line_ids', parts: 'split.parts' } as const;

/** Reads a split; all that is free when there is none. VALIDATION_FAILED names every field that is wrong. */
export function wantedSplit(wish: SplitWish | undefined): WantedSplit {
  if (!wish) return { type: 'all' };
  const errors = [...strayFields(wish), ...badValues(wish)];
  if (errors.length > 0) throw invalid(errors);
  switch (wish.type) {
    case 'all':
      return { type: 'all' };
    case 'amount':
      return { type: 'amount', amount: wish.amount ?? 0 };
    case 'lines':
      return { type: 'lines', line_ids: wish.lineIds?.map((id) => asId<LineId>(id)) };
    case 'share':
      return { type: 'share', parts: wish.parts };
  }
}

function strayFields(wish: SplitWish): readonly FieldError[] {
  const names = Object.keys(goesWith) as (keyof typeof goesWith)[];
  return names
    .filter((name) => wish[name] !== undefined && wish.type !== goesWith[name])
    .map((name) => ({ path: words[name], message: `goes with type ${goesWith[name]} only` }));
}

function badValues({ type, amount, lineIds, parts }: SplitWish): readonly FieldError[] {
  const errors: FieldError[] = [];
  if (type === 'amount' && !isWhole(amount, 1, maxAmount)) {
    const need =
      amount === undefined ? 'is required with type amount' : `must be a whole number from 1 to ${maxAmount}`;
    errors.push({ path: words.amount, message: need });
  }
  if (type === 'share' && parts !== undefined && !isWhole(parts, shareBounds.min, shareBounds.max)) {
    errors.push({ path: words.parts, message: `must be ${shareBounds.min} to ${shareBounds.max}` });
  }
  if (type === 'lines' && lineIds) errors.push(...badLines(lineIds));
  return errors;
}

function badLines(lineIds: readonly string[]): readonly FieldError[] {
  const problem = (message: string) => [{ path: words.lineIds, message }];
  if (lineIds.length < 1 || lineIds.length > maxLineIds) return problem(`must be 1 to ${maxLineIds} lines`);
  if (!lineIds.every(isUuid)) return problem('must be UUIDs');
  const unique = new Set(lineIds.map((id) => id.toLowerCase()));
  return unique.size < lineIds.length ? problem('must not name a line twice') : [];
}

function isWhole(value: number | undefined, min: number, max: number): boolean {
  return value !== undefined && Number.isSafeInteger(value) && value >= min && value <= max;
}
