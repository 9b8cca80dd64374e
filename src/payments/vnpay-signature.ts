import type { MerchantAccount } from './provider.js';
import { hmacHex, isSameDigest } from './signing.js';

export interface VnpaySettings {
  readonly tmn_code: string;
}

export interface VnpaySecrets {
  readonly hash_secret: string;
}

export type VnpayAccount = MerchantAccount<VnpaySettings, VnpaySecrets>;

type Fields = Readonly<Record<string, string>>;

/** A parameter as it came, and what it means. */
interface Parameter {
  readonly name: string;
  readonly raw: string;
  readonly value: string;
}

const hashName = 'vnp_SecureHash';
const unsigned: ReadonlySet<string> = new Set([hashName, 'vnp_SecureHashType']);
/** What an encoder leaves. Text with anything else was never encoded, so `&` and `=` in it could be anything. */
const encoded = /^[A-Za-z0-9\-_.!~*'()%+]*$/;

/** The query that is signed: names ascending, form encoding, empty values left out. */
export function vnpayQuery(fields: Fields): string {
  return formText(Object.entries(fields).map(([name, value]) => ({ name, value })));
}

/** A query with our signature at its end. */
export function signedVnpayQuery(account: VnpayAccount, fields: Fields): string {
  const query = vnpayQuery(fields);
  return `${query}&${hashName}=${hashOf(account, query)}`;
}

/** A request to VNPay's API with our signature over its values, which the caller gives in VNPay's order. */
export function signedVnpayFields<F extends Fields>(
  account: VnpayAccount,
  fields: F,
): F & { readonly vnp_SecureHash: string } {
  return { ...fields, vnp_SecureHash: hashOf(account, vnpayValues(Object.values(fields))) };
}

/** What is signed of a request to the API and of its answer. */
export function vnpayValues(values: readonly string[]): string {
  return values.join('|');
}

/** Whether VNPay signed these values of an API's answer. */
export function areValuesSigned(account: VnpayAccount, values: readonly string[], hash: unknown): boolean {
  return isSignedBy(account, vnpayValues(values), hash);
}

/** The parameters of a query that VNPay signed for this account, or why it cannot be believed. */
export function readSignedQuery(account: VnpayAccount, query: string): ReadonlyMap<string, string> | string {
  const parameters = parametersOf(query);
  if (typeof parameters === 'string') return parameters;
  const values = new Map(parameters.map(({ name, value }) => [name, value]));
  if (values.size < parameters.length) return 'a parameter stands in it twice';
  const signed = parameters.filter(({ name }) => !unsigned.has(name));
  if (!signedTexts(signed).some((text) => isSignedBy(account, text, values.get(hashName)))) {
    return 'the hash is not of these parameters and our secret';
  }
  if (values.get('vnp_TmnCode') !== account.settings.tmn_code) return 'it is about another terminal';
  return values;
}

/** Whether a query has anything of VNPay's in it. */
export function hasVnpayNames(query: string): boolean {
  return /(?:^|&)vnp_/.test(query);
}

/**
 * VNPay's own samples differ in their encoders and in whether empty values are signed, so what came is tried as well. Each
 * of these texts can be read in one way only. One of decoded values could not, and is never made.
 */
function signedTexts(signed: readonly Parameter[]): readonly string[] {
  const filled = signed.filter(({ value }) => value !== '');
  const texts = [formText(filled), formText(signed)];
  if (signed.every(({ raw }) => encoded.test(raw))) texts.push(rawText(filled), rawText(signed));
  return texts;
}

function formText(parameters: readonly { readonly name: string; readonly value: string }[]): string {
  const filledIn = [...parameters].sort(byName).map(({ name, value }): [string, string] => [name, value]);
  return new URLSearchParams(filledIn).toString();
}

function rawText(parameters: readonly Parameter[]): string {
  return [...parameters]
    .sort(byName)
    .map(({ name, raw }) => `${name}=${raw}`)
    .join('&');
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : 1;
}

/** VNPay's parameters as they came; those of others, which proxies may add, are none of its business. */
function parametersOf(query: string): readonly Parameter[] | string {
  const parameters: Parameter[] = [];
  for (const segment of query.split('&')) {
    const [rawName = '', ...rest] = segment.split('=');
    const raw = rest.join('=');
    const name = decoded(rawName);
    const value = decoded(raw);
    if (name === undefined || value === undefined) return 'an escape in it is broken';
    if (!name.startsWith('vnp_')) continue;
    if (name !== rawName) return 'a name is written in escapes';
    parameters.push({ name, raw, value });
  }
  return parameters;
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}

function hashOf({ secrets: [{ hash_secret: secret }] }: VnpayAccount, text: string): string {
  return hmacHex('sha512', secret, text);
}

function isSignedBy(account: VnpayAccount, text: string, hash: unknown): boolean {
  return account.secrets.some(({ hash_secret: secret }) => isSameDigest(hash, hmacHex('sha512', secret, text)));
}
