import { maxAmount, type Amount } from '../domain/money.js';
import { type ExactObject, parseExactBytes } from './exact-json.js';
import type { Invalidity, Notice, Verification, WebhookRequest } from './provider.js';

const wholePositive = /^[1-9]\d{0,15}$/;
const plainWord = /^[\x21-\x7e]{1,200}$/;
const jsonType = /^application\/json\s*(?:;|$)/i;

/** A positive whole number of đồng that is safe to count with, or null. */
export function amountOf(digits: string | undefined): Amount | null {
  if (digits === undefined || !wholePositive.test(digits)) return null;
  const amount = Number(digits);
  return amount <= maxAmount ? amount : null;
}

/** A provider's or our own id, or null where there is none: ids are printable ASCII without spaces. */
export function idOf(text: string | undefined): string | null {
  return text !== undefined && plainWord.test(text) ? text : null;
}

/** The provider's id of a movement of money; several say 0 where none moved. */
export function transactionIdOf(text: string | undefined): string | null {
  return text === '0' ? null : idOf(text);
}

/** A provider's words on one line, of a length that a log and a column can carry. */
export function detailOf(...words: readonly (string | number | undefined)[]): string {
  const line = words.filter((word) => word !== undefined && word !== '').join(' ');
  return [...line.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')].slice(0, 300).join('');
}

/** A notice that is signed and cannot be read: it names no order and no amount. */
export function unreadable(detail: string): Verification {
  return { verdict: 'valid', notice: { ...emptyNotice, detail } };
}

/** What a notice says when it says nothing. */
export const emptyNotice: Notice = {
  outcome: 'pending',
  reference: null,
  amount: null,
  providerTransactionId: null,
  orderedAt: null,
  echo: {},
  detail: '',
};

export function invalid(why: Invalidity, detail: string): Extract<Verification, { verdict: 'invalid' }> {
  return { verdict: 'invalid', why, detail };
}

/** Why this is no JSON webhook at all, as far as its head tells. */
export function headFault({ method, headers, body }: WebhookRequest): Verification | undefined {
  if (method !== 'POST') return invalid('wrong_method', 'it is not a POST');
  if (!jsonType.test(headers['content-type'] ?? '')) return invalid('wrong_content_type', 'it is not application/json');
  return body.length === 0 ? invalid('empty', 'there is no body') : undefined;
}

/** The object that a webhook brings, or why there is none. */
export function readBody(request: WebhookRequest): ExactObject | Extract<Verification, { verdict: 'invalid' }> {
  return parseExactBytes(request.body) ?? invalid('malformed', 'the body is not one JSON object with names of its own');
}
