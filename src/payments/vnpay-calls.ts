import { askProvider, endpoint, expectEcho } from './ask-provider.js';
import { type ExactObject, stringOf } from './exact-json.js';
import {
  type CreatedOrder,
  type Notice,
  type OrderToPay,
  ProviderFailure,
  type ProviderHttp,
  type RefundOrder,
  type RefundResult,
  type SentOrder,
  type SentRefund,
} from './provider.js';
import { detailOf, emptyNotice, transactionIdOf } from './read-notice.js';
import { vietnamTimestamp } from './vietnam-time.js';
import {
  amountOfVnpay,
  isVnpayUnderWay,
  noRefund,
  nothingYet,
  queriedVnpayOutcome,
  vnpayAmount,
  vnpayRefundOutcome,
} from './vnpay-results.js';
import { areValuesSigned, signedVnpayFields, signedVnpayQuery, type VnpayAccount } from './vnpay-signature.js';

const version = '2.1.0';
/** VNPay wants the address of who asks; it looks at the guest's only when the guest pays. */
const ourAddress = '127.0.0.1';

/** By how much VNPay's clock may be behind ours. */
const clockDriftMs = 60_000;

const refundAnswer = [
  ...['vnp_ResponseId', 'vnp_Command', 'vnp_ResponseCode', 'vnp_Message', 'vnp_TmnCode', 'vnp_TxnRef', 'vnp_Amount'],
  ...[
    'vnp_BankCode',
    'vnp_PayDate',
    'vnp_TransactionNo',
    'vnp_TransactionType',
    'vnp_TransactionStatus',
    'vnp_OrderInfo',
  ],
];
const queryAnswer = [...refundAnswer, 'vnp_PromotionCode', 'vnp_PromotionAmount'];

/** The address of VNPay's page. Nothing is called: VNPay learns of the order when the guest comes. */
export async function createVnpayOrder(account: VnpayAccount, order: OrderToPay): Promise<CreatedOrder> {
  const createDate = vietnamTimestamp(order.createdAt);
  const query = signedVnpayQuery(account, {
    vnp_Version: version,
    vnp_Command: 'pay',
    vnp_TmnCode: account.settings.tmn_code,
    vnp_Amount: vnpayAmount(order.amount),
    vnp_CurrCode: 'VND',
    vnp_TxnRef: order.reference,
    vnp_OrderInfo: order.description,
    vnp_OrderType: 'other',
    vnp_Locale: order.language === 'vi' ? 'vn' : 'en',
    vnp_ReturnUrl: order.returnUrl,
    vnp_IpAddr: addressOf(order.payerAddress),
    vnp_CreateDate: createDate,
    vnp_ExpireDate: vietnamTimestamp(order.expiresAt),
  });
  return { payUrl: `${endpoint(account.endpoints.pay)}?${query}`, sent: { create_date: createDate } };
}

/** Asks what became of an order. */
export async function queryVnpayOrder(account: VnpayAccount, order: SentOrder, http: ProviderHttp): Promise<Notice> {
  const answer = await askAbout(account, { ...order, createDate: createDateOf(order) }, http);
  const code = codeOf(answer);
  const detail = detailOf(code, stringOf(answer.get('vnp_Message')));
  const pending = { ...emptyNotice, reference: order.reference, detail };
  if (nothingYet.has(code)) return pending;
  const values = signedValues(account, answer, queryAnswer);
  expectEcho(answer, {
    vnp_TmnCode: account.settings.tmn_code,
    vnp_TxnRef: order.reference,
    vnp_TransactionType: '01',
  });
  return {
    ...pending,
    outcome: queriedVnpayOutcome(values.get('vnp_TransactionStatus')),
    isUnderWay: isVnpayUnderWay(values.get('vnp_TransactionStatus')),
    amount: amountOfVnpay(values.get('vnp_Amount')),
    providerTransactionId: transactionIdOf(values.get('vnp_TransactionNo')),
    detail: detailOf(code, values.get('vnp_TransactionStatus'), values.get('vnp_Message')),
  };
}

/**
 * Gives money back. VNPay knows a refund by the request's id alone, and keeps that for a day: so the call is made once, and
 * what may have been taken is told as pending, to be asked about and never to be asked for again.
 */
export async function refundVnpayOrder(
  account: VnpayAccount,
  refund: RefundOrder,
  http: ProviderHttp,
): Promise<RefundResult> {
  const sent = nameVnpayRefund(account, refund);
  try {
    const answer = await askForRefund(account, refund, http);
    const code = codeOf(answer);
    const message = detailOf(code, stringOf(answer.get('vnp_Message')));
    if (noRefund.has(code)) return { outcome: 'failed', providerRefundId: null, message, sent };
    const values = signedValues(account, answer, refundAnswer);
    expectEcho(answer, { vnp_TmnCode: account.settings.tmn_code, vnp_TxnRef: refund.reference });
    return {
      outcome: code === '00' ? vnpayRefundOutcome(values.get('vnp_TransactionStatus')) : 'pending',
      providerRefundId: transactionIdOf(values.get('vnp_TransactionNo')),
      message,
      sent,
    };
  } catch (error) {
    if (!(error instanceof ProviderFailure) || error.kind === 'refused') throw error;
    return { outcome: 'pending', providerRefundId: null, message: error.message, sent };
  }
}

/** What a refund is asked about by. */
export function nameVnpayRefund(_account: VnpayAccount, refund: RefundOrder): RefundResult['sent'] {
  return {
    txn_ref: refund.reference,
    create_date: createDateOf(refund),
    amount: refund.refundAmount,
    asked_at: vietnamTimestamp(refund.now - clockDriftMs),
  };
}

/**
 * Asks what became of a refund. VNPay tells the last thing that happened to an order; unless that is a refund of this
 * amount, from after this one was asked for, nothing is known yet.
 */
export async function queryVnpayRefund(
  account: VnpayAccount,
  refund: SentRefund,
  http: ProviderHttp,
): Promise<RefundResult> {
  const sent = {
    txn_ref: String(refund.sent['txn_ref']),
    create_date: String(refund.sent['create_date']),
    amount: Number(refund.sent['amount']),
    asked_at: String(refund.sent['asked_at']),
  };
  const answer = await askAbout(account, { ...refund, reference: sent.txn_ref, createDate: sent.create_date }, http);
  const code = codeOf(answer);
  const pending = { outcome: 'pending', providerRefundId: null, message: detailOf(code), sent } as const;
  if (nothingYet.has(code)) return pending;
  const values = signedValues(account, answer, queryAnswer);
  expectEcho(answer, { vnp_TmnCode: account.settings.tmn_code, vnp_TxnRef: sent.txn_ref });
  const isRefund = values.get('vnp_TransactionType') === '02' || values.get('vnp_TransactionType') === '03';
  const isSameAmount = amountOfVnpay(values.get('vnp_Amount')) === sent.amount;
  if (!isRefund || !isSameAmount || (values.get('vnp_PayDate') ?? '') < sent.asked_at) return pending;
  return {
    outcome: vnpayRefundOutcome(values.get('vnp_TransactionStatus')),
    providerRefundId: transactionIdOf(values.get('vnp_TransactionNo')),
    message: detailOf(code, values.get('vnp_TransactionStatus'), values.get('vnp_Message')),
    sent,
  };
}

interface Question {
  readonly reference: string;
  readonly createDate: string;
  readonly requestId: string;
  readonly now: number;
}

async function askAbout(account: VnpayAccount, order: Question, http: ProviderHttp): Promise<ExactObject> {
  const fields = signedVnpayFields(account, {
    vnp_RequestId: order.requestId,
    vnp_Version: version,
    vnp_Command: 'querydr',
    vnp_TmnCode: account.settings.tmn_code,
    vnp_TxnRef: order.reference,
    vnp_TransactionDate: order.createDate,
    vnp_CreateDate: vietnamTimestamp(order.now),
    vnp_IpAddr: ourAddress,
    vnp_OrderInfo: `Truy van ${order.reference}`,
  });
  return askProvider(http, { url: endpoint(account.endpoints.api), body: { json: fields }, isRepeatable: true });
}

async function askForRefund(account: VnpayAccount, refund: RefundOrder, http: ProviderHttp): Promise<ExactObject> {
  const fields = signedVnpayFields(account, {
    vnp_RequestId: refund.refundReference,
    vnp_Version: version,
    vnp_Command: 'refund',
    vnp_TmnCode: account.settings.tmn_code,
    vnp_TransactionType: refund.refundAmount === refund.amount ? '02' : '03',
    vnp_TxnRef: refund.reference,
    vnp_Amount: vnpayAmount(refund.refundAmount),
    vnp_TransactionNo: refund.providerTransactionId,
    vnp_TransactionDate: createDateOf(refund),
    vnp_CreateBy: plain(refund.by),
    vnp_CreateDate: vietnamTimestamp(refund.now),
    vnp_IpAddr: ourAddress,
    vnp_OrderInfo: plain(refund.reason),
  });
  return askProvider(http, { url: endpoint(account.endpoints.api), body: { json: fields }, isRepeatable: false });
}

/** The values of an answer that says yes (00), which VNPay has to have signed. Absent ones are signed as empty. */
function signedValues(
  account: VnpayAccount,
  answer: ExactObject,
  names: readonly string[],
): ReadonlyMap<string, string> {
  const code = codeOf(answer);
  if (code !== '00') {
    throw new ProviderFailure(`VNPay: ${detailOf(code, stringOf(answer.get('vnp_Message')))}`, 'unreadable');
  }
  const values = new Map(names.map((name) => [name, textOf(answer, name)]));
  if (areValuesSigned(account, [...values.values()], stringOf(answer.get('vnp_SecureHash')))) return values;
  throw new ProviderFailure('the answer does not have the signature of VNPay', 'unreadable');
}

function textOf(answer: ExactObject, name: string): string {
  const member = answer.get(name);
  if (member === undefined || member.value === null) return '';
  return stringOf(member) ?? member.text;
}

function codeOf(answer: ExactObject): string {
  const code = stringOf(answer.get('vnp_ResponseCode'));
  if (code === undefined) throw new ProviderFailure('VNPay told no response code', 'unreadable');
  return code;
}

function createDateOf({ sent, createdAt }: SentOrder): string {
  const kept = sent['create_date'];
  return typeof kept === 'string' ? kept : vietnamTimestamp(createdAt);
}

/** VNPay takes addresses of 7 to 45 characters; the shorter ones of IPv6 are a server's own. */
function addressOf(payer: string): string {
  return payer.length >= 7 && payer.length <= 45 ? payer : ourAddress;
}

/** Words that cannot shift the values of a request, which are joined with `|`. */
function plain(words: string): string {
  return words.replace(/[^0-9A-Za-z .,:_-]+/g, ' ').trim();
}
