import { z } from 'zod';
import { jsonAnswer, wrongMethodAnswer } from './answers.js';
import type {
  Invalidity,
  Notice,
  PaymentProvider,
  ReturnVisit,
  Verification,
  WebhookAnswer,
  WebhookRequest,
  WebhookResult,
} from './provider.js';
import { detailOf, emptyNotice, idOf, invalid, transactionIdOf } from './read-notice.js';
import {
  createVnpayOrder,
  nameVnpayRefund,
  queryVnpayOrder,
  queryVnpayRefund,
  refundVnpayOrder,
} from './vnpay-calls.js';
import { amountOfVnpay, vnpayOutcome } from './vnpay-results.js';
import {
  hasVnpayNames,
  readSignedQuery,
  type VnpayAccount,
  type VnpaySecrets,
  type VnpaySettings,
} from './vnpay-signature.js';

/** VNPay's PAY 2.1.0. */
export const vnpay: PaymentProvider<VnpaySettings, VnpaySecrets> = {
  name: 'vnpay',
  route: 'vnpay',
  method: 'vnpay',
  settings: z.strictObject({ tmn_code: z.string().regex(/^[0-9A-Za-z]{1,20}$/) }),
  secrets: z.strictObject({ hash_secret: z.string().min(1).max(200) }),
  // Twelve digits on the wire, two of which are its hundredths.
  payable: { min: 1, max: 9_999_999_999 },
  payWithinSeconds: 15 * 60,
  referenceFor: (minted) => minted,
  createOrder: createVnpayOrder,
  webhookMethod: 'GET',
  verify,
  acknowledge,
  queryOrder: queryVnpayOrder,
  nameRefund: nameVnpayRefund,
  refund: refundVnpayOrder,
  queryRefund: queryVnpayRefund,
  readReturn,
};

type Answer = readonly [code: string, message: string];

/** What VNPay knows; the code decides what it does, and all but 00 and 02 make it call again. */
const answers = {
  recorded: ['00', 'Confirm Success'],
  duplicate: ['02', 'Order already confirmed'],
  unknownOrder: ['01', 'Order not found'],
  wrongAddress: ['03', 'Address not allowed'],
  wrongAmount: ['04', 'Invalid amount'],
  badSignature: ['97', 'Invalid signature'],
  unknown: ['99', 'Unknown error'],
} as const satisfies Record<string, Answer>;

const byInvalidity: Readonly<Record<Invalidity, Answer>> = {
  bad_signature: answers.badSignature,
  malformed: answers.badSignature,
  stale: answers.badSignature,
  empty: answers.unknown,
  wrong_content_type: answers.unknown,
  wrong_method: answers.unknown,
  wrong_address: answers.wrongAddress,
};

function verify(account: VnpayAccount, { method, query }: WebhookRequest): Verification {
  if (method !== 'GET') return invalid('wrong_method', 'it is not a GET');
  if (!hasVnpayNames(query)) return invalid('empty', 'there are no parameters of VNPay');
  const signed = readSignedQuery(account, query);
  if (typeof signed === 'string') return invalid('bad_signature', signed);
  return { verdict: 'valid', notice: noticeOf(signed) };
}

function noticeOf(signed: ReadonlyMap<string, string>): Notice {
  const responseCode = signed.get('vnp_ResponseCode');
  const status = signed.get('vnp_TransactionStatus');
  return {
    ...emptyNotice,
    outcome: vnpayOutcome(responseCode, status),
    reference: idOf(signed.get('vnp_TxnRef')),
    amount: amountOfVnpay(signed.get('vnp_Amount')),
    providerTransactionId: transactionIdOf(signed.get('vnp_TransactionNo')),
    detail: detailOf(`${responseCode ?? '-'}/${status ?? '-'}`, signed.get('vnp_BankCode')),
  };
}

function acknowledge(result: WebhookResult): WebhookAnswer {
  const [code, message] = answerTo(result);
  const body = { RspCode: code, Message: message };
  const isWrongMethod = result.result === 'invalid' && result.why === 'wrong_method';
  return isWrongMethod ? wrongMethodAnswer('GET', body) : jsonAnswer(200, body);
}

function answerTo(result: WebhookResult): Answer {
  switch (result.result) {
    case 'recorded':
    case 'ignored':
      return answers.recorded;
    case 'duplicate':
      return answers.duplicate;
    case 'unknown_order':
      return answers.unknownOrder;
    case 'wrong_amount':
      return answers.wrongAmount;
    case 'unreadable':
    case 'error':
      return answers.unknown;
    case 'invalid':
      return byInvalidity[result.why];
  }
}

/** The browser brings the same parameters with the same hash. */
function readReturn(account: VnpayAccount, query: string): ReturnVisit | undefined {
  const signed = readSignedQuery(account, query);
  if (typeof signed === 'string') return undefined;
  const { outcome, reference } = noticeOf(signed);
  return reference === null ? undefined : { reference, shows: outcome === 'paid' ? 'success' : outcome };
}
