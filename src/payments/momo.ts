import { z } from 'zod';
import { invalidStatus, jsonAnswer, wrongMethodAnswer } from './answers.js';
import { type ExactMember, type ExactObject, integerText, stringOf } from './exact-json.js';
import { createMomoOrder, queryMomoOrder, refundMomoOrder } from './momo-calls.js';
import { momoOutcome } from './momo-results.js';
import {
  type MomoAccount,
  type MomoResult,
  type MomoSecrets,
  type MomoSettings,
  resultFault,
  signedNumbers,
  signedTexts,
} from './momo-signature.js';
import type {
  Notice,
  PaymentProvider,
  ReturnVisit,
  Verification,
  WebhookAnswer,
  WebhookRequest,
  WebhookResult,
} from './provider.js';
import { amountOf, detailOf, headFault, idOf, invalid, readBody, transactionIdOf } from './read-notice.js';

/** MoMo's payment gateway v2, `captureWallet`. */
export const momo: PaymentProvider<MomoSettings, MomoSecrets> = {
  name: 'momo',
  route: 'momo',
  method: 'momo',
  settings: z.strictObject({ partner_code: z.string().min(1).max(50) }),
  secrets: z.strictObject({ access_key: z.string().min(1).max(200), secret_key: z.string().min(1).max(200) }),
  payable: { min: 1_000, max: 50_000_000 },
  payWithinSeconds: 15 * 60,
  referenceFor: (minted) => minted,
  createOrder: createMomoOrder,
  webhookMethod: 'POST',
  verify,
  acknowledge,
  isEchoIntact,
  queryOrder: queryMomoOrder,
  refund: refundMomoOrder,
  readReturn,
};

const integer = /^-?(?:0|[1-9]\d*)$/;

function verify(account: MomoAccount, request: WebhookRequest): Verification {
  const fault = headFault(request);
  if (fault) return fault;
  const body = readBody(request);
  if ('verdict' in body) return body;
  const result = readResult(body);
  if (typeof result === 'string') return invalid('malformed', result);
  const distrust = resultFault(account, result, body.get('signature')?.value);
  if (distrust !== undefined) return invalid('bad_signature', distrust);
  return { verdict: 'valid', notice: noticeOf(result, integerText(body.get('amount'))) };
}

/** The signed fields, or what is wrong with them. */
function readResult(body: ExactObject): MomoResult | string {
  const result: Record<string, string> = {};
  for (const name of signedTexts) {
    const text = stringOf(body.get(name));
    if (text === undefined) return `${name} is not a string`;
    result[name] = text;
  }
  for (const name of signedNumbers) {
    const text = name === 'amount' ? amountText(body.get(name)) : integerText(body.get(name));
    if (text === undefined) return `${name} is not a JSON integer`;
    result[name] = text;
  }
  // Every name of a result was just given a text.
  return result as MomoResult;
}

/**
 * An amount as it was signed. What MoMo itself signed as no number is told as an amount that nobody can read; but digits in
 * quotes may be anybody's rewriting of a genuine notice, because the signed text is the same.
 */
function amountText(member: ExactMember | undefined): string | undefined {
  if (typeof member?.value === 'number') return member.text;
  const text = stringOf(member);
  return text !== undefined && integer.test(text) ? undefined : text;
}

function noticeOf(result: MomoResult, amount: string | undefined): Notice {
  const outcome = momoOutcome(Number(result.resultCode));
  return {
    outcome,
    reference: idOf(result.orderId),
    amount: amountOf(amount),
    // On failure it is a time in milliseconds, not a transaction.
    providerTransactionId: outcome === 'failed' ? null : transactionIdOf(result.transId),
    orderedAt: null,
    echo: { requestId: result.requestId, orderInfo: result.orderInfo, extraData: result.extraData },
    detail: detailOf(result.resultCode, result.message),
  };
}

/** What MoMo echoes is signed, but not escaped: see `resultFault`. So it also has to be what we sent. */
function isEchoIntact({ echo }: Notice, sent: Readonly<Record<string, unknown>>): boolean {
  return (
    (sent['request_id'] === undefined || echo['requestId'] === sent['request_id']) &&
    (sent['order_info'] === undefined || echo['orderInfo'] === sent['order_info'])
  );
}

/** MoMo defines one answer, 204; the others are ours, for its people to find in their logs. */
function acknowledge(result: WebhookResult): WebhookAnswer {
  switch (result.result) {
    case 'recorded':
    case 'duplicate':
    case 'ignored':
      return { status: 204, headers: {}, body: '' };
    case 'unknown_order':
      return jsonAnswer(404, { error: 'unknown_order' });
    case 'wrong_amount':
      return jsonAnswer(422, { error: 'wrong_amount' });
    case 'unreadable':
      return jsonAnswer(400, { error: 'malformed' });
    case 'error':
      return jsonAnswer(500, { error: 'internal' });
    case 'invalid': {
      const error = { error: result.why };
      return result.why === 'wrong_method'
        ? wrongMethodAnswer('POST', error)
        : jsonAnswer(invalidStatus[result.why], error);
    }
  }
}

/** The browser brings the same fields with the same signature. */
function readReturn(account: MomoAccount, query: string): ReturnVisit | undefined {
  const given = new URLSearchParams(query);
  const names = [...signedTexts, ...signedNumbers, 'signature'] as const;
  if (names.some((name) => given.getAll(name).length !== 1)) return undefined;
  const result = Object.fromEntries(names.map((name) => [name, given.get(name) ?? ''])) as MomoResult & {
    signature: string;
  };
  if (signedNumbers.some((name) => !integer.test(result[name]))) return undefined;
  const { signature, ...signed } = result;
  // Base64 loses its padding on the way through some browsers and apps.
  const isSigned = ['', '=', '=='].some(
    (padding) => resultFault(account, { ...signed, extraData: signed.extraData + padding }, signature) === undefined,
  );
  const reference = idOf(signed.orderId);
  if (!isSigned || reference === null) return undefined;
  const outcome = momoOutcome(Number(signed.resultCode));
  return { reference, shows: outcome === 'paid' ? 'success' : outcome };
}
