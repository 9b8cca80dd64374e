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
} from './provider.js';
import { detailOf, emptyNotice, transactionIdOf } from './read-notice.js';
import { vietnamTimestamp } from './vietnam-time.js';
import {
  amountOfVnpay,
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
  const fields = signedVnpayFields(account, {
    vnp_RequestId: order.requestId,
    vnp_Version: version,
    vnp_Command: 'querydr',
    vnp_TmnCode: account.settings.tmn_code,
    vnp_TxnRef: order.reference,
    vnp_TransactionDate: createDateOf(order),
    vnp_CreateDate: vietnamTimestamp(order.now),
    vnp_IpAddr: ourAddress,
    vnp_OrderInfo: `Truy van ${order.reference}`,
  });
  const url = endpoint(account.endpoints.api);
  const answer = await askProvider(http, { url, body: { json: fields }, isRepeatable: true });
  const code = codeOf(answer);
  const detail = detailOf(code, stringOf(answer.get('vnp_Message')));
  const pending = { ...emptyNotice, reference: order.reference, detail };
  if (nothingYet.has(code)) return pending;
  if (code !== '00') throw new ProviderFailure(`VNPay: ${detail}`, 'refused');
  const values = signedValues(account, answer, queryAnswer);
  expectEcho(answer, {
    vnp_TmnCode: account.settings.tmn_code,
    vnp_TxnRef: order.reference,
    vnp_TransactionType: '01',
  });
  return {
    ...pending,
    outcome: queriedVnpayOutcome(values.get('vnp_TransactionStatus')),
    amount: amountOfVnpay(values.get('vnp_Amount')),
    providerTransactionId: transactionIdOf(values.get('vnp_TransactionNo')),
    detail: detailOf(code, values.get('vnp_TransactionStatus'), values.get('vnp_Message')),
  };
}

/**
 * Gives money back. VNPay has no name for a refund but the request's id, and it is told to be unique within a day only: so
 * the call is never repeated by itself, and an answer that may mean "I have that already" counts as unknown.
 */
export async function refundVnpayOrder(
  account: VnpayAccount,
  refund: RefundOrder,
  http: ProviderHttp,
): Promise<RefundResult> {
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
  const url = endpoint(account.endpoints.api);
  const answer = await askProvider(http, { url, body: { json: fields }, isRepeatable: false });
  const code = codeOf(answer);
  const message = detailOf(code, stringOf(answer.get('vnp_Message')));
  if (noRefund.has(code)) return { outcome: 'failed', providerRefundId: null, message, sent: {} };
  if (code !== '00') throw new ProviderFailure(`VNPay: ${message}`, 'unreadable');
  const values = signedValues(account, answer, refundAnswer);
  expectEcho(answer, { vnp_TmnCode: account.settings.tmn_code, vnp_TxnRef: refund.reference });
  return {
    outcome: vnpayRefundOutcome(values.get('vnp_TransactionStatus')),
    providerRefundId: transactionIdOf(values.get('vnp_TransactionNo')),
    message,
    sent: {},
  };
}

/** The values of an answer, which VNPay has to have signed. Absent ones are signed as empty. */
function signedValues(
  account: VnpayAccount,
  answer: ExactObject,
  names: readonly string[],
): ReadonlyMap<string, string> {
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
