import { z } from 'zod';
import { invalid } from '../domain/rejection.js';
import { snakeWord } from '../domain/words.js';
import { pageBounds } from './list-events.js';

/** The fields as they are stored, or VALIDATION_FAILED with every mistake, in the words of REST. */
export function readFields<T>(schema: z.ZodType<T>, given: object): T {
  const { data, error } = schema.safeParse(given);
  if (!error) return data;
  throw invalid(error.issues.map(({ path, message }) => ({ path: path.map(inRest).join('.'), message })));
}

function inRest(part: PropertyKey): string {
  return typeof part === 'string' ? snakeWord(part) : String(part);
}

/** What people call a thing: without blanks around it, and each letter written in one way. */
export function nameOf(max: number) {
  return z
    .string()
    .refine((text) => text.isWellFormed(), 'must be well-formed Unicode')
    .transform((text) => (text.isWellFormed() ? text.trim().normalize('NFC') : ''))
    .refine((text) => text.length >= 1 && text.length <= max, `must be 1 to ${max} characters`)
    .refine((text) => !/[\p{Cc}\u2028\u2029]/u.test(text), 'must not contain control characters');
}

/** A whole number between two bounds, both of them allowed. */
export function wholeNumber(min: number, max: number) {
  const message = `must be a whole number from ${min} to ${max}`;
  return z.number(message).int(message).min(min, message).max(max, message);
}

/** The size of a page that somebody wants. */
export function checkPageSize(first: number): void {
  if (Number.isInteger(first) && first >= pageBounds.min && first <= pageBounds.max) return;
  throw invalid([{ path: 'first', message: `must be ${pageBounds.min} to ${pageBounds.max}` }]);
}
