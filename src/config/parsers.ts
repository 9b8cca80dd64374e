import { isIP } from 'node:net';
import { validate as isCron } from 'node-cron';

/** The value of one variable, or what is wrong with it as the end of a sentence that begins with its name. */
export type Parsed<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: string };
export type Parser<T> = (raw: string) => Parsed<T>;
/** As Fastify takes it: nobody, everybody, so many hops, or these addresses. */
export type TrustProxy = boolean | number | readonly string[];
export type CorsOrigins = '*' | readonly string[];

const good = <T>(value: T): Parsed<T> => ({ ok: true, value });
const bad = (problem: string): Parsed<never> => ({ ok: false, problem });

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;
const HOST_NAME = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/i;
const NAMED_RANGES = ['loopback', 'linklocal', 'uniquelocal'];

export function integer(min: number, max: number): Parser<number> {
  return (raw) => {
    const value = /^\d{1,15}$/.test(raw) ? Number(raw) : Number.NaN;
    return value >= min && value <= max ? good(value) : bad(`is not a whole number from ${min} to ${max}`);
  };
}

export const flag: Parser<boolean> = (raw) => {
  if (raw === '1' || raw === 'true') return good(true);
  if (raw === '0' || raw === 'false') return good(false);
  return bad('is none of 1, 0, true, false');
};

export function oneOf<const T extends string>(values: readonly T[]): Parser<T> {
  return (raw) => {
    const value = values.find((candidate) => candidate === raw);
    return value === undefined ? bad(`is none of ${values.join(', ')}`) : good(value);
  };
}

/** An absolute URL of one of these schemes, with a host. */
export function url(...schemes: readonly string[]): Parser<string> {
  return (raw) => {
    const parsed = URL.canParse(raw) ? new URL(raw) : undefined;
    const fits = parsed && schemes.includes(parsed.protocol.slice(0, -1)) && parsed.hostname !== '';
    return fits ? good(raw) : bad(`is not a URL like ${schemes.map((s) => `${s}://host`).join(' or ')}`);
  };
}

/** A base that paths are appended to: without query and fragment, given back without a slash at its end. */
export const baseUrl: Parser<string> = (raw) => {
  const parsed = url('http', 'https')(raw);
  if (!parsed.ok) return parsed;
  return /[?#]/.test(raw)
    ? bad('has a query or a fragment, which a base address cannot have')
    : good(raw.replace(/\/+$/, ''));
};

export const host: Parser<string> = (raw) =>
  isIP(raw) !== 0 || HOST_NAME.test(raw) ? good(raw) : bad('is neither an IP address nor a host name');

export const uuid: Parser<string> = (raw) => (UUID.test(raw) ? good(raw.toLowerCase()) : bad('is not a UUID'));

export const cron: Parser<string> = (raw) =>
  isCron(raw) ? good(raw) : bad('is not a cron expression of five or six fields');

/** Visible characters without spaces; whether it is good enough for production is decided there. */
export const secret: Parser<string> = (raw) =>
  /^[\x21-\x7e]{1,512}$/.test(raw) ? good(raw) : bad('is not 1 to 512 visible ASCII characters without spaces');

/** Text that fits this pattern as a whole; `what` ends the sentence "is not ...". */
export function matching(pattern: RegExp, what: string): Parser<string> {
  return (raw) => (pattern.test(raw) ? good(raw) : bad(`is not ${what}`));
}

export const folder: Parser<string> = (raw) => (raw.includes('\0') ? bad('is not a path') : good(raw));

export const trustProxy: Parser<TrustProxy> = (raw) => {
  if (raw === 'true') return good(true);
  if (raw === 'false' || raw === '0') return good(false);
  if (/^\d{1,2}$/.test(raw)) return good(Number(raw));
  const ranges = raw.split(',').map((range) => range.trim());
  return ranges.every(isAddressRange)
    ? good(ranges)
    : bad('is neither true, false, a number of hops nor a list of addresses');
};

export const corsOrigins: Parser<CorsOrigins> = (raw) => {
  if (raw === '*') return good('*');
  const origins = raw.split(',').map((origin) => origin.trim().replace(/\/$/, ''));
  const fits = origins.every((origin) => URL.canParse(origin) && new URL(origin).origin === origin.toLowerCase());
  return fits ? good(origins) : bad('is neither * nor a comma-separated list of origins');
};

function isAddressRange(range: string): boolean {
  if (NAMED_RANGES.includes(range)) return true;
  const [address = '', bits, ...rest] = range.split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return false;
  return bits === undefined || integer(0, family === 4 ? 32 : 128)(bits).ok;
}
