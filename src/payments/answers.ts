import type { Invalidity, WebhookAnswer } from './provider.js';

/** A webhook's answer in JSON. */
export function jsonAnswer(status: number, body: object): WebhookAnswer {
  return { status, headers: { 'content-type': 'application/json; charset=utf-8' }, body: JSON.stringify(body) };
}

/** The answer to a call with a method that the provider does not use. */
export function wrongMethodAnswer(allow: 'GET' | 'POST', body: object): WebhookAnswer {
  const answer = jsonAnswer(405, body);
  return { ...answer, headers: { ...answer.headers, allow } };
}

/** The statuses for those providers that leave them to us. */
export const invalidStatus: Readonly<Record<Exclude<Invalidity, 'wrong_method'>, number>> = {
  bad_signature: 401,
  stale: 401,
  malformed: 400,
  empty: 400,
  wrong_content_type: 415,
  wrong_address: 403,
};
