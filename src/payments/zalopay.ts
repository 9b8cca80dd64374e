import { z } from 'zod';
import { invalidStatus, jsonAnswer, wrongMethodAnswer } from './answers.js';
import { integerText, parseExact, stringOf } from './exact-json.js';
import type {
  Notice,
  PaymentProvider,
  ReturnVisit,
  Verification,
  WebhookAnswer,
  WebhookRequest,
  WebhookResult,
} from './provider.js';
import {
  amountOf,
  detailOf,
  emptyNotice,
  headFault,
  idOf,
  invalid,
  readBody,
  transactionIdOf,
  unreadable,
} from './read-notice.js';
import { vietnamDay } from './vietnam-time.js';
import {
  createZalopayOrder,
  nameZalopayRefund,
  queryZalopayOrder,
  queryZalopayRefund,
  refundZalopayOrder,
} from './zalopay-calls.js';
import {
  isSignedByZalopay,
  zalopaySignedText,
  type ZalopayAccount,
  type ZalopaySecrets,
  type ZalopaySettings,
} from './zalopay-signature.js';

/** ZaloPay's payment gateway v2. */
export const zalopay: PaymentProvider<ZalopaySettings, ZalopaySecrets> = {
  name: 'zalopay',
  route: 'zalopay',
  method: 'zalopay',
  settings: z.strictObject({ app_id: z.string().regex(/^[1-9]\d{0,9}$/) }),
  secrets: z.strictObject({ key1: z.string().min(1).max(200), key2: z.string().min(1).max(200) }),
  payable: { min: 1_000, max: 999_999_999_999 },
  payWithinSeconds: 15 * 60,
  referenceFor: (minted, now) => `${vietnamDay(now)}_${minted}`,
  createOrder: createZalopayOrder,
  webhookMethod: 'POST',
  verify,
  acknowledge,
  queryOrder: queryZalopayOrder,
  nameRefund: nameZalopayRefund,
  refund: refundZalopayOrder,
  queryRefund: queryZalopayRefund,
  readReturn,
};

/** Of callbacks about orders. */
const orderType = '1';

/** 1 and 2 end it, 0 asks for another call, -1 is a refusal for good. */
const codes = { done: 1, duplicate: 2, callAgain: 0, rejected: -1 } as const;

function verify(account: ZalopayAccount, request: WebhookRequest): Verification {
  const fault = headFault(request);
  if (fault) return fault;
  const body = readBody(request);
  if ('verdict' in body) return body;
  // The text itself is signed: whoever parses and writes it again gets another one.
  const data = stringOf(body.get('data'));
  if (data === undefined || !isSignedByZalopay(account, data, body.get('mac')?.value)) {
    return invalid('bad_signature', 'the mac is not of this data and our key');
  }
  return readData(account, data, body.get('type')?.text);
}

function readData(account: ZalopayAccount, data: string, type: string | undefined): Verification {
  const order = parseExact(data);
  if (!order) return unreadable('the signed data is no JSON object');
  if (order.get('app_id')?.text !== account.settings.app_id) return invalid('bad_signature', 'it is about another app');
  // Nobody signed the type: data of an order under another one was changed on its way. Other data is of no concern here.
  if (type !== orderType) {
    const detail = detailOf('it is a callback of type', type ?? 'none');
    return order.has('zp_trans_id') ? invalid('bad_signature', detail) : { verdict: 'ignored', detail };
  }
  const id = integerText(order.get('zp_trans_id')) ?? stringOf(order.get('zp_trans_id'));
  const orderedAt = Number(integerText(order.get('app_time')));
  const notice: Notice = {
    ...emptyNotice,
    // ZaloPay calls back for success alone, and its data has no status.
    outcome: 'paid',
    reference: idOf(stringOf(order.get('app_trans_id'))),
    amount: amountOf(integerText(order.get('amount'))),
    providerTransactionId: transactionIdOf(id),
    orderedAt: Number.isSafeInteger(orderedAt) ? orderedAt : null,
    detail: detailOf(
      `channel ${order.get('channel')?.text ?? '-'}`,
      `fee ${order.get('user_fee_amount')?.text ?? '-'}`,
      `discount ${order.get('discount_amount')?.text ?? '-'}`,
    ),
  };
  return { verdict: 'valid', notice };
}

function acknowledge(result: WebhookResult): WebhookAnswer {
  switch (result.result) {
    case 'recorded':
    case 'ignored':
      return answer(codes.done, 'success');
    case 'duplicate':
      return answer(codes.duplicate, 'duplicate');
    case 'unknown_order':
      return result.isYoung ? answer(codes.callAgain, 'not yet') : answer(codes.rejected, 'unknown order');
    case 'wrong_amount':
      return answer(codes.rejected, 'wrong amount');
    case 'unreadable':
      return answer(codes.rejected, 'unreadable data');
    case 'error':
      return answer(codes.callAgain, 'try again');
    case 'invalid': {
      if (result.why === 'bad_signature') return answer(codes.rejected, 'mac not equal');
      const body = { return_code: codes.rejected, return_message: result.why };
      return result.why === 'wrong_method'
        ? wrongMethodAnswer('POST', body)
        : jsonAnswer(invalidStatus[result.why], body);
    }
  }
}

function answer(code: number, message: string): WebhookAnswer {
  return jsonAnswer(200, { return_code: code, return_message: message });
}

const returnNames = ['appid', 'apptransid', 'pmcid', 'bankcode', 'amount', 'discountamount', 'status'] as const;

function readReturn(account: ZalopayAccount, query: string): ReturnVisit | undefined {
  const given = new URLSearchParams(query);
  if ([...returnNames, 'checksum'].some((name) => given.getAll(name).length !== 1)) return undefined;
  const values = returnNames.map((name) => given.get(name) ?? '');
  // A bar inside a value would let others begin elsewhere under the same checksum.
  if (values.some((value) => value.includes('|'))) return undefined;
  if (given.get('appid') !== account.settings.app_id) return undefined;
  if (!isSignedByZalopay(account, zalopaySignedText(values), given.get('checksum'))) return undefined;
  const reference = idOf(given.get('apptransid') ?? undefined);
  return reference === null ? undefined : { reference, shows: given.get('status') === '1' ? 'success' : 'failed' };
}
