import { askProvider, endpoint, webAddress } from './ask-provider.js';
import { type ExactObject, integerText, stringOf } from './exact-json.js';
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
import { amountOf, detailOf, emptyNotice, idOf, transactionIdOf } from './read-notice.js';
import { vietnamDay } from './vietnam-time.js';
import { questionMac, requestMac, type ZalopayAccount } from './zalopay-signature.js';

/** ZaloPay does not need to know who sits at the table. */
const appUser = 'guest';
const shortestLife = 300;
const longestRefundId = 45;

/** Too many questions, or a fault of theirs: ask later. */
const unanswered: ReadonlySet<number> = new Set([-429, -500]);
/** It could not read us, or does not know us. */
const refused: ReadonlySet<number> = new Set([-401, -402]);
const duplicateOrder = -68;

/** Creates an order. */
export async function createZalopayOrder(
  account: ZalopayAccount,
  order: OrderToPay,
  http: ProviderHttp,
): Promise<CreatedOrder> {
  const item = '[]';
  const embedData = JSON.stringify({ session_id: order.sessionId, redirecturl: order.returnUrl });
  const appId = account.settings.app_id;
  const signed = [appId, order.reference, appUser, order.amount, order.createdAt, embedData, item];
  const life = Math.ceil((order.expiresAt - order.createdAt) / 1000);
  const answer = await ask(http, account, {
    path: 'create',
    form: {
      app_id: appId,
      app_user: appUser,
      app_trans_id: order.reference,
      app_time: String(order.createdAt),
      expire_duration_seconds: String(Math.max(life, shortestLife)),
      amount: String(order.amount),
      item,
      embed_data: embedData,
      description: order.description,
      bank_code: '',
      callback_url: order.notifyUrl,
      mac: requestMac(account, signed),
    },
  });
  const { code, subcode, detail } = readHead(answer);
  // A duplicate is this order, made by a try whose answer was lost: it is there, and can still be asked about.
  const kind = subcode === duplicateOrder ? 'unreadable' : unanswered.has(subcode) ? 'unreachable' : 'refused';
  if (code !== 1) throw new ProviderFailure(`ZaloPay: ${detail}`, kind);
  const payUrl = webAddress(stringOf(answer.get('order_url')));
  if (payUrl === undefined) throw new ProviderFailure('ZaloPay told no address to pay at', 'unreadable');
  return { payUrl, qrPayload: stringOf(answer.get('qr_code')) || undefined, sent: { app_time: order.createdAt } };
}

/** Asks what became of an order. This is the only way to learn of a failure: ZaloPay calls back for success alone. */
export async function queryZalopayOrder(
  account: ZalopayAccount,
  order: SentOrder,
  http: ProviderHttp,
): Promise<Notice> {
  const form = {
    app_id: account.settings.app_id,
    app_trans_id: order.reference,
    mac: questionMac(account, order.reference),
  };
  const answer = await ask(http, account, { path: 'query', form });
  const { outcome, detail } = readOutcome(answer);
  return {
    ...emptyNotice,
    outcome,
    reference: order.reference,
    amount: amountOf(integerText(answer.get('amount'))),
    providerTransactionId: outcome === 'failed' ? null : transactionIdOf(idText(answer, 'zp_trans_id')),
    detail,
  };
}

/**
 * Gives money back, some time later. A refusal may be of a refund that is under way already, asked for by a try whose
 * answer was lost, so what is there is asked for before it counts as failed.
 */
export async function refundZalopayOrder(
  account: ZalopayAccount,
  refund: RefundOrder,
  http: ProviderHttp,
): Promise<RefundResult> {
  const appId = account.settings.app_id;
  const refundId = refundIdOf(account, refund);
  const { providerTransactionId, refundAmount, reason, now } = refund;
  const answer = await ask(http, account, {
    path: 'refund',
    form: {
      app_id: appId,
      m_refund_id: refundId,
      zp_trans_id: providerTransactionId,
      amount: String(refundAmount),
      timestamp: String(now),
      description: reason,
      mac: requestMac(account, [appId, providerTransactionId, refundAmount, reason, now]),
    },
  });
  const { code, subcode, detail } = readHead(answer);
  const isUnderstood = !refused.has(subcode);
  if (code === 2 && isUnderstood)
    return queryZalopayRefund(account, { ...refund, sent: { m_refund_id: refundId } }, http);
  return refundResult(answer, { refundId, outcome: refundOutcome(code), message: detail });
}

/** Asks what became of a refund. */
export async function queryZalopayRefund(
  account: ZalopayAccount,
  refund: SentRefund,
  http: ProviderHttp,
): Promise<RefundResult> {
  const appId = account.settings.app_id;
  const refundId = refundIdOf(account, refund);
  const answer = await ask(http, account, {
    path: 'query_refund',
    form: {
      app_id: appId,
      m_refund_id: refundId,
      timestamp: String(refund.now),
      mac: requestMac(account, [appId, refundId, refund.now]),
    },
  });
  const { outcome, detail } = readOutcome(answer);
  return refundResult(answer, { refundId, outcome: outcome === 'paid' ? 'succeeded' : outcome, message: detail });
}

/** ZaloPay wants the day in it, so the id that was used is kept; a refund under another id would be another refund. */
function refundIdOf(account: ZalopayAccount, { sent, now, refundReference }: SentRefund): string {
  const kept = sent['m_refund_id'];
  if (typeof kept === 'string') return kept;
  return `${vietnamDay(now)}_${account.settings.app_id}_${refundReference}`.slice(0, longestRefundId);
}

function refundResult(
  answer: ExactObject,
  { refundId, ...result }: Pick<RefundResult, 'outcome' | 'message'> & { readonly refundId: string },
): RefundResult {
  return {
    ...result,
    providerRefundId: transactionIdOf(idText(answer, 'refund_id')),
    sent: { m_refund_id: refundId },
  };
}

function refundOutcome(code: number): RefundResult['outcome'] {
  return code === 1 ? 'succeeded' : code === 3 ? 'pending' : 'failed';
}

/** What an answer to a question says: 1 done, 2 dead, 3 under way. Throws where it speaks of the question itself. */
function readOutcome(answer: ExactObject): { readonly outcome: Notice['outcome']; readonly detail: string } {
  const { code, subcode, detail } = readHead(answer);
  if (code === 1) return { outcome: 'paid', detail };
  if (code === 3) return { outcome: 'pending', detail };
  if (refused.has(subcode)) throw new ProviderFailure(`ZaloPay: ${detail}`, 'refused');
  if (unanswered.has(subcode) || code !== 2) throw new ProviderFailure(`ZaloPay: ${detail}`, 'unreachable');
  return { outcome: 'failed', detail };
}

function readHead(answer: ExactObject): { readonly code: number; readonly subcode: number; readonly detail: string } {
  const code = integerText(answer.get('return_code'));
  if (code === undefined) throw new ProviderFailure('ZaloPay told no return code', 'unreadable');
  const subcode = integerText(answer.get('sub_return_code'));
  const words = stringOf(answer.get('sub_return_message')) || stringOf(answer.get('return_message'));
  return { code: Number(code), subcode: Number(subcode ?? 0), detail: detailOf(code, subcode, words) };
}

function ask(
  http: ProviderHttp,
  account: ZalopayAccount,
  { path, form }: { readonly path: string; readonly form: Readonly<Record<string, string>> },
): Promise<ExactObject> {
  const url = endpoint(account.endpoints.api, `/v2/${path}`);
  return askProvider(http, { url, body: { form }, isRepeatable: true });
}

/** Ids come as numbers of up to 19 digits, and as strings. */
function idText(answer: ExactObject, name: string): string | undefined {
  const member = answer.get(name);
  return integerText(member) ?? idOf(stringOf(member)) ?? undefined;
}
