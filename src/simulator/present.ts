import type { Acting } from './acts.js';
import type { Desk } from './desk.js';
import { isExpired, type Order, type ProviderName } from './order.js';

export interface PresentOptions {
  readonly acting: Acting;
  readonly desks: ReadonlyMap<ProviderName, Desk>;
  readonly now: () => number;
}

/** An order as the list shows it. */
export function presentRow(order: Order, now: number) {
  return {
    provider: order.provider,
    reference: order.reference,
    merchant: order.merchant,
    amount: order.amount,
    currency: 'VND',
    description: order.description,
    state: stateOf(order, now),
    created_at: iso(order.createdAt),
    expires_at: iso(order.expiresAt),
    ended_at: iso(order.endedAt),
  };
}

/** An order as its page shows it. */
export function presentOrder(order: Order, { acting, desks, now }: PresentOptions) {
  return {
    ...presentRow(order, now()),
    due_at: iso(order.dueAt),
    calls_again_at: iso(order.callsAgainAt),
    /** Where the guest goes on, with the provider's signed parameters; null while nothing is decided. */
    return_url: desks.get(order.provider)?.returnUrl(order) ?? null,
    acts: acting.possible(order),
    transactions: order.transactions.map(({ id, amount, at }) => ({ id, amount, at: iso(at) })),
    refunds: order.refunds.map(({ reference, id, transactionId, amount, at }) => ({
      reference,
      id,
      transaction_id: transactionId,
      amount,
      at: iso(at),
    })),
    deliveries: order.deliveries.map(({ at, isForged, answer, ...sent }) => ({
      ...sent,
      at: iso(at),
      forged: isForged,
      answer: { status: answer.status, body: answer.body },
    })),
  };
}

function stateOf(order: Order, now: number): string {
  if (order.state !== 'open') return order.state;
  if (order.dueAt !== undefined) return 'paying_later';
  return isExpired(order, now) ? 'expired' : 'open';
}

function iso(at: number | undefined): string | null {
  return at === undefined ? null : new Date(at).toISOString();
}
