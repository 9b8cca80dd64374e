import { z } from 'zod';
import type { LocationChange } from '../db/locations.js';
import { findTimeZone } from '../db/time-zones.js';
import { invalid } from '../domain/rejection.js';
import { admissions, ttlBounds } from '../domain/session.js';
import type { Deps } from './deps.js';
import { nameOf, wholeNumber } from './read-fields.js';

const currencies = new Set(Intl.supportedValuesOf('currency'));

const noTimeZone = 'must be an IANA time zone like Asia/Ho_Chi_Minh';

const maxUrl = 500;

/** Every setting of a location; what is null falls back to the server's own. */
const locationFields = z.object({
  name: nameOf(100),
  currency: z.string().refine((code) => currencies.has(code), 'must be an ISO 4217 code like VND'),
  timezone: z.string().refine(isTimeZone, noTimeZone),
  guestUrl: z.string().transform(readGuestUrl).nullable(),
  admission: z.enum(admissions),
  taxInclusive: z.boolean(),
  serviceBps: wholeNumber(0, 10_000),
  sliding: z.boolean(),
  ttlSeconds: wholeNumber(ttlBounds.min, ttlBounds.max).nullable(),
  onPaid: z.enum(['end', 'stay']),
  payFirst: z.boolean(),
  cashRounding: wholeNumber(1, 1_000_000),
  expiryEvent: z.boolean(),
  ordering: z.enum(['open', 'paused']),
});

/** What a new location has to say. */
export const newLocationFields = locationFields.partial().required({ name: true, currency: true, timezone: true });

/** What a change may say. */
export const locationChangeFields = locationFields.partial();

/** The zone as the database knows it, by which it reckons local days; VALIDATION_FAILED where it does not. */
export async function knownTimeZone(deps: Pick<Deps, 'orm'>, name: string): Promise<string> {
  const known = await findTimeZone(deps.orm, name);
  if (known === undefined) throw invalid([{ path: 'timezone', message: noTimeZone }]);
  return known;
}

/** The settings as somebody gives them; they are read by the fields above. */
export type GivenSettings = { readonly [Name in keyof LocationChange]?: unknown };

/**
 * Offsets and abbreviations are no zones: they know no summer time, and the database reads some of them otherwise: the sign
 * of the one the other way round, `IST` as Israel's.
 */
function isTimeZone(name: string): boolean {
  if (name !== 'UTC' && !/^[A-Za-z]{2,}\/[A-Za-z0-9_+/-]{1,50}$/.test(name)) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/** The guests' page. Tokens go behind it as its fragment, so it has none of its own; and they go over TLS. */
function readGuestUrl(text: string, context: z.RefinementCtx<string>): string {
  const url = text.length <= maxUrl && text === text.trim() && URL.canParse(text) ? new URL(text) : null;
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && isThisMachine(url.hostname));
  if (!url || !isSafe || text.includes('#') || url.username !== '' || url.password !== '') {
    const message = `must be an https address without a fragment, at most ${maxUrl} characters (http only for localhost)`;
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  }
  return url.href;
}

function isThisMachine(host: string): boolean {
  return ['localhost', '127.0.0.1', '[::1]'].includes(host);
}
