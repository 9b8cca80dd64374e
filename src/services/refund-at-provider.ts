import type { PaymentRow } from '../db/payments.js';
import { type RefundRow, storeRefundData } from '../db/refunds.js';
import { providers } from '../payments/index.js';
import { ProviderFailure, type RefundOrder, type RefundResult } from '../payments/provider.js';
import type { Deps } from './deps.js';

/** What is known of a refund after asking; `sent` is null when nothing new is known. */
export type KnownRefund = Omit<RefundResult, 'sent'> & { readonly sent: RefundResult['sent'] | null };

/**
 * Asks for a refund, or what became of one that was asked for. The refund's own name makes a repeat the same refund. A
 * provider that says no has failed it; one that cannot be reached leaves it pending, to be asked again.
 */
export async function askProviderToRefund(deps: Deps, payment: PaymentRow, refund: RefundRow): Promise<KnownRefund> {
  const provider = payment.provider === null ? undefined : providers[payment.provider];
  const account = provider && payment.account ? await deps.accounts.find(provider.name, payment.account) : undefined;
  if (!provider?.refund || !account) return pending('its account cannot be found');
  const name = { refundReference: refund.id.replaceAll('-', '').slice(-30), now: deps.now(), requestId: freshId(deps) };
  try {
    if (refund.providerData && provider.queryRefund) {
      return await provider.queryRefund(account, { ...name, sent: refund.providerData }, deps.providerHttp);
    }
    const order = { ...orderOf(payment, refund), ...name };
    const providerData = provider.nameRefund?.(account, order);
    if (providerData) await storeRefundData(deps.orm, refund, { providerRefundId: null, providerData });
    return await provider.refund(account, order, deps.providerHttp);
  } catch (error) {
    if (!(error instanceof ProviderFailure)) throw error;
    return error.kind === 'refused' ? { ...pending(error.message), outcome: 'failed' } : pending(error.message);
  }
}

function orderOf(payment: PaymentRow, refund: RefundRow): Omit<RefundOrder, 'refundReference' | 'now' | 'requestId'> {
  return {
    reference: payment.paymentReference ?? payment.claimedReference ?? '',
    ...{ amount: payment.amount, refundAmount: refund.amount },
    createdAt: Date.parse(payment.createdAt),
    sent: payment.providerData ?? {},
    providerTransactionId: payment.providerTransactionId ?? '',
    reason: ascii(refund.reason),
    by: ascii(refund.actor.name ?? refund.actor.id),
  };
}

function pending(message: string): KnownRefund {
  return { outcome: 'pending', providerRefundId: null, message, sent: null };
}

function freshId({ newId }: Deps): string {
  return newId().replaceAll('-', '').slice(-30);
}

/** Providers' books take unaccented text only. */
function ascii(text: string): string {
  const plain = text.normalize('NFD').replace(/\p{M}/gu, '').replace(/đ/g, 'd').replace(/Đ/g, 'D');
  return plain.replace(/[^0-9A-Za-z .,-]/g, ' ').slice(0, 100);
}
