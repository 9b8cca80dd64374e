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
    isUnderWay: outcome === 'pending' && answer.get('is_processing')?.value === true,
    reference: order.reference,
    amount: amountOf(integerText(answer.get('amount'))),
    providerTransactionId: outcome === 'failed' ? null : transactionIdOf(idText(answer, 'zp_trans_id')),
    detail,
  };
}

/**
 * Gives money back, some time later. ZaloPay wants the day in the refund's id, so a repeat on another day would be another
 * refund: what may have been taken is told as pending together with its id, and from then on only asked about.
 */
export async function refundZalopayOrder(
  account: ZalopayAccount,
  refund: RefundOrder,
  http: ProviderHttp,
): Promise<RefundResult> {
  const sent = nameZalopayRefund(account, refund);
  try {
    const answer = await askForRefund(account, { ...refund, sent }, http);
    const { code, subcode, detail } = readHead(answer);
    if (refused.has(subcode)) throw new ProviderFailure(`ZaloPay: ${detail}`, 'refused');
    // A refusal may be of the very refund that an earlier try, whose answer was lost, has asked for.
    if (code !== 1 && code !== 3) return await queryZalopayRefund(account, { ...refund, sent }, http);
    const outcome = code === 1 ? 'succeeded' : 'pending';
    return { outcome, providerRefundId: transactionIdOf(idText(answer, 'refund_id')), message: detail, sent };
  } catch (error) {
    if (!(error instanceof ProviderFailure) || error.kind === 'refused') throw error;
    return { outcome: 'pending', providerRefundId: null, message: error.message, sent };
  }
}

function askForRefund(account: ZalopayAccount, refund: RefundOrder, http: ProviderHttp): Promise<ExactObject> {
  const appId = account.settings.app_id;
  const { providerTransactionId, refundAmount, reason, now } = refund;
  return ask(http, account, {
    path: 'refund',
    form: {
      app_id: appId,
      m_refund_id: refundIdOf(account, refund),
      zp_trans_id: providerTransactionId,
      amount: String(refundAmount),
      timestamp: String(now),
      description: reason,
      mac: requestMac(account, [appId, providerTransactionId, refundAmount, reason, now]),
    },
  });
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
  return {
    outcome: outcome === 'paid' ? 'succeeded' : outcome,
    providerRefundId: transactionIdOf(idText(answer, 'refund_id')),
    message: detail,
    sent: { m_refund_id: refundId },
  };
}

/** The id that was used, or the one to use: `yymmdd_appid_` and then whatever we like. */
/** What a refund is asked about by: its id, with the day on which it is asked for. */
export function nameZalopayRefund(account: ZalopayAccount, refund: RefundOrder): { readonly m_refund_id: string } {
  return { m_refund_id: refundIdOf(account, refund) };
}

function refundIdOf(account: ZalopayAccount, { sent, now, refundReference }: SentRefund): string {
  const kept = sent['m_refund_id'];
  if (typeof kept === 'string') return kept;
  return `${vietnamDay(now)}_${account.settings.app_id}_${refundReference}`.slice(0, longestRefundId);
}

/** What an answer to a question says: 1 done, 2 dead, 3 under way. Throws where it speaks of the question itself. */
function readOutcome(answer: ExactObject): { readonly outcome: Notice['outcome']; readonly detail: string } {
  const { code, subcode, detail } = readHead(answer);
  if (code === 1) return { outcome: 'paid', detail };
  if (code === 3) return { outcome: 'pending', detail };
  const isAnswered = code === 2 && !refused.has(subcode) && !unanswered.has(subcode);
  if (!isAnswered) throw new ProviderFailure(`ZaloPay: ${detail}`, 'unreadable');
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
