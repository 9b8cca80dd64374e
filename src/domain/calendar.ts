/** Days and moments as callers write them, without a clock. */

const datePattern = /^\d{4}-\d{2}-\d{2}$/;
const instantPattern = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/i;

/** Years that every part of the system can write and read. */
const years = { min: 1970, max: 9998 } as const;

/** True for a day of the calendar, as `2026-01-31`. */
export function isCalendarDate(text: string): boolean {
  if (!datePattern.test(text) || !isInYears(text)) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

/** The moment of an RFC 3339 text, in UTC; undefined when it is none. */
export function instantOf(text: string): string | undefined {
  // In a query string an unescaped plus sign arrives as a space.
  const written = text.replace(/ (?=\d{2}:\d{2}$)/, '+');
  if (!instantPattern.test(written) || !isCalendarDate(written.slice(0, 10))) return undefined;
  const date = new Date(written);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}

function isInYears(text: string): boolean {
  const year = Number(text.slice(0, 4));
  return year >= years.min && year <= years.max;
}
