/** Vietnam has no summer time. */
const AHEAD_MS = 7 * 3_600_000;

/** `yyyyMMddHHmmss` on a clock in Vietnam. */
export function compactTime(at: number): string {
  return digits(at).slice(0, 14);
}

/** `yymmdd` of the day in Vietnam. */
export function dayCode(at: number): string {
  return digits(at).slice(2, 8);
}

/** `yyyy-MM-dd HH:mm:ss` on a clock in Vietnam. */
export function spelledTime(at: number): string {
  return new Date(at + AHEAD_MS).toISOString().slice(0, 19).replace('T', ' ');
}

/** The moment of a `yyyyMMddHHmmss`; undefined: there is none such. */
export function momentOf(compact: string): number | undefined {
  if (!/^\d{14}$/.test(compact)) return undefined;
  const iso = compact.replace(/^(....)(..)(..)(..)(..)(..)$/, '$1-$2-$3T$4:$5:$6Z');
  const at = Date.parse(iso) - AHEAD_MS;
  return Number.isNaN(at) || compactTime(at) !== compact ? undefined : at;
}

function digits(at: number): string {
  return new Date(at + AHEAD_MS).toISOString().replaceAll(/\D/g, '');
}
