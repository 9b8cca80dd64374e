import type { ZodType } from 'zod';
import { type FieldError, invalid } from '../domain/rejection.js';
import { providers } from '../payments/index.js';
import type { PaymentProvider } from '../payments/provider.js';
import { readAddressRange } from './allowed-address.js';

/** What a manager says of an account; everything that is given is read, and every mistake told at once. */
export interface AccountFields {
  readonly name?: string | undefined;
  readonly settings?: object | undefined;
  readonly secrets?: object | undefined;
  readonly allowedAddresses?: readonly string[] | undefined;
  readonly keepPreviousSeconds?: number | undefined;
}

const maxName = 100;
const maxAddresses = 100;
const maxKeepSeconds = 30 * 86_400;

/** The provider of this name, or VALIDATION_FAILED. */
export function providerNamed(name: string): PaymentProvider {
  const provider = providers[name];
  if (provider) return provider;
  throw invalid([{ path: 'provider', message: `must be one of ${Object.keys(providers).join(', ')}` }]);
}

/** The fields as they are stored. `isRefused` says of which values everybody knows them. */
export function readAccountFields<const F extends AccountFields>(
  provider: PaymentProvider,
  fields: F,
  isRefused: (value: string) => boolean,
): F {
  const errors: FieldError[] = [];
  const { name, settings, secrets, allowedAddresses, keepPreviousSeconds } = fields;
  const read = {
    ...(name !== undefined && { name: readName(name, errors) }),
    ...(settings && { settings: readObject(provider.settings, settings, { path: 'settings', errors, isRefused }) }),
    ...(secrets && { secrets: readObject(provider.secrets, secrets, { path: 'secrets', errors, isRefused }) }),
    ...(allowedAddresses && { allowedAddresses: readAddresses(allowedAddresses, errors) }),
  };
  if (keepPreviousSeconds !== undefined && (keepPreviousSeconds < 0 || keepPreviousSeconds > maxKeepSeconds)) {
    errors.push({ path: 'keep_previous_seconds', message: `must be 0 to ${maxKeepSeconds}` });
  }
  if (errors.length > 0) throw invalid(errors);
  return { ...fields, ...read };
}

function readName(text: string, errors: FieldError[]): string {
  const name = text.trim();
  if (name.length < 1 || name.length > maxName || /\p{Cc}/u.test(name) || !name.isWellFormed()) {
    errors.push({ path: 'name', message: `must be 1 to ${maxName} characters` });
  }
  return name;
}

function readAddresses(texts: readonly string[], errors: FieldError[]): readonly string[] {
  if (texts.length > maxAddresses) {
    errors.push({ path: 'allowed_addresses', message: `must be at most ${maxAddresses}` });
    return [];
  }
  const ranges = texts.map((text, index) => {
    const range = readAddressRange(text);
    const path = `allowed_addresses.${index}`;
    if (range === undefined) errors.push({ path, message: 'must be an IP address or a range like 192.0.2.0/24' });
    return range ?? '';
  });
  return [...new Set(ranges)];
}

interface Place {
  readonly path: 'settings' | 'secrets';
  readonly errors: FieldError[];
  readonly isRefused: (value: string) => boolean;
}

function readObject(schema: ZodType<object>, given: object, { path, errors, isRefused }: Place): object {
  const { error, data } = schema.safeParse(given);
  for (const issue of error?.issues ?? []) {
    // One line for each field that is too many, so that every line names its field. No message repeats a value.
    const keys = issue.code === 'unrecognized_keys' ? issue.keys : [undefined];
    const message = issue.code === 'unrecognized_keys' ? `is not a field of these ${path}` : issue.message;
    for (const key of keys) {
      const place = [path, ...issue.path, ...(key === undefined ? [] : [key])];
      errors.push({ path: place.map(String).join('.'), message });
    }
  }
  for (const [name, value] of Object.entries(data ?? {})) {
    if (typeof value !== 'string' || !isRefused(value)) continue;
    errors.push({ path: `${path}.${name}`, message: 'is a public sandbox value, which this server refuses' });
  }
  return data ?? {};
}
