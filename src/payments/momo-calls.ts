import { appAddress, askProvider, endpoint, expectEcho, webAddress } from './ask-provider.js';
import { type ExactObject, integerText, stringOf, wholeNumber } from './exact-json.js';
import { isMomoUnderWay, isRefusal, queriedOutcome, refundOutcome } from './momo-results.js';
import { type MomoAccount, signedByUs } from './momo-signature.js';
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
import { amountOf, detailOf, emptyNotice, transactionIdOf } from './read-notice.js';

/** Creates an order. The same request id again is the same order, so the call may be repeated. */
export async function createMomoOrder(
  account: MomoAccount,
  order: OrderToPay,
  http: ProviderHttp,
): Promise<CreatedOrder> {
  const partnerCode = account.settings.partner_code;
  const requestId = `${order.reference}-${order.attempt}`;
  const signed = signedByUs(account, {
    amount: order.amount,
    extraData: Buffer.from(JSON.stringify({ session_id: order.sessionId })).toString('base64'),
    ipnUrl: order.notifyUrl,
    orderId: order.reference,
    orderInfo: order.description,
    partnerCode,
    redirectUrl: order.returnUrl,
    requestId,
    requestType: 'captureWallet',
  });
  const answer = await ask(http, account, { path: 'create', body: { ...signed, lang: order.language } });
  const code = resultCodeOf(answer);
  if (code !== 0) throw new ProviderFailure(refusal(answer, code), isRefusal(code) ? 'refused' : 'unreadable');
  // Its own signature is documented in two ways; that it is about our order is what counts, and TLS says who wrote it.
  expectEcho(answer, { partnerCode, requestId, orderId: order.reference, amount: String(order.amount) });
  const payUrl = webAddress(stringOf(answer.get('payUrl')));
  if (payUrl === undefined) throw new ProviderFailure('MoMo told no address to pay at', 'unreadable');
  return {
    payUrl,
    deeplink: appAddress(stringOf(answer.get('deeplink'))),
    qrPayload: stringOf(answer.get('qrCodeUrl')) || undefined,
    sent: { request_id: requestId, order_info: order.description },
  };
}

/** Asks what became of an order. */
export async function queryMomoOrder(account: MomoAccount, order: SentOrder, http: ProviderHttp): Promise<Notice> {
  const partnerCode = account.settings.partner_code;
  const signed = signedByUs(account, { orderId: order.reference, partnerCode, requestId: order.requestId });
  const answer = await ask(http, account, { path: 'query', body: { ...signed, lang: 'vi' } });
  const code = resultCodeOf(answer);
  const outcome = queriedOutcome(code);
  if (!outcome) throw new ProviderFailure(refusal(answer, code), 'unreadable');
  // An order that MoMo does not know may come back without its id.
  if (outcome !== 'pending') expectEcho(answer, { partnerCode, orderId: order.reference });
  return {
    ...emptyNotice,
    outcome,
    isUnderWay: isMomoUnderWay(code),
    reference: order.reference,
    amount: amountOf(integerText(answer.get('amount'))),
    providerTransactionId: outcome === 'failed' ? null : transactionIdOf(integerText(answer.get('transId'))),
    detail: detailOf(code, stringOf(answer.get('message'))),
  };
}

/** Gives money back. The refund's reference is both order id and request id, so the same refund again is one refund. */
export async function refundMomoOrder(
  account: MomoAccount,
  refund: RefundOrder,
  http: ProviderHttp,
): Promise<RefundResult> {
  const partnerCode = account.settings.partner_code;
  const signed = signedByUs(account, {
    amount: refund.refundAmount,
    description: refund.reason,
    orderId: refund.refundReference,
    partnerCode,
    requestId: refund.refundReference,
    transId: transactionNumber(refund.providerTransactionId),
  });
  const answer = await ask(http, account, { path: 'refund', body: { ...signed, lang: 'vi' } });
  const code = resultCodeOf(answer);
  const outcome = refundOutcome(code);
  if (!outcome) throw new ProviderFailure(refusal(answer, code), 'unreadable');
  return {
    outcome,
    providerRefundId: outcome === 'failed' ? null : transactionIdOf(integerText(answer.get('transId'))),
    message: detailOf(code, stringOf(answer.get('message'))),
    sent: {},
  };
}

function ask(
  http: ProviderHttp,
  account: MomoAccount,
  { path, body }: { readonly path: 'create' | 'query' | 'refund'; readonly body: object },
): Promise<ExactObject> {
  const url = endpoint(account.endpoints.api, `/v2/gateway/api/${path}`);
  return askProvider(http, { url, body: { json: body }, isRepeatable: true });
}

function resultCodeOf(answer: ExactObject): number {
  const text = integerText(answer.get('resultCode'));
  if (text === undefined) throw new ProviderFailure('MoMo told no result code', 'unreadable');
  return Number(text);
}

function refusal(answer: ExactObject, code: number): string {
  return `MoMo: ${detailOf(code, stringOf(answer.get('message')))}`;
}

function transactionNumber(id: string): number | bigint {
  if (!/^\d{1,19}$/.test(id)) throw new ProviderFailure('the payment has no transaction of MoMo', 'refused');
  return wholeNumber(id);
}
